"""Effect as rated (处置效果评价): how the calling street-towns found what a department achieved."""

from __future__ import annotations

from app.domain.examples import mutual_examples
from app.domain.facts import CALL, CALLS, DEPARTMENT, ROUND
from app.domain.indicators.base import Indicator, Verdict
from app.domain.judges import mutual
from app.domain.refusals import N_

WORTH = {"solved": Verdict.HIT, "partly": Verdict.HALF}
"""What counts whole and what counts half; every other word counts nothing."""

INDICATOR = Indicator(
    code="MUT_EFF",
    position=145,
    name=N_("Effect as rated"),
    numerator=N_("Half cases earned: settled two, partly settled one"),
    denominator=N_("Calls on the department whose effect the street-town rated, two half cases each"),
    time_role="completed",
    clock=N_("The completion that was rated; what becomes readable after the month's cut-off counts in the next month"),
    basis=N_("Gulou front-line disposal: street-towns rate the effect of a department's work; partly settled counts half"),
    counts={DEPARTMENT: (CALL, ROUND)},
    needs=(CALLS,),
    parts=2,
    nothing=N_("No rating of a call was given"),
    judge=mutual("effect", WORTH),
    note=N_("Counted in half cases, so that the rate stays exact; who gives no rating is neutral and counts under the missing ratings"),
    moments=("reported_at", "dispatched_at", "due_at", "completed_at"),
    golden=mutual_examples("MUT_EFF", "effect", "solved", "partly", "unsolved", DEPARTMENT),
)
