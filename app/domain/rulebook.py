"""The rulebook: what a move needs to know besides the case file: calendar, limits, the responsibility item, policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.calendar import WorkingCalendar
from app.domain.casefile import CaseFile
from app.domain.deadlines import Deadline, Limit, due
from app.domain.refusals import N_

SIGN, CONTACT, HANDLE = "sign", "contact", "handle"
CALL_SIGN, RESPOND, ARRIVE, FINISH = "call_sign", "respond", "arrive", "finish"
RETURN_ASK, RETURN_DECIDE, EXTEND = "return_ask", "return_decide", "extend"
RATE_UNIT, RATE_CITIZEN, REOPEN, SUPERVISE = "rate_unit", "rate_citizen", "reopen", "supervise"

CLOCKS: Mapping[str, str] = {
    SIGN: N_("Signing"),
    CONTACT: N_("First contact with the citizen"),
    HANDLE: N_("Handling"),
    CALL_SIGN: N_("Signing a call"),
    RESPOND: N_("Response to a call"),
    ARRIVE: N_("Grace for reporting in"),
    FINISH: N_("Called department's task"),
    RETURN_ASK: N_("Asking to return"),
    RETURN_DECIDE: N_("Deciding on a return"),
    EXTEND: N_("Longest single extension"),
    RATE_UNIT: N_("Mutual rating"),
    RATE_CITIZEN: N_("Citizen's rating"),
    REOPEN: N_("Reopening"),
    SUPERVISE: N_("Answer to a supervision order"),
}
"""Every clock that a limit may be set for. Values: English message ids."""


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A limit for one clock; empty urgency or matter means any."""

    clock: str
    limit: Limit
    urgency: str = ""
    matter_id: int | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """The item of the responsibility list in force that covers a matter. ``lead_id`` is None where the street-town leads."""

    version: str
    number: str
    name_zh: str
    name_en: str
    lead_id: int | None = None
    support_ids: tuple[int, ...] = ()
    limits: Mapping[str, Limit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """Decisions of the district that are not limits."""

    extensions_most: int = 3
    lead_signs_from: int = 2
    """From which extension of a round on the department's lead must ask in person."""
    reminders: bool = True


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything a move may ask; one per ticket, because duty and limits depend on its matter.

    ``matters`` are the ticket's matter and the ones above it, the nearest first. ``units`` maps the units a move
    may name to their type, ``closed`` are those not at work today; ``centre_id`` is the command centre's unit.
    """

    calendar: WorkingCalendar
    clocks: Sequence[ClockRule] = ()
    duty: Duty | None = None
    matters: tuple[int, ...] = ()
    units: Mapping[int, str] = field(default_factory=dict)
    closed: frozenset[int] = frozenset()
    centre_id: int | None = None
    policy: Policy = Policy()
    _found: dict[tuple[str, str], Limit | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def limit(self, clock: str, case: CaseFile) -> Limit | None:
        """The limit of a clock: the most particular rule wins, the matter before the urgency; handling asks the duty first."""
        asked = (clock, case.urgency)
        if asked not in self._found:
            self._found[asked] = self._limit(clock, case.urgency)
        return self._found[asked]

    def _limit(self, clock: str, urgency: str) -> Limit | None:
        if clock in (HANDLE, FINISH) and self.duty is not None and urgency in self.duty.limits:
            return self.duty.limits[urgency]
        fitting = [
            (self._nearness(rule), rule.urgency == "", rule.limit)
            for rule in self.clocks
            if rule.clock == clock and rule.urgency in ("", urgency) and self._nearness(rule) is not None
        ]
        return min(fitting, key=lambda found: (found[0], found[1]))[2] if fitting else None

    def _nearness(self, rule: ClockRule) -> int | None:
        """0 for the ticket's own matter, then upwards; every matter last; ``None`` for a foreign one."""
        if rule.matter_id is None:
            return len(self.matters)
        return self.matters.index(rule.matter_id) if rule.matter_id in self.matters else None

    def deadline(self, clock: str, case: CaseFile, start: datetime) -> Deadline | None:
        """When a clock that starts at ``start`` runs out; ``None`` where no limit is set."""
        limit = self.limit(clock, case)
        return due(limit, start, self.calendar) if limit else None

    def due_at(self, clock: str, case: CaseFile, start: datetime) -> datetime | None:
        """The instant of ``deadline``."""
        found = self.deadline(clock, case, start)
        return found.due_at if found else None

    def with_grace(self, case: CaseFile, appointment: datetime) -> datetime:
        """Until when somebody who was asked for ``appointment`` is in time."""
        limit = self.limit(ARRIVE, case)
        return due(limit, appointment, self.calendar).due_at if limit else appointment + timedelta()
