"""Invented duties for worked examples: the facts inside golden cases, written as shortly as a table on paper."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.facts import CALL, CALLS, CASE, DEPARTMENT, ROUND, STREET_TOWN, Fact, Mark
from app.domain.indicators.base import Golden
from app.domain.period import month_of

_CITY = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """The instant (UTC) that the city's clock shows as ``text``: "2026-09-10", "2026-09-10 17:30" or with seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=_CITY).astimezone(UTC)


def duty(number: int, reported: str, *, kind: str = CASE, group: str = "", **known: Any) -> Fact:
    """One duty of unit 1, reported at ``reported``; texts among ``known`` whose name ends in ``_at`` or ``_by`` are city times.

    A case belongs to a street-town, a round or call to a department, unless ``group`` says otherwise.
    """
    moments: dict[str, Any] = {name: at(value) if name.endswith(("_at", "_by")) else value for name, value in known.items()}
    return Fact(
        key=f"{kind}-{number}",
        ticket_id=number,
        ticket_no=f"GL{number:04d}",
        group=group or (STREET_TOWN if kind == CASE else DEPARTMENT),
        unit_id=1,
        kind=kind,
        ordinal=1,
        reported_at=at(reported),
        **moments,
    )


def mutual_examples(code: str, item: str, whole: str, half: str, nothing: str, group: str) -> tuple[Golden, ...]:
    """Worked examples of a figure about one ``item`` of what the other side of a call said, with its words."""

    def call(number: int, received: Mark | None = None, **known: Any) -> Fact:
        return duty(number, "2026-09-01", kind=CALL, group=group, received=received, **known)

    def said(word: str, opened: str, closed: str = "2026-09-10", state: str = "given") -> Mark:
        return Mark(state, at(closed), at("2026-09-15"), at(opened) if opened else None, **{item: word})

    return (
        Golden(
            title="whole, half, nothing; not said, annulled, never asked; said but not yet open; still awaited",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                call(1, said(whole, "2026-09-12")),
                call(2, said(half, "2026-10-03 09:00")),
                call(3, said(nothing, "2026-09-12")),
                call(4, said("", "", state="missed")),
                call(5, said(nothing, "2026-09-12", state="annulled")),
                call(6),
                call(7, said(whole, "2026-10-03 09:01")),
                call(8, Mark("open", at("2026-09-30"), at("2026-10-05"))),
            ),
            n=3,
            d=6,
            pending=2,
        ),
        Golden(
            title="opened after the cut-off of August: counts now; in time for August: not again; no calls kept; excluded; void",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                call(1, said(half, "2026-09-03 09:01", closed="2026-08-31")),
                call(2, said(whole, "2026-09-03 09:00", closed="2026-08-31")),
                duty(3, "2026-09-01", kind=CASE if group == STREET_TOWN else ROUND, group=group, unknown=frozenset({CALLS})),
                call(4, said(whole, "2026-09-12"), excluded={code: "system_fault"}),
                call(5, said(whole, "2026-09-12"), returned="approved"),
            ),
            n=1,
            d=2,
            unknown=1,
            excluded=1,
        ),
    )
