"""The desk on which made-up tickets are written: everything that all of them draw on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from app.demo.chance import Shares
from app.demo.district import Profile, profiles
from app.demo.office import Office
from app.demo.staff import Staff
from app.domain.casefile import CaseFile
from app.domain.deadlines import Limit, due
from app.domain.rulebook import FINISH, HANDLE, RESPOND, Rulebook

RulesOf = Callable[[int | None], Rulebook]
"""The rulebook for a matter, by its id."""

SET_BY_HAND = Limit(7, "wd")
"""What dispatchers set as the due time where neither the list nor the usual limits know one (疑难问题限时办)."""

USUAL_LATE = 0.075
"""The late share of an ordinary unit, against which the others are slow or quick."""

ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Ids:
    """Keys of rows that already exist, by code. Street-towns, departments and the centre share the ids of units."""

    street_towns: Mapping[str, int]
    communities: Mapping[str, int]
    departments: Mapping[str, int]
    matters: Mapping[str, int]
    channels: Mapping[str, int]
    partners: Mapping[str, int] = field(default_factory=dict)
    centre: int = 0

    def unit(self, code: str) -> int:
        """The id of a street-town or department; ``KeyError`` when it has none."""
        return self.street_towns[code] if code in self.street_towns else self.departments[code]


@dataclass(slots=True)
class Desk:
    """Calendar, ids, rules, people, the units' habits, and the tally that keeps shares steady."""

    ids: Ids
    office: Office
    rules_of: RulesOf
    staff: Staff
    profiles: Mapping[str, Profile] = field(default_factory=profiles)
    shares: Shares = field(default_factory=Shares)
    forced: Collection[str] = ()
    """What happens on the ticket now written, whatever its share."""

    def falls(self, key: tuple[Hashable, ...], rate: float, chance: Random) -> bool:
        """Whether something happens this time; the key's first word says what."""
        return key[0] in self.forced or self.shares.falls(key, rate, chance)

    def rules(self, matter: str) -> Rulebook:
        """The rulebook for a matter, by its code."""
        return self.rules_of(self.ids.matters[matter])

    def due(self, matter: str, urgency: str, start: datetime) -> tuple[datetime, bool]:
        """When handling is due, and whether whoever dispatches must say so because no limit is set."""
        rules = self.rules(matter)
        found = rules.due_at(HANDLE, CaseFile(urgency=urgency), start)
        return (found, False) if found is not None else (due(SET_BY_HAND, start, rules.calendar).due_at, True)

    def called_due(self, matter: str, urgency: str, issued: datetime) -> tuple[datetime | None, datetime | None]:
        """When a called department must have responded, and when it must have finished."""
        rules, case = self.rules(matter), CaseFile(urgency=urgency)
        return rules.due_at(RESPOND, case, issued), rules.due_at(FINISH, case, issued)

    def at_work(self, instant: datetime, spread: timedelta) -> datetime:
        """``instant``, or, outside office hours, ``spread`` into the next half-day."""
        opening = self.office.next_open(instant)
        return instant if opening == instant else opening + spread
