"""Months of tickets for the demo district, made up from a seed: the same seed, the same tickets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.demo.chance import seeded
from app.demo.desk import Desk, Ids, RulesOf
from app.demo.district import matters, rows
from app.demo.front import Front
from app.demo.journey import Journeys
from app.demo.office import Office
from app.demo.plan import Story
from app.demo.rhythm import Rhythm
from app.demo.staff import Staff
from app.domain.actors import Actor
from app.domain.calendar import WorkingCalendar
from app.domain.period import Period

__all__ = ["District", "Ids", "stories"]

SEED = 350102
PER_MONTH = 1200


@dataclass(frozen=True, slots=True)
class District:
    """Where tickets are made up: keys of its rows, its calendar, its rules, and the accounts that share the work."""

    ids: Ids
    calendar: WorkingCalendar
    rules_of: RulesOf
    accounts: Sequence[Actor] = field(default_factory=tuple)

    def desk(self) -> Desk:
        """A fresh desk: nobody owes anything yet."""
        units = {code: (key, "street_town") for code, key in self.ids.street_towns.items()}
        units |= {code: (key, "department") for code, key in self.ids.departments.items()}
        units |= {row["code"]: (self.ids.centre, "command_centre") for row in rows("command_centre")}
        office = Office(self.calendar.zone, self.calendar.is_working)
        return Desk(self.ids, office, self.rules_of, Staff(units, self.accounts))


def stories(
    district: District, months: Sequence[Period], until: datetime, *, seed: int = SEED, per_month: int = PER_MONTH
) -> Iterator[Story]:
    """The story of every ticket reported in ``months`` up to ``until`` (aware), in order of report.

    ``per_month`` is the mean; single months follow the season. A later ``until`` finds the same stories, and more. Last come, where
    ``until`` lies in the last month, those that put something into every queue whatever the hour; they belong to this ``until``
    alone. Raises ``KeyError`` when the district lacks a code.
    """
    if not months:
        return
    desk = district.desk()
    journeys = Journeys(desk, seed)
    rhythm = Rhythm(matters(), desk.profiles, rows("street_mix"), district.calendar.is_working)
    for position, period in enumerate(months):
        progress = position / max(1, len(months) - 1)
        chance = seeded(seed, period.key)
        for report in rhythm.month(period, per_month, progress, chance):
            if report.moment <= until:
                yield from journeys.stories(report)
    if months[-1].start < until <= months[-1].end:
        yield from in_order(Front(desk, journeys, rhythm, months, until, seeded(seed, "front")).stories(per_month / PER_MONTH))


def in_order(found: Iterable[Story]) -> list[Story]:
    """Stories in order of their reports."""
    return sorted(found, key=lambda story: story.facts["reported_at"])
