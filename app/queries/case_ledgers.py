"""What stands beside the tickets of a period: rounds, calls, requests, ratings, follow-ups, reopenings, and who leads by the list.

Core statements on purpose, like the facts that are made from them: an evaluation is computed for the whole district.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, select
from sqlalchemy.orm import Session

from app.core.rows import named_rows, shared
from app.domain.period import Period
from app.domain.rulebook import Rulebook
from app.domain.worked import WorkMeter
from app.entities.assignment_round import AssignmentRound
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.extension import Extension
from app.entities.follow_up import FollowUp
from app.entities.rating import Rating
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.entities.suspension import Suspension
from app.entities.ticket_event import TicketEvent
from app.entities.unit import Unit
from app.queries.repeats import repeats
from app.queries.rulebook import Ground as Rules
from app.queries.rulebook import ground_of, upwards

_R: Any = AssignmentRound.__table__
_C: Any = Call.__table__
_P: Any = CalledUnit.__table__
_U: Any = Unit.__table__
_SUSPENSION: Any = Suspension.__table__
_EXTENSION: Any = Extension.__table__
_RATING: Any = Rating.__table__
_FOLLOW_UP: Any = FollowUp.__table__
_EVENT: Any = TicketEvent.__table__
_ITEM: Any = ResponsibilityItem.__table__
_LIST: Any = ResponsibilityList.__table__

Rows = dict[int, list[Any]]
"""Rows by the ticket they belong to, in their own order."""

UNDER_REVIEW = "under_review"
"""Time in which others look at the work is kept like a suspension and is none."""


UNREAD = frozenset(
    {
        *("version", "created_at", "changed_at", "created_by_id", "changed_by_id", "limit", "due_provisional", "return_due_at"),
        *("base_due_at", "disposed_at", "disposed_by_id", "return_reason", "return_note", "opinion", "finish_note", "reported_by"),
        *("reported_place", "requested_at", "comment", "channel", "token", "annulled_reason"),
    }
)
"""Columns that no duty is made from."""


@dataclass(frozen=True, slots=True)
class Reopening:
    """A matter that came back: the first round after it, when, and what stood before."""

    round: int
    at: datetime
    completed_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ledgers:
    """Everything, by ticket. ``arrive_by`` adds the grace to an appointment, ``department_leads`` reads the list, ``meter`` knows the
    working calendar, ``repeated`` are the tickets that repeat an earlier one."""

    rounds: Rows
    parts: Rows
    pauses: Rows
    extensions: Rows
    ratings: Rows
    follow_ups: Rows
    reopenings: Mapping[int, list[Reopening]]
    arrive_by: Callable[[Any, datetime | None], datetime | None]
    department_leads: Callable[[Any], bool]
    meter: WorkMeter
    repeated: Container[int]


def ledgers_of(session: Session, chosen: Select[Any], tickets: Iterable[Any], period: Period) -> Ledgers:
    """Read what belongs to the tickets whose ids ``chosen`` selects."""

    def rows(statement: Select[Any], column: Any) -> Rows:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in named_rows(session.connection(), statement.where(column.in_(chosen))):
            found[row.ticket_id].append(row)
        return found

    rounds = select(*_read(_R), shared(_U.c.type)).join(_U, _U.c.id == _R.c.unit_id).order_by(_R.c.ordinal)
    called = (_C.c.ticket_id, _C.c.ordinal, _C.c.issued_at, _C.c.appointment_at, _C.c.street_town_id)
    parts = select(*_read(_P), *called, _C.c.withdrawn_at.label("call_withdrawn_at"), shared(_U.c.type))
    parts = parts.join(_C, _C.c.id == _P.c.call_id).join(_U, _U.c.id == _P.c.unit_id).order_by(_P.c.id)
    pauses = select(_SUSPENSION).where(_SUSPENSION.c.state == "approved", _SUSPENSION.c.reason != UNDER_REVIEW)
    extensions = select(_EXTENSION).where(_EXTENSION.c.state == "approved")
    answers = select(_FOLLOW_UP).where(_FOLLOW_UP.c.reached.is_(True), _FOLLOW_UP.c.solved != "")
    reopened = select(_EVENT).where(_EVENT.c.action == "reopen").order_by(_EVENT.c.id)
    rules, known = ground_of(session), list(tickets)
    return Ledgers(
        rounds=rows(rounds, _R.c.ticket_id),
        parts=rows(parts, _C.c.ticket_id),
        pauses=rows(pauses.order_by(_SUSPENSION.c.id), _SUSPENSION.c.ticket_id),
        extensions=rows(extensions.order_by(_EXTENSION.c.id), _EXTENSION.c.ticket_id),
        ratings=rows(select(*_read(_RATING)).order_by(_RATING.c.id), _RATING.c.ticket_id),
        follow_ups=rows(answers.order_by(_FOLLOW_UP.c.id), _FOLLOW_UP.c.ticket_id),
        reopenings={ticket_id: [_reopening(event) for event in events] for ticket_id, events in rows(reopened, _EVENT.c.ticket_id).items()},
        arrive_by=_arrival_limits(rules),
        department_leads=_leads(session, rules, {t.list_version for t in known if t.list_version}),
        meter=WorkMeter(rules.calendar),
        repeated=repeats(session, period),
    )


def _read(table: Any) -> list[Any]:
    """The columns that duties are made from."""
    columns = [column for column in table.c if column.name not in UNREAD]
    return [shared(column) if isinstance(column.type, String) else column for column in columns]


def _reopening(event: Any) -> Reopening:
    """From the line of the timeline, which keeps what the ticket was before."""
    before = event.details.get("before") or {}
    moments = [datetime.fromisoformat(text) if (text := before.get(name)) else None for name in ("completed_at", "due_at")]
    return Reopening(event.details["round"], event.happened_at, *moments)


def _arrival_limits(rules: Rules) -> Callable[[Any, datetime | None], datetime | None]:
    """The appointment with its grace, from the time limits; few combinations of matter and urgency exist."""
    books: dict[int | None, Rulebook] = {}

    def arrive_by(ticket: Any, appointment: datetime | None) -> datetime | None:
        if appointment is None:
            return None
        book = books.get(ticket.matter_id)
        if book is None:
            book = books[ticket.matter_id] = Rulebook(rules.calendar, rules.clocks, matters=upwards(rules, ticket.matter_id))
        return book.with_grace(ticket, appointment)

    return arrive_by


def _leads(session: Session, rules: Rules, versions: set[str]) -> Callable[[Any], bool]:
    """Whether the list that was in force at the report gives the lead to a department: the nearest matter's lowest item tells."""
    statement = select(_LIST.c.code, _ITEM.c.matter_id, _ITEM.c.lead_id).join(_LIST, _LIST.c.id == _ITEM.c.list_version_id)
    leads: dict[tuple[str, int], bool] = {}
    for row in session.connection().execute(statement.where(_LIST.c.code.in_(versions)).order_by(_ITEM.c.number)):
        leads.setdefault((row.code, row.matter_id), row.lead_id is not None)

    def department_leads(ticket: Any) -> bool:
        found = (leads.get((ticket.list_version, matter)) for matter in upwards(rules, ticket.matter_id))
        return bool(next((lead for lead in found if lead is not None), False))

    return department_leads
