"""Made-up answers to a call: how a department signs, responds, reports in and finishes, each at its own pace."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from app.demo.assignment import SIGNED_IN_TIME, SIGNED_LATE
from app.demo.chance import Curve, Weighted, drawn, minutes, seconds
from app.demo.desk import Desk
from app.demo.district import Duty

EARLY: Curve = ((0, 0), (1, 14))
TARDY: Curve = ((0, 6), (0.7, 20), (1, 70))
"""Minutes before and after the appointment."""

CALLED_OFF: Curve = ((0, 90), (0.5, 360), (1, 900))
FINISHED: Curve = ((0, 0.1), (0.5, 0.45), (1, 0.97))
ANSWERED: Curve = ((0, 0.05), (0.7, 0.5), (1, 0.97))
"""When support is called off again, in minutes; when departments finish and answer, as a part of the time they have."""

ANSWERED_LATE: Curve = ((0, 5), (0.6, 90), (1, 1500))
NEVER = 0.18
"""By how many minutes a late answer is late, and how many of the late never answer."""

TARDY_SHARE, ABSENT_SHARE, WITHDRAWN_SHARE, UNJUDGED_SHARE = 0.06, 0.02, 0.025, 0.15
ACCURACY = Weighted((("accurate", 87), ("partly", 9), ("inaccurate", 4)))
EFFECTS = {
    "solved": Weighted((("solved", 92), ("partly", 8))),
    "partly": Weighted((("solved", 30), ("partly", 65), ("unsolved", 5))),
    "explained": Weighted((("solved", 70), ("partly", 25), ("unsolved", 5))),
    "unsolved": Weighted((("partly", 40), ("unsolved", 60))),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One department's part in a call, as planned."""

    unit: str
    response_due_at: datetime | None = None
    due_at: datetime | None = None
    signed_at: datetime | None = None
    responded_at: datetime | None = None
    reported_in_at: datetime | None = None
    finished_at: datetime | None = None
    withdrawn_at: datetime | None = None
    absent: bool = False
    effect: str = ""
    accuracy: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What a call needs to know of its ticket: the time between start and completion is all there is room for."""

    street_town: str
    matter: str
    duty: Duty | None
    urgency: str
    started_at: datetime
    completed_at: datetime
    result: str
    place: str
    progress: float


def called(
    desk: Desk, case: Case, unit: str, position: int, issued: datetime, meeting: datetime, chance: Random, insistent: bool
) -> Answer:
    """One department called, with its limits; some support is called off again."""
    respond, finish = desk.called_due(case.matter, case.urgency, issued)
    part = Answer(unit, response_due_at=respond, due_at=finish)
    if position and chance.random() < WITHDRAWN_SHARE:
        return replace(part, withdrawn_at=not_past(issued + minutes(chance, CALLED_OFF), issued, case.completed_at, 0.6))
    return _answer(desk, case, part, unit, issued, meeting, insistent, chance)


def _answer(
    desk: Desk, case: Case, part: Answer, unit: str, issued: datetime, meeting: datetime, insistent: bool, chance: Random
) -> Answer:
    """One department's side until it stands at the agreed place, or does not. Who is called twice answers in time."""
    profile = desk.profiles[unit]
    late_signing = desk.falls(("call-sign", unit), profile.sign_late, chance)
    answer_by = min(meeting, part.response_due_at or meeting)
    signed = not_past(issued + seconds(chance, SIGNED_LATE if late_signing else SIGNED_IN_TIME), issued, answer_by, 0.9)
    late = not insistent and desk.falls(("answer", unit), profile.answer_late, chance)
    if late and chance.random() < NEVER:
        return replace(part, signed_at=signed, absent=True)
    if late:
        responded = _answered_late(desk, part.response_due_at or meeting, signed, case, chance)
    else:
        span = not_past(answer_by, signed, case.completed_at, 0.3) - signed
        responded = signed + timedelta(seconds=int(span.total_seconds() * drawn(chance, ANSWERED)))
    if responded is None:
        return replace(part, signed_at=signed, absent=True)
    return _arrived(replace(part, signed_at=signed, responded_at=responded), meeting, case, chance)


def _answered_late(desk: Desk, due: datetime, signed: datetime, case: Case, chance: Random) -> datetime | None:
    """The late answer's moment; ``None`` where it would have come after everything was over."""
    found = max(signed, desk.at_work(due + minutes(chance, ANSWERED_LATE), minutes(chance, TARDY)))
    return found if found < signed + (case.completed_at - signed) * 0.6 else None


def _arrived(part: Answer, meeting: datetime, case: Case, chance: Random) -> Answer:
    if chance.random() < ABSENT_SHARE:
        return replace(part, absent=True)
    tardy = chance.random() < TARDY_SHARE
    there = meeting + minutes(chance, TARDY) if tardy else meeting - minutes(chance, EARLY)
    there = max(there, part.responded_at or meeting)
    if there >= case.completed_at:
        return replace(part, absent=True)
    return replace(part, reported_in_at=there)


def finished(desk: Desk, case: Case, part: Answer, unit: str, consulted: datetime, chance: Random) -> Answer:
    """When the department is done: by its own limit, or after it where the ticket leaves room for that."""
    due = part.due_at or case.completed_at
    start = max(consulted, part.responded_at or consulted)
    late = desk.falls(("call-late", unit), desk.profiles[unit].late(case.progress), chance)
    if late and due < case.completed_at:
        start, end = max(start, due), case.completed_at
    else:
        end = min(due, case.completed_at) if due > start else case.completed_at
    done = start + (end - start) * drawn(chance, FINISHED)
    back = desk.office.last_open(done)
    done = done if back == done else max(start, back - minutes(chance, TARDY))
    judged = chance.random() >= UNJUDGED_SHARE
    return replace(
        part,
        finished_at=done.replace(microsecond=0),
        accuracy=ACCURACY.pick(chance) if judged else "",
        effect=EFFECTS[case.result].pick(chance) if judged else "",
    )


def not_past(moment: datetime, start: datetime, end: datetime, part: float) -> datetime:
    """``moment``, but no later than ``part`` of the way from ``start`` to ``end``; whole seconds."""
    return min(moment, start + (end - start) * part).replace(microsecond=0)
