"""Rework rate (返工率): sent back by a review or reopened to the same unit, of what was completed."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALL, CASE, COMPLETED, DEPARTMENT, OUTCOME, REWORKS, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.judges import closing
from app.domain.period import Period, month_of
from app.domain.refusals import N_


@closing
def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """Counted at the closing that stood, on the unit that failed; a closing that was undone is not one that stood."""
    if fact.lacks(REWORKS):
        return Verdict.UNKNOWN
    return Verdict.HIT if fact.reworks > 0 else Verdict.MISS


INDICATOR = Indicator(
    code="REWORK",
    position=70,
    name=N_("Rework rate"),
    numerator=N_("Of these, failed a review or were reopened to the same unit at least once"),
    denominator=N_("Completed in the period"),
    time_role="completed",
    clock=N_("The moment of the completion that stood"),
    basis=N_("Chengdu Jinniu assessment rules and municipal platforms: counted at closing, on the unit that failed"),
    counts={STREET_TOWN: (CASE,), DEPARTMENT: (ROUND, CALL)},
    needs=(REWORKS, COMPLETED, OUTCOME),
    nothing=N_("Nothing was completed"),
    judge=judge,
    direction=-1,
    golden=(
        Golden(
            title="reworked twice counts once; reworked and still open is not counted yet",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-08-01", completed_at="2026-09-10", reworks=2),
                duty(2, "2026-09-01", completed_at="2026-09-11"),
                duty(3, "2026-09-01", completed_at="2026-09-12"),
                duty(4, "2026-09-01", reworks=1),
                duty(5, "2026-09-01", completed_at="2026-10-01 00:00", reworks=1),
            ),
            n=1,
            d=3,
        ),
        Golden(
            title="no rework ledger, no completion moment, one excluded",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", completed_at="2026-09-10", unknown=frozenset({REWORKS})),
                duty(2, "2026-09-01", completed=True, reworks=1, unknown=frozenset({COMPLETED})),
                duty(3, "2026-08-01", completed=True, reworks=1, unknown=frozenset({COMPLETED})),
                duty(4, "2026-09-01", completed_at="2026-09-10", reworks=1, excluded={"REWORK": "system_fault"}),
                duty(5, "2026-09-01", completed_at="2026-09-10"),
            ),
            n=0,
            d=1,
            unknown=2,
            excluded=1,
        ),
        Golden(
            title="opened again to the same unit: counted once, at the closing that stood; opened again after the cut-off: not yet",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", completed_at="2026-09-05", undone_at="2026-09-10"),
                duty(1, "2026-09-01", completed_at="2026-09-15", reopened_at="2026-09-10", reworks=1),
                duty(2, "2026-09-01", completed_at="2026-09-05", undone_at="2026-10-05"),
            ),
            n=1,
            d=2,
        ),
    ),
)
