"""Return rate (退单率): rounds handed back with approval, of the rounds dispatched to the unit."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import DEPARTMENT, DISPATCHED, RETURNS, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """The one figure about rounds that still sees a round whose return was approved; for all others it is void (§2.8).

    A return nobody has decided yet is pending; a rejected or lapsed one never stopped the clock and is no return.
    """
    if not period.holds(fact.dispatched_at or (fact.reported_at if fact.lacks(DISPATCHED) else None)):
        return Verdict.OUT
    if fact.lacks(RETURNS) or fact.dispatched_at is None:
        return Verdict.UNKNOWN
    if fact.dispatched_at > as_of:
        return Verdict.OUT
    if fact.returned == "open":
        return Verdict.PENDING
    return Verdict.HIT if fact.returned == "approved" else Verdict.MISS


INDICATOR = Indicator(
    code="RETURN",
    position=60,
    name=N_("Return rate"),
    numerator=N_("Of these, handed back with approval"),
    denominator=N_("Rounds dispatched to the unit in the period"),
    time_role="dispatched",
    clock=N_("The moment of dispatch"),
    basis=N_("Dispatch notices of several cities: a return needs approval, and an approved one leads to a new dispatch"),
    counts={STREET_TOWN: (ROUND,), DEPARTMENT: (ROUND,)},
    needs=(RETURNS, DISPATCHED),
    counts_returned=True,
    nothing=N_("No round was dispatched"),
    judge=judge,
    direction=-1,
    note=N_("An approved return makes the round void: it counts here and in no other figure about rounds"),
    moments=("reported_at", "dispatched_at", "returned_at"),
    golden=(
        Golden(
            title="approved, rejected, lapsed, none, undecided; the sixth was dispatched in another month",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", kind=ROUND, dispatched_at="2026-09-01 09:00", returned="approved"),
                duty(2, "2026-09-01", kind=ROUND, dispatched_at="2026-09-01 09:00", returned="rejected"),
                duty(3, "2026-09-01", kind=ROUND, dispatched_at="2026-09-01 09:00", returned="lapsed"),
                duty(4, "2026-08-31", kind=ROUND, dispatched_at="2026-09-01 00:00"),
                duty(5, "2026-09-01", kind=ROUND, dispatched_at="2026-09-30 09:00", returned="open"),
                duty(6, "2026-09-30", kind=ROUND, dispatched_at="2026-10-01 09:00", returned="approved"),
            ),
            n=1,
            d=4,
            pending=1,
        ),
        Golden(
            title="a source that keeps no returns, and one that keeps no dispatch times",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", kind=ROUND, dispatched_at="2026-09-01 09:00", unknown=frozenset({RETURNS})),
                duty(2, "2026-09-01", kind=ROUND, returned="approved", unknown=frozenset({DISPATCHED})),
                duty(3, "2026-09-01", kind=ROUND),
            ),
            n=0,
            d=0,
            unknown=2,
        ),
    ),
)
