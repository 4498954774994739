"""Getting a ticket to its unit: amend, dispatch, sign, return, redirect, and both backstops (分发、签收、兜底)."""

from __future__ import annotations

from app.domain import rights
from app.domain.acts import assignment, guards
from app.domain.moves.row import (
    AS_ASSIGNMENT,
    DISPATCHED,
    DUE,
    HANDLING,
    NOTE,
    REASON,
    REPORTED,
    RETURN_REASON,
    RETURNABLE,
    SAID,
    SIGNED,
    STAY,
    UNIT,
    UNIT_IF_ANY,
    Move,
    Need,
)
from app.domain.refusals import N_
from app.domain.relations import CENTRE, HOLDER, STREET_HOLDER, SYSTEM, TERRITORY

ASSIGNING: tuple[Move, ...] = (
    Move(
        "amend", N_("Amend registration"), AS_ASSIGNMENT, (REPORTED,), STAY,
        rights.DISPATCH, (CENTRE, TERRITORY), assignment.amend,
        (
            Need("matter", "matter", N_("Matter"), required=False),
            Need("street_town", "unit", N_("Street-town"), required=False, of="street_town"),
            Need("urgency", "urgency", N_("Urgency"), required=False),
            Need("address", "text", N_("Place"), required=False),
            Need("reason", "text", N_("Reason"), least=2),
        ),
        (assignment.says_something_new,), tone="rare",
    ),
    Move(
        "dispatch", N_("Dispatch"), AS_ASSIGNMENT, (REPORTED,), (DISPATCHED,),
        rights.DISPATCH, (CENTRE, TERRITORY, SYSTEM), assignment.dispatch,
        (UNIT, DUE, NOTE), (assignment.own_unit_only, assignment.due_is_known, assignment.due_lies_ahead),
        starts=("sign", "contact", "handle"), tone="main",
    ),
    Move(
        "redirect", N_("Redirect"), AS_ASSIGNMENT, RETURNABLE, (DISPATCHED,), rights.DECIDE, (CENTRE,), assignment.redirect,
        (UNIT, REASON, DUE), (guards.no_standing_call, guards.not_suspended, guards.not_claimed, assignment.another_unit,
        assignment.due_is_known, assignment.due_lies_ahead), starts=("sign", "contact", "handle"), stops=("sign", "handle"), tone="rare",
    ),
    Move(
        "sign", N_("Sign"), AS_ASSIGNMENT, (DISPATCHED,), (SIGNED,), rights.WORK, (HOLDER,), assignment.sign,
        guards=(guards.no_open_return,), stops=("sign",), tone="main",
    ),
    Move(
        "request_return", N_("Request return"), AS_ASSIGNMENT, RETURNABLE, STAY, rights.WORK, (HOLDER,), assignment.request_return,
        (RETURN_REASON, SAID), (guards.no_open_return, guards.not_claimed, guards.not_suspended, guards.no_standing_call,
        assignment.not_the_backstop, assignment.may_still_return), starts=("return_decide",), tone="rare",
        about=N_("The clock goes on until the return is accepted; an undecided request lapses."),
    ),
    Move(
        "cancel_return", N_("Keep after all"), AS_ASSIGNMENT, RETURNABLE, STAY, rights.WORK, (HOLDER,), assignment.cancel_return,
        guards=(guards.open_return,), stops=("return_decide",),
    ),
    Move(
        "approve_return", N_("Accept return"), AS_ASSIGNMENT, RETURNABLE, STAY, rights.DECIDE, (CENTRE,),
        assignment.approve_return, (UNIT_IF_ANY, DUE, NOTE),
        (guards.open_return, assignment.another_unit, assignment.due_is_known, assignment.due_lies_ahead),
        stops=("return_decide", "sign", "handle"), tone="main",
        may=(*((stage, REPORTED) for stage in RETURNABLE), (SIGNED, DISPATCHED), (HANDLING, DISPATCHED)),
    ),
    Move(
        "reject_return", N_("Reject return"), AS_ASSIGNMENT, RETURNABLE, STAY, rights.DECIDE, (CENTRE,), assignment.reject_return,
        (SAID,), (guards.open_return,), stops=("return_decide",),
    ),
    Move(
        "lapse_return", N_("Return lapses"), AS_ASSIGNMENT, RETURNABLE, STAY, rights.CLOCK, (SYSTEM,), assignment.lapse_return,
        guards=(guards.open_return, assignment.return_overdue), stops=("return_decide",),
    ),
    Move(
        "escalate", N_("Escalate to the command centre"), AS_ASSIGNMENT, (SIGNED, HANDLING), (DISPATCHED,), rights.WORK, (STREET_HOLDER,),
        assignment.escalate, (REASON,),
        (assignment.centre_is_known, guards.no_standing_call, guards.no_open_return, guards.not_claimed, guards.not_suspended),
        starts=("sign", "contact"), stops=("handle",), tone="rare", about=N_("Upward backstop: the ticket keeps its mark to the end."),
    ),
    Move(
        "backstop", N_("Assign as backstop to the street-town"), AS_ASSIGNMENT, (REPORTED, *RETURNABLE), (DISPATCHED,),
        rights.DECIDE, (CENTRE,),
        assignment.backstop, (REASON, DUE),
        (assignment.has_territory, assignment.not_in_its_territory, guards.no_standing_call, guards.not_claimed, guards.not_suspended),
        starts=("sign", "contact", "handle"), stops=("handle",), tone="rare",
        about=N_("Downward backstop: the street-town keeps what nobody else owns and cannot return it."),
    ),
)  # fmt: skip
