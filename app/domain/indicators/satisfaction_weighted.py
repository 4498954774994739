"""Weighted satisfaction (加权满意率): satisfied 1, basically satisfied 0.8, fair 0.6, dissatisfied 0."""

from __future__ import annotations

from app.domain.examples import at, duty
from app.domain.facts import CALL, CASE, COMPLETED, DEPARTMENT, RATING, ROUND, STREET_TOWN
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.judges import satisfaction
from app.domain.period import month_of
from app.domain.refusals import N_

WORTH = {"satisfied": Verdict.HIT, "basic": Verdict.MOST, "fair": Verdict.SOME}
"""1, 0.8 and 0.6 of a case; "dissatisfied" is none of it (handbook §2.3)."""

INDICATOR = Indicator(
    code="SAT_W",
    position=81,
    name=N_("Weighted satisfaction"),
    numerator=N_("Fifths of a case earned: satisfied five, basically satisfied four, fair three, dissatisfied none"),
    denominator=N_(
        "Completed in the period and rated by the citizen before the cut-off, and late ratings of earlier periods, five fifths each"
    ),
    time_role="completed",
    clock=N_("The moment of completion; a rating after the month's cut-off counts in the next month"),
    basis=N_(
        "Municipal hotline practice: satisfied 1, basically satisfied 0.8, fair 0.6, dissatisfied 0; unrated never enters the denominator"
    ),
    counts={STREET_TOWN: (CASE,), DEPARTMENT: (ROUND, CALL)},
    needs=(RATING, COMPLETED),
    parts=5,
    nothing=N_("No citizen gave a rating"),
    judge=satisfaction(WORTH),
    note=N_("Counted in fifths of a case, so that the rate stays exact"),
    moments=("reported_at", "completed_at", "rated_at"),
    golden=(
        Golden(
            title="1 + 0.8 + 0.6 + 0 of 4 are 12 fifths of 20; the unrated one is nowhere, a rating after the cut-off not yet",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", completed_at="2026-09-05", rating="satisfied", rated_at="2026-09-06"),
                duty(2, "2026-09-01", completed_at="2026-09-30", rating="basic", rated_at="2026-10-03 09:00:00"),
                duty(3, "2026-09-01", completed_at="2026-09-05", rating="fair", rated_at="2026-09-06"),
                duty(4, "2026-09-01", completed_at="2026-09-05", rating="dissatisfied"),
                duty(5, "2026-09-01", completed_at="2026-09-05"),
                duty(6, "2026-09-01", completed_at="2026-09-05", rating="satisfied", rated_at="2026-10-03 09:00:01"),
            ),
            n=12,
            d=20,
        ),
        Golden(
            title="a late rating of August; one in time for August is not counted again; a source without ratings; excluded",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-08-01", completed_at="2026-08-31", rating="fair", rated_at="2026-09-03 09:00:01"),
                duty(2, "2026-08-01", completed_at="2026-08-31", rating="basic", rated_at="2026-09-03 09:00:00"),
                duty(3, "2026-09-01", completed_at="2026-09-05", unknown=frozenset({RATING})),
                duty(4, "2026-09-01", completed=True, rating="basic", unknown=frozenset({COMPLETED})),
                duty(5, "2026-09-01", completed_at="2026-09-05", rating="dissatisfied", excluded={"SAT_W": "malicious"}),
            ),
            n=3,
            d=5,
            unknown=2,
            excluded=1,
        ),
    ),
)
