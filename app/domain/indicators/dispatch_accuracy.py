"""Accurate dispatch rate (准确派遣率): completed matters that never had to be given to another unit."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CASE, COMPLETED, OUTCOME, RETURNS, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.judges import closing
from app.domain.period import Period, month_of
from app.domain.refusals import N_


@closing
def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """Counted at the closing that stood, on the territory; another round at the same unit is no other unit."""
    if fact.lacks(RETURNS):
        return Verdict.UNKNOWN
    return Verdict.HIT if fact.units <= 1 else Verdict.MISS


INDICATOR = Indicator(
    code="DISP_ACC",
    position=97,
    name=N_("Accurate dispatch rate"),
    numerator=N_("Of these, never given to a different unit"),
    denominator=N_("Matters of the territory dispatched and completed in the period"),
    time_role="completed",
    clock=N_("The moment of the completion that stood"),
    basis=N_("Municipal platforms: never dispatched again to another unit; it tells of dispatching, not of the street-town alone"),
    counts={STREET_TOWN: (CASE,)},
    needs=(RETURNS, COMPLETED, OUTCOME),
    nothing=N_("Nothing was completed"),
    judge=judge,
    golden=(
        Golden(
            title="one unit, two units, still open, completed in another month, opened again and closed by the same unit",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", completed_at="2026-09-05"),
                duty(2, "2026-09-01", completed_at="2026-09-05", units=2),
                duty(3, "2026-09-01", units=2),
                duty(4, "2026-09-01", completed_at="2026-10-01"),
                duty(5, "2026-09-01", completed_at="2026-09-05", undone_at="2026-09-08"),
                duty(5, "2026-09-01", completed_at="2026-09-20", reopened_at="2026-09-08"),
            ),
            n=2,
            d=3,
        ),
        Golden(
            title="a source that keeps neither returns nor moments; excluded",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", completed_at="2026-09-05", unknown=frozenset({RETURNS})),
                duty(2, "2026-09-01", completed=True, unknown=frozenset({COMPLETED})),
                duty(3, "2026-09-01", completed_at="2026-09-05", units=2, excluded={"DISP_ACC": "wrong_address"}),
            ),
            n=0,
            d=0,
            unknown=2,
            excluded=1,
        ),
    ),
)
