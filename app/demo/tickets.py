"""Months of tickets for the demo district, made up from a seed: the same seed, the same tickets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random

from app.demo.chance import below, seeded
from app.demo.desk import Desk, DueAt, Ids
from app.demo.district import matters, rows
from app.demo.journey import Journeys
from app.demo.office import Office
from app.demo.plan import seen
from app.demo.rhythm import Report, Rhythm
from app.domain.history import TicketHistory, checked
from app.domain.period import Period

__all__ = ["Ids", "histories", "weekdays"]

SEED = 350102
PER_MONTH = 1200

FRONT = (("reported", 4), ("dispatched", 5), ("signed", 7))
"""Reports that have only just come in at ``until``, per 1,200 a month, and how far each has got."""

UNDER_WAY = (("called", 5), ("consulting", 4), ("completed", 4), ("reviewing", 3))
"""Reports of the last ten days that stand in a short stage at ``until``, over and above the ordinary ones."""

TRIES = 2000
TEN_DAYS = 10 * 24 * 3600

AGE = {"reported": (20, 700), "dispatched": (90, 560), "signed": (400, 4200)}
"""Seconds since such a report."""


def weekdays(day: date) -> bool:
    """The plain working week, for those who bring no calendar."""
    return day.weekday() < 5


def histories(
    months: Sequence[Period],
    ids: Ids,
    *,
    due_at: DueAt,
    until: datetime,
    seed: int = SEED,
    per_month: int = PER_MONTH,
    is_working: Callable[[date], bool] = weekdays,
) -> Iterator[TicketHistory]:
    """Every ticket reported in ``months`` up to ``until`` (aware), in order of report, as it stands at ``until``.

    ``per_month`` is the mean; single months follow the season. A later ``until`` finds the same tickets further on.
    Last come, where ``until`` lies in the last month, a few that keep every stage peopled whatever the hour;
    they belong to this ``until`` alone. ``due_at(limit, start)`` and ``is_working(day)`` are the city's
    calendar. Raises ``KeyError`` when ``ids`` lacks a code.
    """
    if not months:
        return
    desk = Desk(ids, Office(months[0].zone, is_working), due_at)
    journeys = Journeys(desk, seed)
    rhythm = Rhythm(matters(), desk.profiles, rows("street_mix"), is_working)
    for position, period in enumerate(months):
        progress = position / max(1, len(months) - 1)
        chance = seeded(seed, period.key)
        for report in rhythm.month(period, per_month, progress, chance):
            if report.moment <= until:
                yield checked(seen(journeys.plan(report), until))
    if months[-1].start < until <= months[-1].end:
        chance = seeded(seed, "front")
        yield from map(checked, _under_way(journeys, rhythm, months, per_month, until, chance))
        for report in _just_in(rhythm, months[-1], per_month, until, chance):
            yield checked(seen(journeys.plan(report), until))


def _under_way(
    journeys: Journeys, rhythm: Rhythm, months: Sequence[Period], per_month: int, until: datetime, chance: Random
) -> list[TicketHistory]:
    """Tickets that happen to stand in a short stage at ``until``: drawn until enough of them do."""
    wanted = Counter({stage: max(1, number * per_month // PER_MONTH) for stage, number in UNDER_WAY})
    matters = rhythm.of_the_season(months[-1])
    found: list[TicketHistory] = []
    for _ in range(TRIES):
        if not wanted.total():
            break
        matter = matters.pick(chance)
        moment = until.replace(microsecond=0) - timedelta(seconds=below(chance, TEN_DAYS))
        if moment < months[0].start:
            continue
        history = seen(journeys.plan(Report(moment, matter, rhythm.street_of(matter, chance), 1.0)), until)
        if wanted[history.stage] > 0:
            wanted[history.stage] -= 1
            found.append(history)
    return sorted(found, key=lambda history: history.reported_at)


def _just_in(rhythm: Rhythm, period: Period, per_month: int, until: datetime, chance: Random) -> list[Report]:
    """The front of the queue: what a desk always has before it, whatever the hour."""
    matters = rhythm.of_the_season(period)
    found = []
    for stage, number in FRONT:
        least, most = AGE[stage]
        for _ in range(max(1, number * per_month // PER_MONTH)):
            matter = matters.pick(chance)
            moment = until.replace(microsecond=0) - timedelta(seconds=least + below(chance, most - least))
            found.append(Report(moment, matter, rhythm.street_of(matter, chance), 1.0, stage, until))
    return sorted(found, key=lambda report: report.moment)
