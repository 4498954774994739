"""Reported in on time (准时报到率): called departments that were there at the set time and place, grace included."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import CALL, CALLS, DEPARTMENT, LATE, ON_TIME, ROUND, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict, unrecorded
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """In time is what was found when somebody came; where nobody wrote that down, the appointment and its grace decide.

    Finishing the task does not replace reporting in; whoever is not needed there is released by withdrawing the call.
    """
    if fact.kind == ROUND:
        return unrecorded(fact, period, CALLS)
    if fact.appointment_at is None or not period.holds(fact.appointment_at):
        return Verdict.OUT
    if fact.lacks(CALLS):
        return Verdict.UNKNOWN
    limit = fact.arrive_by or fact.appointment_at
    if fact.reported_in_at is not None and fact.reported_in_at <= as_of:
        found = fact.arrival if fact.arrival in (ON_TIME, LATE) else ON_TIME if fact.reported_in_at <= limit else LATE
        return Verdict.HIT if found == ON_TIME else Verdict.MISS
    if fact.taken_back_before(min(limit, as_of)):
        return Verdict.OUT
    return Verdict.PENDING if limit > as_of or fact.returned == "open" else Verdict.MISS


INDICATOR = Indicator(
    code="REPORTIN",
    position=110,
    name=N_("On-time report-in rate"),
    numerator=N_("Of these, reported in by the appointment or within its grace"),
    denominator=N_("Calls on the department whose appointment falls in the period, neither withdrawn before it nor returned with approval"),
    time_role="appointment",
    clock=N_("The appointment of the call and the grace set among the time limits, inclusive"),
    basis=N_("Gulou front-line disposal: report in at the set time and place; whistle rules of other districts limit it to days"),
    counts={DEPARTMENT: (CALL, ROUND)},
    needs=(CALLS,),
    nothing=N_("Nobody was called to an appointment"),
    judge=judge,
    moments=("reported_at", "dispatched_at", "appointment_at", "reported_in_at"),
    golden=(
        Golden(
            title="within the grace, a second late, never, withdrawn before, withdrawn after, returned, undecided, still to come",
            period=month_of("2026-09"),
            as_of=at("2026-09-20 09:00"),
            facts=(
                duty(
                    1,
                    "2026-09-01",
                    kind=CALL,
                    appointment_at="2026-09-02 10:00",
                    arrive_by="2026-09-02 10:10",
                    reported_in_at="2026-09-02 10:10",
                ),
                duty(
                    2,
                    "2026-09-01",
                    kind=CALL,
                    appointment_at="2026-09-02 10:00",
                    arrive_by="2026-09-02 10:10",
                    reported_in_at="2026-09-02 10:10:01",
                ),
                duty(3, "2026-09-01", kind=CALL, appointment_at="2026-09-02 10:00", arrive_by="2026-09-02 10:10"),
                duty(
                    4,
                    "2026-09-01",
                    kind=CALL,
                    appointment_at="2026-09-02 10:00",
                    arrive_by="2026-09-02 10:10",
                    withdrawn_at="2026-09-02 10:09",
                ),
                duty(
                    5,
                    "2026-09-01",
                    kind=CALL,
                    appointment_at="2026-09-02 10:00",
                    arrive_by="2026-09-02 10:10",
                    withdrawn_at="2026-09-02 10:10",
                ),
                duty(6, "2026-09-01", kind=CALL, appointment_at="2026-09-02 10:00", returned="approved"),
                duty(7, "2026-09-01", kind=CALL, appointment_at="2026-09-02 10:00", returned="open"),
                duty(8, "2026-09-19", kind=CALL, appointment_at="2026-09-20 09:00", arrive_by="2026-09-20 09:10"),
            ),
            n=1,
            d=4,
            pending=2,
        ),
        Golden(
            title="what was found on the spot stands; finished without coming; no appointment; another month; no calls kept; excluded",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(1, "2026-09-01", kind=CALL, appointment_at="2026-09-02 10:00", reported_in_at="2026-09-02 10:05", arrival="on_time"),
                duty(
                    2,
                    "2026-09-01",
                    kind=CALL,
                    appointment_at="2026-09-02 10:00",
                    arrive_by="2026-09-02 10:30",
                    reported_in_at="2026-09-02 10:20",
                    arrival="late",
                ),
                duty(3, "2026-09-01", kind=CALL, appointment_at="2026-09-02 10:00", completed_at="2026-09-02 09:00"),
                duty(4, "2026-09-01", kind=CALL),
                duty(5, "2026-09-01", kind=CALL, appointment_at="2026-10-01 00:00", reported_in_at="2026-09-30 23:59"),
                duty(6, "2026-09-01", kind=ROUND, unknown=frozenset({CALLS})),
                duty(
                    7,
                    "2026-09-01",
                    kind=CALL,
                    appointment_at="2026-09-02 10:00",
                    reported_in_at="2026-09-02 09:55",
                    excluded={"REPORTIN": "force_majeure"},
                ),
            ),
            n=1,
            d=3,
            unknown=1,
            excluded=1,
        ),
    ),
)
