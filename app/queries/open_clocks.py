"""Open clocks: for each event of a reminder, the tickets whose clock runs out within a stretch of time and still runs.

Suspended tickets remind nobody, nor do those that ended. Every question is a range of an index, whatever the number of tickets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain import reminders
from app.domain.casefile import APPROVED, OPEN
from app.domain.moves.row import AT_UNIT, AT_WORK, DISPATCHED, EVALUATING, RETURNABLE, UNDER_CALL
from app.domain.reminders import Stretch
from app.entities.assignment_round import AssignmentRound
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.extension import Extension
from app.entities.rating import Rating
from app.entities.supervision_order import SupervisionOrder
from app.entities.suspension import Suspension
from app.entities.ticket import Ticket

RUNNING = ("sign", "handle")
"""What a ticket waits for while its unit's clock runs; who claimed completion, or was suspended, waits for something else."""


@dataclass(frozen=True, slots=True)
class OpenClock:
    """A clock that runs, or waits for somebody. ``key`` is this clock with this end: if the end moves, it is another occurrence.

    ``unit_id`` must act (nobody: the command centre); ``street_town_id`` is the sub-centre of the place, or the one that called.
    """

    key: str
    ticket_id: int
    number: str
    title: str
    unit_id: int | None
    street_town_id: int | None
    due_at: datetime


def open_clocks(session: Session, event: str, stretch: Stretch) -> list[OpenClock]:
    """The clocks of ``event`` that run out in ``stretch``, the oldest first; asked in the system's name."""
    found: list[OpenClock] = []
    for letter, statement in EVENTS[event]():
        moment = statement.selected_columns["due_at"]
        within = statement.where(moment > stretch.after, moment <= stretch.until, *_live()).order_by(moment)
        for row in session.execute(within):
            key = f"{letter}{row.clock}:{int(row.due_at.timestamp())}"
            found.append(OpenClock(key, row.ticket_id, row.number, row.title, row.unit_id, row.street_town_id, row.due_at))
    return sorted(found, key=lambda clock: clock.due_at)


Statements = list[tuple[str, Select[Any]]]


def _live() -> tuple[Any, ...]:
    return (Ticket.ended == "", Ticket.suspended.is_(False))


def _of(clock: Any, unit: Any, due: Any, street: Any = Ticket.street_town_id) -> Select[Any]:
    return select(
        clock.label("clock"),
        Ticket.id.label("ticket_id"),
        Ticket.number,
        Ticket.title,
        unit.label("unit_id"),
        street.label("street_town_id"),
        due.label("due_at"),
    )


def _rounds(due: InstrumentedAttribute[Any], stages: tuple[str, ...], *conditions: Any) -> Select[Any]:
    """The running rounds of tickets in these stages."""
    running = and_(Ticket.id == AssignmentRound.ticket_id, AssignmentRound.ordinal == Ticket.rounds)
    statement = _of(AssignmentRound.id, AssignmentRound.unit_id, due).select_from(AssignmentRound).join(Ticket, running)
    return statement.where(Ticket.stage.in_(stages), *conditions)


def _parts(due: InstrumentedAttribute[Any], *conditions: Any) -> Select[Any]:
    """The called departments that still owe something."""
    statement = _of(CalledUnit.id, CalledUnit.unit_id, due, Call.street_town_id).select_from(CalledUnit)
    standing = (CalledUnit.finished_at.is_(None), CalledUnit.withdrawn_at.is_(None), CalledUnit.returned != APPROVED)
    joined = statement.join(Call, Call.id == CalledUnit.call_id).join(Ticket, Ticket.id == Call.ticket_id)
    return joined.where(Ticket.stage.in_(UNDER_CALL), *standing, *conditions)


def _handling() -> Statements:
    return [
        ("r", _rounds(AssignmentRound.due_at, AT_UNIT, Ticket.next_clock.in_(RUNNING))),
        ("p", _parts(CalledUnit.due_at)),
    ]


def _unsigned() -> Statements:
    return [("s", _rounds(AssignmentRound.sign_due_at, (DISPATCHED,)))]


def _unanswered() -> Statements:
    return [("a", _parts(CalledUnit.response_due_at, CalledUnit.responded_at.is_(None), CalledUnit.returned != OPEN))]


def _unrated() -> Statements:
    statement = _of(Rating.id, Rating.rater_id, Rating.due_at).select_from(Rating).join(Ticket, Ticket.id == Rating.ticket_id)
    return [("v", statement.where(Ticket.stage == EVALUATING, Rating.state == OPEN, Rating.rater_id.is_not(None)))]


def _ordered() -> Statements:
    statement = _of(SupervisionOrder.id, SupervisionOrder.unit_id, SupervisionOrder.due_at).select_from(SupervisionOrder)
    joined = statement.join(Ticket, Ticket.id == SupervisionOrder.ticket_id)
    return [("o", joined.where(Ticket.stage.in_(AT_UNIT), SupervisionOrder.answered_at.is_(None)))]


def _unverified() -> Statements:
    return [("c", _of(Ticket.id, Ticket.street_town_id, Ticket.claimed_at).where(Ticket.stage.in_(AT_WORK)))]


def _undecided() -> Statements:
    """Requests to the centre; ``unit_id`` is the unit that waits, which the sentence names."""
    asked: Statements = [("t", _rounds(AssignmentRound.returned_at, RETURNABLE, AssignmentRound.returned == OPEN))]
    wishes: tuple[tuple[str, Any], ...] = (("x", Extension), ("h", Suspension))
    for letter, wish in wishes:
        statement = _of(wish.id, Ticket.unit_id, wish.requested_at).select_from(wish).join(Ticket, Ticket.id == wish.ticket_id)
        asked.append((letter, statement.where(Ticket.stage.in_(AT_WORK), wish.state == OPEN)))
    return asked


def _call_undecided() -> Statements:
    return [("u", _parts(CalledUnit.returned_at, CalledUnit.returned == OPEN))]


EVENTS: Mapping[str, Callable[[], Statements]] = {
    reminders.BEFORE_DUE: _handling,
    reminders.DUE: _handling,
    reminders.OVERDUE: _handling,
    reminders.UNSIGNED: _unsigned,
    reminders.CALL_UNANSWERED: _unanswered,
    reminders.UNRATED: _unrated,
    reminders.ORDER_UNANSWERED: _ordered,
    reminders.UNVERIFIED: _unverified,
    reminders.UNDECIDED: _undecided,
    reminders.CALL_UNDECIDED: _call_undecided,
}
"""Which clocks an event speaks of."""
