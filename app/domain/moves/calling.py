"""Calling departments to the front line and consulting with them (呼叫、协商)."""

from __future__ import annotations

from app.domain import rights
from app.domain.acts import calling, guards
from app.domain.moves.row import (
    AS_CALL,
    AT_WORK,
    CALLED_STAGE,
    CONSULTING,
    HANDLING,
    NOTE,
    REASON,
    RETURN_REASON,
    SAID,
    STAY,
    UNDER_CALL,
    Move,
    Need,
)
from app.domain.refusals import N_
from app.domain.relations import CALLED, CALLER, STREET_HOLDER, SYSTEM

CALLING: tuple[Move, ...] = (
    Move(
        "call", N_("Call departments"), AS_CALL, AT_WORK, (CALLED_STAGE,), rights.CALL, (STREET_HOLDER,), calling.call,
        (
            Need("lead", "unit", N_("Lead department"), of="department"),
            Need("support", "units", N_("Supporting departments"), required=False, of="department"),
            Need("reason", "choice", N_("Why the street-town cannot settle it alone"), of="call_reason"),
            Need("appointment_at", "moment", N_("Report in at")),
            Need("place", "text", N_("Meeting place"), required=False, help=N_("Empty: the ticket's place.")),
            Need("note", "long", N_("What is needed"), required=False),
        ),
        (guards.no_open_return, guards.not_claimed, guards.not_suspended, calling.departments_differ, calling.appointment_lies_ahead),
        starts=("call_sign", "respond", "arrive", "finish"), tone="usual",
    ),
    Move(
        "sign_call", N_("Sign the call"), AS_CALL, UNDER_CALL, STAY, rights.ANSWER, (CALLED,), calling.sign_call,
        guards=(calling.not_signed,), stops=("call_sign",), part=True, tone="main",
    ),
    Move(
        "respond", N_("Respond"), AS_CALL, UNDER_CALL, STAY, rights.ANSWER, (CALLED,), calling.respond, (NOTE,),
        (calling.not_responded, calling.no_call_return), stops=("call_sign", "respond"), part=True, tone="main",
    ),
    Move(
        "return_call", N_("Return the call"), AS_CALL, UNDER_CALL, STAY, rights.ANSWER, (CALLED,), calling.return_call,
        (RETURN_REASON, SAID), (calling.no_call_return, calling.not_reported_in), starts=("return_decide",), part=True, tone="rare",
    ),
    Move(
        "accept_call_return", N_("Release the department"), AS_CALL, UNDER_CALL, STAY,
        rights.CALL, (CALLER,),
        calling.accept_call_return, (NOTE,), (calling.call_return,), stops=("return_decide", "respond", "finish"),
        may=((CALLED_STAGE, HANDLING), (CONSULTING, HANDLING)), part=True, tone="main",
    ),
    Move(
        "reject_call_return", N_("Uphold the call"), AS_CALL, UNDER_CALL, STAY, rights.CALL, (CALLER,), calling.reject_call_return,
        (SAID,), (calling.call_return,), stops=("return_decide",), part=True,
    ),
    Move(
        "lapse_call_return", N_("Return of the call lapses"), AS_CALL, UNDER_CALL, STAY, rights.CLOCK, (SYSTEM,), calling.lapse_call_return,
        guards=(calling.call_return, calling.call_return_overdue), stops=("return_decide",), part=True,
    ),
    Move(
        "report_in", N_("Report in"), AS_CALL, UNDER_CALL, STAY,
        rights.ANSWER, (CALLED,), calling.report_in,
        (
            Need("person", "text", N_("Who is there"), required=False, help=N_("Empty: yourself.")),
            Need("place", "text", N_("Place"), required=False, help=N_("Empty: the meeting place.")),
        ),
        (calling.not_reported_in, calling.no_call_return), stops=("arrive", "respond", "call_sign"),
        may=((CALLED_STAGE, CONSULTING),), part=True, tone="main",
    ),
    Move(
        "record_report_in", N_("Record who came"), AS_CALL, UNDER_CALL, STAY, rights.CALL, (CALLER,),
        calling.report_in,
        (Need("person", "text", N_("Who is there"), least=2), Need("place", "text", N_("Place"), required=False)),
        (calling.not_reported_in,), stops=("arrive", "respond", "call_sign"), may=((CALLED_STAGE, CONSULTING),), part=True,
    ),
    Move(
        "mark_absent", N_("Mark absent"), AS_CALL, UNDER_CALL, STAY, rights.CALL, (CALLER,), calling.mark_absent,
        guards=(calling.not_reported_in, calling.appointment_over), stops=("arrive",), part=True, tone="rare",
    ),
    Move(
        "give_opinion", N_("Give consultation opinion"), AS_CALL, UNDER_CALL, STAY, rights.ANSWER, (CALLED,), calling.give_opinion,
        (Need("opinion", "long", N_("Opinion"), least=4),), (calling.responded,), part=True,
    ),
    Move(
        "conclude", N_("Submit consultation opinion"), AS_CALL, (CALLED_STAGE, CONSULTING), (HANDLING,),
        rights.CALL, (CALLER,), calling.conclude,
        (
            Need("opinion", "long", N_("Consultation opinion"), least=10),
            Need("participants", "text", N_("Who took part"), required=False),
            Need("tasks", "long", N_("Who does what by when"), required=False),
        ),
        (calling.somebody_came, guards.not_suspended), tone="main",
    ),
    Move(
        "finish", N_("Report own task done"), AS_CALL, UNDER_CALL, STAY, rights.ANSWER, (CALLED,), calling.finish,
        (SAID,), (calling.responded, calling.no_call_return), stops=("finish",), part=True, tone="main",
    ),
    Move(
        "withdraw_call", N_("Withdraw the call"), AS_CALL, UNDER_CALL, STAY,
        rights.CALL, (CALLER,), calling.withdraw,
        (REASON,), stops=("call_sign", "respond", "arrive", "finish"),
        may=((CALLED_STAGE, HANDLING), (CONSULTING, HANDLING)), part=True, tone="rare",
    ),
)  # fmt: skip
