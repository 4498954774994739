"""Completion rate (办结率): completed by the cut-off, of what fell due or was carried over overdue."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALL, CASE, COMPLETED, DEPARTMENT, OUTCOME, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """Due in the period, or due before it and still open when it began; what stands still falls due when it goes on.

    Where completion moments are unrecorded nothing completed is known to have been carried over: such a
    duty counts in its own month only.
    """
    if fact.released_by(as_of):
        return Verdict.OUT
    done = fact.done_by(as_of)
    if not done and fact.stands_still_at(as_of):
        return Verdict.PENDING if period.holds(fact.due_or_reported) else Verdict.OUT
    if not period.holds(fact.due_or_reported):
        if not _carried_over(fact, period):
            return Verdict.OUT
        return Verdict.HIT if done else Verdict.MISS
    if done is None:
        return Verdict.UNKNOWN
    if not done and fact.due_at is not None and fact.due_at > as_of:
        return Verdict.PENDING
    return Verdict.HIT if done else Verdict.MISS


def _carried_over(fact: Fact, period: Period) -> bool:
    earlier = fact.due_or_reported < period.start and not fact.taken_back_before(period.start)
    return earlier and fact.open_at(period.start) is True


INDICATOR = Indicator(
    code="DONE",
    position=10,
    name=N_("Completion rate"),
    numerator=N_("Of these, completed by the cut-off"),
    denominator=N_("Fell due in the period, or due earlier and still open when it began"),
    time_role="due",
    clock=N_("The cut-off instant; whether in time is the on-time rate's question"),
    basis=N_("Tianmen bulletin: completed 911 of 972 due; carried-over work stays in the count until it is closed"),
    counts={STREET_TOWN: (CASE,), DEPARTMENT: (ROUND, CALL)},
    needs=(OUTCOME, COMPLETED),
    judge=judge,
    golden=(
        Golden(
            title="in time, late, open; carried over and closed, carried over and open; closed before the period",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", due_at="2026-09-10", completed_at="2026-09-09"),
                duty(2, "2026-09-01", due_at="2026-09-11", completed_at="2026-10-02"),
                duty(3, "2026-09-01", due_at="2026-09-12"),
                duty(4, "2026-08-01", due_at="2026-08-20", completed_at="2026-09-15"),
                duty(5, "2026-08-01", due_at="2026-08-21"),
                duty(6, "2026-08-01", due_at="2026-08-22", completed_at="2026-08-25"),
                duty(7, "2026-09-20", due_at="2026-10-02"),
            ),
            n=3,
            d=5,
        ),
        Golden(
            title="outcomes known by flag only: two completed, one open, one the source does not tell",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-05", completed=True, unknown=frozenset({COMPLETED})),
                duty(2, "2026-09-06", completed=True, unknown=frozenset({COMPLETED})),
                duty(3, "2026-09-07", completed=False, unknown=frozenset({COMPLETED})),
                duty(4, "2026-09-08", unknown=frozenset({COMPLETED, OUTCOME})),
                duty(5, "2026-08-08", completed=True, unknown=frozenset({COMPLETED})),
            ),
            n=2,
            d=3,
            unknown=1,
        ),
        Golden(
            title="suspended before its limit: not due; suspended after it: overdue; reopened: the first life keeps its result",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", due_at="2026-09-10", suspended_at="2026-09-10"),
                duty(2, "2026-09-01", due_at="2026-09-10", suspended_at="2026-09-11"),
                duty(3, "2026-08-01", due_at="2026-08-20", suspended_at="2026-08-19"),
                duty(4, "2026-09-01", due_at="2026-09-10", completed_at="2026-09-09", undone_at="2026-09-20"),
                duty(5, "2026-09-01", due_at="2026-09-25", reopened_at="2026-09-20"),
                duty(6, "2026-09-01", due_at="2026-09-25", suspended_at="2026-10-03 09:01"),
            ),
            n=1,
            d=4,
            pending=1,
        ),
    ),
)
