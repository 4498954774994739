"""Found before complaint (未诉先办占比): matters the street-town found itself, of all that came in."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CASE, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """By the moment of reporting; a matter opened again came in once."""
    if fact.reopened_at is not None or not period.holds(fact.reported_at):
        return Verdict.OUT
    return Verdict.HIT if fact.proactive else Verdict.MISS


INDICATOR = Indicator(
    code="PROACT",
    position=46,
    name=N_("Found before complaint"),
    numerator=N_("Of these, found by patrol or inspection before anybody complained"),
    denominator=N_("Reported in the period in the territory"),
    time_role="reported",
    clock=N_("The moment of reporting"),
    basis=N_("Beijing hotline reform: matters settled before a complaint is made"),
    counts={STREET_TOWN: (CASE,)},
    nothing=N_("Nothing was reported"),
    judge=judge,
    moments=("reported_at", "completed_at"),
    golden=(
        Golden(
            title="found twice, complained once; outside the month on either side",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01 00:00:00", proactive=True),
                duty(2, "2026-09-30 23:59:59", proactive=True),
                duty(3, "2026-09-15"),
                duty(4, "2026-08-31 23:59:59", proactive=True),
                duty(5, "2026-10-01 00:00:00", proactive=True),
            ),
            n=2,
            d=3,
        ),
        Golden(
            title="opened again; excluded from this figure and from all",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01"),
                duty(2, "2026-09-01", proactive=True, reopened_at="2026-09-10"),
                duty(3, "2026-09-01", proactive=True, excluded={"PROACT": "test_data"}),
                duty(4, "2026-09-01", excluded={"*": "duplicate"}),
            ),
            n=0,
            d=1,
            excluded=2,
        ),
    ),
)
