"""Suspension rate (挂账率): rounds whose clock was stopped with approval, of those that fell due."""

from __future__ import annotations

from app.domain.examples import at, duty
from app.domain.facts import DEPARTMENT, DUE, ROUND, STREET_TOWN, SUSPENSIONS
from app.domain.indicators.base import Golden, Indicator
from app.domain.judges import granted
from app.domain.period import month_of
from app.domain.refusals import N_

INDICATOR = Indicator(
    code="HANG",
    position=64,
    name=N_("Suspension rate"),
    numerator=N_("Of these, suspended with approval at least once"),
    denominator=N_("Rounds of the unit that fell due in the period"),
    time_role="due",
    clock=N_("The limit's own clock; extensions and suspensions move the due time"),
    basis=N_("Dispatch notices of several cities: works, season or procedure stop the clock, with approval"),
    counts={STREET_TOWN: (ROUND,), DEPARTMENT: (ROUND,)},
    needs=(SUSPENSIONS, DUE),
    judge=granted("paused_at", SUSPENSIONS),
    direction=-1,
    moments=("reported_at", "dispatched_at", "paused_at", "due_at", "completed_at"),
    golden=(
        Golden(
            title="suspended, not, after the cut-off, taken back, void, due later and open, due later and done, standing still",
            period=month_of("2026-09"),
            as_of=at("2026-09-20"),
            facts=(
                duty(1, "2026-09-01", kind=ROUND, due_at="2026-09-20", paused_at="2026-09-05"),
                duty(2, "2026-09-01", kind=ROUND, due_at="2026-09-10"),
                duty(3, "2026-09-01", kind=ROUND, due_at="2026-09-25", paused_at="2026-09-21"),
                duty(4, "2026-09-01", kind=ROUND, due_at="2026-09-10", paused_at="2026-09-05", withdrawn_at="2026-09-09"),
                duty(5, "2026-09-01", kind=ROUND, due_at="2026-09-10", paused_at="2026-09-05", returned="approved"),
                duty(6, "2026-09-01", kind=ROUND, due_at="2026-09-25"),
                duty(7, "2026-09-01", kind=ROUND, due_at="2026-09-25", completed_at="2026-09-05"),
                duty(8, "2026-09-01", kind=ROUND, due_at="2026-09-10", paused_at="2026-09-05", suspended_at="2026-09-06"),
            ),
            n=1,
            d=3,
            pending=3,
        ),
        Golden(
            title="the source does not keep them; excluded; another month",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", kind=ROUND, due_at="2026-09-10", unknown=frozenset({SUSPENSIONS})),
                duty(2, "2026-09-01", kind=ROUND, unknown=frozenset({SUSPENSIONS, DUE})),
                duty(3, "2026-09-01", kind=ROUND, due_at="2026-09-10", paused_at="2026-09-05", excluded={"HANG": "policy_limited"}),
                duty(4, "2026-09-01", kind=ROUND, due_at="2026-10-10", paused_at="2026-09-05"),
            ),
            n=0,
            d=0,
            unknown=2,
            excluded=1,
        ),
    ),
)
