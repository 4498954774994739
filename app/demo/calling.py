"""Made-up calls: a street-town calls departments to a time and a place, and they consult."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from app.demo.answering import TARDY, Answer, Case, called, finished, not_past
from app.demo.chance import Curve, Weighted, drawn, minutes
from app.demo.desk import Desk
from app.demo.district import Duty

CALL_SHARE = {"joint": 0.4, "lead": 0.3, "territorial": 0.18, "": 0.1}
"""How often a street-town that holds a matter calls, by kind of duty."""

HOW_MANY = Weighted(((1, 45), (2, 38), (3, 17)))
USUAL = ("D-0201", "D-0206", "D-0103")
"""Who is called where the list names nobody: enforcement, property, police."""

REASONS = Weighted(
    (
        ("no_power", 34),
        ("expertise", 22),
        ("several_units", 18),
        ("repeated", 10),
        ("danger", 6),
        ("equipment", 6),
        ("unclear_duty", 4),
    )
)
ISSUED: Curve = ((0, 0.02), (0.6, 0.1), (1, 0.25))
"""When the call goes out, as a part of the time between start and completion."""

TO_APPOINTMENT: Curve = ((0, 90), (0.5, 360), (0.9, 900), (1, 1440))
CONSULTED: Curve = ((0, 60), (0.5, 420), (0.9, 1200), (1, 1900))
"""Office minutes until the appointment, and for the consultation."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One call as planned: when, why, to which time and place, and what each department makes of it."""

    issued_at: datetime
    appointment_at: datetime
    reason: str
    place: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Calling:
    """The calls on one ticket, and when it entered and left the consultation."""

    calls: tuple[Meeting, ...]
    consulting_at: datetime
    consulted_at: datetime


def wants_to_call(desk: Desk, street_town: str, duty: Duty | None, chance: Random) -> bool:
    """Whether the street-town calls on this matter."""
    kind = duty.kind if duty else ""
    return desk.falls(("call", street_town, kind), CALL_SHARE[kind], chance)


def call(desk: Desk, case: Case, chance: Random) -> Calling:
    """The call on ``case``; a lead that never answers is called a second time."""
    named = (case.duty.called if case.duty else ()) or USUAL
    units = named[: HOW_MANY.pick(chance)]
    room = case.completed_at - case.started_at
    issued = _within(desk, case.started_at + room * drawn(chance, ISSUED), case.completed_at, chance)
    first = _issue(desk, case, issued, units, chance)
    calls = [first]
    if first.answers[0].responded_at is None:
        again = _within(desk, issued + (case.completed_at - issued) * 0.35, case.completed_at, chance)
        calls.append(_issue(desk, case, again, units[:1], chance, insistent=True))
    start = _consulting(calls, case)
    end = not_past(desk.office.after(start, minutes(chance, CONSULTED)), start, case.completed_at, 0.6)
    end = _by_day(desk, end, start, case.completed_at)
    return Calling(tuple(_finish(desk, case, each, units, end, chance) for each in calls), start, end)


def _issue(desk: Desk, case: Case, issued: datetime, units: tuple[str, ...], chance: Random, insistent: bool = False) -> Meeting:
    slot = desk.office.next_open(desk.office.after(issued, minutes(chance, TO_APPOINTMENT)))
    slot = desk.office.next_open(slot + timedelta(minutes=-slot.minute % 30, seconds=-slot.second))
    meeting = max(
        issued + timedelta(minutes=1),
        _by_day(desk, not_past(slot, issued, case.completed_at, 0.5), issued, case.completed_at).replace(second=0),
    )
    parts = tuple(called(desk, case, unit, n, issued, meeting, chance, insistent) for n, unit in enumerate(units))
    return Meeting(issued, meeting, REASONS.pick(chance), case.place, parts)


def _consulting(calls: list[Meeting], case: Case) -> datetime:
    """The consultation starts when the last of those who come is there, and not before the appointment."""
    last = calls[-1]
    there = [part.reported_in_at for part in last.answers if part.reported_in_at is not None]
    begin = max([last.appointment_at, *there])
    return not_past(begin, last.issued_at, case.completed_at, 0.8)


def _finish(desk: Desk, case: Case, each: Meeting, units: tuple[str, ...], consulted: datetime, chance: Random) -> Meeting:
    parts = tuple(
        finished(desk, case, part, unit, consulted, chance) if part.responded_at else part
        for part, unit in zip(each.answers, units, strict=False)
    )
    return replace(each, answers=parts)


def _within(desk: Desk, moment: datetime, end: datetime, chance: Random) -> datetime:
    """``moment`` in office hours where the next opening still leaves room before ``end``, else as it is."""
    shifted = desk.at_work(moment, minutes(chance, TARDY))
    return (shifted if shifted < moment + (end - moment) * 0.4 else moment).replace(microsecond=0)


def _by_day(desk: Desk, moment: datetime, start: datetime, end: datetime) -> datetime:
    """``moment`` or the next opening if that leaves room before ``end``, else the last office minute after ``start``."""
    forward = desk.office.next_open(moment)
    if forward <= start + (end - start) * 0.75:
        return forward
    back = desk.office.last_open(moment)
    return back if back > start else moment
