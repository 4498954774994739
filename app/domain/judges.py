"""Judges that several figures share: what differs between those figures is a word, a moment or a name, not a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from app.domain.counts import Verdict
from app.domain.facts import CALL, CALLS, FOLLOW_UPS, RATING, Fact
from app.domain.indicators.base import spoken, unrecorded
from app.domain.period import Period

Judge = Callable[[Fact, Period, datetime], Verdict]


def mutual(item: str, worth: Mapping[str, Verdict]) -> Judge:
    """What the other side of a call said about ``item`` (a field of ``Mark``): ``worth`` of its words, every other word counts nothing."""

    def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
        """One judgement per call and department; other duties only tell whether calls are recorded at all."""
        if fact.kind != CALL:
            return unrecorded(fact, period, CALLS)
        verdict = spoken(fact.received, period, as_of)
        if verdict is not Verdict.HIT:
            return verdict
        said = getattr(fact.received, item)
        return worth.get(said, Verdict.MISS) if said else Verdict.OUT

    return judge


def granted(moment: str, name: str) -> Judge:
    """Whether something that its source records as ``name`` was granted for a round that fell due, first at its ``moment``."""

    def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
        """Counted once per round, when its last due time comes; a refused wish is none."""
        if fact.lacks(name):
            return unrecorded(fact, period, name)
        if not period.holds(fact.due_at) or fact.released_by(as_of):
            return Verdict.OUT
        if fact.stands_still_at(as_of):
            return Verdict.PENDING
        first = getattr(fact, moment)
        if first is not None and first <= as_of:
            return Verdict.HIT
        still_open = fact.due_at is not None and fact.due_at > as_of and not fact.done_by(as_of)
        return Verdict.PENDING if still_open else Verdict.MISS

    return judge


def satisfaction(worth: Mapping[str, Verdict]) -> Judge:
    """What the citizen's rating is worth: a rating belongs to the period of completion, or, given after its books closed, to the one
    that is open then (handbook §2.9). Who gave no rating is in no denominator."""

    def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
        """Without a moment of completion a rating belongs to no known period."""
        if fact.completed_at is None:
            untold = (fact.rating or fact.lacks(RATING)) and fact.done_by(as_of) is not False
            return Verdict.UNKNOWN if untold and period.holds(fact.due_or_reported) else Verdict.OUT
        if fact.completed_at > as_of:
            return Verdict.OUT
        if fact.lacks(RATING):
            return Verdict.UNKNOWN if period.holds(fact.completed_at) else Verdict.OUT
        if not fact.rating or not period.takes(fact.completed_at, fact.rated_at, as_of):
            return Verdict.OUT
        return worth.get(fact.rating, Verdict.MISS)

    return judge


def followed_up(worth: Mapping[str, Verdict]) -> Judge:
    """What the citizen said when asked after the closing; asked after the period's books closed it counts in the next one (§2.9)."""

    def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
        """Of those reached; who was not asked, or not reached, is in no denominator."""
        if fact.completed_at is None:
            untold = fact.lacks(FOLLOW_UPS) and fact.done_by(as_of) is not False
            return Verdict.UNKNOWN if untold and period.holds(fact.due_or_reported) else Verdict.OUT
        if fact.lacks(FOLLOW_UPS):
            return Verdict.UNKNOWN if fact.completed_at <= as_of and period.holds(fact.completed_at) else Verdict.OUT
        if not fact.solved or not period.takes(fact.completed_at, fact.solved_at, as_of):
            return Verdict.OUT
        return worth.get(fact.solved, Verdict.MISS)

    return judge


def closing(judge: Judge) -> Judge:
    """Only duties whose completion in the period stood at the cut-off reach ``judge``; unknown where the moment was not recorded."""

    def of_closing(fact: Fact, period: Period, as_of: datetime) -> Verdict:
        """A closing that was undone is not one that stood."""
        if fact.completed_at is None and fact.done_by(as_of) is not False:
            return Verdict.UNKNOWN if period.holds(fact.due_or_reported) else Verdict.OUT
        if not period.holds(fact.completed_at) or not fact.done_by(as_of) or fact.came_back_by(as_of):
            return Verdict.OUT
        return judge(fact, period, as_of)

    return of_closing
