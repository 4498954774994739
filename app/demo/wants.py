"""What the queues shall hold when the demo opens: how many tickets stand where, whatever the hour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.demo.accounts import ACCOUNTS
from app.domain.casefile import OPEN, CaseFile, Part

UNITS = {account.username: account.unit for account in ACCOUNTS}
STREET, DEPARTMENT = UNITS["street"], UNITS["department"]
"""The units whose accounts people try."""

Stands = Callable[[CaseFile, int, datetime], bool]
"""Whether a ticket stands as wanted: the case, the id of the unit it is about, now."""

MINUTES, HOURS, DAYS = timedelta(minutes=12), timedelta(hours=6), timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Want:
    """So many tickets that stand so.

    ``unit`` is the unit it is about, if any; ``among`` says which matters are drawn: those that the department ``leads`` or is
    ``called`` to, or any. ``forced`` names what is made to happen on the way; ``age`` is how old the last step may be, ``since``
    the report.
    """

    number: int
    stands: Stands
    unit: str = ""
    among: str = ""
    forced: tuple[str, ...] = ()
    age: timedelta = HOURS
    since: timedelta = DAYS


def _stage(name: str) -> Stands:
    return lambda case, unit, now: case.stage == name and case.live


def _held(name: str) -> Stands:
    return lambda case, unit, now: case.stage == name and case.live and case.unit_id == unit


def _part(fits: Callable[[Part], bool]) -> Stands:
    """A part of the department, in a call that goes on."""
    return lambda case, unit, now: any(part.unit_id == unit and part.standing and fits(part) for part in case.parts)


def _called_by(fits: Callable[[Part], bool]) -> Stands:
    return lambda case, unit, now: case.unit_id == unit and any(part.standing and fits(part) for part in case.parts)


def _awaited(case: CaseFile, unit: int, now: datetime) -> bool:
    return case.stage == "evaluating" and any(r.state == OPEN and r.rater_id == unit and (r.due_at or now) > now for r in case.ratings)


def _ordered(case: CaseFile, unit: int, now: datetime) -> bool:
    return case.live and any(order.unit_id == unit and order.answered_at is None for order in case.orders)


def _due(least: timedelta, most: timedelta) -> Stands:
    """Work in hand that is due between so long and so long from now."""
    return lambda case, unit, now: (
        case.stage == "handling"
        and case.claimed_at is None
        and case.unit_id == unit
        and case.now_held.due_at is not None
        and now + least < case.now_held.due_at <= now + most
    )


def _returning(case: CaseFile, unit: int, now: datetime) -> bool:
    turn = case.turn
    return turn is not None and turn.unit_id == unit and turn.returned == OPEN and (turn.return_due_at or now) > now


def _longer(case: CaseFile, unit: int, now: datetime) -> bool:
    return case.unit_id == unit and case.asked_extension is not None


def _pausing(case: CaseFile, unit: int, now: datetime) -> bool:
    return case.unit_id == unit and case.asked_pause is not None


def _paused(case: CaseFile, unit: int, now: datetime) -> bool:
    return case.unit_id == unit and case.pause is not None and case.pause.until is not None and case.pause.until > now


def _claimed(case: CaseFile, unit: int, now: datetime) -> bool:
    return case.claimed_at is not None and case.unit_id == unit


def _escalated(name: str) -> Stands:
    return lambda case, unit, now: (
        case.stage == name and case.claimed_at is None and case.turn is not None and case.turn.kind == "escalation"
    )


def _escalated_claimed(case: CaseFile, unit: int, now: datetime) -> bool:
    return case.claimed_at is not None and case.turn is not None and case.turn.kind == "escalation"


def _backstop(case: CaseFile, unit: int, now: datetime) -> bool:
    return case.fallback and case.unit_id == unit and case.stage == "handling"


_LATE, _SOON, _TODAY = (timedelta(days=-2), timedelta()), (timedelta(), timedelta(hours=2)), (timedelta(), timedelta(hours=9))

WANTS: tuple[Want, ...] = (
    Want(4, _stage("reported"), age=MINUTES, since=MINUTES),
    Want(2, _stage("reported"), STREET, age=MINUTES, since=MINUTES),
    Want(4, _stage("dispatched"), age=MINUTES, since=MINUTES),
    Want(2, _held("dispatched"), STREET, age=MINUTES, since=MINUTES),
    Want(1, _held("dispatched"), STREET, age=HOURS, since=HOURS),
    Want(2, _held("dispatched"), DEPARTMENT, "leads", ("direct",), MINUTES, MINUTES),
    Want(5, _stage("signed"), since=HOURS),
    Want(1, _held("signed"), STREET, since=HOURS),
    Want(1, _held("signed"), DEPARTMENT, "leads", ("direct",), since=HOURS),
    Want(5, _stage("called"), forced=("call",)),
    Want(4, _stage("consulting"), forced=("call",)),
    Want(4, _stage("completed")),
    Want(3, _stage("reviewing")),
    Want(1, _returning, STREET, forced=("return",), since=HOURS * 4),
    Want(2, _returning, DEPARTMENT, "leads", ("direct", "return"), since=HOURS * 4),
    Want(2, _longer, STREET, forced=("extension",)),
    Want(1, _longer, DEPARTMENT, "leads", ("direct", "extension")),
    Want(1, _pausing, STREET, forced=("suspension",)),
    Want(2, _paused, STREET, forced=("suspension",), age=DAYS, since=DAYS * 2),
    Want(1, _paused, DEPARTMENT, "leads", ("direct", "suspension"), DAYS, DAYS * 2),
    Want(2, _due(*_SOON), STREET, age=DAYS),
    Want(2, _due(*_TODAY), STREET, age=DAYS),
    Want(2, _due(*_LATE), STREET, age=DAYS * 2, since=DAYS * 2),
    Want(1, _due(*_SOON), DEPARTMENT, "leads", ("direct",), DAYS),
    Want(1, _due(*_TODAY), DEPARTMENT, "leads", ("direct",), DAYS),
    Want(2, _due(*_LATE), DEPARTMENT, "leads", ("direct",), DAYS * 2, DAYS * 2),
    Want(2, _claimed, DEPARTMENT, "leads", ("direct", "own")),
    Want(1, _called_by(lambda part: part.returned == OPEN), STREET, forced=("call", "call-return")),
    Want(1, _called_by(lambda part: part.responded_at is None), STREET, forced=("call",)),
    Want(2, _part(lambda part: part.signed_at is None), DEPARTMENT, "called", ("call",)),
    Want(2, _part(lambda part: part.signed_at is not None and part.responded_at is None), DEPARTMENT, "called", ("call",)),
    Want(1, _part(lambda part: part.responded_at is not None and part.reported_in_at is None), DEPARTMENT, "called", ("call",)),
    Want(2, _part(lambda part: part.reported_in_at is not None), DEPARTMENT, "called", ("call",)),
    Want(3, _awaited, STREET, forced=("call",), age=DAYS / 3, since=DAYS * 2),
    Want(3, _awaited, DEPARTMENT, "called", ("call",), DAYS / 3, DAYS * 2),
    Want(1, _ordered, STREET, forced=("late", "supervised"), age=DAYS / 3, since=DAYS * 4),
    Want(1, _ordered, DEPARTMENT, "leads", ("direct", "late", "supervised"), DAYS / 3, DAYS * 4),
    Want(1, _backstop, STREET, "nobody", (), DAYS),
    Want(1, _escalated("dispatched"), forced=("escalation",)),
    Want(1, _escalated("handling"), forced=("escalation",)),
    Want(1, _escalated_claimed, forced=("escalation",)),
)
"""Every queue of every role finds something here; ordinary tickets come on top."""
