"""Rights at work: what each role may do with tickets; one half of every answer, the other half is the relation to the ticket.

The five rights devolved to street-towns in the source (呼叫权、考核权、监督权、调度权、建议权) are among them: call, assess,
supervise, dispatch (for the own matters), and suggest, which is the consultation opinion.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from app.domain.refusals import N_

DISPATCH, WORK, CALL, ANSWER, DECIDE = "dispatch", "work", "call", "answer", "decide"
VERIFY, REVIEW, ASSESS, SUPERVISE, CLOCK, CITIZEN = "verify", "review", "assess", "supervise", "clock", "citizen"

RIGHTS: Mapping[str, str] = {
    DISPATCH: N_("Dispatch"),
    WORK: N_("Handle"),
    CALL: N_("Call departments"),
    ANSWER: N_("Answer calls"),
    DECIDE: N_("Decide on requests"),
    VERIFY: N_("Verify completion"),
    REVIEW: N_("Review"),
    ASSESS: N_("Give rating"),
    SUPERVISE: N_("Supervise"),
    CLOCK: N_("The clock"),
    CITIZEN: N_("The citizen"),
}

RIGHTS_OF: Mapping[str, frozenset[str]] = {
    "command_centre": frozenset({DISPATCH, WORK, DECIDE, VERIFY, REVIEW, ASSESS, SUPERVISE}),
    "street_town": frozenset({DISPATCH, WORK, CALL, VERIFY, ASSESS, SUPERVISE}),
    "department": frozenset({WORK, ANSWER, ASSESS}),
    "department_lead": frozenset({WORK, ANSWER, ASSESS}),
    "system": frozenset({CLOCK, DISPATCH}),
    "citizen": frozenset({CITIZEN}),
}
"""By role. Roles that are not named here read, and work no ticket."""


def rights_of(roles: Iterable[str]) -> frozenset[str]:
    """Everything that these roles may do with tickets."""
    return _rights_of(frozenset(roles))


@cache
def _rights_of(roles: frozenset[str]) -> frozenset[str]:
    return frozenset().union(*(RIGHTS_OF.get(role, frozenset()) for role in roles))
