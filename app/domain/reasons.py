"""Why a unit has no figure: the sentence that stands where a rate would, instead of a zero nobody earned."""

from __future__ import annotations

from app.domain import facts
from app.domain.counts import Count
from app.domain.indicators import all_indicators
from app.domain.refusals import N_, Phrase

NOTHING_DUE = Phrase(N_("Nothing fell due"))
NO_WORK = Phrase(N_("No work fell due in this period"))
NOTHING_SCORED = Phrase(N_("This scheme shows figures and scores none of them"))
UNDECIDED = Phrase(N_("What counts here is not decided yet"))
ALL_EXCLUDED = Phrase(N_("Everything that would count was excluded"))
NO_SIZE = Phrase(N_("Area and population of the unit are not recorded"))
NO_GROUP = Phrase(N_("Nobody in the group has any"))
NOT_TOLD = Phrase(N_("The records do not say enough to judge this"))

LACKING = {
    facts.SIGNED: Phrase(N_("The source does not record signing times")),
    facts.RESPONDED: Phrase(N_("The source does not record responses to calls")),
    facts.CONTACTS: Phrase(N_("The source does not record contacts with citizens")),
    facts.EXTENSIONS: Phrase(N_("The source does not record extensions")),
    facts.SUSPENSIONS: Phrase(N_("The source does not record suspensions")),
    facts.FOLLOW_UPS: Phrase(N_("The source does not record follow-ups")),
    facts.RETURNS: Phrase(N_("The source does not record returns")),
    facts.REWORKS: Phrase(N_("The source does not record rework")),
    facts.RATING: Phrase(N_("The source does not record citizens' ratings")),
    facts.CALLS: Phrase(N_("The source does not record calls")),
    facts.DISPATCHED: Phrase(N_("The source does not record dispatch times")),
    facts.OUTCOME: Phrase(N_("The source does not record whether work was completed")),
    facts.DUE: Phrase(N_("The source does not record due times")),
    facts.COMPLETED: Phrase(N_("The source does not record completion times")),
    facts.REPORTED: Phrase(N_("The source does not record reporting times")),
}
"""What a source may never have recorded (``Fact.unknown``); of several the first is named, the most particular one."""


def why_no_figure(code: str, count: Count) -> Phrase:
    """Why the indicator ``code`` has no denominator (handbook §2.5): what had to be left out, else that there was nothing."""
    if count.unknown:
        return next((phrase for name, phrase in LACKING.items() if name in count.lacking), NOT_TOLD)
    if count.pending:
        return UNDECIDED
    if count.excluded:
        return ALL_EXCLUDED
    measure = all_indicators().get(code)
    return Phrase(measure.nothing) if measure else NOTHING_DUE
