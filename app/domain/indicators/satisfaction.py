"""Satisfaction rate (满意率): satisfied or basically satisfied citizens, of those who gave a rating."""

from __future__ import annotations

from app.domain.examples import at, duty
from app.domain.facts import CALL, CASE, COMPLETED, DEPARTMENT, RATING, ROUND, STREET_TOWN
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.judges import satisfaction
from app.domain.period import month_of
from app.domain.refusals import N_

WORTH = {"satisfied": Verdict.HIT, "basic": Verdict.HIT}
"""Ratings that count as satisfied; "fair" (一般) and "dissatisfied" do not."""

INDICATOR = Indicator(
    code="SAT",
    position=80,
    name=N_("Satisfaction rate"),
    numerator=N_("Of these, satisfied or basically satisfied"),
    denominator=N_("Completed in the period and rated by the citizen before the cut-off, and late ratings of earlier months"),
    time_role="completed",
    clock=N_("The moment of completion; a rating after the month's cut-off counts in the next month"),
    basis=N_("Municipal hotline practice: satisfied and basically satisfied count, unrated never enters the denominator"),
    counts={STREET_TOWN: (CASE,), DEPARTMENT: (ROUND, CALL)},
    needs=(RATING, COMPLETED),
    nothing=N_("No citizen gave a rating"),
    judge=satisfaction(WORTH),
    moments=("reported_at", "completed_at", "rated_at"),
    golden=(
        Golden(
            title="two content of four rated; the unrated one is nowhere, a rating after the cut-off not yet",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", completed_at="2026-09-05", rating="satisfied", rated_at="2026-09-06"),
                duty(2, "2026-09-01", completed_at="2026-09-30", rating="basic", rated_at="2026-10-02"),
                duty(3, "2026-09-01", completed_at="2026-09-05", rating="fair", rated_at="2026-09-06"),
                duty(4, "2026-09-01", completed_at="2026-09-05", rating="dissatisfied"),
                duty(5, "2026-09-01", completed_at="2026-09-05"),
                duty(6, "2026-09-01", completed_at="2026-09-05", rating="satisfied", rated_at="2026-10-04"),
            ),
            n=2,
            d=4,
        ),
        Golden(
            title="the late rating of September counts in October, the timely one stays in September; one source keeps no ratings",
            period=month_of("2026-10"),
            as_of=at("2026-11-03 09:00"),
            facts=(
                duty(1, "2026-09-01", completed_at="2026-09-05", rating="satisfied", rated_at="2026-10-04"),
                duty(2, "2026-09-01", completed_at="2026-09-30", rating="basic", rated_at="2026-10-02"),
                duty(3, "2026-10-01", completed_at="2026-10-05", unknown=frozenset({RATING})),
                duty(4, "2026-10-01", completed=True, rating="basic", unknown=frozenset({COMPLETED})),
                duty(5, "2026-10-01", completed=True, unknown=frozenset({COMPLETED})),
            ),
            n=1,
            d=1,
            unknown=2,
        ),
    ),
)
