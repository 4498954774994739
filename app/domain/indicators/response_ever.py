"""Ever responded (最终响应率): calls a department answered at all, however late."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALL, CALLS, DEPARTMENT, RESPONDED, ROUND, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict, unrecorded
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """Beside the response rate: the same calls, asked without the limit."""
    limit = fact.response_due_at
    if fact.kind == ROUND:
        return unrecorded(fact, period, RESPONDED, CALLS)
    if fact.lacks(RESPONDED, CALLS):
        return Verdict.UNKNOWN if period.holds(limit or fact.reported_at) else Verdict.OUT
    if limit is None or not period.holds(limit):
        return Verdict.OUT
    if fact.returned == "approved" or (fact.responded_at is not None and fact.responded_at <= as_of):
        return Verdict.HIT
    if fact.taken_back_before(min(limit, as_of)):
        return Verdict.OUT
    return Verdict.PENDING if limit > as_of or fact.returned == "open" else Verdict.MISS


INDICATOR = Indicator(
    code="RESP_ANY",
    position=105,
    name=N_("Ever responded"),
    numerator=N_("Of these, answered by the cut-off, however late, or returned with approval"),
    denominator=N_("Calls on the department whose response limit falls in the period"),
    time_role="response_due",
    clock=N_("The cut-off instant; whether in time is the response rate's question"),
    basis=N_("This product's own: tells slow departments from silent ones"),
    counts={DEPARTMENT: (CALL, ROUND)},
    needs=(RESPONDED, CALLS),
    counts_returned=True,
    nothing=N_("No response to a call fell due"),
    judge=judge,
    moments=("reported_at", "dispatched_at", "response_due_at", "responded_at"),
    golden=(
        Golden(
            title="in time, late, silent, returned, undecided return, withdrawn before the limit, limit to come",
            period=month_of("2026-09"),
            as_of=at("2026-09-20 09:00"),
            facts=(
                duty(1, "2026-09-01", kind=CALL, response_due_at="2026-09-02 10:00", responded_at="2026-09-02 10:00"),
                duty(2, "2026-09-01", kind=CALL, response_due_at="2026-09-02 10:00", responded_at="2026-09-20 09:00"),
                duty(3, "2026-09-01", kind=CALL, response_due_at="2026-09-02 10:00", responded_at="2026-09-20 09:01"),
                duty(4, "2026-09-01", kind=CALL, response_due_at="2026-09-02 10:00", returned="approved", returned_at="2026-09-03"),
                duty(5, "2026-09-01", kind=CALL, response_due_at="2026-09-02 10:00", returned="open"),
                duty(6, "2026-09-01", kind=CALL, response_due_at="2026-09-02 10:00", withdrawn_at="2026-09-02 09:59"),
                duty(7, "2026-09-19", kind=CALL, response_due_at="2026-09-21 10:00"),
            ),
            n=3,
            d=4,
            pending=2,
        ),
        Golden(
            title="the source keeps no responses or no calls; one is excluded",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", kind=CALL, response_due_at="2026-09-02", unknown=frozenset({RESPONDED})),
                duty(2, "2026-09-01", kind=ROUND, unknown=frozenset({CALLS})),
                duty(3, "2026-08-31", kind=ROUND, unknown=frozenset({CALLS})),
                duty(4, "2026-09-01", kind=CALL, response_due_at="2026-09-02", responded_at="2026-09-02", excluded={"*": "test_data"}),
            ),
            n=0,
            d=0,
            unknown=2,
            excluded=1,
        ),
    ),
)
