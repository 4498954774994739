"""What may come between on a made-up ticket: more time, a standstill, a higher hand, a twin, a mistake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from app.demo.assignment import Assigned
from app.demo.chance import Curve, Weighted, drawn, minutes
from app.demo.desk import Desk

EXTENSION, SUSPENSION, ESCALATION, VOID, MERGE, SPLIT = "extension", "suspension", "escalation", "void", "merge", "split"
SHARES: Mapping[str, float] = {SUSPENSION: 0.05, EXTENSION: 0.055, ESCALATION: 0.006, VOID: 0.004, MERGE: 0.02, SPLIT: 0.003}
"""How often each comes about where it can."""

GRANTED, REFUSED, UNDECIDED = "granted", "refused", "undecided"
EXTENDED = Weighted(((GRANTED, 70), (REFUSED, 24), (UNDECIDED, 6)))
SUSPENDED = Weighted(((GRANTED, 82), (REFUSED, 18)))
DECIDED_AFTER: Curve = ((0, 10), (0.6, 70), (1, 200))
MORE_TIME: Curve = ((0, 120), (0.7, 600), (1, 960))
"""Office minutes until a wish is decided on, and by how many the due time is to move."""

SECONDS = (("另反映周边路灯不亮", "02008"), ("另反映井盖缺损", "02005"), ("另反映井盖松动异响", "02006"))
"""Second matters that reports are found to hold: title and matter."""

LONG = timedelta(hours=26)
SHORT = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Incident:
    """One of them: when it is asked for or happens, what is wanted, what was decided when, and when it is over."""

    kind: str
    at: datetime
    outcome: str = GRANTED
    decided_at: datetime | None = None
    until: datetime | None = None
    over_at: datetime | None = None

    @property
    def ends(self) -> bool:
        """Whether the ticket goes no further."""
        return self.kind in (VOID, MERGE)


def incident(desk: Desk, assigned: Assigned, own: bool, calls: bool, completed: datetime, twin: bool, chance: Random) -> Incident | None:
    """What comes between, if anything does. ``own`` is a ticket that its street-town holds, ``twin`` one that another ticket is like."""
    room = completed - assigned.started_at
    patient = assigned.urgency != "at_once"
    possible = {
        VOID: len(assigned.turns) == 1,
        MERGE: twin and len(assigned.turns) == 1,
        SPLIT: room > SHORT and not calls,
        ESCALATION: own and not calls and not assigned.fallback and room > SHORT,
        SUSPENSION: patient and not calls and room > LONG,
        EXTENSION: patient and assigned.turns[-1].due_at > assigned.started_at + SHORT and room > SHORT,
    }
    for kind, can in possible.items():
        if can and desk.falls((kind,), SHARES[kind], chance):
            return _MADE[kind](desk, assigned, completed, chance)
    return None


def _early(kind: str) -> Callable[[Desk, Assigned, datetime, Random], Incident | None]:
    """Something that is noticed before work has begun, or soon after."""

    def made(desk: Desk, assigned: Assigned, completed: datetime, chance: Random) -> Incident | None:
        signed = assigned.turns[-1].signed_at
        if kind in (VOID, MERGE):
            return Incident(kind, _between(signed, assigned.started_at, chance, 0.1, 0.9))
        at = _between(assigned.started_at, completed, chance, 0.1, 0.35)
        opened = desk.office.next_open(at)
        return Incident(kind, opened if opened < at + (completed - at) * 0.5 else at)

    return made


def _extension(desk: Desk, assigned: Assigned, completed: datetime, chance: Random) -> Incident | None:
    """A wish before the due time; one that nobody decided ends with the claim."""
    due = assigned.turns[-1].due_at
    asked = desk.office.last_open(_between(assigned.started_at, min(due, completed), chance, 0.4, 0.9))
    if asked <= assigned.started_at:
        return None
    outcome = EXTENDED.pick(chance)
    if completed > due and outcome == GRANTED and chance.random() < 0.6:
        outcome = REFUSED
    decided = desk.office.after(asked, minutes(chance, DECIDED_AFTER))
    if decided >= completed - (completed - asked) * 0.3:
        outcome = UNDECIDED
    return Incident(EXTENSION, asked, outcome, decided, desk.office.after(due, minutes(chance, MORE_TIME)))


def _suspension(desk: Desk, assigned: Assigned, completed: datetime, chance: Random) -> Incident | None:
    """A standstill in the middle of the work."""
    asked = desk.office.next_open(_between(assigned.started_at, completed, chance, 0.05, 0.2))
    decided = desk.office.after(asked, minutes(chance, DECIDED_AFTER))
    until = desk.office.last_open(_between(assigned.started_at, completed, chance, 0.5, 0.8))
    if until <= decided:
        return None
    over = until if chance.random() < 0.7 else desk.office.last_open(_between(decided, until, chance, 0.5, 0.95))
    return Incident(SUSPENSION, asked, SUSPENDED.pick(chance), decided, until, max(over, decided + timedelta(minutes=5)))


_MADE: Mapping[str, Callable[[Desk, Assigned, datetime, Random], Incident | None]] = {
    VOID: _early(VOID),
    MERGE: _early(MERGE),
    SPLIT: _early(SPLIT),
    ESCALATION: _early(ESCALATION),
    SUSPENSION: _suspension,
    EXTENSION: _extension,
}


def _between(start: datetime, end: datetime, chance: Random, least: float, most: float) -> datetime:
    """A moment on the way from ``start`` to ``end``, in whole seconds."""
    return (start + (end - start) * drawn(chance, ((0, least), (1, most)))).replace(microsecond=0)


def second_of(reported_at: datetime) -> tuple[str, str]:
    """The second matter in a report: its title and the code of its matter."""
    return SECONDS[reported_at.minute % len(SECONDS)]
