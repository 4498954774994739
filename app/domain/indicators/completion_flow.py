"""Completed against received (办结受理比): a flow of what went out against what came in; above 100 % the backlog shrinks."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALL, CASE, COMPLETED, DEPARTMENT, OUTCOME, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """Two counts side by side: what came in is the denominator, what went out the numerator, whenever it came in."""
    came = fact.reopened_at is None and period.holds(fact.reported_at) and not fact.taken_back_before(as_of)
    if fact.completed_at is None and fact.done_by(as_of) is not False:
        return Verdict.UNKNOWN if came else Verdict.OUT
    went = period.holds(fact.completed_at) and bool(fact.done_by(as_of))
    if came:
        return Verdict.HIT if went else Verdict.MISS
    return Verdict.EXTRA if went else Verdict.OUT


INDICATOR = Indicator(
    code="DONE_EVT",
    position=27,
    name=N_("Completed against received"),
    numerator=N_("Completed in the period, whenever it was reported"),
    denominator=N_("Reported in the period"),
    time_role="completed",
    clock=N_("The moments of completion and of reporting"),
    basis=N_(
        "Bulletins that count what was closed in a month against what came in; a flow, never to be mixed with completed of what was due"
    ),
    counts={STREET_TOWN: (CASE,), DEPARTMENT: (ROUND, CALL)},
    needs=(COMPLETED, OUTCOME),
    nothing=N_("Nothing was reported"),
    judge=judge,
    direction=0,
    form="flow",
    golden=(
        Golden(
            title="in and out, only in, only out twice, neither: three out against two in",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", completed_at="2026-09-30 23:59:59"),
                duty(2, "2026-09-01", completed_at="2026-10-01 00:00:00"),
                duty(3, "2026-08-31 23:59:59", completed_at="2026-09-01 00:00:00"),
                duty(4, "2026-07-01", completed_at="2026-09-10"),
                duty(5, "2026-08-01", completed_at="2026-08-31"),
            ),
            n=3,
            d=2,
        ),
        Golden(
            title="opened again: went out twice, came in once; completed without a moment; excluded; void",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", completed_at="2026-09-05", undone_at="2026-09-08"),
                duty(1, "2026-09-01", completed_at="2026-09-12", reopened_at="2026-09-08"),
                duty(2, "2026-09-01", completed=True, unknown=frozenset({COMPLETED})),
                duty(3, "2026-08-01", completed=True, unknown=frozenset({COMPLETED})),
                duty(4, "2026-08-01", completed_at="2026-09-05", excluded={"DONE_EVT": "system_fault"}),
                duty(5, "2026-09-01", kind=ROUND, completed_at="2026-09-05", returned="approved"),
            ),
            n=2,
            d=1,
            unknown=1,
            excluded=1,
        ),
    ),
)
