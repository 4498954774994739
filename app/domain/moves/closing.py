"""Completion, verification, review, archive and reopening (办结、审核、归档、重办)."""

from __future__ import annotations

from app.domain import rights
from app.domain.acts import assignment, closing, guards
from app.domain.moves.row import (
    ARCHIVED,
    AS_COMPLETION,
    COMPLETED,
    DISPATCHED,
    DUE,
    EVALUATING,
    HANDLING,
    NOTE,
    REASON,
    RESULT,
    RESULT_IF_CHANGED,
    REVIEWING,
    SAID,
    STAY,
    Move,
    Need,
)
from app.domain.refusals import N_
from app.domain.relations import CENTRE, CENTRE_INSTEAD, HOLDER, SYSTEM, TERRITORY

CLOSING: tuple[Move, ...] = (
    Move(
        "claim_done", N_("Claim completion"), AS_COMPLETION, (HANDLING,), STAY, rights.WORK, (HOLDER,), closing.claim_done,
        (RESULT, SAID), (guards.not_claimed, guards.not_suspended, guards.no_standing_call, guards.no_open_return),
        stops=("handle",), tone="main",
    ),
    Move(
        "complete", N_("Complete"), AS_COMPLETION, (HANDLING,), (COMPLETED,), rights.VERIFY, (TERRITORY, CENTRE_INSTEAD), closing.complete,
        (Need("opinion", "long", N_("Completion opinion"), least=10), RESULT_IF_CHANGED),
        (closing.claimed_or_own, guards.not_suspended, guards.no_standing_call, guards.no_open_return, closing.result_is_known),
        stops=("handle",), tone="main", about=N_("The sub-centre has verified the result."),
    ),
    Move(
        "reject_claim", N_("Not done yet"), AS_COMPLETION, (HANDLING,), STAY,
        rights.VERIFY, (TERRITORY, CENTRE_INSTEAD), closing.reject_claim,
        (REASON,), (guards.claimed,), starts=("handle",), about=N_("Counts as rework; the clock stood still while others looked."),
    ),
    Move(
        "take_review", N_("Start review"), AS_COMPLETION, (COMPLETED,), (REVIEWING,), rights.REVIEW, (CENTRE,), closing.take_review,
        guards=(closing.reviewer_is_another,), tone="main",
    ),
    Move(
        "pass_review", N_("Pass review"), AS_COMPLETION, (REVIEWING,), (EVALUATING,), rights.REVIEW, (CENTRE,), closing.pass_review,
        (Need("checks", "choices", N_("Checked"), required=False, of="review_check"), NOTE), (closing.reviewer_is_another,),
        starts=("rate_unit", "rate_citizen"), tone="main",
    ),
    Move(
        "fail_review", N_("Send back for rework"), AS_COMPLETION, (REVIEWING,), (HANDLING,), rights.REVIEW, (CENTRE,), closing.fail_review,
        (REASON,), (closing.reviewer_is_another,), starts=("handle",),
    ),
    Move(
        "archive", N_("Archive"), AS_COMPLETION, (EVALUATING,), (ARCHIVED,), rights.REVIEW, (CENTRE,), closing.archive,
        (Need("waiver", "text", N_("Why ratings are not awaited"), required=False, least=4),),
        (closing.window_over, closing.backstop_is_settled), stops=("rate_unit", "rate_citizen"), tone="main",
    ),
    Move(
        "archive_on_time", N_("Rating window ends"), AS_COMPLETION, (EVALUATING,), (ARCHIVED,), rights.CLOCK, (SYSTEM,), closing.archive,
        guards=(closing.window_over, closing.backstop_is_settled), stops=("rate_unit", "rate_citizen"),
    ),
    Move(
        "reopen", N_("Reopen"), AS_COMPLETION, (EVALUATING, ARCHIVED), STAY, rights.DECIDE, (CENTRE,), closing.reopen,
        (REASON, Need("unit", "unit", N_("Unit"), required=False, help=N_("Empty: the unit that had it last.")), DUE),
        (closing.within_reopening, closing.somebody_takes_it, assignment.due_lies_ahead),
        may=tuple((start, end) for start in (EVALUATING, ARCHIVED) for end in (HANDLING, DISPATCHED)),
        starts=("handle",), tone="rare",
        about=N_("The old round keeps its result; a new one begins."),
    ),
)  # fmt: skip
