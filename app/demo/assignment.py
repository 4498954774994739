"""The first half of a made-up ticket's life: dispatch, signing, returns, until somebody starts to handle it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from app.demo.chance import Curve, Weighted, below, drawn, minutes, seconds
from app.demo.desk import Desk
from app.demo.district import STREET, Duty
from app.demo.rhythm import Report
from app.domain.history import RoundHistory

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

AUTO_SHARE = 0.08
AUTO_AFTER = timedelta(hours=2)

RETURN_SHARE = 0.036
SECOND_RETURN = 0.12
DECISIONS = Weighted((("approved", 74), ("rejected", 21), ("lapsed", 5)))
ASKED_AFTER: Curve = ((0, 15), (0.6, 90), (1, 260))
DECIDED_AFTER: Curve = ((0, 15), (0.6, 80), (1, 240))
"""Minutes until the unit asks to return, and office minutes until that is decided."""

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
    """One round as planned. ``decided_at`` is when its return was settled, ``unit`` the code of its unit."""

    round: RoundHistory
    unit: str
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """What the dispatch came to: the turns, and when the last unit got to work."""

    turns: tuple[Turn, ...]
    urgency: str
    started_at: datetime
    fallback: bool


def assign(desk: Desk, report: Report, urgency: str, patrolled: bool, chance: Random) -> Assigned:
    """Dispatch ``report`` until a unit keeps it. What patrols report stays with the street-town."""
    duty = report.matter.duty
    unit = _first_unit(desk, report, duty, patrolled, chance)
    limit = desk.limit(duty, urgency)
    turns: list[Turn] = []
    dispatched = report.moment + seconds(chance, BY_HAND if duty is None or chance.random() < HAND_SHARE else BY_RULE)
    if report.held:
        dispatched = _held_dispatch(report, chance)
    while True:
        turns.append(turn := _turn(desk, report, unit, len(turns) + 1, dispatched, limit, chance))
        if turn.round.returned != "approved" or turn.decided_at is None:
            break
        dispatched = turn.decided_at
        unit = _next_unit(report.street_town, unit, duty)
    last = turns[-1]
    begin = last.decided_at or last.round.signed_at or dispatched
    begun = begin + minutes(chance, START_AT_ONCE if urgency == "at_once" else START)
    if urgency != "at_once":
        begun = desk.at_work(begun, minutes(chance, START_AT_ONCE))
    if report.held_until:
        begun = max(begun, report.held_until + minutes(chance, START_AT_ONCE))
    return Assigned(tuple(turns), urgency, begun, fallback=duty is None or len(turns) > 2)


def _first_unit(desk: Desk, report: Report, duty: Duty | None, patrolled: bool, chance: Random) -> str:
    if duty is None or duty.lead == STREET or patrolled:
        return report.street_town
    return duty.lead if desk.shares.falls(("direct", duty.kind), DIRECT[duty.kind], chance) else report.street_town


def _next_unit(street_town: str, returned_by: str, duty: Duty | None) -> str:
    """Who gets what ``returned_by`` gave back: the department of the list, or else the street-town, for good."""
    if returned_by != street_town:
        return street_town
    return next(iter(duty.called if duty else ()), EVERYBODYS)


def _held_dispatch(report: Report, chance: Random) -> datetime:
    if report.held == "reported" and report.held_until:
        return report.held_until + seconds(chance, BY_RULE)
    return report.moment + timedelta(seconds=20 + below(chance, 40))


def _turn(desk: Desk, report: Report, unit: str, ordinal: int, dispatched: datetime, limit: str, chance: Random) -> Turn:
    signed, auto = _sign(desk, unit, dispatched, chance)
    if report.held == "signed":
        signed, auto = dispatched + timedelta(seconds=30 + below(chance, 200)), False
    elif report.held_until:
        signed, auto = max(signed, report.held_until + seconds(chance, SIGNED_IN_TIME)), False
    turn = Turn(
        RoundHistory(
            ordinal=ordinal,
            unit_id=desk.ids.unit(unit),
            dispatched_at=dispatched,
            signed_at=signed,
            auto_signed=auto,
            due_at=desk.due(limit, dispatched),
        ),
        unit,
    )
    if report.held or not _wants_to_return(desk, report, unit, ordinal, chance):
        return turn
    return _returned(desk, turn, DECISIONS.pick(chance), chance)


def _sign(desk: Desk, unit: str, dispatched: datetime, chance: Random) -> tuple[datetime, bool]:
    """When the unit signs, and whether the system signed in its stead."""
    at_work = desk.office.is_open(dispatched)
    rate = desk.profiles[unit].sign_late * (AT_WORK if at_work else AT_NIGHT)
    if not desk.shares.falls(("sign", unit, at_work), rate, chance):
        return dispatched + seconds(chance, SIGNED_IN_TIME), False
    signed = dispatched + seconds(chance, SIGNED_LATE if at_work else SIGNED_LATE_AT_NIGHT)
    return (dispatched + AUTO_AFTER, True) if drawn(chance, ((0, 0), (1, 1))) < AUTO_SHARE else (signed, False)


def _wants_to_return(desk: Desk, report: Report, unit: str, ordinal: int, chance: Random) -> bool:
    """A street-town that got the matter back from a department keeps it (兜底); dangers are dealt with first."""
    if report.matter.urgency == "danger" or (ordinal > 1 and unit == report.street_town):
        return False
    return desk.shares.falls(("return", ordinal), RETURN_SHARE if ordinal == 1 else SECOND_RETURN, chance)


def _returned(desk: Desk, turn: Turn, decision: str, chance: Random) -> Turn:
    signed = turn.round.signed_at
    if signed is None:
        return turn
    asked = desk.at_work(signed + minutes(chance, ASKED_AFTER), minutes(chance, START_AT_ONCE))
    spent = timedelta(hours=8) if decision == "lapsed" else minutes(chance, DECIDED_AFTER)
    given_back = replace(turn.round, returned=decision, returned_at=asked, return_reason=RETURN_REASONS.pick(chance))
    return replace(turn, round=given_back, decided_at=desk.office.after(asked, spent))
