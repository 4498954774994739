"""First contact in time (先行联系率): rounds in which the unit spoke to the citizen within the limit."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CONTACTS, DEPARTMENT, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict, unrecorded
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """What was found before anybody complained has no citizen to speak to and no such limit."""
    if fact.lacks(CONTACTS):
        return unrecorded(fact, period, CONTACTS)
    limit = fact.contact_due_at
    if limit is None or not period.holds(limit):
        return Verdict.OUT
    if fact.contacted_at is not None and fact.contacted_at <= min(limit, as_of):
        return Verdict.HIT
    if fact.taken_back_before(min(limit, as_of)):
        return Verdict.OUT
    return Verdict.PENDING if limit > as_of else Verdict.MISS


INDICATOR = Indicator(
    code="FIRST",
    position=95,
    name=N_("First contact in time"),
    numerator=N_("Of these, the citizen was spoken to within the limit"),
    denominator=N_("Rounds whose limit for the first contact falls in the period"),
    time_role="contact_due",
    clock=N_("The limit for the first contact among the time limits, inclusive"),
    basis=N_("Municipal hotline practice: contact the citizen first, within a day"),
    counts={STREET_TOWN: (ROUND,), DEPARTMENT: (ROUND,)},
    needs=(CONTACTS,),
    nothing=N_("No first contact fell due"),
    judge=judge,
    moments=("reported_at", "dispatched_at", "contact_due_at", "contacted_at"),
    golden=(
        Golden(
            title="at the limit, a second later, never, taken back before, void, limit to come, no citizen",
            period=month_of("2026-09"),
            as_of=at("2026-09-20"),
            facts=(
                duty(1, "2026-09-01", kind=ROUND, contact_due_at="2026-09-02 08:00", contacted_at="2026-09-02 08:00:00"),
                duty(2, "2026-09-01", kind=ROUND, contact_due_at="2026-09-02 08:00", contacted_at="2026-09-02 08:00:01"),
                duty(3, "2026-09-01", kind=ROUND, contact_due_at="2026-09-02 08:00"),
                duty(4, "2026-09-01", kind=ROUND, contact_due_at="2026-09-02 08:00", withdrawn_at="2026-09-02 07:59"),
                duty(5, "2026-09-01", kind=ROUND, contact_due_at="2026-09-02 08:00", returned="approved"),
                duty(6, "2026-09-19", kind=ROUND, contact_due_at="2026-09-20 08:00"),
                duty(7, "2026-09-01", kind=ROUND),
            ),
            n=1,
            d=3,
            pending=1,
        ),
        Golden(
            title="the source keeps no contacts; excluded; the limit lies in the next month",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", kind=ROUND, unknown=frozenset({CONTACTS})),
                duty(2, "2026-09-01", kind=ROUND, contact_due_at="2026-09-02", excluded={"FIRST": "anonymous"}),
                duty(3, "2026-09-30", kind=ROUND, contact_due_at="2026-10-01", contacted_at="2026-09-30"),
            ),
            n=0,
            d=0,
            unknown=1,
            excluded=1,
        ),
    ),
)
