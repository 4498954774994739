"""Call accuracy rate (呼叫准确率): how right the called departments found a street-town's calls."""

from __future__ import annotations

from app.domain.examples import mutual_examples
from app.domain.facts import CALL, CALLS, CASE, STREET_TOWN
from app.domain.indicators.base import Indicator, Verdict
from app.domain.judges import mutual
from app.domain.refusals import N_

WORTH = {"accurate": Verdict.HIT, "partly": Verdict.HALF}
"""What counts whole and what counts half; every other word counts nothing."""

INDICATOR = Indicator(
    code="CALL_ACC",
    position=130,
    name=N_("Call accuracy rate"),
    numerator=N_("Half cases earned: an accurate call two, a partly accurate one one"),
    denominator=N_("Calls on departments that these judged, two half cases each"),
    time_role="completed",
    clock=N_("The completion that was rated; what becomes readable after the month's cut-off counts in the next month"),
    basis=N_("Gulou front-line disposal: departments rate how accurate a call was; partly accurate counts half"),
    counts={STREET_TOWN: (CALL, CASE)},
    needs=(CALLS,),
    parts=2,
    nothing=N_("No rating of a call was given"),
    judge=mutual("accuracy", WORTH),
    note=N_("Counted in half cases, so that the rate stays exact; who gives no rating is neutral and counts under the missing ratings"),
    moments=("reported_at", "dispatched_at"),
    golden=mutual_examples("CALL_ACC", "accuracy", "accurate", "partly", "not_ours", STREET_TOWN),
)
