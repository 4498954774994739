"""Effect as rated (处置效果评价): how the calling street-towns found what a department achieved."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALL, CALLS, DEPARTMENT, ROUND, Fact, Mark
from app.domain.indicators.base import Golden, Indicator, Verdict, spoken, unrecorded
from app.domain.period import Period, month_of
from app.domain.refusals import N_

WORTH = {"solved": Verdict.HIT, "partly": Verdict.HALF}
"""What counts whole and what counts half; every other word counts nothing."""


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """One judgement per call and department, by the street-town that called."""
    if fact.kind == ROUND:
        return unrecorded(fact, period, CALLS)
    verdict = spoken(fact.received, period, as_of)
    if verdict is not Verdict.HIT or fact.received is None:
        return verdict
    return WORTH.get(fact.received.effect, Verdict.MISS) if fact.received.effect else Verdict.OUT


INDICATOR = Indicator(
    code="MUT_EFF",
    position=145,
    name=N_("Effect as rated"),
    numerator=N_("Half cases earned: settled two, partly settled one"),
    denominator=N_("Calls on the department whose effect the street-town rated, two half cases each"),
    time_role="completed",
    clock=N_("The completion that was rated; what becomes readable after the month's cut-off counts in the next month"),
    basis=N_("Gulou front-line disposal: street-towns rate the effect of a department's work; partly settled counts half"),
    counts={DEPARTMENT: (CALL, ROUND)},
    needs=(CALLS,),
    parts=2,
    nothing=N_("No rating of a call was given"),
    judge=judge,
    note=N_("Counted in half cases, so that the rate stays exact; who gives no rating is neutral and counts under the missing ratings"),
    moments=("reported_at", "dispatched_at", "due_at", "completed_at"),
    golden=(
        Golden(
            title="whole, half, nothing; not said, annulled, never asked; said but not yet open; still awaited",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(
                    1,
                    "2026-09-01",
                    kind=CALL,
                    received=Mark("given", at("2026-09-10"), at("2026-09-15"), at("2026-09-12"), effect="solved"),
                ),
                duty(
                    2,
                    "2026-09-01",
                    kind=CALL,
                    received=Mark("given", at("2026-09-10"), at("2026-09-15"), at("2026-10-03 09:00"), effect="partly"),
                ),
                duty(
                    3,
                    "2026-09-01",
                    kind=CALL,
                    received=Mark("given", at("2026-09-10"), at("2026-09-15"), at("2026-09-12"), effect="unsolved"),
                ),
                duty(4, "2026-09-01", kind=CALL, received=Mark("missed", at("2026-09-10"), at("2026-09-15"))),
                duty(
                    5,
                    "2026-09-01",
                    kind=CALL,
                    received=Mark("annulled", at("2026-09-10"), at("2026-09-15"), at("2026-09-12"), effect="unsolved"),
                ),
                duty(6, "2026-09-01", kind=CALL),
                duty(
                    7,
                    "2026-09-01",
                    kind=CALL,
                    received=Mark("given", at("2026-09-10"), at("2026-09-15"), at("2026-10-03 09:01"), effect="solved"),
                ),
                duty(8, "2026-09-01", kind=CALL, received=Mark("open", at("2026-09-30"), at("2026-10-05"))),
            ),
            n=3,
            d=6,
            pending=2,
        ),
        Golden(
            title="opened after the cut-off of August: counts now; in time for August: not again; no calls kept; excluded; void",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(
                    1,
                    "2026-08-01",
                    kind=CALL,
                    received=Mark("given", at("2026-08-31"), at("2026-09-15"), at("2026-09-03 09:01"), effect="partly"),
                ),
                duty(
                    2,
                    "2026-08-01",
                    kind=CALL,
                    received=Mark("given", at("2026-08-31"), at("2026-09-15"), at("2026-09-03 09:00"), effect="solved"),
                ),
                duty(3, "2026-09-01", kind=ROUND, unknown=frozenset({CALLS})),
                duty(
                    4,
                    "2026-09-01",
                    kind=CALL,
                    received=Mark("given", at("2026-09-10"), at("2026-09-15"), at("2026-09-12"), effect="solved"),
                    excluded={"MUT_EFF": "system_fault"},
                ),
                duty(
                    5,
                    "2026-09-01",
                    kind=CALL,
                    received=Mark("given", at("2026-09-10"), at("2026-09-15"), at("2026-09-12"), effect="solved"),
                    returned="approved",
                ),
            ),
            n=1,
            d=2,
            unknown=1,
            excluded=1,
        ),
    ),
)
