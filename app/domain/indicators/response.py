"""Response rate (响应率): calls a department answered within its response limit."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALL, CALLS, DEPARTMENT, RESPONDED, ROUND, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict, unrecorded
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """One judgement per call and department; a return found justified is an answer, an undecided one may still be.

    What was answered in time stays answered when the call is withdrawn afterwards; a return asked for too late answers nothing.
    """
    limit = fact.response_due_at
    if fact.kind == ROUND:
        return unrecorded(fact, period, RESPONDED, CALLS)
    if fact.lacks(RESPONDED, CALLS):
        return Verdict.UNKNOWN if period.holds(limit or fact.reported_at) else Verdict.OUT
    if limit is None or not period.holds(limit):
        return Verdict.OUT
    returned_in_time = fact.returned_at is None or fact.returned_at <= limit
    if (fact.returned == "approved" and returned_in_time) or (fact.responded_at is not None and fact.responded_at <= min(limit, as_of)):
        return Verdict.HIT
    if fact.taken_back_before(min(limit, as_of)):
        return Verdict.OUT
    return Verdict.PENDING if limit > as_of or (fact.returned == "open" and returned_in_time) else Verdict.MISS


INDICATOR = Indicator(
    code="RESP",
    position=100,
    name=N_("Response rate"),
    numerator=N_("Of these, answered within the limit, or returned with approval"),
    denominator=N_("Calls on the department whose response limit falls in the period"),
    time_role="response_due",
    clock=N_("The response limit set when the call was issued"),
    basis=N_("Gulou front-line disposal names the response rate; the formula is this product's own"),
    counts={DEPARTMENT: (CALL, ROUND)},
    needs=(RESPONDED, CALLS),
    counts_returned=True,
    nothing=N_("No response to a call fell due"),
    judge=judge,
    moments=("reported_at", "dispatched_at", "response_due_at", "responded_at"),
    golden=(
        Golden(
            title="in time, late, silent, justified return, undecided return, withdrawn before the limit, limit to come",
            period=month_of("2026-09"),
            as_of=at("2026-09-20 09:00"),
            facts=(
                duty(1, "2026-09-01", kind=CALL, response_due_at="2026-09-02 10:00", responded_at="2026-09-02 10:00"),
                duty(2, "2026-09-01", kind=CALL, response_due_at="2026-09-02 10:00", responded_at="2026-09-02 10:00:01"),
                duty(3, "2026-09-01", kind=CALL, response_due_at="2026-09-02 10:00"),
                duty(4, "2026-09-01", kind=CALL, response_due_at="2026-09-02 10:00", returned="approved"),
                duty(5, "2026-09-01", kind=CALL, response_due_at="2026-09-02 10:00", returned="open"),
                duty(6, "2026-09-01", kind=CALL, response_due_at="2026-09-02 10:00", withdrawn_at="2026-09-02 09:59"),
                duty(7, "2026-09-19", kind=CALL, response_due_at="2026-09-21 10:00"),
            ),
            n=2,
            d=4,
            pending=2,
        ),
        Golden(
            title="the source keeps no responses; a call without a limit is not judged; one is excluded",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", kind=CALL, unknown=frozenset({RESPONDED})),
                duty(2, "2026-09-01", kind=CALL, response_due_at="2026-09-02 10:00", unknown=frozenset({RESPONDED})),
                duty(3, "2026-09-01", kind=CALL),
                duty(4, "2026-09-01", kind=CALL, response_due_at="2026-09-02 10:00", excluded={"*": "test_data"}),
            ),
            n=0,
            d=0,
            unknown=2,
            excluded=1,
        ),
        Golden(
            title="returns asked for in time and too late; answered and then withdrawn; no calls kept",
            period=month_of("2026-09"),
            as_of=at("2026-09-20 09:00"),
            facts=(
                duty(1, "2026-09-01", kind=CALL, response_due_at="2026-09-02 10:00", returned="approved", returned_at="2026-09-02 10:00"),
                duty(2, "2026-09-01", kind=CALL, response_due_at="2026-09-02 10:00", returned="approved", returned_at="2026-09-02 10:01"),
                duty(3, "2026-09-01", kind=CALL, response_due_at="2026-09-02 10:00", returned="open", returned_at="2026-09-02 10:01"),
                duty(4, "2026-09-01", kind=CALL, response_due_at="2026-09-02", responded_at="2026-09-01", withdrawn_at="2026-09-01 12:00"),
                duty(5, "2026-09-01", kind=ROUND, dispatched_at="2026-09-01", unknown=frozenset({CALLS})),
                duty(6, "2026-09-01", kind=ROUND, dispatched_at="2026-09-01"),
            ),
            n=2,
            d=4,
            unknown=1,
        ),
    ),
)
