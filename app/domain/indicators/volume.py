"""Volume received (受理量): how much came in, and which part of the group's work that is."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALL, CASE, DEPARTMENT, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """Reported in the period; the whole it is part of is the group's total, which no single duty can know.

    A matter that is opened again was received once.
    """
    return Verdict.HIT if fact.reopened_at is None and period.holds(fact.reported_at) else Verdict.OUT


INDICATOR = Indicator(
    code="VOLUME",
    position=40,
    name=N_("Volume received"),
    numerator=N_("Valid duties of the unit reported in the period"),
    denominator=N_("The same, over all units of the group"),
    time_role="reported",
    clock=N_("The moment of reporting"),
    basis=N_("Fuzhou city brief: valid cases received; shown beside the rates, not scored by default"),
    counts={STREET_TOWN: (CASE,), DEPARTMENT: (ROUND, CALL)},
    nothing=N_("Nothing was reported"),
    judge=judge,
    direction=0,
    form="share",
    golden=(
        Golden(
            title="the first and the last second of the month count, the next second does not",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01 00:00:00"),
                duty(2, "2026-09-30 23:59:59"),
                duty(3, "2026-10-01 00:00:00"),
                duty(4, "2026-08-31 23:59:59"),
            ),
            n=2,
            d=2,
        ),
        Golden(
            title="excluded, void by an approved return, opened again: not counted; a rejected return is",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-02", kind=ROUND),
                duty(2, "2026-09-03", kind=ROUND, excluded={"*": "duplicate"}),
                duty(3, "2026-09-04", kind=ROUND, returned="approved"),
                duty(4, "2026-09-05", kind=ROUND, returned="rejected"),
                duty(5, "2026-09-06", kind=ROUND, reopened_at="2026-09-20"),
            ),
            n=2,
            d=2,
            excluded=1,
        ),
    ),
)
