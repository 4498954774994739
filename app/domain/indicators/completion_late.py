"""Completed late (超期结案率): completed after the limit, of what fell due."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALL, CASE, COMPLETED, DEPARTMENT, DUE, OUTCOME, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """What is late and open counts against the unit elsewhere (overdue and open); here it is in the denominator."""
    if not period.holds(fact.due_or_reported) or fact.released_by(as_of):
        return Verdict.OUT
    in_time, done = fact.in_time_by(as_of), fact.done_by(as_of)
    if in_time is None or done is None:
        return Verdict.UNKNOWN
    if in_time or done:
        return Verdict.MISS if in_time else Verdict.HIT
    return Verdict.PENDING if fact.stands_still_at(as_of) or (fact.due_at is not None and fact.due_at > as_of) else Verdict.MISS


INDICATOR = Indicator(
    code="DONE_LATE",
    position=25,
    name=N_("Late completion rate"),
    numerator=N_("Of these, completed by the cut-off, but after the limit"),
    denominator=N_("All that fell due in the period"),
    time_role="due",
    clock=N_("The limit's own clock; extensions and suspensions move the due time"),
    basis=N_("Municipal platforms: completed overdue, of what was to be completed"),
    counts={STREET_TOWN: (CASE,), DEPARTMENT: (ROUND, CALL)},
    needs=(DUE, COMPLETED, OUTCOME),
    judge=judge,
    direction=-1,
    golden=(
        Golden(
            title="at the limit, a second late, late after the cut-off, open and overdue, limit to come, standing still",
            period=month_of("2026-09"),
            as_of=at("2026-09-20 09:00"),
            facts=(
                duty(1, "2026-09-01", due_at="2026-09-10 18:00", completed_at="2026-09-10 18:00:00"),
                duty(2, "2026-09-01", due_at="2026-09-10 18:00", completed_at="2026-09-10 18:00:01"),
                duty(3, "2026-09-01", due_at="2026-09-10 18:00", completed_at="2026-09-20 09:01"),
                duty(4, "2026-09-01", due_at="2026-09-10"),
                duty(5, "2026-09-01", due_at="2026-09-25"),
                duty(6, "2026-09-01", due_at="2026-09-10", suspended_at="2026-09-09"),
            ),
            n=1,
            d=4,
            pending=2,
        ),
        Golden(
            title="flags instead of moments: in time, late, open and late, not told; another month; taken back in time; excluded",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-05", completed=True, on_time=True, unknown=frozenset({DUE, COMPLETED})),
                duty(2, "2026-09-06", completed=True, on_time=False, unknown=frozenset({DUE, COMPLETED})),
                duty(3, "2026-09-06", completed=False, on_time=False, unknown=frozenset({DUE, COMPLETED})),
                duty(4, "2026-09-07", completed=True, unknown=frozenset({DUE, COMPLETED})),
                duty(5, "2026-08-01", due_at="2026-08-31", completed_at="2026-09-05"),
                duty(6, "2026-09-01", kind=ROUND, due_at="2026-09-10", withdrawn_at="2026-09-09"),
                duty(7, "2026-09-01", due_at="2026-09-10", completed_at="2026-09-11", excluded={"DONE_LATE": "force_majeure"}),
            ),
            n=1,
            d=3,
            unknown=1,
            excluded=1,
        ),
    ),
)
