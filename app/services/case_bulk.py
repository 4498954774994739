"""Keeping many new case files at once: the same fields as one by one (``case_keeping``), every move a line in the timeline.

Tables are written in bulk here, beneath the row scope: whoever calls lays out a whole district.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from sqlalchemy.orm import Session

from app.crud.importing.bulk import append_rows, insert_rows
from app.domain.actors import Actor
from app.domain.casefile import CaseFile, Happening
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.rating import Rating, link_token
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.services.case_keeping import ALIKE, CALL, CHILDREN, PART, TICKET
from app.services.progress import plain
from app.services.registration import lookup_code

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A case file about to be written: ``facts`` are the columns of its registration, ``origin`` number, source and versions.

    ``happened`` begins with the registration; the ticket's version is their number.
    """

    facts: Mapping[str, Any]
    origin: Mapping[str, Any]
    case: CaseFile
    happened: Sequence[tuple[Happening, Actor]] = field(default_factory=tuple)


def keep_new(session: Session, kept: Sequence[Kept]) -> list[int]:
    """Write new tickets with everything that belongs to them; returns their ids in order. Part of the caller's transaction."""
    ids: list[int] = []
    for start in range(0, len(kept), CHUNK):
        chunk = kept[start : start + CHUNK]
        made = insert_rows(session.connection(), _table(Ticket), [_ticket(each) for each in chunk])
        _keep_children(session, list(zip(made, chunk, strict=True)))
        ids += made
    return ids


def _table(entity: type[Any]) -> Any:
    return entity.__table__


def _ticket(kept: Kept) -> dict[str, Any]:
    return {
        **kept.facts,
        **_fields(kept.case, TICKET),
        **kept.origin,
        "lookup_code": lookup_code(),
        "version": len(kept.happened),
        **_stamp(kept),
    }


def _fields(value: Any, names: Sequence[str]) -> dict[str, Any]:
    return dict(zip(names, attrgetter(*names)(value), strict=True))


def _stamp(kept: Kept) -> dict[str, Any]:
    """Who made and last changed it: as if every move had been made when it happened."""
    (first, registrar), (last, mover) = kept.happened[0], kept.happened[-1]
    return {
        "created_at": first.happened_at,
        "changed_at": last.happened_at,
        "created_by_id": registrar.user_id,
        "changed_by_id": mover.user_id,
    }


def _keep_children(session: Session, tickets: Sequence[tuple[int, Kept]]) -> None:
    connection = session.connection()
    for name, kind, entity in CHILDREN:
        rows = [
            {
                "ticket_id": ticket_id,
                **_fields(value, ALIKE[kind]),
                **({"token": link_token(value.kind)} if entity is Rating else {}),
                **stamp,
            }
            for ticket_id, kept, stamp in _stamped(tickets)
            for value in getattr(kept.case, name)
        ]
        append_rows(connection, _table(entity), rows, {"version": 1})
    calls = [(ticket_id, call, stamp) for ticket_id, kept, stamp in _stamped(tickets) for call in kept.case.call_list]
    rows = [{"ticket_id": ticket_id, **_fields(call, CALL), **stamp} for ticket_id, call, stamp in calls]
    made = insert_rows(connection, _table(Call), rows, {"version": 1})
    parts = [
        {"call_id": call_id, **_fields(part, PART), **stamp}
        for call_id, (_, call, stamp) in zip(made, calls, strict=True)
        for part in call.parts
    ]
    append_rows(connection, _table(CalledUnit), parts, {"version": 1})
    append_rows(connection, _table(TicketEvent), [event for ticket_id, kept in tickets for event in _events(ticket_id, kept)])


def _stamped(tickets: Sequence[tuple[int, Kept]]) -> Iterable[tuple[int, Kept, dict[str, Any]]]:
    return ((ticket_id, kept, _stamp(kept)) for ticket_id, kept in tickets)


def _events(ticket_id: int, kept: Kept) -> Iterable[dict[str, Any]]:
    for version, (happening, who) in enumerate(kept.happened, 1):
        yield {
            "ticket_id": ticket_id,
            "version": version,
            "action": happening.action,
            "from_stage": happening.from_stage,
            "to_stage": happening.to_stage,
            "happened_at": happening.happened_at,
            "recorded_at": happening.happened_at,
            "unit_id": happening.unit_id,
            "user_id": who.user_id,
            "user_name": who.name[:128],
            "details": plain(happening.details),
        }
