"""Overdue and open (超期待处置率): past its limit and still open at the cut-off, of what fell due."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALL, CASE, COMPLETED, DEPARTMENT, DUE, OUTCOME, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """Completed duties are never awaiting anything, however late; open ones need a limit to be overdue."""
    if not period.holds(fact.due_or_reported) or fact.released_by(as_of):
        return Verdict.OUT
    done = fact.done_by(as_of)
    if done is None:
        return Verdict.UNKNOWN
    if done or fact.taken_back_before(as_of):
        return Verdict.MISS
    if fact.stands_still_at(as_of):
        return Verdict.PENDING
    if fact.due_at is None:
        return Verdict.HIT if fact.on_time is False else Verdict.UNKNOWN
    return Verdict.PENDING if fact.due_at > as_of else Verdict.HIT


INDICATOR = Indicator(
    code="OVER_OPEN",
    position=30,
    name=N_("Overdue and open"),
    numerator=N_("Of these, past the limit and still open at the cut-off"),
    denominator=N_("All that fell due in the period"),
    time_role="due",
    clock=N_("The limit's own clock; extensions and suspensions move the due time"),
    basis=N_("Chengdu Jinniu assessment rules: overdue and awaiting disposal, of what was to be disposed of"),
    counts={STREET_TOWN: (CASE,), DEPARTMENT: (ROUND, CALL)},
    needs=(OUTCOME, COMPLETED, DUE),
    judge=judge,
    direction=-1,
    golden=(
        Golden(
            title="late but completed is not awaiting; open past its limit is; a limit after the cut-off is pending",
            period=month_of("2026-09"),
            as_of=at("2026-09-20 09:00"),
            facts=(
                duty(1, "2026-09-01", due_at="2026-09-10", completed_at="2026-09-15"),
                duty(2, "2026-09-01", due_at="2026-09-20 09:00"),
                duty(3, "2026-09-01", due_at="2026-09-20 09:01"),
                duty(4, "2026-09-01", due_at="2026-09-12", withdrawn_at="2026-09-11"),
                duty(5, "2026-09-01", due_at="2026-09-12", suspended_at="2026-09-11"),
            ),
            n=1,
            d=2,
            pending=2,
        ),
        Golden(
            title="flags only: completed, open and late, open without any limit known, outcome not told",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-05", completed=True, unknown=frozenset({DUE, COMPLETED})),
                duty(2, "2026-09-06", completed=False, on_time=False, unknown=frozenset({DUE, COMPLETED})),
                duty(3, "2026-09-07", completed=False, unknown=frozenset({DUE, COMPLETED})),
                duty(4, "2026-09-08", unknown=frozenset({DUE, COMPLETED, OUTCOME})),
            ),
            n=1,
            d=2,
            unknown=2,
        ),
    ),
)
