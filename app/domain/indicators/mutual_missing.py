"""Mutual ratings missing (互评未评率): what a unit was to say of the other side of a call and did not say in time."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALL, CALLS, CASE, DEPARTMENT, ROUND, STREET_TOWN, Fact, Mark
from app.domain.indicators.base import Golden, Indicator, Verdict, unrecorded
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """On the unit that was to rate, in the month in which its time ran out."""
    if fact.kind in (CASE, ROUND):
        return unrecorded(fact, period, CALLS)
    mark = fact.owed
    if mark is None or mark.state == "annulled" or mark.due_at is None or not period.holds(mark.due_at):
        return Verdict.OUT
    if mark.due_at > as_of:
        return Verdict.PENDING
    return Verdict.MISS if mark.state == "given" else Verdict.HIT


INDICATOR = Indicator(
    code="UNRATED",
    position=150,
    name=N_("Mutual ratings missing"),
    numerator=N_("Of these, not given"),
    denominator=N_("Ratings of the other side of a call that were to be given by a time in the period"),
    time_role="rating_due",
    clock=N_("The limit for mutual ratings among the time limits"),
    basis=N_("This product's own: a missing rating is neutral for whom it is about and told of whom it was due from"),
    counts={STREET_TOWN: (CALL, CASE), DEPARTMENT: (CALL, ROUND)},
    needs=(CALLS,),
    nothing=N_("No mutual rating fell due"),
    judge=judge,
    direction=-1,
    moments=("reported_at", "dispatched_at"),
    golden=(
        Golden(
            title="given, missed, still open after its time, time to come, annulled, nothing owed, another month",
            period=month_of("2026-09"),
            as_of=at("2026-09-20"),
            facts=(
                duty(1, "2026-09-01", kind=CALL, owed=Mark("given", at("2026-09-10"), at("2026-09-15"))),
                duty(2, "2026-09-01", kind=CALL, owed=Mark("missed", at("2026-09-10"), at("2026-09-20"))),
                duty(3, "2026-09-01", kind=CALL, owed=Mark("open", at("2026-09-10"), at("2026-09-15"))),
                duty(4, "2026-09-01", kind=CALL, owed=Mark("open", at("2026-09-18"), at("2026-09-23"))),
                duty(5, "2026-09-01", kind=CALL, owed=Mark("annulled", at("2026-09-10"), at("2026-09-15"))),
                duty(6, "2026-09-01", kind=CALL),
                duty(7, "2026-08-01", kind=CALL, owed=Mark("missed", at("2026-08-20"), at("2026-08-25"))),
            ),
            n=2,
            d=3,
            pending=1,
        ),
        Golden(
            title="no calls kept, in either group; excluded",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", unknown=frozenset({CALLS})),
                duty(2, "2026-09-01", kind=ROUND, unknown=frozenset({CALLS})),
                duty(3, "2026-09-01", kind=CALL, owed=Mark("missed", due_at=at("2026-09-15")), excluded={"*": "system_fault"}),
            ),
            n=0,
            d=0,
            unknown=2,
            excluded=1,
        ),
    ),
)
