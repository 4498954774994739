"""Report-in as rated (报到情况评价): how the calling street-towns found that a department reported in."""

from __future__ import annotations

from app.domain.examples import mutual_examples
from app.domain.facts import CALL, CALLS, DEPARTMENT, ROUND
from app.domain.indicators.base import Indicator, Verdict
from app.domain.judges import mutual
from app.domain.refusals import N_

WORTH = {"on_time": Verdict.HIT, "late": Verdict.HALF, "remote": Verdict.HALF}
"""What counts whole and what counts half; every other word counts nothing."""

INDICATOR = Indicator(
    code="MUT_ARR",
    position=140,
    name=N_("Report-in as rated"),
    numerator=N_("Half cases earned: on time two, late or from afar one"),
    denominator=N_("Calls on the department whose report-in the street-town rated, two half cases each"),
    time_role="completed",
    clock=N_("The completion that was rated; what becomes readable after the month's cut-off counts in the next month"),
    basis=N_("Gulou front-line disposal: street-towns rate how departments report in; late or from afar counts half"),
    counts={DEPARTMENT: (CALL, ROUND)},
    needs=(CALLS,),
    parts=2,
    nothing=N_("No rating of a call was given"),
    judge=mutual("arrival", WORTH),
    note=N_("Counted in half cases, so that the rate stays exact; who gives no rating is neutral and counts under the missing ratings"),
    moments=("reported_at", "dispatched_at", "appointment_at", "reported_in_at"),
    golden=mutual_examples("MUT_ARR", "arrival", "on_time", "late", "absent", DEPARTMENT),
)
