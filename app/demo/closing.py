"""The end of a made-up ticket's life: completion, rework, review, the citizen's rating, archiving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from app.demo.assignment import Assigned
from app.demo.chance import Curve, Weighted, drawn, minutes
from app.demo.desk import USUAL_LATE, Desk
from app.demo.rhythm import Report

IN_TIME: Curve = ((0, 0.05), (0.3, 0.28), (0.65, 0.6), (0.9, 0.9), (1, 0.985))
"""When a punctual unit completes, as a part of the time it has."""

OVERRUN: Curve = ((0, 6), (0.35, 240), (0.72, 1560), (0.94, 7200), (1, 37_000))
"""By how many minutes a late unit misses the limit."""

HASTE = {"at_once": 1.5, "quickly": 1.1, "within_limit": 0.75}
CALLED, ALONE = 1.35, 0.93
"""What makes lateness likelier: urgency, and several hands."""

ON_DUTY = 0.12
"""How often somebody completes whatever the hour."""

SPREAD: Curve = ((0, 2), (1, 200))
RESULTS = {
    "enquiry": Weighted((("explained", 92), ("solved", 8))),
    "suggestion": Weighted((("explained", 62), ("solved", 26), ("partly", 12))),
    "thanks": Weighted((("explained", 100),)),
    "": Weighted((("solved", 84), ("partly", 8), ("explained", 5), ("unsolved", 3))),
}
REWORK_SHARE = 0.031
TO_REVIEW: Curve = ((0, 20), (0.5, 150), (0.9, 420), (1, 700))
REVIEWED: Curve = ((0, 15), (0.5, 120), (0.9, 420), (1, 600))
"""Office minutes from completion to review, and for the review."""

RATED: Curve = ((0, 8), (0.4, 300), (0.8, 1700), (1, 4000))
"""Minutes from review to the citizen's rating, well inside the window."""

RATING_SHARE = 0.43
AWAKE = (8, 22)
MILD = Weighted((("basic", 58), ("fair", 42)))


@dataclass(frozen=True, slots=True)
class Ending:
    """What is settled before the end is planned.

    ``handled_at`` is the last moment before ``completed_at`` that has its place in the history; ``calm`` says that
    no call interferes with a rework, ``ratable`` that somebody can be asked.
    """

    handled_at: datetime
    completed_at: datetime
    result: str
    late: bool
    calm: bool
    ratable: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A completion (办结): claimed at ``made_at``; looked at and sent back for rework if it was."""

    made_at: datetime
    looked_at: datetime | None = None
    refused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """How the ticket ended: claims, the review that passed, the citizen's rating."""

    claims: tuple[Claim, ...]
    review_at: datetime
    reviewed_at: datetime
    rating: str
    rated_at: datetime | None


def result_of(nature: str, chance: Random) -> str:
    """What comes of a matter of this nature."""
    return RESULTS.get(nature, RESULTS[""]).pick(chance)


def completion(desk: Desk, report: Report, assigned: Assigned, called: bool, chance: Random) -> datetime:
    """When the ticket is completed: by its first round's limit as a rule, late as often as its units are."""
    start = assigned.started_at
    first, last = assigned.turns[0], assigned.turns[-1]
    due = first.due_at
    if due < start + timedelta(minutes=10):
        due = max(due, last.due_at)
    rate = desk.profiles[report.street_town].late(report.progress)
    if last.unit != report.street_town:
        rate *= desk.profiles[last.unit].late(report.progress) / USUAL_LATE
    rate = min(0.6, rate * HASTE[assigned.urgency] * (CALLED if called else ALONE))
    late = desk.falls(("late", report.street_town), rate, chance)
    if late or due < start + timedelta(minutes=10):
        return desk.at_work(max(due, start) + minutes(chance, OVERRUN), minutes(chance, SPREAD))
    aim = (start + (due - start) * drawn(chance, IN_TIME)).replace(microsecond=0)
    return aim if assigned.urgency == "at_once" or chance.random() < ON_DUTY else _at_work(desk, aim, start, due, chance)


def _at_work(desk: Desk, aim: datetime, start: datetime, due: datetime, chance: Random) -> datetime:
    """A moment near ``aim``, between ``start`` and ``due``, in office hours where there are any."""
    forward = desk.at_work(aim, minutes(chance, SPREAD))
    if forward <= due:
        return forward
    back = desk.office.last_open(aim) - minutes(chance, SPREAD)
    return back if back > start else aim


def close(desk: Desk, report: Report, ending: Ending, chance: Random) -> Closed:
    """Rework, review and rating of one ticket."""
    claims = _rework(desk, report, ending, chance)
    review = desk.office.after(ending.completed_at, minutes(chance, TO_REVIEW))
    reviewed = desk.office.after(review, minutes(chance, REVIEWED))
    rated = None
    if ending.ratable and desk.falls(("rated", report.street_town), RATING_SHARE, chance):
        rated = _awake(desk, reviewed + minutes(chance, RATED))
    return Closed(
        claims=(*claims, Claim(ending.completed_at)),
        review_at=review,
        reviewed_at=reviewed,
        rating=_rating(desk, report, ending, chance) if rated else "",
        rated_at=rated,
    )


def _rework(desk: Desk, report: Report, ending: Ending, chance: Random) -> list[Claim]:
    """A first completion that was refused, for the few that have one."""
    room = ending.completed_at - ending.handled_at
    if not ending.calm or room < timedelta(hours=1) or not desk.falls(("rework", report.street_town), REWORK_SHARE, chance):
        return []
    claimed, looked, refused = ((ending.handled_at + room * part).replace(microsecond=0) for part in (0.4, 0.5, 0.6))
    return [Claim(claimed, looked, refused)]


def _rating(desk: Desk, report: Report, ending: Ending, chance: Random) -> str:
    """Citizens forgive an explanation, less a delay, and least of all nothing."""
    if report.matter.code == "12014":
        return "satisfied"
    poor = 0.015 + 0.35 * desk.profiles[report.street_town].late(report.progress)
    poor *= {"unsolved": 6.0, "partly": 2.0}.get(ending.result, 1.0) * (2.5 if ending.late else 1.0)
    if desk.falls(("poor", report.street_town), min(poor, 0.8), chance):
        return "dissatisfied"
    return MILD.pick(chance) if chance.random() < 0.17 else "satisfied"


def _awake(desk: Desk, instant: datetime) -> datetime:
    """``instant``, moved out of the night."""
    hour = desk.office.local(instant).hour
    if hour < AWAKE[0]:
        return instant + timedelta(hours=AWAKE[0] - hour)
    return instant - timedelta(hours=hour - AWAKE[1] + 1) if hour >= AWAKE[1] else instant
