"""The first half of a made-up ticket's life: dispatch, signing, returns, until somebody starts to handle it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from app.demo.chance import Curve, Weighted, below, minutes, seconds
from app.demo.desk import Desk
from app.demo.district import STREET, Duty
from app.demo.rhythm import Report
from app.domain.casefile import CaseFile
from app.domain.rulebook import RETURN_ASK, RETURN_DECIDE

BY_RULE: Curve = ((0, 25), (0.5, 90), (0.9, 300), (1, 600))
BY_HAND: Curve = ((0, 180), (0.5, 720), (0.9, 2400), (1, 6600))
"""Seconds until the dispatch, proposed by a rule or decided by the duty officer."""

HAND_SHARE = 0.12
SIGN_LIMIT = timedelta(minutes=10)
SIGNED_IN_TIME: Curve = ((0, 15), (0.5, 150), (0.9, 430), (1, 597))
SIGNED_LATE: Curve = ((0, 604), (0.6, 1500), (1, 5400))
SIGNED_LATE_AT_NIGHT: Curve = ((0, 604), (0.5, 2400), (0.8, 9000), (1, 36_000))
"""Seconds from dispatch to signing; the limit is ten minutes, day and night."""

AT_NIGHT, AT_WORK = 1.4, 0.7
"""How much more often units sign late outside office hours, and less often within."""

RETURN_SHARE = 0.036
SECOND_RETURN = 0.12
DECISIONS = Weighted((("approved", 72), ("rejected", 20), ("lapsed", 5), ("cancelled", 3)))
ASKED_AFTER: Curve = ((0, 15), (0.6, 90), (1, 260))
DECIDED_AFTER: Curve = ((0, 15), (0.6, 80), (1, 240))
"""Minutes until the unit asks to return, and office minutes until that is decided."""

SWEPT = (20, 70)
"""Seconds until the clock notices that something has run out."""

RETURN_REASONS = Weighted(
    (
        ("not_our_duty", 38),
        ("other_lead", 20),
        ("wrong_area", 14),
        ("unclear", 10),
        ("wrong_address", 8),
        ("higher_authority", 6),
        ("duplicate", 4),
    )
)
DIRECT = {"lead": 0.62, "joint": 0.3, "territorial": 0.0}
"""How often a matter goes straight to its department, by kind of duty; otherwise its street-town gets it first."""

START_AT_ONCE: Curve = ((0, 2), (0.7, 12), (1, 30))
START: Curve = ((0, 5), (0.5, 40), (0.9, 150), (1, 300))
"""Minutes from signing to the start of handling."""

EVERYBODYS = "D-0101"
"""Where a street-town sends what it returns when the list names no department."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One round as planned: what becomes of a wish to return it, and when that is settled.

    ``set_by_hand`` says that no limit is known, so that whoever dispatches must say when it is due.
    """

    unit: str
    dispatched_at: datetime
    signed_at: datetime
    due_at: datetime
    set_by_hand: bool = False
    returned: str = ""
    asked_at: datetime | None = None
    reason: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """What the dispatch came to: the turns, and when the last unit got to work."""

    turns: tuple[Turn, ...]
    urgency: str
    started_at: datetime
    by_hand: bool
    fallback: bool


def assign(desk: Desk, report: Report, urgency: str, patrolled: bool, chance: Random) -> Assigned:
    """Dispatch ``report`` until a unit keeps it. What patrols report stays with the street-town."""
    duty = report.matter.duty
    unit = _first_unit(desk, report, duty, patrolled, chance)
    by_hand = duty is None or chance.random() < HAND_SHARE
    dispatched = report.moment + seconds(chance, BY_HAND if by_hand else BY_RULE)
    turns: list[Turn] = []
    while True:
        turns.append(turn := _turn(desk, report, urgency, unit, len(turns) + 1, dispatched, chance))
        if turn.returned != "approved" or turn.decided_at is None:
            break
        dispatched = turn.decided_at
        unit = _next_unit(report.street_town, unit, duty)
    begun = (turn.decided_at or turn.signed_at) + minutes(chance, START_AT_ONCE if urgency == "at_once" else START)
    if urgency != "at_once":
        begun = desk.at_work(begun, minutes(chance, START_AT_ONCE))
    return Assigned(tuple(turns), urgency, begun, by_hand, fallback=duty is None or len(turns) > 2)


def _first_unit(desk: Desk, report: Report, duty: Duty | None, patrolled: bool, chance: Random) -> str:
    if duty is None or duty.lead == STREET or patrolled:
        return report.street_town
    return duty.lead if desk.falls(("direct", duty.kind), DIRECT[duty.kind], chance) else report.street_town


def _next_unit(street_town: str, returned_by: str, duty: Duty | None) -> str:
    """Who gets what ``returned_by`` gave back: the department of the list, or else the street-town, for good."""
    if returned_by != street_town:
        return street_town
    return next(iter(duty.called if duty else ()), EVERYBODYS)


def _turn(desk: Desk, report: Report, urgency: str, unit: str, ordinal: int, dispatched: datetime, chance: Random) -> Turn:
    signed = _sign(desk, unit, dispatched, chance)
    due, by_hand = desk.due(report.matter.code, urgency, dispatched)
    turn = Turn(unit, dispatched, signed, due, by_hand)
    if not _wants_to_return(desk, report, unit, ordinal, chance):
        return turn
    return _returned(desk, report.matter.code, turn, DECISIONS.pick(chance), chance)


def _sign(desk: Desk, unit: str, dispatched: datetime, chance: Random) -> datetime:
    """When the unit signs."""
    at_work = desk.office.is_open(dispatched)
    rate = desk.profiles[unit].sign_late * (AT_WORK if at_work else AT_NIGHT)
    if not desk.falls(("sign", unit, at_work), rate, chance):
        return dispatched + seconds(chance, SIGNED_IN_TIME)
    return dispatched + seconds(chance, SIGNED_LATE if at_work else SIGNED_LATE_AT_NIGHT)


def _wants_to_return(desk: Desk, report: Report, unit: str, ordinal: int, chance: Random) -> bool:
    """A street-town keeps what came back to it or what nobody owns (兜底); dangers are dealt with first."""
    if report.matter.urgency == "danger" or (unit == report.street_town and (ordinal > 1 or report.matter.duty is None)):
        return False
    return desk.falls(("return", ordinal), RETURN_SHARE if ordinal == 1 else SECOND_RETURN, chance)


def _returned(desk: Desk, matter: str, turn: Turn, decision: str, chance: Random) -> Turn:
    """The wish to return, while there is still time for one; nobody's decision is the clock's."""
    asked = desk.at_work(turn.signed_at + minutes(chance, ASKED_AFTER), minutes(chance, START_AT_ONCE))
    rules, case = desk.rules(matter), CaseFile()
    last = rules.due_at(RETURN_ASK, case, turn.dispatched_at)
    if last is not None and asked > last:
        return turn
    decided = desk.office.after(asked, minutes(chance, DECIDED_AFTER))
    lapses = rules.due_at(RETURN_DECIDE, case, asked)
    if lapses is not None and (decision == "lapsed" or decided >= lapses):
        decision, decided = "lapsed", lapses + swept(chance)
    return replace(turn, returned=decision, asked_at=asked, reason=RETURN_REASONS.pick(chance), decided_at=decided)


def swept(chance: Random) -> timedelta:
    """How long the clock takes to notice."""
    return timedelta(seconds=SWEPT[0] + below(chance, SWEPT[1] - SWEPT[0]))
