"""Handling time (办理时长): working time from the beginning of a duty to its completion, with median and 90th percentile."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALL, CASE, COMPLETED, DEPARTMENT, DISPATCHED, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.judges import closing
from app.domain.period import Period, month_of
from app.domain.refusals import N_


@closing
def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """Counted at the closing that stood; without a beginning there is no length."""
    return Verdict.UNKNOWN if fact.worked is None else Verdict.HIT


INDICATOR = Indicator(
    code="CYCLE",
    position=86,
    name=N_("Handling time"),
    numerator=N_("Their working time together, in seconds"),
    denominator=N_("Completed in the period"),
    time_role="completed",
    clock=N_("Working time from the report (of a round or a call: from its dispatch) to the completion, suspensions included"),
    basis=N_("This product's own: median and 90th percentile of the working hours, because a mean hides the long ones"),
    counts={STREET_TOWN: (CASE,), DEPARTMENT: (ROUND, CALL)},
    needs=(COMPLETED, DISPATCHED),
    nothing=N_("Nothing was completed"),
    judge=judge,
    seconds=lambda fact: fact.worked,
    direction=-1,
    form="duration",
    golden=(
        Golden(
            title="one hour and three hours together are 14,400 seconds of two; opened again; completed in another month; open",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01 09:00", completed_at="2026-09-01 10:00", worked=3600),
                duty(2, "2026-09-01 09:00", completed_at="2026-09-30 23:59:59", worked=10800),
                duty(3, "2026-09-01 09:00", completed_at="2026-09-01 10:00", worked=3600, undone_at="2026-09-05"),
                duty(4, "2026-09-01 09:00", completed_at="2026-10-01 00:00:00", worked=3600),
                duty(5, "2026-09-01 09:00"),
            ),
            n=14400,
            d=2,
        ),
        Golden(
            title="at night nobody works: no time at all; no dispatch told; completed without a moment; excluded",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01 22:00", completed_at="2026-09-01 23:00", worked=0),
                duty(2, "2026-09-01", kind=ROUND, completed_at="2026-09-05", unknown=frozenset({DISPATCHED})),
                duty(3, "2026-09-01", completed=True, unknown=frozenset({COMPLETED})),
                duty(4, "2026-09-01", completed_at="2026-09-05", worked=60, excluded={"CYCLE": "system_fault"}),
            ),
            n=0,
            d=1,
            unknown=2,
            excluded=1,
        ),
    ),
)
