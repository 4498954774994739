"""Called where due (应呼尽呼率): rounds of a street-town that needed a department and in which one was called before the due time."""

from __future__ import annotations

from datetime import datetime

from app.domain.examples import at, duty
from app.domain.facts import BACKSTOP, CALLS, DISPATCH, ROUND, STREET_TOWN, Fact
from app.domain.indicators.base import Golden, Indicator, Verdict, unrecorded
from app.domain.period import Period, month_of
from app.domain.refusals import N_


def judge(fact: Fact, period: Period, as_of: datetime) -> Verdict:
    """A call is needed where the list gives the lead to a department, and wherever the street-town itself called.

    The backstop keeps what no department takes, and a reopened round goes on with whom it had: neither is asked for a call.
    """
    if fact.lacks(CALLS):
        return unrecorded(fact, period, CALLS)
    limit = fact.due_at
    calls = [call for call in fact.calls if call <= as_of and (fact.dispatched_at is None or call >= fact.dispatched_at)]
    needed = bool(calls) or (fact.wants_call and fact.turn == DISPATCH)
    if not needed or limit is None or not period.holds(limit):
        return Verdict.OUT
    if calls and min(calls) <= limit:
        return Verdict.HIT
    if fact.released_by(as_of):
        return Verdict.OUT
    undecided = limit > as_of or fact.stands_still_at(as_of)
    return Verdict.PENDING if undecided and not fact.done_by(as_of) else Verdict.MISS


INDICATOR = Indicator(
    code="CALL_DUE",
    position=125,
    name=N_("Called where due"),
    numerator=N_("Of these, a department was called before the due time"),
    denominator=N_("Rounds of the street-town due in the period that needed a department: the list gives it the lead, or it was called"),
    time_role="due",
    clock=N_("The due time of the round"),
    basis=N_("Gulou front-line disposal: what a street-town cannot settle alone is called for; the formula is this product's own"),
    counts={STREET_TOWN: (ROUND,)},
    needs=(CALLS,),
    nothing=N_("No matter needed a department"),
    judge=judge,
    note=N_("A call withdrawn as a whole is none"),
    moments=("reported_at", "dispatched_at", "due_at", "completed_at"),
    golden=(
        Golden(
            title="called at the limit, after it, settled alone, not needed, backstop, taken back before, limit to come, standing still",
            period=month_of("2026-09"),
            as_of=at("2026-09-20"),
            facts=(
                duty(1, "2026-09-01", kind=ROUND, group=STREET_TOWN, turn=DISPATCH, due_at="2026-09-10", calls=(at("2026-09-10"),)),
                duty(2, "2026-09-01", kind=ROUND, group=STREET_TOWN, turn=DISPATCH, due_at="2026-09-10", calls=(at("2026-09-10 00:01"),)),
                duty(
                    3,
                    "2026-09-01",
                    kind=ROUND,
                    group=STREET_TOWN,
                    turn=DISPATCH,
                    due_at="2026-09-25",
                    completed_at="2026-09-05",
                    wants_call=True,
                ),
                duty(4, "2026-09-01", kind=ROUND, group=STREET_TOWN, turn=DISPATCH, due_at="2026-09-10"),
                duty(5, "2026-09-01", kind=ROUND, group=STREET_TOWN, turn=BACKSTOP, due_at="2026-09-10", wants_call=True),
                duty(
                    6,
                    "2026-09-01",
                    kind=ROUND,
                    group=STREET_TOWN,
                    turn=DISPATCH,
                    due_at="2026-09-10",
                    wants_call=True,
                    withdrawn_at="2026-09-09",
                ),
                duty(7, "2026-09-01", kind=ROUND, group=STREET_TOWN, turn=DISPATCH, due_at="2026-09-25", wants_call=True),
                duty(
                    8,
                    "2026-09-01",
                    kind=ROUND,
                    group=STREET_TOWN,
                    turn=DISPATCH,
                    due_at="2026-09-10",
                    wants_call=True,
                    suspended_at="2026-09-05",
                ),
            ),
            n=1,
            d=3,
            pending=2,
        ),
        Golden(
            title="an earlier round's call does not count; no calls kept; void; excluded; another month",
            period=month_of("2026-09"),
            as_of=at("2026-10-03 09:00"),
            facts=(
                duty(
                    1,
                    "2026-08-01",
                    kind=ROUND,
                    group=STREET_TOWN,
                    turn=DISPATCH,
                    dispatched_at="2026-09-01",
                    due_at="2026-09-10",
                    wants_call=True,
                    calls=(at("2026-08-05"),),
                ),
                duty(2, "2026-09-01", kind=ROUND, group=STREET_TOWN, due_at="2026-09-10", unknown=frozenset({CALLS})),
                duty(
                    3, "2026-09-01", kind=ROUND, group=STREET_TOWN, turn=DISPATCH, due_at="2026-09-10", wants_call=True, returned="approved"
                ),
                duty(
                    4,
                    "2026-09-01",
                    kind=ROUND,
                    group=STREET_TOWN,
                    turn=DISPATCH,
                    due_at="2026-09-10",
                    wants_call=True,
                    excluded={"CALL_DUE": "outside_duty"},
                ),
                duty(5, "2026-09-01", kind=ROUND, group=STREET_TOWN, turn=DISPATCH, due_at="2026-10-01", wants_call=True),
            ),
            n=0,
            d=1,
            unknown=1,
            excluded=1,
        ),
    ),
)
