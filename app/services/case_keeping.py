"""Keeping case files: from the tables into values that rules understand, and back, field by field of the same name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.casefile import Call, CaseFile, Consultation, Extension, FollowUp, Order, Part, Pause, Rating, Round
from app.entities.assignment_round import AssignmentRound
from app.entities.call import Call as CallRow
from app.entities.called_unit import CalledUnit
from app.entities.consultation import Consultation as ConsultationRow
from app.entities.extension import Extension as ExtensionRow
from app.entities.follow_up import FollowUp as FollowUpRow
from app.entities.rating import Rating as RatingRow
from app.entities.supervision_order import SupervisionOrder
from app.entities.suspension import Suspension
from app.entities.ticket import Ticket

APART = frozenset({"id", "version", "turns", "call_list", "pauses", "orders", "follow_ups", "consultations", "extensions", "ratings"})

CHILDREN: tuple[tuple[str, type[Any], type[Any]], ...] = (
    ("turns", Round, AssignmentRound),
    ("pauses", Pause, Suspension),
    ("extensions", Extension, ExtensionRow),
    ("ratings", Rating, RatingRow),
    ("orders", Order, SupervisionOrder),
    ("follow_ups", FollowUp, FollowUpRow),
    ("consultations", Consultation, ConsultationRow),
)
"""Lists of a case file, the value and the table behind each."""

ALIKE = {
    kind: tuple(f.name for f in fields(kind) if f.name not in {"id", "unit_type", "parts"})
    for kind in (Round, Pause, Extension, Rating, Order, FollowUp, Consultation)
}
CALL = tuple(f.name for f in fields(Call) if f.name not in {"id", "parts"})
PART = tuple(f.name for f in fields(Part) if f.name not in {"id", "call"})
TICKET = tuple(f.name for f in fields(CaseFile) if f.name not in APART)


def case_of(session: Session, ticket: Ticket, unit_types: dict[int, str]) -> CaseFile:
    """Everything the rules need to know of a ticket. The caller has made sure that all of it may be read."""
    case = CaseFile(id=ticket.id, version=ticket.version, **{name: getattr(ticket, name) for name in TICKET})
    for name, kind, table in CHILDREN:
        rows = _rows(session, table, ticket.id, table.id)
        getattr(case, name).extend(_value(kind, row) for row in rows)
    for turn in case.turns:
        turn.unit_type = unit_types.get(turn.unit_id, "department")
    statement = select(CallRow).where(CallRow.ticket_id == ticket.id).order_by(CallRow.ordinal)
    for row in session.execute(statement).scalars():
        call = Call(id=row.id, **{name: getattr(row, name) for name in CALL})
        parts = session.execute(select(CalledUnit).where(CalledUnit.call_id == row.id).order_by(CalledUnit.id)).scalars()
        call.parts = [Part(id=part.id, call=row.ordinal, **{name: getattr(part, name) for name in PART}) for part in parts]
        case.call_list.append(call)
    return case


def _rows(session: Session, table: Any, ticket_id: int, order: Any) -> Iterable[Any]:
    ordering = table.ordinal if table is AssignmentRound else order
    return session.execute(select(table).where(table.ticket_id == ticket_id).order_by(ordering)).scalars()


def _value(kind: type[Any], row: Any) -> Any:
    return kind(id=row.id, **{name: getattr(row, name) for name in ALIKE[kind]})


def keep(session: Session, ticket: Ticket, case: CaseFile) -> None:
    """Write back what differs, and add what is new; joins the caller's transaction."""
    _copy(case, ticket, TICKET)
    for name, kind, table in CHILDREN:
        _keep_all(session, getattr(case, name), ALIKE[kind], table, {"ticket_id": ticket.id})
    _keep_all(session, case.call_list, CALL, CallRow, {"ticket_id": ticket.id})
    if any(call.id is None for call in case.call_list):
        session.flush()
        made = session.execute(select(CallRow.ordinal, CallRow.id).where(CallRow.ticket_id == ticket.id))
        numbers = {row.ordinal: row.id for row in made}
        for call in case.call_list:
            call.id = numbers[call.ordinal]
    for call in case.call_list:
        _keep_all(session, call.parts, PART, CalledUnit, {"call_id": call.id})


def _keep_all(session: Session, values: Sequence[Any], names: Sequence[str], table: type[Any], own: dict[str, Any]) -> None:
    for value in values:
        if value.id is None:
            session.add(table(**own, **{name: getattr(value, name) for name in names}))
        else:
            row = session.get(table, value.id)
            assert row is not None
            _copy(value, row, names)


def _copy(value: Any, row: Any, names: Sequence[str]) -> None:
    for name in names:
        wanted = getattr(value, name)
        if getattr(row, name) != wanted:
            setattr(row, name, wanted)
