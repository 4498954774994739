"""What the radar looks at: a period's rounds, calls, ratings and wishes for more time, each read once.

Core statements on purpose: patterns show across units, and whoever may open the radar sees the whole district.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, union
from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.crud.masking import masked
from app.domain.period import Period
from app.domain.radar import all_signs
from app.domain.radar.base import Answer, Delay, Part, Sign, Sweep, Turn
from app.domain.refusals import NotFound
from app.entities.assignment_round import AssignmentRound
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.extension import Extension
from app.entities.parameter import parameter
from app.entities.rating import Rating
from app.entities.suspension import Suspension
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.queries.calendar import working_calendar

_T: Any = Ticket.__table__
_R: Any = AssignmentRound.__table__
_C: Any = Call.__table__
_P: Any = CalledUnit.__table__
_E: Any = Extension.__table__
_S: Any = Suspension.__table__
_V: Any = TicketEvent.__table__
_Q: Any = Rating.__table__

LONGEST_CALL = timedelta(days=180)
"""How long before the period a call may have been issued that was withdrawn in it."""

TRACES = ("note", "refer")
"""Acts that leave no trace but the line of the timeline."""

_LIVE = _T.c.voided.is_(False)


def thresholds_of(sign: Sign) -> dict[str, int]:
    """A sign's thresholds as the district has set them (system parameters ``radar.<sign>.<threshold>``)."""
    return {one.code: int(parameter(f"radar.{sign.code}.{one.code}", str(one.default))) for one in sign.thresholds}


def thresholds() -> dict[str, dict[str, int]]:
    """Every sign's thresholds."""
    return {code: thresholds_of(sign) for code, sign in all_signs().items()}


def sweep(session: Session, period: Period, as_of: datetime) -> Sweep:
    """A period's material; nobody reads it who does not see the whole district."""
    if not current_actor().sees_all:
        raise NotFound()
    chosen = select(_touched(period).c.ticket_id)
    return Sweep(
        period=period,
        as_of=min(as_of, period.end),
        turns=tuple(_turns(session, chosen)),
        parts=tuple(_parts(session, period)),
        answers=tuple(_answers(session, period)),
        delays=tuple(_delays(session, period)),
        worked=working_calendar(session).working_time_between,
    )


def _touched(period: Period) -> Any:
    """Tickets with a round that was dispatched, finished or given back in the period (or dispatched so late before that it was
    signed in it)."""

    def within(column: Any, since: datetime) -> ColumnElement[bool]:
        return and_(column >= since, column < period.end)

    start = period.start
    parts = [select(_R.c.ticket_id).where(within(_R.c.dispatched_at, start - timedelta(days=1)))]
    parts += [select(_R.c.ticket_id).where(within(column, start)) for column in (_R.c.disposed_at, _R.c.completed_at)]
    parts.append(
        select(_R.c.ticket_id).where(_R.c.returned.in_(("open", "approved", "rejected", "lapsed")), within(_R.c.returned_at, start))
    )
    return union(*parts).subquery("touched")


def _turns(session: Session, chosen: Select[Any]) -> Iterator[Turn]:
    statement = (
        select(_R, _T.c.number.label("ticket_no"))
        .join(_T, _T.c.id == _R.c.ticket_id)
        .where(_R.c.ticket_id.in_(chosen), _LIVE)
        .order_by(_R.c.ticket_id, _R.c.ordinal)
    )
    traces = _traces(session, chosen)
    for row in session.connection().execute(statement):
        yield Turn(
            ticket_id=row.ticket_id,
            ticket_no=row.ticket_no,
            unit_id=row.unit_id,
            ordinal=row.ordinal,
            dispatched_at=row.dispatched_at,
            signed_at=row.signed_at,
            auto_signed=row.auto_signed,
            acted_at=_first_act(row, traces),
            due_at=row.due_at,
            finished_at=row.disposed_at or row.completed_at,
            withdrawn_at=row.withdrawn_at,
            returned=row.returned,
            returned_at=row.returned_at,
            reopened=row.kind == "reopen",
            traced=row.sign_due_at is not None,
        )


def _first_act(row: Any, traces: Mapping[tuple[int, int], list[datetime]]) -> datetime | None:
    """The first thing the unit did on the ticket after it signed, asking to give it back included."""
    if row.signed_at is None:
        return None
    known = [row.contacted_at, row.started_at, row.returned_at, *traces.get((row.ticket_id, row.unit_id), ())]
    return min((moment for moment in known if moment is not None and moment >= row.signed_at), default=None)


def _traces(session: Session, chosen: Select[Any]) -> Mapping[tuple[int, int], list[datetime]]:
    """Calls, wishes and notes, by ticket and unit."""
    found: dict[tuple[int, int], list[datetime]] = defaultdict(list)
    calls = select(_C.c.ticket_id, _C.c.street_town_id.label("unit_id"), _C.c.issued_at.label("at")).where(_C.c.ticket_id.in_(chosen))
    notes = select(_V.c.ticket_id, _V.c.unit_id, _V.c.happened_at.label("at")).where(_V.c.ticket_id.in_(chosen), _V.c.action.in_(TRACES))
    wishes = [
        select(table.c.ticket_id, _R.c.unit_id, table.c.requested_at.label("at"))
        .join(_R, and_(_R.c.ticket_id == table.c.ticket_id, _R.c.ordinal == table.c.round))
        .where(table.c.ticket_id.in_(chosen))
        for table in (_E, _S)
    ]
    for statement in (calls, notes, *wishes):
        for row in session.connection().execute(statement):
            if row.unit_id is not None and row.at is not None:
                found[row.ticket_id, row.unit_id].append(row.at)
    return found


def _parts(session: Session, period: Period) -> Iterator[Part]:
    statement = (
        select(_P, _C.c.ticket_id, _C.c.street_town_id, _C.c.withdrawn_at.label("call_withdrawn_at"), _T.c.number)
        .join(_C, _C.c.id == _P.c.call_id)
        .join(_T, _T.c.id == _C.c.ticket_id)
        .where(_C.c.issued_at >= period.start - LONGEST_CALL, _C.c.issued_at < period.end, _LIVE)
        .where(or_(_P.c.withdrawn_at >= period.start, _C.c.withdrawn_at >= period.start))
        .order_by(_P.c.id)
    )
    for row in session.connection().execute(statement):
        yield Part(
            ticket_id=row.ticket_id,
            ticket_no=row.number,
            street_town_id=row.street_town_id,
            unit_id=row.unit_id,
            withdrawn_at=row.withdrawn_at or row.call_withdrawn_at,
            responded_at=row.responded_at,
            response_due_at=row.response_due_at,
            finished_at=row.finished_at,
            due_at=row.due_at,
        )


def _answers(session: Session, period: Period) -> Iterator[Answer]:
    """Ratings given here, and those that came with a ledger."""
    ticket = (_T.c.id, _T.c.number, _T.c.reporter_phone, _T.c.unit_id, _T.c.street_town_id)
    given = select(*ticket, _Q.c.satisfaction.label("said"), _Q.c.submitted_at.label("at")).join(_Q, _Q.c.ticket_id == _T.c.id)
    given = given.where(_Q.c.kind == "public", _Q.c.state == "given", _within(_Q.c.submitted_at, period), _LIVE)
    asked = select(_Q.c.id).where(_Q.c.ticket_id == _T.c.id, _Q.c.kind == "public").exists()
    brought = select(*ticket, _T.c.rating.label("said"), _T.c.rated_at.label("at")).where(_within(_T.c.rated_at, period), _LIVE, ~asked)
    for statement in (given, brought):
        for row in session.connection().execute(statement):
            unit_id = row.unit_id or row.street_town_id
            if unit_id is not None and row.said:
                caller = _caller(row.reporter_phone)
                content = row.said in ("satisfied", "basic")
                yield Answer(row.id, row.number, unit_id, row.at, caller, masked("phone", row.reporter_phone or ""), content)


def _within(column: Any, period: Period) -> ColumnElement[bool]:
    return and_(column >= period.start, column < period.end)


def _caller(phone: str | None) -> str:
    """What tells one telephone from another; a number that came masked tells nothing."""
    return "" if not phone or "*" in phone else re.sub(r"\D", "", phone)


def _delays(session: Session, period: Period) -> Iterator[Delay]:
    statement = (
        select(_E.c.ticket_id, _T.c.number, _R.c.unit_id, _E.c.requested_at, _E.c.reason)
        .join(_T, _T.c.id == _E.c.ticket_id)
        .join(_R, and_(_R.c.ticket_id == _E.c.ticket_id, _R.c.ordinal == _E.c.round))
        .where(_within(_E.c.requested_at, period), _LIVE)
        .order_by(_E.c.id)
    )
    for row in session.connection().execute(statement):
        yield Delay(row.ticket_id, row.number, row.unit_id, row.requested_at, row.reason or "")
