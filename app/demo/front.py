"""The front of the queues: tickets that stand, at this very moment, where somebody has something to decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from app.demo.chance import Weighted, below
from app.demo.desk import Desk
from app.demo.district import Matter
from app.demo.journey import Journeys
from app.demo.plan import Story
from app.demo.rhythm import Report, Rhythm
from app.demo.walk import cut, walk
from app.demo.wants import DEPARTMENT, STREET, WANTS, Want
from app.domain.casefile import CaseFile
from app.domain.period import Period

TRIES = 150
"""How many tickets are drawn for one that is wanted before it is given up: not everything can be at every hour."""

LEFT_OVER = 12
"""How many times older than wanted a step may be where nothing fresher is found, as at night and after holidays."""


class Front:
    """Draws tickets until enough of them stand as wanted; what was planned after that moment has not happened yet."""

    def __init__(self, desk: Desk, journeys: Journeys, rhythm: Rhythm, months: Sequence[Period], until: datetime, chance: Random) -> None:
        self._desk, self._journeys, self._rhythm, self._chance = desk, journeys, rhythm, chance
        self._first, self._until = months[0].start, until
        self._matters = {among: self._drawn(months[-1], among) for among in ("", "leads", "called", "nobody")}

    def stories(self, share: float) -> Iterator[Story]:
        """Everything that is wanted, a ``share`` of the usual number, and one at least."""
        for want in WANTS:
            self._desk.forced = want.forced
            for _ in range(max(1, int(want.number * share))):
                found = self._find(want)
                if found is not None:
                    yield found
        self._desk.forced = ()

    def _find(self, want: Want) -> Story | None:
        """One ticket that stands as wanted, drawn by chance: fresh if there is one, otherwise left over from the days before."""
        return self._draw(want, want.age) or self._draw(want, want.age * LEFT_OVER)

    def _draw(self, want: Want, age: timedelta) -> Story | None:
        unit = self._desk.ids.unit(want.unit) if want.unit else 0
        fresh = self._until - age

        def stands(case: CaseFile, at: datetime) -> bool:
            return at >= fresh and want.stands(case, unit, self._until)

        span = int(max(want.since, age).total_seconds())
        for _ in range(TRIES):
            moment = self._until.replace(microsecond=0) - timedelta(seconds=20 + below(self._chance, span))
            if moment < self._first:
                continue
            story = self._journeys.tried(self._report(want, moment))
            life = walk(story, self._desk.rules_of, self._until, stop=stands)
            if life.stopped or stands(life.case, moment):
                return cut(story, life)
        return None

    def _report(self, want: Want, moment: datetime) -> Report:
        matter = self._matters[want.among].pick(self._chance)
        own = want.unit == STREET or "own" in want.forced
        return Report(moment, matter, STREET if own else self._rhythm.street_of(matter, self._chance), 1.0)

    def _drawn(self, period: Period, among: str) -> Weighted[Matter]:
        """The matters of the season that a want draws from."""
        return self._rhythm.of_the_season(period, lambda matter: _fits(matter, among))


def _fits(matter: Matter, among: str) -> bool:
    duty = matter.duty
    if among == "nobody":
        return duty is None
    if among == "leads":
        return duty is not None and duty.lead == DEPARTMENT
    return not among or (duty is not None and DEPARTMENT in duty.called)
