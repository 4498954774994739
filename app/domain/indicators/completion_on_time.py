"""On-time completion rate (按期办结率): completed within the limit, of what fell due."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALL, CASE, COMPLETED, DEPARTMENT, DUE, OUTCOME, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """Due in the period; late for ever once late, and what stands still is not due."""
    if not period.holds(fact.due_or_reported) or fact.released_by(as_of):
        return Verdict.OUT
    in_time = fact.in_time_by(as_of)
    if in_time is None:
        return Verdict.UNKNOWN
    if not in_time and (fact.stands_still_at(as_of) or (fact.due_at is not None and fact.due_at > as_of)):
        return Verdict.PENDING
    return Verdict.HIT if in_time else Verdict.MISS


INDICATOR = Indicator(
    code="DONE_OT",
    position=20,
    name=N_("On-time completion rate"),
    numerator=N_("Due in the period and completed within the limit"),
    denominator=N_("All that fell due in the period"),
    time_role="due",
    clock=N_("The limit's own clock; extensions and suspensions move the due time"),
    basis=N_("Tianmen bulletin: on time 737 of 972 due; denominator is what fell due, not what came in"),
    counts={STREET_TOWN: (CASE,), DEPARTMENT: (ROUND, CALL)},
    needs=(DUE, COMPLETED, OUTCOME),
    judge=judge,
    golden=(
        Golden(
            title="one in time, one late, one still open past its limit, one whose limit lies after the cut-off",
            period=month_of("2026-09"),
            as_of=at("2026-09-20 09:00"),
            facts=(
                duty(1, "2026-09-01", due_at="2026-09-10 18:00", completed_at="2026-09-10 18:00"),
                duty(2, "2026-09-01", due_at="2026-09-11 18:00", completed_at="2026-09-11 18:00:01"),
                duty(3, "2026-09-01", due_at="2026-09-12"),
                duty(4, "2026-09-01", due_at="2026-09-25", completed_at="2026-09-24"),
            ),
            n=1,
            d=3,
            pending=1,
        ),
        Golden(
            title="flags instead of moments: in time, late, not told; a fourth is excluded",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-05", completed=True, on_time=True, unknown=frozenset({DUE, COMPLETED})),
                duty(2, "2026-09-06", completed=True, on_time=False, unknown=frozenset({DUE, COMPLETED})),
                duty(3, "2026-09-07", completed=True, unknown=frozenset({DUE, COMPLETED})),
                duty(4, "2026-09-08", on_time=False, excluded={"DONE_OT": "force_majeure"}),
            ),
            n=1,
            d=2,
            unknown=1,
            excluded=1,
        ),
        Golden(
            title="suspended within the limit and after it; taken back within it and after it; opened again after a late completion",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", due_at="2026-09-10", suspended_at="2026-09-09"),
                duty(2, "2026-09-01", due_at="2026-09-10", suspended_at="2026-09-11"),
                duty(3, "2026-09-01", kind=ROUND, due_at="2026-09-10", withdrawn_at="2026-09-09"),
                duty(4, "2026-09-01", kind=ROUND, due_at="2026-09-10", withdrawn_at="2026-09-11"),
                duty(5, "2026-09-01", due_at="2026-09-10", completed_at="2026-09-11", undone_at="2026-09-20"),
                duty(6, "2026-09-01", due_at="2026-09-25", completed_at="2026-09-24", reopened_at="2026-09-20"),
            ),
            n=1,
            d=4,
            pending=1,
        ),
    ),
)
