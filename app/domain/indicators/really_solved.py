"""Really solved (实际解决率): what was settled in fact, against what was only explained."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CASE, COMPLETED, DEPARTMENT, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.judges import closing
from app.domain.period import Period, month_of
from app.domain.refusals import N_


@closing
def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """By what the unit wrote when it closed; partly solved and unsolved are on neither side, and no word is not known."""
    if not fact.result:
        return Verdict.UNKNOWN
    return {"solved": Verdict.HIT, "explained": Verdict.MISS}.get(fact.result, Verdict.OUT)


INDICATOR = Indicator(
    code="SOLVE_REAL",
    position=85,
    name=N_("Really solved"),
    numerator=N_("Of these, closed as solved"),
    denominator=N_("Completed in the period and closed as solved or as explained"),
    time_role="completed",
    clock=N_("The moment of the completion that stood"),
    basis=N_("Shanghai hotline assessment: really solved, of really solved and explained"),
    counts={STREET_TOWN: (CASE,), DEPARTMENT: (ROUND,)},
    needs=(COMPLETED,),
    nothing=N_("Nothing was closed as solved or as explained"),
    judge=judge,
    golden=(
        Golden(
            title="solved twice, explained, partly, unsolved; opened again; in the next month's first second",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", completed_at="2026-09-30 23:59:59", result="solved"),
                duty(2, "2026-09-01", completed_at="2026-09-05", result="solved"),
                duty(3, "2026-09-01", completed_at="2026-09-05", result="explained"),
                duty(4, "2026-09-01", completed_at="2026-09-05", result="partly"),
                duty(5, "2026-09-01", completed_at="2026-09-05", result="unsolved"),
                duty(6, "2026-09-01", completed_at="2026-09-05", result="solved", undone_at="2026-09-08"),
                duty(7, "2026-09-01", completed_at="2026-10-01 00:00:00", result="solved"),
            ),
            n=2,
            d=3,
        ),
        Golden(
            title="no result told, no moment told; excluded",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", completed_at="2026-09-05"),
                duty(2, "2026-09-01", completed=True, result="solved", unknown=frozenset({COMPLETED})),
                duty(3, "2026-09-01", completed_at="2026-09-05", result="explained", excluded={"SOLVE_REAL": "policy_limited"}),
            ),
            n=0,
            d=0,
            unknown=2,
            excluded=1,
        ),
    ),
)
