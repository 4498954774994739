"""Rating coverage (评价覆盖率): how many of those who could rate did, because a rate of the few says little."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CASE, COMPLETED, DEPARTMENT, RATING, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.judges import closing
from app.domain.period import Period, month_of
from app.domain.refusals import N_


@closing
def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """What was found before anybody complained has no citizen to ask; a rating after the cut-off is none yet."""
    if fact.proactive:
        return Verdict.OUT
    if fact.lacks(RATING):
        return Verdict.UNKNOWN
    return Verdict.HIT if fact.rating and (fact.rated_at is None or fact.rated_at <= as_of) else Verdict.MISS


INDICATOR = Indicator(
    code="RATED",
    position=84,
    name=N_("Rating coverage"),
    numerator=N_("Of these, rated by the citizen before the cut-off"),
    denominator=N_("Completed in the period, with a citizen to ask"),
    time_role="completed",
    clock=N_("The moment of the completion that stood"),
    basis=N_("Hotline service standards: every matter is asked about once; shown beside the satisfaction rate"),
    counts={STREET_TOWN: (CASE,), DEPARTMENT: (ROUND,)},
    needs=(RATING, COMPLETED),
    nothing=N_("Nothing was completed"),
    judge=judge,
    moments=("reported_at", "completed_at", "rated_at"),
    golden=(
        Golden(
            title="rated, rated at the cut-off, after it, never; found before a complaint; opened again; completed in another month",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", completed_at="2026-09-05", rating="dissatisfied", rated_at="2026-09-06"),
                duty(2, "2026-09-01", completed_at="2026-09-30", rating="basic", rated_at="2026-10-03 09:00:00"),
                duty(3, "2026-09-01", completed_at="2026-09-05", rating="basic", rated_at="2026-10-03 09:00:01"),
                duty(4, "2026-09-01", completed_at="2026-09-05"),
                duty(5, "2026-09-01", completed_at="2026-09-05", proactive=True),
                duty(6, "2026-09-01", completed_at="2026-09-05", rating="fair", rated_at="2026-09-06", undone_at="2026-09-08"),
                duty(7, "2026-09-01", completed_at="2026-10-01", rating="satisfied", rated_at="2026-10-02"),
            ),
            n=2,
            d=4,
        ),
        Golden(
            title="a source that keeps no ratings, and one that keeps no moments; excluded",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", completed_at="2026-09-05", unknown=frozenset({RATING})),
                duty(2, "2026-09-01", completed=True, rating="basic", unknown=frozenset({COMPLETED})),
                duty(3, "2026-09-01", completed_at="2026-09-05", excluded={"RATED": "anonymous"}),
            ),
            n=0,
            d=0,
            unknown=2,
            excluded=1,
        ),
    ),
)
