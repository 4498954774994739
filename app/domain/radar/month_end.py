"""Bulk completion at the month's end (月末集中办结): far more is completed in the last days than on the days before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from app.domain.radar.base import Finding, Golden, Sign, Sweep, Threshold, Thresholds, Turn
from app.domain.radar.examples import round_of, sweep
from app.domain.refusals import N_, Phrase
from app.domain.rounding import half_up


def find(material: Sweep, thresholds: Thresholds) -> Iterable[Finding]:
    """Per unit: completions a day in the last days of the period against those on the other days."""
    period, zone = material.period, ZoneInfo(material.period.zone)
    last = period.after - timedelta(days=thresholds["days"])
    others = max(1, (last - period.first).days)
    units: dict[int, list[tuple[date, Turn]]] = {}
    for turn in material.turns:
        if turn.finished_at is not None and period.holds(turn.finished_at):
            units.setdefault(turn.unit_id, []).append((turn.finished_at.astimezone(zone).date(), turn))
    for turns in units.values():
        late = [turn for day, turn in turns if day >= last]
        usual = Fraction(len(turns) - len(late), others)
        pace = Fraction(len(late), thresholds["days"])
        if len(late) < thresholds["least"] or pace < usual * thresholds["times"]:
            continue
        seen = Phrase(
            N_("%(count)d completed in the last %(days)d days, %(usual)s a day before"),
            count=len(late), days=thresholds["days"], usual=str(half_up(usual, 1)),
        )  # fmt: skip
        yield from (Finding(t.ticket_id, t.ticket_no, t.unit_id, t.finished_at, seen) for t in late if t.finished_at is not None)


_USUAL = tuple(round_of(100 + day, finished_at=f"2026-09-{day:02d} 10:00") for day in range(1, 29))
"""One a day on the 28 days before the last two."""

SIGN = Sign(
    code="month_end",
    position=20,
    name=N_("Bulk completion at the period's end"),
    looks_for=N_("A unit completes several times as many tickets a day in the last days of a period as on the days before."),
    innocent=N_("A backlog cleared in earnest, or one cause that settled many matters at once."),
    find=find,
    thresholds=(
        Threshold("days", N_("Last days of the period"), 2, N_("days")),
        Threshold("times", N_("As many a day as before, at least"), 3, N_("times")),
        Threshold("least", N_("Completions in these days, at least"), 10, N_("tickets")),
    ),
    golden=(
        Golden(
            title="three a day against one a day, six tickets; another unit has five only",
            sweep=sweep(
                turns=(
                    *_USUAL,
                    *(round_of(n, finished_at="2026-09-29 16:00") for n in (1, 2, 3)),
                    *(round_of(n, finished_at="2026-09-30 23:59") for n in (4, 5, 6)),
                    *(round_of(n, unit=2, finished_at="2026-09-30 10:00") for n in (11, 12, 13, 14, 15)),
                )
            ),
            thresholds={"least": 6},
            found=tuple((f"GL000{n}", 1) for n in (1, 2, 3, 4, 5, 6)),
        ),
        Golden(
            title="five in two days are less than three times one a day; what was completed in the next month belongs there",
            sweep=sweep(
                turns=(
                    *_USUAL,
                    *(round_of(n, finished_at="2026-09-30 16:00") for n in (1, 2, 3, 4, 5)),
                    round_of(6, finished_at="2026-10-01 00:00"),
                )
            ),
            thresholds={"least": 5},
            found=(),
        ),
    ),
)
