"""Repeat rate (重复率): matters that came again shortly after one of the same kind from the same place or telephone."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CASE, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """By the moment of reporting; merged tickets are void and count on neither side, a matter opened again came in once."""
    if fact.reopened_at is not None or not period.holds(fact.reported_at):
        return Verdict.OUT
    if fact.repeat is None:
        return Verdict.UNKNOWN
    return Verdict.HIT if fact.repeat else Verdict.MISS


INDICATOR = Indicator(
    code="REPEAT",
    position=45,
    name=N_("Repeat rate"),
    numerator=N_("Of these, reported within 30 days of another one of the same matter from the same place or telephone"),
    denominator=N_("Reported in the period in the territory, with a place or a telephone"),
    time_role="reported",
    clock=N_("The moment of reporting, 30 days inclusive"),
    basis=N_("Chengdu Jinniu assessment rules take points off for repeats; the 30 days are this product's own"),
    counts={STREET_TOWN: (CASE,)},
    nothing=N_("Nothing was reported"),
    judge=judge,
    direction=-1,
    moments=("reported_at", "completed_at"),
    golden=(
        Golden(
            title="a repeat, two that are none; the second before the month and the first after it do not count",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01 00:00:00", repeat=True),
                duty(2, "2026-09-30 23:59:59", repeat=False),
                duty(3, "2026-09-15", repeat=False),
                duty(4, "2026-08-31 23:59:59", repeat=True),
                duty(5, "2026-10-01 00:00:00", repeat=True),
            ),
            n=1,
            d=3,
        ),
        Golden(
            title="neither place nor telephone told; opened again; excluded",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01"),
                duty(2, "2026-09-01", repeat=True, reopened_at="2026-09-10"),
                duty(3, "2026-09-01", repeat=True, excluded={"REPEAT": "malicious"}),
            ),
            n=0,
            d=0,
            unknown=1,
            excluded=1,
        ),
    ),
)
