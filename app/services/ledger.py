"""The ledger: whole histories of tickets written at once, for imports and the demo district; one way in for both.

Tables are written in bulk here, beneath the row scope: whoever calls has been allowed to import for the district.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.clock import now
from app.crud.changes import entry
from app.crud.importing.bulk import append_rows, insert_rows
from app.crud.importing.writing import log_rows
from app.domain.acts.clocks import next_clock
from app.domain.casefile import APPROVED, VOIDED, CaseFile, Round
from app.domain.history import CalledHistory, CallHistory, RoundHistory, TicketHistory
from app.domain.moves.row import CALLED_STAGE, CONSULTING, HANDLING
from app.domain.refusals import ChangedMeanwhile
from app.entities.assignment_round import AssignmentRound
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.services.registration import lookup_code

TICKET: Any = Ticket.__table__
ROUND: Any = AssignmentRound.__table__
CALL: Any = Call.__table__
CALLED: Any = CalledUnit.__table__
EVENT: Any = TicketEvent.__table__

CHUNK = 500
UNDER_CALL = (CALLED_STAGE, CONSULTING)

ROUND_PARTS = (
    *("ordinal", "unit_id", "dispatched_at", "signed_at", "auto_signed", "due_at", "completed_at", "completed", "on_time"),
    *("returned", "returned_at", "return_reason", "reworks"),
)
CALLED_PARTS = (
    *("role", "signed_at", "response_due_at", "responded_at", "reported_in_at", "due_at", "finished_at", "withdrawn_at"),
    *("accuracy", "arrival", "effect"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A history about to be written: its number, where it comes from, and the fingerprint of what the source said."""

    number: str
    source_id: int
    history: TicketHistory
    fingerprint: str = ""
    list_version: str = ""
    calendar_version: str = ""
    due_provisional: bool = False


def record(session: Session, entries: Sequence[Entry], *, log: bool = True) -> list[int]:
    """Write new tickets with rounds, calls and events; returns their ids in order. Part of the caller's transaction."""
    ids: list[int] = []
    for start in range(0, len(entries), CHUNK):
        chunk = entries[start : start + CHUNK]
        made = insert_rows(session.connection(), TICKET, [{**_ticket_row(e), "lookup_code": lookup_code()} for e in chunk], _stamp())
        _record_parts(session, list(zip(made, chunk, strict=True)))
        if log:
            log_rows(session, [entry("Ticket", ticket_id, e.number, "create", None) for ticket_id, e in zip(made, chunk, strict=True)])
        ids += made
    return ids


def replace(session: Session, ticket_id: int, version: int, new: Entry) -> None:
    """Bring a ticket to what its source says now; what was there before is kept in the change log, whole, for undo."""
    before = snapshot(session, ticket_id)
    row = {k: v for k, v in _ticket_row(new).items() if k != "number"} | {"changed_at": now(), "changed_by_id": current_actor().user_id}
    done = session.connection().execute(
        update(TICKET).where(TICKET.c.id == ticket_id, TICKET.c.version == version).values(**row, version=version + 1)
    )
    if done.rowcount != 1:
        raise ChangedMeanwhile()
    _clear_parts(session, ticket_id)
    _record_parts(session, [(ticket_id, new)], correction=True)
    log_rows(session, [entry("Ticket", ticket_id, new.number, "update", {"history": [before, None]})])


def _ticket_row(e: Entry) -> dict[str, Any]:
    """The ticket's own columns."""
    h = e.history
    last = h.rounds[-1] if h.rounds else None
    return {
        **_standing(h),
        "number": e.number,
        "source_id": e.source_id,
        "source_no": h.source_no,
        "title": h.title[:200],
        "description": h.description,
        "urgency": h.urgency or "within_limit",
        "nature": h.nature,
        "matter_id": h.matter_id,
        "street_town_id": h.street_town_id,
        "community_id": h.community_id,
        "address": h.address[:300],
        "longitude": h.longitude,
        "latitude": h.latitude,
        "channel_id": h.channel_id,
        "proactive": h.proactive,
        "reporter_name": h.reporter_name[:60],
        "reporter_phone": h.reporter_phone[:30],
        "unit_id": last.unit_id if last else None,
        "rounds": len(h.rounds),
        "result": h.result,
        "opinion": h.opinion,
        "rating": h.rating,
        "rated_at": h.rated_at,
        "reworks": h.reworks,
        "fallback": h.fallback,
        "reported_at": h.reported_at,
        "due_at": h.due_at,
        "completed_at": h.completed_at,
        "completed": h.completed,
        "on_time": h.on_time,
        "voided": h.voided,
        "due_provisional": e.due_provisional,
        "unknown": sorted(h.unknown),
        "list_version": e.list_version,
        "calendar_version": e.calendar_version,
        "fingerprint": e.fingerprint,
    }


def _standing(h: TicketHistory) -> dict[str, Any]:
    """How the ticket stands, and which clock runs, so that moves go on from what a ledger tells.

    A call that the ledger names as a stage but does not hold cannot be answered; such a ticket is in handling.
    """
    stage, ended = HANDLING if h.stage in UNDER_CALL and not h.calls else h.stage, VOIDED if h.voided else ""
    turns = [Round(turn.ordinal, turn.unit_id, due_at=turn.due_at) for turn in h.rounds[-1:]]
    clock, due_at = next_clock(CaseFile(stage=stage, ended=ended, turns=turns))
    returns = sum(1 for turn in h.rounds if turn.returned == APPROVED)
    standing = {"stage": stage, "ended": ended, "next_clock": clock, "next_due_at": due_at, "returns": returns, "calls": len(h.calls)}
    return standing | {"claimed_at": None, "suspended": False}


def _stamp() -> dict[str, Any]:
    moment, user = now(), current_actor().user_id
    return {"version": 1, "created_at": moment, "changed_at": moment, "created_by_id": user, "changed_by_id": user}


def _record_parts(session: Session, tickets: Sequence[tuple[int, Entry]], *, correction: bool = False) -> None:
    stamp, connection = _stamp(), session.connection()
    append_rows(connection, ROUND, [_round_row(ticket_id, turn) for ticket_id, e in tickets for turn in e.history.rounds], stamp)
    calls = [(ticket_id, call) for ticket_id, e in tickets for call in e.history.calls]
    made = insert_rows(connection, CALL, [_call_row(ticket_id, call) for ticket_id, call in calls], stamp)
    parts = [_called_row(call_id, part) for call_id, (_, call) in zip(made, calls, strict=True) for part in call.departments]
    append_rows(connection, CALLED, parts, stamp)
    actor, moment = current_actor(), now()
    seen = {"from_stage": "", "recorded_at": moment, "user_id": actor.user_id, "user_name": actor.name[:128]}
    events = [event for ticket_id, e in tickets for event in (_correction(ticket_id, e, moment) if correction else _events(ticket_id, e))]
    append_rows(connection, EVENT, events, seen)


def _call_row(ticket_id: int, call: CallHistory) -> dict[str, Any]:
    return {
        "ticket_id": ticket_id,
        "ordinal": call.ordinal,
        "street_town_id": call.street_town_id,
        "reason": call.reason,
        "issued_at": call.issued_at,
        "appointment_at": call.appointment_at,
        "place": call.place[:200],
    }


def _round_row(ticket_id: int, turn: RoundHistory) -> dict[str, Any]:
    same = {"ticket_id": ticket_id, "limit": "", "base_due_at": turn.due_at, "disposed_at": turn.completed_at}
    return same | {name: getattr(turn, name) for name in ROUND_PARTS}


def _called_row(call_id: int, part: CalledHistory) -> dict[str, Any]:
    return {"call_id": call_id, "unit_id": part.department_id, **{name: getattr(part, name) for name in CALLED_PARTS}}


def _event(ticket_id: int, action: str, happened: datetime, to: str, unit: int | None, **details: Any) -> dict[str, Any]:
    return {"ticket_id": ticket_id, "action": action, "to_stage": to, "happened_at": happened, "unit_id": unit, "details": details}


def _correction(ticket_id: int, e: Entry, moment: datetime) -> list[dict[str, Any]]:
    """A corrected history only says that it was corrected."""
    return [_event(ticket_id, "correct", moment, e.history.stage, None)]


def _events(ticket_id: int, e: Entry) -> list[dict[str, Any]]:
    """The timeline that a history implies."""
    h = e.history
    found = [_event(ticket_id, "report", h.reported_at, "reported", None)]

    def add(action: str, happened: datetime | None, to: str, unit: int | None, **details: Any) -> None:
        if happened is not None:
            found.append(_event(ticket_id, action, happened, to, unit, **details))

    for turn in h.rounds:
        add("dispatch", turn.dispatched_at, "dispatched", turn.unit_id, round=turn.ordinal)
        add("sign", turn.signed_at, "signed", turn.unit_id, round=turn.ordinal)
        add("return", turn.returned_at, "dispatched", turn.unit_id, round=turn.ordinal, state=turn.returned, reason=turn.return_reason)
    for call in h.calls:
        departments = [part.department_id for part in call.departments]
        add("call", call.issued_at, "called", call.street_town_id, call=call.ordinal, departments=departments)
        for part in call.departments:
            add("report_in", part.reported_in_at, "consulting", part.department_id, call=call.ordinal)
            add("finish", part.finished_at, "handling", part.department_id, call=call.ordinal)
    add("complete", h.completed_at, "completed", h.rounds[-1].unit_id if h.rounds else None, result=h.result)
    add("rate", h.rated_at, "evaluating", None, rating=h.rating)
    return sorted(found, key=itemgetter("happened_at"))


def _clear_parts(session: Session, ticket_id: int) -> None:
    session.connection().execute(delete(ROUND).where(ROUND.c.ticket_id == ticket_id))
    session.connection().execute(delete(CALL).where(CALL.c.ticket_id == ticket_id))


def snapshot(session: Session, ticket_id: int) -> dict[str, Any]:
    """A ticket with its rounds and calls as plain JSON, complete enough to put it back."""
    connection = session.connection()
    ticket = connection.execute(select(TICKET).where(TICKET.c.id == ticket_id)).mappings().one()
    rounds = connection.execute(select(ROUND).where(ROUND.c.ticket_id == ticket_id)).mappings().all()
    calls = connection.execute(select(CALL).where(CALL.c.ticket_id == ticket_id)).mappings().all()
    called = connection.execute(select(CALLED).where(CALLED.c.call_id.in_([c["id"] for c in calls]))).mappings().all()
    return {
        "ticket": _plain(ticket),
        "rounds": [_plain(r) for r in rounds],
        "calls": [_plain(c) for c in calls],
        "called": [_plain(c) for c in called],
    }


def put_back(session: Session, saved: dict[str, Any]) -> None:
    """Restore what ``snapshot`` kept."""
    connection = session.connection()
    ticket = _typed(TICKET, saved["ticket"])
    ticket_id = ticket.pop("id")
    ticket.pop("version")
    _clear_parts(session, ticket_id)
    connection.execute(update(TICKET).where(TICKET.c.id == ticket_id).values(**ticket, version=TICKET.c.version + 1))
    for table, rows in ((ROUND, saved["rounds"]), (CALL, saved["calls"]), (CALLED, saved["called"])):
        if rows:
            connection.execute(insert(table), [_typed(table, row) for row in rows])


def _plain(row: Any) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, datetime) else str(v) if type(v).__name__ == "Decimal" else v for k, v in row.items()}


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    moments = {c.name for c in table.columns if type(c.type).__name__ == "UTCDateTime"}
    return {k: datetime.fromisoformat(v) if k in moments and v else v for k, v in row.items()}


def fingerprint_of(values: Iterable[Any]) -> str:
    """What a source said about a ticket, in 64 characters; the same words give the same fingerprint anywhere."""
    return hashlib.sha256("\0".join(map(str, values)).encode(errors="surrogatepass")).hexdigest()
