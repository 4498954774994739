"""Rejected returns (退单驳回率): returns that were found unjustified or lapsed, of those that were decided."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALL, DEPARTMENT, RETURNS, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict, unrecorded
from app.domain.period import Period, month_of
from app.domain.refusals import N_

REFUSED = ("rejected", "lapsed")
"""An undecided return lapses and is then as good as rejected (handbook §2.8)."""


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """In the month in which the return was asked for; one that was taken back in time is none."""
    if fact.lacks(RETURNS):
        return unrecorded(fact, period, RETURNS) if fact.kind == ROUND else Verdict.OUT
    if not fact.returned or not period.holds(fact.returned_at) or (fact.returned_at is not None and fact.returned_at > as_of):
        return Verdict.OUT
    if fact.returned == "open":
        return Verdict.PENDING
    if fact.returned in REFUSED:
        return Verdict.HIT
    return Verdict.MISS if fact.returned == "approved" else Verdict.OUT


INDICATOR = Indicator(
    code="RETURN_BAD",
    position=61,
    name=N_("Rejected returns"),
    numerator=N_("Of these, rejected or lapsed"),
    denominator=N_("Returns of rounds and of calls that the unit asked for in the period and that were decided"),
    time_role="returned",
    clock=N_("The moment at which the return was asked for"),
    basis=N_("Dispatch notices of several cities: returns need grounds; unjustified ones pass responsibility on"),
    counts={STREET_TOWN: (ROUND,), DEPARTMENT: (ROUND, CALL)},
    needs=(RETURNS,),
    counts_returned=True,
    nothing=N_("No return was decided"),
    judge=judge,
    direction=-1,
    moments=("reported_at", "dispatched_at", "returned_at"),
    golden=(
        Golden(
            title="rejected, lapsed, approved, taken back, undecided, none; a returned call; one of another month",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", kind=ROUND, returned="rejected", returned_at="2026-09-01 00:00"),
                duty(2, "2026-09-01", kind=ROUND, returned="lapsed", returned_at="2026-09-30 23:59"),
                duty(3, "2026-09-01", kind=ROUND, returned="approved", returned_at="2026-09-02"),
                duty(4, "2026-09-01", kind=ROUND, returned="cancelled", returned_at="2026-09-02"),
                duty(5, "2026-09-01", kind=ROUND, returned="open", returned_at="2026-09-30"),
                duty(6, "2026-09-01", kind=ROUND),
                duty(7, "2026-09-01", kind=CALL, returned="rejected", returned_at="2026-09-02"),
                duty(8, "2026-09-01", kind=ROUND, returned="rejected", returned_at="2026-10-01 00:00"),
            ),
            n=3,
            d=4,
            pending=1,
        ),
        Golden(
            title="a source that keeps no returns; an excluded one",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", kind=ROUND, unknown=frozenset({RETURNS})),
                duty(2, "2026-08-01", kind=ROUND, unknown=frozenset({RETURNS})),
                duty(3, "2026-09-01", kind=ROUND, returned="rejected", returned_at="2026-09-02", excluded={"*": "system_fault"}),
            ),
            n=0,
            d=0,
            unknown=1,
            excluded=1,
        ),
    ),
)
