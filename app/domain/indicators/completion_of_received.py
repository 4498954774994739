"""Completion of what came in (受理办结率): the cohort that was reported in the period, and how much of it is done."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALL, CASE, COMPLETED, DEPARTMENT, OUTCOME, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """By the moment of reporting alone: whether it fell due already does not matter here; a matter opened again came in once."""
    if fact.reopened_at is not None or not period.holds(fact.reported_at) or fact.taken_back_before(as_of):
        return Verdict.OUT
    done = fact.done_by(as_of)
    if done is None:
        return Verdict.UNKNOWN
    return Verdict.HIT if done else Verdict.MISS


INDICATOR = Indicator(
    code="DONE_CRE",
    position=26,
    name=N_("Completion of what came in"),
    numerator=N_("Of these, completed by the cut-off"),
    denominator=N_("Reported in the period and not taken back from the unit"),
    time_role="reported",
    clock=N_("The moment of reporting; the cut-off instant"),
    basis=N_("Municipal platforms: completed, of what was received; never to be mixed with completed of what was due"),
    counts={STREET_TOWN: (CASE,), DEPARTMENT: (ROUND, CALL)},
    needs=(OUTCOME, COMPLETED),
    nothing=N_("Nothing was reported"),
    judge=judge,
    golden=(
        Golden(
            title="done at the cut-off, a second after it, open; reported in the month's first second and in the next month's; taken back",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01 00:00:00", completed_at="2026-10-03 09:00:00"),
                duty(2, "2026-09-30 23:59:59", completed_at="2026-10-03 09:00:01"),
                duty(3, "2026-09-15", due_at="2026-12-01"),
                duty(4, "2026-10-01 00:00:00", completed_at="2026-10-02"),
                duty(5, "2026-08-31", completed_at="2026-09-02"),
                duty(6, "2026-09-01", kind=ROUND, withdrawn_at="2026-09-03"),
            ),
            n=1,
            d=3,
        ),
        Golden(
            title="opened again: came in once, and that life was completed; flags only; not told; excluded",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", completed_at="2026-09-05", undone_at="2026-09-08"),
                duty(1, "2026-09-01", reopened_at="2026-09-08"),
                duty(2, "2026-09-01", completed=False, unknown=frozenset({COMPLETED})),
                duty(3, "2026-09-01", unknown=frozenset({COMPLETED, OUTCOME})),
                duty(4, "2026-09-01", excluded={"*": "duplicate"}),
            ),
            n=1,
            d=2,
            unknown=1,
            excluded=1,
        ),
    ),
)
