"""Solved rate with halves (解决率，部分解决计半): as the solved rate, and partly settled counts half."""

from __future__ import annotations

from app.domain.examples import at, duty
from app.domain.facts import CASE, COMPLETED, DEPARTMENT, FOLLOW_UPS, ROUND, STREET_TOWN
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.judges import followed_up
from app.domain.period import month_of
from app.domain.refusals import N_

WORTH = {"solved": Verdict.HIT, "partly": Verdict.HALF}
"""Unsolved is nothing."""

INDICATOR = Indicator(
    code="SOLVE_HALF",
    position=83,
    name=N_("Solved rate with halves"),
    numerator=N_("Half cases earned: settled two, partly settled one"),
    denominator=N_(
        "Completed in the period and followed up with the citizen reached, and late follow-ups of earlier months, two half cases each"
    ),
    time_role="completed",
    clock=N_("The moment of completion; a follow-up after the month's cut-off counts in the next month"),
    basis=N_("Municipal hotline practice: solved, of those validly followed up; where the rules say so, partly solved counts half"),
    counts={STREET_TOWN: (CASE,), DEPARTMENT: (ROUND,)},
    needs=(FOLLOW_UPS, COMPLETED),
    parts=2,
    nothing=N_("No citizen was reached by a follow-up"),
    judge=followed_up(WORTH),
    moments=("reported_at", "completed_at", "solved_at"),
    golden=(
        Golden(
            title="solved, partly, not: three halves of six; not asked; asked after the cut-off; completed in another month",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", completed_at="2026-09-05", solved="solved", solved_at="2026-10-03 09:00:00"),
                duty(2, "2026-09-01", completed_at="2026-09-05", solved="partly", solved_at="2026-09-06"),
                duty(3, "2026-09-01", completed_at="2026-09-05", solved="unsolved", solved_at="2026-09-06"),
                duty(4, "2026-09-01", completed_at="2026-09-05"),
                duty(5, "2026-09-01", completed_at="2026-09-05", solved="solved", solved_at="2026-10-03 09:00:01"),
                duty(6, "2026-09-01", completed_at="2026-10-01", solved="solved", solved_at="2026-10-02"),
            ),
            n=3,
            d=6,
        ),
        Golden(
            title="a source that keeps no follow-ups; excluded",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", completed_at="2026-09-05", unknown=frozenset({FOLLOW_UPS})),
                duty(2, "2026-09-01", completed_at="2026-09-05", solved="partly", excluded={"*": "malicious"}),
            ),
            n=0,
            d=0,
            unknown=1,
            excluded=1,
        ),
    ),
)
