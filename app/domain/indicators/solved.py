"""Solved rate (解决率): matters that citizens called settled when somebody asked them afterwards."""

from __future__ import annotations

from app.domain.examples import at, duty
from app.domain.facts import CASE, COMPLETED, DEPARTMENT, FOLLOW_UPS, ROUND, STREET_TOWN
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.judges import followed_up
from app.domain.period import month_of
from app.domain.refusals import N_

WORTH = {"solved": Verdict.HIT}
"""Partly settled is not settled."""

INDICATOR = Indicator(
    code="SOLVE",
    position=82,
    name=N_("Solved rate"),
    numerator=N_("Of these, the citizen called the matter settled"),
    denominator=N_("Completed in the period and followed up with the citizen reached, and late follow-ups of earlier months"),
    time_role="completed",
    clock=N_("The moment of completion; a follow-up after the month's cut-off counts in the next month"),
    basis=N_("Municipal hotline practice: solved, of those validly followed up; partly solved is not solved"),
    counts={STREET_TOWN: (CASE,), DEPARTMENT: (ROUND,)},
    needs=(FOLLOW_UPS, COMPLETED),
    nothing=N_("No citizen was reached by a follow-up"),
    judge=followed_up(WORTH),
    moments=("reported_at", "completed_at", "solved_at"),
    golden=(
        Golden(
            title="solved, partly, not; not asked or not reached; asked after the cut-off; completed in another month",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", completed_at="2026-09-05", solved="solved", solved_at="2026-10-03 09:00"),
                duty(2, "2026-09-01", completed_at="2026-09-05", solved="partly", solved_at="2026-09-06"),
                duty(3, "2026-09-01", completed_at="2026-09-05", solved="unsolved", solved_at="2026-09-06"),
                duty(4, "2026-09-01", completed_at="2026-09-05"),
                duty(5, "2026-09-01", completed_at="2026-09-05", solved="solved", solved_at="2026-10-03 09:01"),
                duty(6, "2026-09-01", completed_at="2026-10-01", solved="solved", solved_at="2026-10-02"),
            ),
            n=1,
            d=3,
        ),
        Golden(
            title="a late follow-up of August; a source that keeps none, with and without a completion moment; excluded",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-08-01", completed_at="2026-08-31", solved="solved", solved_at="2026-09-03 09:01"),
                duty(2, "2026-08-01", completed_at="2026-08-31", solved="solved", solved_at="2026-09-03 09:00"),
                duty(3, "2026-09-01", completed_at="2026-09-05", unknown=frozenset({FOLLOW_UPS})),
                duty(4, "2026-09-01", completed=True, unknown=frozenset({FOLLOW_UPS, COMPLETED})),
                duty(5, "2026-09-01", completed_at="2026-09-05", solved="solved", excluded={"SOLVE": "malicious"}),
            ),
            n=1,
            d=1,
            unknown=2,
            excluded=1,
        ),
    ),
)
