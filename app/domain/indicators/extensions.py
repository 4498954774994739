"""Extension rate (延期率): rounds that were granted more time, of those that fell due."""

from __future__ import annotations

from app.domain.examples import at, duty
from app.domain.facts import DEPARTMENT, DUE, EXTENSIONS, ROUND, STREET_TOWN
from app.domain.indicators.base import Golden, Indicator
from app.domain.judges import granted
from app.domain.period import month_of
from app.domain.refusals import N_

INDICATOR = Indicator(
    code="EXT",
    position=62,
    name=N_("Extension rate"),
    numerator=N_("Of these, granted at least one extension"),
    denominator=N_("Rounds of the unit that fell due in the period"),
    time_role="due",
    clock=N_("The limit's own clock; extensions and suspensions move the due time"),
    basis=N_("Chengdu Jinniu assessment rules: extended, of what was to be disposed of"),
    counts={STREET_TOWN: (ROUND,), DEPARTMENT: (ROUND,)},
    needs=(EXTENSIONS, DUE),
    judge=granted("extended_at", EXTENSIONS),
    direction=-1,
    moments=("reported_at", "dispatched_at", "extended_at", "due_at", "completed_at"),
    golden=(
        Golden(
            title="extended, not, after the cut-off, taken back, void, due later and open, due later and done, standing still",
            period=month_of("2026-09"),
            as_of=at("2026-09-20"),
            facts=(
                duty(1, "2026-09-01", kind=ROUND, due_at="2026-09-20", extended_at="2026-09-05"),
                duty(2, "2026-09-01", kind=ROUND, due_at="2026-09-10"),
                duty(3, "2026-09-01", kind=ROUND, due_at="2026-09-25", extended_at="2026-09-21"),
                duty(4, "2026-09-01", kind=ROUND, due_at="2026-09-10", extended_at="2026-09-05", withdrawn_at="2026-09-09"),
                duty(5, "2026-09-01", kind=ROUND, due_at="2026-09-10", extended_at="2026-09-05", returned="approved"),
                duty(6, "2026-09-01", kind=ROUND, due_at="2026-09-25"),
                duty(7, "2026-09-01", kind=ROUND, due_at="2026-09-25", completed_at="2026-09-05"),
                duty(8, "2026-09-01", kind=ROUND, due_at="2026-09-10", extended_at="2026-09-05", suspended_at="2026-09-06"),
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
                duty(1, "2026-09-01", kind=ROUND, due_at="2026-09-10", unknown=frozenset({EXTENSIONS})),
                duty(2, "2026-09-01", kind=ROUND, unknown=frozenset({EXTENSIONS, DUE})),
                duty(3, "2026-09-01", kind=ROUND, due_at="2026-09-10", extended_at="2026-09-05", excluded={"EXT": "policy_limited"}),
                duty(4, "2026-09-01", kind=ROUND, due_at="2026-10-10", extended_at="2026-09-05"),
            ),
            n=0,
            d=0,
            unknown=2,
            excluded=1,
        ),
    ),
)
