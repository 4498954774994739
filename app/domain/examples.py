"""Invented duties for worked examples: the facts inside golden cases, written as shortly as a table on paper."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.facts import CASE, DEPARTMENT, STREET_TOWN, Fact

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
