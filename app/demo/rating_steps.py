"""The steps after a passed review: the three evaluations, the follow-up, and the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.demo.assignment import swept
from app.demo.calling_steps import Stands
from app.demo.chance import Curve, Weighted
from app.demo.closing import Claim
from app.demo.scribe import Scribe
from app.demo.staff import CITIZEN
from app.domain.actors import SYSTEM
from app.domain.casefile import CaseFile
from app.domain.rulebook import RATE_CITIZEN, RATE_UNIT

RATED_DEPARTMENT, RATED_STREET = 0.86, 0.78
RATED_AFTER: Curve = ((0, 20), (0.5, 260), (0.9, 800), (1, 1300))
"""How often the units rate each other, and after how many office minutes, within three working days."""

REMOTE = 0.4
"""How often a department that did its part without coming took part remotely."""

NOT_OURS = 0.6
"""How often an inaccurate call is one that was not the department's; otherwise the street-town could have settled it."""

CHANNELS = Weighted((("link", 55), ("qr", 20), ("phone", 25)))
COMMENTED = 0.12
FOLLOWED_UP, REACHED, FOLLOWED_RATED = 0.06, 0.66, 0.03
ASKED_AFTER: Curve = ((0, 480), (1, 1100))
ANSWERS = Weighted((("satisfied", 78), ("basic", 12), ("fair", 6), ("dissatisfied", 4)))
"""Follow-ups of the centre among those who did not rate, and among those who did."""

WAIVED = 0.012
ARCHIVED_AFTER: Curve = ((0, 15), (0.6, 150), (1, 460))
GRACE = timedelta(minutes=10)

Given = list[datetime | None]
"""When each awaited rating is given; ``None`` for those that are missed."""


@dataclass(slots=True)
class Close:
    """One way to the archive: claims, review, rating; the second time after reopening."""

    claims: Sequence[Claim]
    review_at: datetime
    reviewed_at: datetime
    result: str
    opinion: str
    rating: str = ""
    rated_at: datetime | None = None


def rating_steps(s: Scribe, close: Close, parts: Sequence[Stands]) -> datetime:
    """Ratings and archive; the moment of the archive."""
    given: Given = [] if s.plan.proactive else [_public(s, close)]
    for part in parts:
        given += [_of_department(s, close, part), _of_street_town(s, close, part)]
    return _archive(s, close, given, bool(parts))


def _public(s: Scribe, close: Close) -> datetime | None:
    """The citizen's own rating, or what a follow-up learns."""
    if close.rated_at is not None:
        comment = s.phrase("public") if s.often(COMMENTED) else None
        s.add(
            close.rated_at, CITIZEN, "rate_publicly", "", {"channel": CHANNELS.pick(s.chance)}, satisfaction=close.rating, comment=comment
        )
        if s.often(FOLLOWED_RATED):
            _follow_up(s, close.rated_at + timedelta(minutes=30), close.rating)
        return close.rated_at
    if not s.plan.ending.ratable or not s.often(FOLLOWED_UP):
        return None
    return _follow_up(s, close.reviewed_at, ANSWERS.pick(s.chance))


def _follow_up(s: Scribe, since: datetime, answer: str) -> datetime | None:
    """An officer of the centre asks; when the citizen answered."""
    at = s.later(since, ASKED_AFTER if s.plan.ending.ratable else ((0, 30), (1, 60)))
    officer = s.staff.officer(s.chance)
    if not s.often(REACHED):
        s.add(at, officer, "follow_up", reached=False, comment=s.phrase("unreached"))
        return None
    solved = "unsolved" if answer == "dissatisfied" else "partly" if answer == "fair" else "solved"
    s.add(at, officer, "follow_up", reached=True, solved=solved, satisfaction=answer, comment=s.phrase("followed"))
    return at


def _of_department(s: Scribe, close: Close, part: Stands) -> datetime | None:
    """The street-town on the department: reporting in, and effect."""
    if not s.often(RATED_DEPARTMENT):
        return None
    at = s.later(close.reviewed_at, RATED_AFTER)
    clerk = s.staff.clerk(s.plan.report.street_town, s.chance)
    effect = part.answer.effect or ("solved" if part.finished_at else "unsolved")
    s.add(at, clerk, "rate_department", part.key, arrival=_arrival(s, part), effect=effect)
    return at


def _arrival(s: Scribe, part: Stands) -> str:
    """As the street-town saw it."""
    if part.came_at is None:
        return "remote" if part.finished_at is not None and s.often(REMOTE) else "absent"
    return "late" if part.came_at > part.meeting_at + GRACE else "on_time"


def _of_street_town(s: Scribe, close: Close, part: Stands) -> datetime | None:
    """The department on the call: who finds it inaccurate says why."""
    if not s.often(RATED_STREET):
        return None
    at = s.later(close.reviewed_at, RATED_AFTER)
    said = part.answer.accuracy or "accurate"
    accuracy = said if said != "inaccurate" else "not_ours" if s.often(NOT_OURS) else "own"
    comment = None if accuracy == "accurate" else s.phrase("inaccurate")
    s.add(at, part.clerk, "rate_street_town", part.key, accuracy=accuracy, comment=comment)
    return at


def _archive(s: Scribe, close: Close, given: Given, mutual: bool) -> datetime:
    """Once everybody has spoken an officer archives; otherwise the clock does when the window ends, which it does at once for nobody."""
    moments = [moment for moment in given if moment is not None]
    if given and len(moments) == len(given):
        at = s.later(max([close.reviewed_at, *moments]), ARCHIVED_AFTER)
        s.add(at, s.staff.officer(s.chance), "archive")
        return at
    ends = _window_ends(s, close.reviewed_at, mutual)
    early = s.later(max([close.reviewed_at, *moments]), ARCHIVED_AFTER)
    if given and early < ends and s.often(WAIVED):
        s.add(early, s.staff.officer(s.chance), "archive", waiver=s.phrase("waiver"))
        return early
    at = ends + swept(s.chance)
    s.add(at, SYSTEM, "archive_on_time")
    return at


def _window_ends(s: Scribe, reviewed_at: datetime, mutual: bool) -> datetime:
    """When the last of the awaited ratings is due."""
    rules, case = s.desk.rules(s.plan.report.matter.code), CaseFile(urgency=s.plan.assigned.urgency)
    clocks = [RATE_UNIT] if mutual else []
    clocks += [] if s.plan.proactive else [RATE_CITIZEN]
    found = [rules.due_at(clock, case, reviewed_at) for clock in clocks]
    return max([reviewed_at, *(moment for moment in found if moment is not None)])
