"""Excluded (剔除率): duties that an approved exclusion keeps out of a figure; its share is published so that excluding is seen."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALL, CASE, DEPARTMENT, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """One duty counts once, out of however many figures it was taken; it stands in the period in which it fell due."""
    if not period.holds(fact.due_or_reported):
        return Verdict.OUT
    return Verdict.HIT if fact.excluded else Verdict.MISS


INDICATOR = Indicator(
    code="EXCLUDED",
    position=160,
    name=N_("Share excluded"),
    numerator=N_("Of these, taken out of at least one figure by an approved exclusion"),
    denominator=N_("All duties of the unit that fell due in the period"),
    time_role="due",
    clock=N_("The due time, or the report where no due time is known"),
    basis=N_("This product's own: what is excluded is published, against abuse"),
    counts={STREET_TOWN: (CASE, ROUND, CALL), DEPARTMENT: (ROUND, CALL)},
    counts_excluded=True,
    judge=judge,
    direction=0,
    excludes=N_("Void and merged tickets and rounds returned with approval; excluded duties are what this figure counts"),
    golden=(
        Golden(
            title="out of all figures, out of one, out of two but counted once, out of none; a round and a call of the same unit",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", due_at="2026-09-10", excluded={"*": "duplicate"}),
                duty(2, "2026-09-01", due_at="2026-09-10", excluded={"SAT": "malicious"}),
                duty(3, "2026-09-01", due_at="2026-09-10", excluded={"SAT": "malicious", "DONE": "force_majeure"}),
                duty(4, "2026-09-01", due_at="2026-09-10"),
                duty(5, "2026-09-01", kind=ROUND, due_at="2026-09-10"),
                duty(6, "2026-09-01", kind=CALL, due_at="2026-09-30 23:59:59", excluded={"RESP": "system_fault"}),
            ),
            n=4,
            d=6,
        ),
        Golden(
            title="due in another month; no due time told: by the report; void by an approved return; excluded from this figure is counted",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", due_at="2026-10-01 00:00:00", excluded={"*": "duplicate"}),
                duty(2, "2026-09-30", unknown=frozenset({"due"})),
                duty(3, "2026-09-01", kind=ROUND, due_at="2026-09-10", returned="approved"),
                duty(4, "2026-09-01", due_at="2026-09-10", excluded={"EXCLUDED": "test_data"}),
            ),
            n=1,
            d=2,
        ),
    ),
)
