"""Call rate (呼叫率): tickets on which a street-town called departments, of those dispatched to it; neither good nor bad."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALLS, DISPATCHED, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """A ticket counts once, with the first round that brought it to the street-town in the period; a withdrawn call is none."""
    start = fact.dispatched_at
    if fact.lacks(CALLS, DISPATCHED):
        return Verdict.UNKNOWN if period.holds(start or fact.reported_at) else Verdict.OUT
    if start is None or not period.holds(start) or start > as_of or any(period.holds(before) for before in fact.earlier):
        return Verdict.OUT
    return Verdict.HIT if any(period.holds(call) and call <= as_of for call in fact.calls) else Verdict.MISS


INDICATOR = Indicator(
    code="CALL_USE",
    position=120,
    name=N_("Call rate"),
    numerator=N_("Of these, with at least one call issued in the period"),
    denominator=N_("Tickets dispatched to the street-town in the period, each once"),
    time_role="dispatched",
    clock=N_("The moments of dispatch and of the call"),
    basis=N_("Gulou front-line disposal names the call rate; it describes and has no good direction"),
    counts={STREET_TOWN: (ROUND,)},
    needs=(CALLS, DISPATCHED),
    nothing=N_("No round was dispatched"),
    judge=judge,
    direction=0,
    moments=("reported_at", "dispatched_at"),
    golden=(
        Golden(
            title="called in the period, called after it, never called, dispatched twice, dispatched again after last month, next month",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", kind=ROUND, group=STREET_TOWN, dispatched_at="2026-09-01", calls=(at("2026-09-30 23:59:59"),)),
                duty(2, "2026-09-01", kind=ROUND, group=STREET_TOWN, dispatched_at="2026-09-30", calls=(at("2026-10-01 00:00"),)),
                duty(3, "2026-09-01", kind=ROUND, group=STREET_TOWN, dispatched_at="2026-09-02"),
                duty(3, "2026-09-01", kind=ROUND, group=STREET_TOWN, dispatched_at="2026-09-09", earlier=(at("2026-09-02"),)),
                duty(4, "2026-08-01", kind=ROUND, group=STREET_TOWN, dispatched_at="2026-09-02", earlier=(at("2026-08-02"),)),
                duty(5, "2026-09-01", kind=ROUND, group=STREET_TOWN, dispatched_at="2026-10-01", calls=(at("2026-10-01"),)),
            ),
            n=1,
            d=4,
        ),
        Golden(
            title="no calls or dispatch times kept, void by an approved return, reopened, excluded, called after the cut-off",
            period=month_of("2026-09"),
            as_of=at("2026-09-15"),
            facts=(
                duty(1, "2026-09-01", kind=ROUND, group=STREET_TOWN, dispatched_at="2026-09-01", unknown=frozenset({CALLS})),
                duty(2, "2026-09-01", kind=ROUND, group=STREET_TOWN, unknown=frozenset({DISPATCHED})),
                duty(3, "2026-09-01", kind=ROUND, group=STREET_TOWN, dispatched_at="2026-09-01", returned="approved"),
                duty(4, "2026-09-01", kind=ROUND, group=STREET_TOWN, reopened_at="2026-09-10"),
                duty(5, "2026-09-01", kind=ROUND, group=STREET_TOWN, dispatched_at="2026-09-01", excluded={"*": "duplicate"}),
                duty(6, "2026-09-01", kind=ROUND, group=STREET_TOWN, dispatched_at="2026-09-01", calls=(at("2026-09-16"),)),
            ),
            n=0,
            d=1,
            unknown=2,
            excluded=1,
        ),
    ),
)
