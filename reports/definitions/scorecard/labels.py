"""The scorecard's words: states, marks, outcomes and rules by the codes that figures carry."""

from __future__ import annotations

from app.domain import attribution, evaluation
from app.domain.refusals import N_

STATES = {
    evaluation.COMPUTED: N_("Provisional, not published"),
    evaluation.PUBLISHED: N_("Published"),
    evaluation.PRELIMINARY: N_("Preliminary list · to be checked before the appeal window closes"),
    evaluation.APPEALS: N_("Preliminary list · appeals being decided"),
    evaluation.FINAL: N_("Final list"),
    evaluation.SUPERSEDED: N_("Superseded by a correction · not to be used"),
}
MARKED = {
    evaluation.COMPUTED: N_("Provisional"),
    evaluation.PRELIMINARY: N_("Preliminary list"),
    evaluation.APPEALS: N_("Preliminary list"),
    evaluation.SUPERSEDED: N_("Superseded"),
}
TIME_ROLES = attribution.TIME_ROLES
NA_POLICIES = {
    "redistribute": N_("weight spread over the other lines"),
    "full": N_("full marks"),
    "exclude_unit": N_("unit listed apart"),
}
MARKS = {
    "hit": N_("Counted"),
    "most": N_("Counted four fifths"),
    "some": N_("Counted three fifths"),
    "half": N_("Counted half"),
    "miss": N_("Denominator only"),
    "extra": N_("Numerator only"),
    "pending": N_("Pending"),
    "unknown": N_("Not recorded"),
    "excluded": N_("Excluded"),
}
OPEN = "open"
OUTCOMES = {
    "on_time": N_("Completed in time"),
    "late": N_("Completed late"),
    "done": N_("Completed"),
    OPEN: N_("Still open"),
    "unknown": N_("Not recorded"),
}
SEVERITIES = {
    "blocking": N_("Blocks publishing"),
    "warning": N_("Warning"),
}
NOT_APPLICABLE = N_("n/a")
NOT_SCORED = N_("not scored")
FIRM = frozenset({evaluation.PUBLISHED, evaluation.FINAL})
