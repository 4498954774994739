"""A ticket as programs read it: facts, stage, everything that hangs on it, its clocks, its timeline, and what may be done next."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.move_forms import allowed, not_yet
from app.core.acting import current_actor
from app.core.clock import now
from app.core.languages import words
from app.crud.listing import eager
from app.crud.resource import Resource, resource_of
from app.crud.schemas import read_schema
from app.crud.traces import actor_name
from app.domain.casefile import CaseFile
from app.domain.machine import STAGE_NAMES, offers
from app.domain.moves import BY_ACTION
from app.domain.refusals import N_
from app.entities.assignment_round import AssignmentRound
from app.entities.attachment import Attachment
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.consultation import Consultation
from app.entities.extension import Extension
from app.entities.follow_up import FollowUp
from app.entities.rating import Rating
from app.entities.supervision_order import SupervisionOrder
from app.entities.suspension import Suspension
from app.entities.ticket import Ticket
from app.queries.clocks import clock_rows, clocks_told
from app.services.progress import sit
from app.web.ticket_timeline import events_of, names_in
from app.web.ticket_words import told

CHILDREN: dict[str, type[Any]] = {
    "rounds": AssignmentRound,
    "extensions": Extension,
    "suspensions": Suspension,
    "orders": SupervisionOrder,
    "consultations": Consultation,
    "ratings": Rating,
    "follow_ups": FollowUp,
    "attachments": Attachment,
}
"""Ledgers of a ticket, by the name under which programs find them."""

REPORT = N_("Registered")
SHORT = {"report": REPORT, "import": N_("Imported")}


def state_of(session: Session, ticket: Ticket) -> dict[str, Any]:
    """Everything the actor may read of a ticket, and may do with it now."""
    sitting = sit(session, ticket)
    found = offers(sitting.case, current_actor(), now(), sitting.rules)
    return {
        "number": ticket.number,
        "id": ticket.id,
        "version": ticket.version,
        "stage": stage(ticket.stage),
        "ended": ticket.ended,
        "facts": dumped(ticket),
        **{name: ledger(session, entity, ticket) for name, entity in CHILDREN.items()},
        "calls": calls(session, ticket),
        "clocks": clock_rows(clocks_told(session, sitting.case, sitting.rules, now()), words()),
        "timeline": timeline(session, ticket, sitting.case),
        "allowed_moves": allowed(session, found, sitting.case),
        "not_yet": not_yet(session, found),
    }


def stage(code: str) -> dict[str, str]:
    """A stage: its code, its name in the reader's language, and its published names."""
    name = STAGE_NAMES.get(code, code)
    return {"code": code, "name": words()(name), "zh": words("zh")(name), "en": words("en")(name)}


@cache
def _schema(resource: Resource) -> Any:
    return read_schema(resource, f"{resource.name}_state")


def dumped(row: Any, *apart: str) -> dict[str, Any]:
    """A row as the generated doors write it out (personal data masked), without what the place where it stands says already."""
    written: dict[str, Any] = _schema(resource_of(type(row))).dump(row)
    return {name: value for name, value in written.items() if name not in apart}


def ledger(session: Session, entity: type[Any], ticket: Ticket) -> list[dict[str, Any]]:
    """The rows of one ledger that the actor may read, oldest first."""
    statement = select(entity).where(entity.ticket_id == ticket.id).order_by(entity.id)
    resource = resource_of(entity)
    rows = session.execute(statement.options(*eager(resource, tuple(name for name in resource.fields if name != "ticket")))).scalars()
    return [{**dumped(row, "ticket"), **({"part": row.part} if entity is Rating else {})} for row in rows]


def calls(session: Session, ticket: Ticket) -> list[dict[str, Any]]:
    """Every call with the departments it concerns; ``part`` is how moves name one of them."""
    rows = session.execute(select(Call).where(Call.ticket_id == ticket.id).order_by(Call.ordinal)).scalars().all()
    parts = (
        session.execute(select(CalledUnit).where(CalledUnit.call_id.in_([row.id for row in rows])).order_by(CalledUnit.id)).scalars().all()
    )
    return [
        {
            **dumped(call, "ticket"),
            "units": [{"part": f"{call.ordinal}.{part.unit_id}", **dumped(part, "call")} for part in parts if part.call_id == call.id],
        }
        for call in rows
    ]


def timeline(session: Session, ticket: Ticket, case: CaseFile) -> list[dict[str, Any]]:
    """Who did what when, oldest first; ``text`` says it as the ticket's page does."""
    writer, events = words(), events_of(session, ticket.id)
    names = names_in(session, events, case, writer)
    return [
        {
            "version": event.version,
            "action": event.action,
            "name": writer(BY_ACTION[event.action].name if event.action in BY_ACTION else SHORT.get(event.action, event.action)),
            "from_stage": event.from_stage,
            "to_stage": event.to_stage,
            "happened_at": moment(event.happened_at),
            "recorded_at": moment(event.recorded_at),
            "text": told(event.action, event.details, names, writer).sentence,
            "unit": {"id": event.unit_id, "text": names.units.get(event.unit_id, "")} if event.unit_id else None,
            "who": actor_name(event.user_name, writer),
            "details": event.details,
        }
        for event in events
    ]


def moment(value: Any) -> str | None:
    """ISO 8601, UTC."""
    return value.isoformat().replace("+00:00", "Z") if value else None
