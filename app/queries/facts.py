"""Facts behind figures: what every unit owed in a period, read once from tickets, rounds and calls.

Core statements on purpose: an evaluation is computed for the whole district, whoever presses the button.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Subquery, and_, or_, select, union
from sqlalchemy.orm import Session

from app.domain.facts import CALL, CASE, DEPARTMENT, ROUND, STREET_TOWN, Fact
from app.domain.period import Period
from app.entities.assignment_round import AssignmentRound
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.matter import Matter
from app.entities.source_system import SourceSystem
from app.entities.ticket import Ticket
from app.entities.unit import Unit

_T: Any = Ticket.__table__
_R: Any = AssignmentRound.__table__
_C: Any = Call.__table__
_P: Any = CalledUnit.__table__
_U: Any = Unit.__table__
_M: Any = Matter.__table__
_S: Any = SourceSystem.__table__


@dataclass(frozen=True, slots=True)
class Ground:
    """What an evaluation stands on: the tickets a period concerns, and the duties in them."""

    tickets: dict[int, Any]
    facts: list[Fact]


def concerned(period: Period) -> Subquery:
    """The ids of all tickets that may count in a period, each condition answered by an index of its own."""
    start, end = period.start, period.end

    def within(column: Any) -> Any:
        return and_(column >= start, column < end)

    def rounds(column: Any) -> Select[Any]:
        return select(_R.c.ticket_id).where(within(column))

    def calls(column: Any) -> Select[Any]:
        return select(_C.c.ticket_id).join(_P, _P.c.call_id == _C.c.id).where(within(column))

    still_open = and_(_T.c.reported_at < start, _T.c.completed_at.is_(None), or_(_T.c.completed.is_(None), _T.c.completed.is_(False)))
    closed_later = and_(_T.c.reported_at < start, _T.c.completed_at >= start)
    parts = [select(_T.c.id.label("id")).where(within(c)) for c in (_T.c.reported_at, _T.c.due_at, _T.c.completed_at, _T.c.rated_at)]
    parts += [select(_T.c.id).where(condition) for condition in (still_open, closed_later)]
    parts += [rounds(c) for c in (_R.c.dispatched_at, _R.c.due_at, _R.c.completed_at)]
    parts += [calls(c) for c in (_P.c.response_due_at, _P.c.due_at, _C.c.issued_at)]
    return union(*parts).subquery("concerned")


def ground(session: Session, period: Period) -> Ground:
    """Tickets and duties of a period; void and merged tickets are not among them."""
    ids = concerned(period)
    connection = session.connection()
    chosen = select(ids.c.id)
    tickets = {row.id: row for row in connection.execute(_tickets().where(_T.c.id.in_(chosen), _T.c.voided.is_(False)))}
    facts = [_case(row) for row in tickets.values() if row.street_town_id is not None]
    last: dict[int, int] = {}
    rounds = connection.execute(select(_R, _U.c.type).join(_U, _U.c.id == _R.c.unit_id).where(_R.c.ticket_id.in_(chosen))).all()
    for row in rounds:
        last[row.ticket_id] = max(last.get(row.ticket_id, 0), row.ordinal)
    facts += [_round(row, tickets[row.ticket_id], last[row.ticket_id]) for row in rounds if row.ticket_id in tickets]
    calls = select(_P, _C.c.ticket_id, _C.c.ordinal, _C.c.issued_at).join(_C, _C.c.id == _P.c.call_id).where(_C.c.ticket_id.in_(chosen))
    facts += [_call(row, tickets[row.ticket_id]) for row in connection.execute(calls) if row.ticket_id in tickets]
    return Ground(tickets, facts)


def _tickets() -> Select[Any]:
    street, handler = _U.alias("street"), _U.alias("handler")
    return (
        select(
            _T,
            _S.c.name_zh.label("source"),
            street.c.name_zh.label("street_zh"),
            street.c.name_en.label("street_en"),
            handler.c.name_zh.label("handler_zh"),
            handler.c.name_en.label("handler_en"),
            _M.c.name_zh.label("matter_zh"),
            _M.c.name_en.label("matter_en"),
        )
        .select_from(
            _T.outerjoin(_S, _S.c.id == _T.c.source_id)
            .outerjoin(street, street.c.id == _T.c.street_town_id)
            .outerjoin(handler, handler.c.id == _T.c.unit_id)
            .outerjoin(_M, _M.c.id == _T.c.matter_id)
        )
        .order_by(_T.c.reported_at, _T.c.id)
    )


def _case(t: Any) -> Fact:
    """The street-town's duty over the whole matter."""
    return Fact(
        key=f"T{t.id}",
        ticket_id=t.id,
        ticket_no=t.number,
        group=STREET_TOWN,
        unit_id=t.street_town_id,
        kind=CASE,
        ordinal=1,
        reported_at=t.reported_at,
        due_at=t.due_at,
        completed_at=t.completed_at,
        completed=t.completed,
        on_time=t.on_time,
        reworks=t.reworks,
        rating=t.rating,
        rated_at=t.rated_at,
        unknown=frozenset(t.unknown or ()),
    )


def _round(r: Any, t: Any, last: int) -> Fact:
    """A unit's duty in one round; the citizen's rating belongs to the unit of the last one."""
    final = r.ordinal == last
    return Fact(
        key=f"R{t.id}.{r.ordinal}",
        ticket_id=t.id,
        ticket_no=t.number,
        group=STREET_TOWN if r.type == "street_town" else DEPARTMENT,
        unit_id=r.unit_id,
        kind=ROUND,
        ordinal=r.ordinal,
        reported_at=t.reported_at,
        dispatched_at=r.dispatched_at,
        signed_at=r.signed_at,
        auto_signed=r.auto_signed,
        due_at=r.due_at,
        completed_at=r.completed_at,
        completed=r.completed,
        on_time=r.on_time,
        returned=r.returned,
        reworks=r.reworks,
        rating=t.rating if final else "",
        rated_at=t.rated_at if final else None,
        unknown=frozenset(t.unknown or ()),
    )


def _call(p: Any, t: Any) -> Fact:
    """A called department's duty."""
    return Fact(
        key=f"C{t.id}.{p.ordinal}.{p.unit_id}",
        ticket_id=t.id,
        ticket_no=t.number,
        group=DEPARTMENT,
        unit_id=p.unit_id,
        kind=CALL,
        ordinal=p.ordinal,
        reported_at=t.reported_at,
        dispatched_at=p.issued_at,
        signed_at=p.signed_at,
        response_due_at=p.response_due_at,
        responded_at=p.responded_at,
        due_at=p.due_at,
        completed_at=p.finished_at,
        withdrawn_at=p.withdrawn_at,
        unknown=frozenset(t.unknown or ()),
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
