"""Facts behind figures: what every unit owed in a period, read once from tickets, rounds and calls.

Core statements on purpose: an evaluation is computed for the whole district, whoever presses the button.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Select, Subquery, Table, and_, or_, select, union
from sqlalchemy.orm import Session

from app.core.rows import named_rows, shared
from app.domain.facts import Fact
from app.domain.period import Period
from app.entities.assignment_round import AssignmentRound
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.follow_up import FollowUp
from app.entities.matter import Matter
from app.entities.rating import Rating
from app.entities.source_system import SourceSystem
from app.entities.ticket import Ticket
from app.entities.unit import Unit
from app.queries.case_ledgers import ledgers_of
from app.queries.duties import duties_of
from app.queries.exclusions import exclusions_of, without

_T: Any = Ticket.__table__
_R: Any = AssignmentRound.__table__
_C: Any = Call.__table__
_P: Any = CalledUnit.__table__
_U: Any = Unit.__table__
_M: Any = Matter.__table__
_S: Any = SourceSystem.__table__
_F: Any = FollowUp.__table__
_Q: Any = Rating.__table__


_CHOSEN = Table("concerned_ticket", MetaData(), Column("id", Integer, primary_key=True), prefixes=["TEMPORARY"])
"""The tickets of a period while it is worked out: chosen once, read from several sides."""

READ = (
    *("id", "number", "title", "address", "reporter_phone", "source_no", "opinion", "reported_at", "due_at", "completed_at", "rated_at"),
    *("completed", "on_time", "proactive", "reworks", "unknown", "matter_id", "street_town_id", "unit_id", "source_id"),
)
WORDS = ("urgency", "result", "rating", "list_version")
"""The columns of a ticket that figures and checks ask for; all of them for tens of thousands would take time and room."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What an evaluation stands on: the tickets a period concerns, and the duties in them."""

    tickets: dict[int, Any]
    facts: list[Fact]


def concerned(period: Period, until: datetime) -> Subquery:
    """The ids of all tickets that may count in a period, each condition answered by an index of its own.

    Ratings that came late count in the month whose books are open: they are looked for ``until`` the cut-off.
    """
    start, end = period.start, period.end
    last = max(end, until)

    def within(column: Any) -> Any:
        return and_(column >= start, column < end)

    def rounds(column: Any) -> Select[Any]:
        return select(_R.c.ticket_id).where(within(column))

    def calls(column: Any) -> Select[Any]:
        return select(_C.c.ticket_id).join(_P, _P.c.call_id == _C.c.id).where(within(column))

    def answers(ticket: Any, column: Any) -> Select[Any]:
        return select(ticket).where(column >= start, column <= last)

    still_open = and_(_T.c.reported_at < start, _T.c.completed_at.is_(None), or_(_T.c.completed.is_(None), _T.c.completed.is_(False)))
    closed_later = and_(_T.c.reported_at < start, _T.c.completed_at >= start)
    parts = [select(_T.c.id.label("id")).where(within(c)) for c in (_T.c.reported_at, _T.c.due_at, _T.c.completed_at)]
    parts += [select(_T.c.id).where(condition) for condition in (still_open, closed_later)]
    parts += [rounds(c) for c in (_R.c.dispatched_at, _R.c.due_at, _R.c.completed_at, _R.c.contact_due_at, _R.c.returned_at)]
    parts += [calls(c) for c in (_P.c.response_due_at, _P.c.due_at, _C.c.issued_at, _C.c.appointment_at, _P.c.returned_at)]
    parts += [answers(_T.c.id, _T.c.rated_at), answers(_F.c.ticket_id, _F.c.made_at)]
    parts += [answers(_Q.c.ticket_id, c) for c in (_Q.c.submitted_at, _Q.c.revealed_at, _Q.c.due_at)]
    return union(*parts).subquery("concerned")


def ground(session: Session, period: Period, until: datetime) -> Ground:
    """Tickets and duties of a period as known ``until`` the cut-off; void and merged tickets are not among them."""
    connection = session.connection()
    _CHOSEN.drop(connection, checkfirst=True)
    _CHOSEN.create(connection, checkfirst=False)
    try:
        connection.execute(_CHOSEN.insert().from_select(["id"], select(concerned(period, until).c.id)))
        return _gathered(session, period, until, select(_CHOSEN.c.id))
    finally:
        _CHOSEN.drop(connection)


def _gathered(session: Session, period: Period, until: datetime, chosen: Select[Any]) -> Ground:
    found = named_rows(session.connection(), _tickets().where(_T.c.id.in_(chosen), _T.c.voided.is_(False)))
    tickets = {row.id: row for row in found}
    ledgers = ledgers_of(session, chosen, tickets.values(), period)
    taken = exclusions_of(session, chosen)
    return Ground(tickets, [without(fact, taken) for row in tickets.values() for fact in duties_of(row, ledgers, until)])


def _tickets() -> Select[Any]:
    street, handler = _U.alias("street"), _U.alias("handler")
    return (
        select(
            *(_T.c[name] for name in READ),
            *(shared(_T.c[name]) for name in WORDS),
            shared(_S.c.name_zh).label("source"),
            shared(street.c.name_zh).label("street_zh"),
            shared(street.c.name_en).label("street_en"),
            shared(handler.c.name_zh).label("handler_zh"),
            shared(handler.c.name_en).label("handler_en"),
            shared(_M.c.name_zh).label("matter_zh"),
            shared(_M.c.name_en).label("matter_en"),
        )
        .select_from(
            _T.outerjoin(_S, _S.c.id == _T.c.source_id)
            .outerjoin(street, street.c.id == _T.c.street_town_id)
            .outerjoin(handler, handler.c.id == _T.c.unit_id)
            .outerjoin(_M, _M.c.id == _T.c.matter_id)
        )
        .order_by(_T.c.reported_at, _T.c.id)
    )


def outcome_of(t: Any) -> str:
    """A ticket's outcome for the evidence ledger: ``on_time``, ``late``, ``done``, ``open`` or ``unknown``."""
    if t.completed_at is not None:
        if t.due_at is None:
            return "done"
        return "on_time" if t.completed_at <= t.due_at else "late"
    if t.completed:
        return "done" if t.on_time is None else "on_time" if t.on_time else "late"
    return "unknown" if t.completed is None and "completed" in (t.unknown or ()) else "open"
