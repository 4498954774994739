"""Signed within 10 minutes (10分钟签收率): rounds a person of the unit signed for within 600 seconds of dispatch."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.examples import at, duty
from app.domain.facts import DEPARTMENT, DISPATCHED, ROUND, SIGNED, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.period import Period, month_of
from app.domain.refusals import N_

LIMIT = timedelta(seconds=600)
"""Natural time, day and night, inclusive, never rounded to minutes."""


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """Every dispatch is a round of its own; a signature set by the system is none."""
    start = fact.dispatched_at
    if start is None or fact.lacks(SIGNED):
        untold = fact.lacks(SIGNED, DISPATCHED) and period.holds(start or fact.reported_at)
        return Verdict.UNKNOWN if untold else Verdict.OUT
    if not period.holds(start) or start > as_of:
        return Verdict.OUT
    if fact.withdrawn_at is not None and fact.withdrawn_at <= min(start + LIMIT, as_of):
        return Verdict.OUT
    if fact.signed_at is not None and fact.signed_at <= as_of:
        return Verdict.HIT if not fact.auto_signed and fact.signed_at - start <= LIMIT else Verdict.MISS
    return Verdict.MISS if as_of - start > LIMIT else Verdict.PENDING


def seconds(fact: Fact) -> int | None:
    """From the dispatch to a person's signature; nothing where nobody signed."""
    if fact.dispatched_at is None or fact.signed_at is None or fact.auto_signed:
        return None
    return int((fact.signed_at - fact.dispatched_at).total_seconds())


INDICATOR = Indicator(
    code="SIGN10",
    position=90,
    name=N_("Signed within 10 minutes"),
    numerator=N_("Of these, signed for by a person within 600 seconds"),
    denominator=N_("Rounds dispatched in the period and not withdrawn within 600 seconds"),
    time_role="dispatched",
    clock=N_("Natural time around the clock, 600 seconds inclusive"),
    basis=N_("Gulou front-line disposal: response and signing shortened to within 10 minutes"),
    counts={STREET_TOWN: (ROUND,), DEPARTMENT: (ROUND,)},
    needs=(SIGNED, DISPATCHED),
    nothing=N_("No round was dispatched"),
    judge=judge,
    seconds=seconds,
    makes=(("dispatched_at", LIMIT),),
    golden=(
        Golden(
            title="600 seconds is in time, 601 is not; signed by the system never; unsigned after 600 at once",
            period=month_of("2026-09"),
            as_of=at("2026-09-10 12:00:00"),
            facts=(
                duty(1, "2026-09-01", kind=ROUND, dispatched_at="2026-09-10 08:00:00", signed_at="2026-09-10 08:10:00"),
                duty(2, "2026-09-01", kind=ROUND, dispatched_at="2026-09-10 08:00:00", signed_at="2026-09-10 08:10:01"),
                duty(3, "2026-09-01", kind=ROUND, dispatched_at="2026-09-10 08:00:00", signed_at="2026-09-10 08:01:00", auto_signed=True),
                duty(4, "2026-09-01", kind=ROUND, dispatched_at="2026-09-10 11:49:59"),
                duty(5, "2026-09-01", kind=ROUND, dispatched_at="2026-09-10 11:51:00"),
                duty(6, "2026-09-01", kind=ROUND, dispatched_at="2026-09-10 08:00:00", withdrawn_at="2026-09-10 08:10:00"),
                duty(7, "2026-09-01", kind=ROUND, dispatched_at="2026-09-10 08:00:00", withdrawn_at="2026-09-10 08:10:01"),
            ),
            n=1,
            d=5,
            pending=1,
        ),
        Golden(
            title="signing not recorded, dispatch not recorded, void by an approved return, excluded",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", kind=ROUND, dispatched_at="2026-09-02", unknown=frozenset({SIGNED})),
                duty(2, "2026-09-01", kind=ROUND, unknown=frozenset({SIGNED, DISPATCHED})),
                duty(3, "2026-09-01", kind=ROUND, dispatched_at="2026-09-02", returned="approved"),
                duty(4, "2026-09-01", kind=ROUND, dispatched_at="2026-09-02", excluded={"SIGN10": "system_fault"}),
            ),
            n=0,
            d=0,
            unknown=2,
            excluded=1,
        ),
    ),
)
