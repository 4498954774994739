"""Working a ticket: notes, referral, extension, suspension, supervision (处置、延期、挂起、督办)."""

from __future__ import annotations

from app.domain import rights
from app.domain.acts import assignment, guards, handling
from app.domain.moves.row import (
    AS_HANDLING,
    AS_REQUEST,
    AT_UNIT,
    AT_WORK,
    EVERYWHERE,
    HANDLING,
    IN_HAND,
    NOTE,
    REASON,
    SAID,
    SIGNED,
    STAY,
    Move,
    Need,
)
from app.domain.refusals import N_
from app.domain.relations import CALLED, CALLER, CENTRE, HOLDER, ORDERED, SYSTEM, TERRITORY

WORKING: tuple[Move, ...] = (
    Move(
        "start", N_("Start handling"), AS_HANDLING, (SIGNED,), (HANDLING,), rights.WORK, (HOLDER,), assignment.start,
        guards=(guards.no_open_return, guards.not_suspended), tone="main",
    ),
    Move(
        "contact", N_("Record contact with the citizen"), AS_HANDLING, AT_WORK, STAY, rights.WORK, (HOLDER,), handling.contact,
        (SAID,), stops=("contact",),
    ),
    Move(
        "note", N_("Add note"), AS_HANDLING, AT_UNIT, STAY, rights.WORK, (HOLDER, CALLED, TERRITORY), handling.note, (SAID,),
    ),
    Move(
        "refer", N_("Refer to a social service"), AS_HANDLING, IN_HAND, STAY, rights.WORK, (HOLDER, TERRITORY), handling.refer,
        (Need("partner", "partner", N_("Partner organisation")), SAID), tone="rare",
    ),
    Move(
        "request_extension", N_("Request extension"), AS_REQUEST, AT_WORK, STAY, rights.WORK, (HOLDER,), handling.request_extension,
        (Need("wanted_at", "moment", N_("New due time")), REASON),
        (guards.not_claimed, guards.not_suspended, guards.no_asked_extension, handling.before_due, handling.extensions_left,
        handling.lead_asks_again, handling.extension_fits), tone="rare",
    ),
    Move(
        "approve_extension", N_("Grant extension"), AS_REQUEST, AT_WORK, STAY, rights.DECIDE, (CENTRE,), handling.approve_extension,
        (NOTE,), (guards.asked_extension,), tone="main",
    ),
    Move(
        "reject_extension", N_("Refuse extension"), AS_REQUEST, AT_WORK, STAY, rights.DECIDE, (CENTRE,), handling.reject_extension,
        (SAID,), (guards.asked_extension,),
    ),
    Move(
        "request_suspension", N_("Request suspension"), AS_REQUEST, IN_HAND, STAY, rights.WORK, (HOLDER,), handling.request_suspension,
        (Need("reason", "choice", N_("Reason"), of="suspension_reason"), Need("until", "moment", N_("Until")), SAID),
        (guards.not_claimed, guards.not_suspended, guards.no_open_return, guards.no_asked_pause, handling.until_lies_ahead), tone="rare",
    ),
    Move(
        "approve_suspension", N_("Grant suspension"), AS_REQUEST, IN_HAND, STAY, rights.DECIDE, (CENTRE,), handling.approve_suspension,
        (NOTE,), (guards.asked_pause, guards.no_open_return, handling.pause_not_past), stops=("handle",), tone="main",
    ),
    Move(
        "reject_suspension", N_("Refuse suspension"), AS_REQUEST, IN_HAND, STAY, rights.DECIDE, (CENTRE,), handling.reject_suspension,
        (SAID,), (guards.asked_pause,),
    ),
    Move(
        "resume", N_("Resume"), AS_REQUEST, IN_HAND, STAY, rights.WORK, (HOLDER, CENTRE), handling.resume,
        guards=(guards.suspended,), starts=("handle",), tone="main",
    ),
    Move(
        "resume_on_time", N_("Suspension ends"), AS_REQUEST, IN_HAND, STAY, rights.CLOCK, (SYSTEM,), handling.resume,
        guards=(guards.suspended, handling.pause_is_over), starts=("handle",),
    ),
    Move(
        "supervise", N_("Issue supervision order"), AS_REQUEST, AT_UNIT, STAY, rights.SUPERVISE, (CENTRE, CALLER), handling.supervise,
        (Need("unit", "unit", N_("To which unit"), required=False, help=N_("Empty: the unit that holds the ticket.")),
         Need("note", "long", N_("What is demanded"), least=4), Need("reply_by", "moment", N_("Answer by"), required=False)),
        (handling.orders_a_unit_concerned, handling.answer_lies_ahead), starts=("supervise",), tone="rare",
    ),
    Move(
        "answer_order", N_("Answer supervision order"), AS_REQUEST, EVERYWHERE, STAY, rights.WORK, (ORDERED,), handling.answer_order,
        (Need("answer", "long", N_("Answer"), least=4),), (handling.order_to_answer,), stops=("supervise",), tone="main",
    ),
)  # fmt: skip
