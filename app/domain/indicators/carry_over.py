"""Carry-over rate (结转率): how much of the period's work was brought along from before it."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALL, CASE, COMPLETED, DEPARTMENT, OUTCOME, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """Open when the period began, against that and what came in; nothing to say where completion moments are unrecorded.

    What is opened again in the period was neither open when it began nor reported in it.
    """
    new = period.holds(fact.reported_at) and fact.reopened_at is None
    if not new and (fact.began_at >= period.start or fact.taken_back_before(period.start)):
        return Verdict.OUT
    if fact.lacks(COMPLETED):
        return Verdict.UNKNOWN
    if new:
        return Verdict.MISS
    was_open = fact.open_at(period.start)
    if was_open is None:
        return Verdict.UNKNOWN
    return Verdict.HIT if was_open else Verdict.OUT


INDICATOR = Indicator(
    code="CARRY",
    position=50,
    name=N_("Carry-over rate"),
    numerator=N_("Reported before the period and still open when it began"),
    denominator=N_("The same, and what was reported in the period"),
    time_role="reported",
    clock=N_("The first instant of the period"),
    basis=N_("Lianyungang bulletin of September 2020: 83,218 handled, of which 78,589 new and 4,629 carried over"),
    counts={STREET_TOWN: (CASE,), DEPARTMENT: (ROUND, CALL)},
    needs=(COMPLETED, OUTCOME),
    nothing=N_("Nothing was carried over or reported"),
    judge=judge,
    direction=-1,
    golden=(
        Golden(
            title="two brought along, one closed before, two new; closing in the first second is still brought along",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-08-20", completed_at="2026-09-01 00:00:00"),
                duty(2, "2026-07-20"),
                duty(3, "2026-08-20", completed_at="2026-08-31 23:59:59"),
                duty(4, "2026-09-02", completed_at="2026-09-03"),
                duty(5, "2026-09-30"),
            ),
            n=2,
            d=4,
        ),
        Golden(
            title="a source without completion moments cannot say what was open when the period began",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-08-20", completed=True, unknown=frozenset({COMPLETED})),
                duty(2, "2026-09-20", completed=True, unknown=frozenset({COMPLETED})),
                duty(3, "2026-10-01", completed=True, unknown=frozenset({COMPLETED})),
            ),
            n=0,
            d=0,
            unknown=2,
        ),
        Golden(
            title="opened again before the period and in it; the life before the reopening was closed",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-08-01", completed_at="2026-08-05", undone_at="2026-08-20"),
                duty(1, "2026-08-01", reopened_at="2026-08-20"),
                duty(2, "2026-09-02", completed_at="2026-09-05", undone_at="2026-09-10"),
                duty(2, "2026-09-02", reopened_at="2026-09-10"),
            ),
            n=1,
            d=2,
        ),
    ),
)
