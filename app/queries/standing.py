"""How tickets stand to a person, in SQL: the relations and conditions of the table of moves, for whole queues at once.

Rounds, calls, requests, ratings and orders are read as tables, beneath the row scope: only ever for a ticket that the statement
around them has found within it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select, true, tuple_

from app.domain.actors import Actor
from app.domain.rights import rights_of
from app.entities.assignment_round import AssignmentRound
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.extension import Extension
from app.entities.rating import Rating
from app.entities.supervision_order import SupervisionOrder
from app.entities.suspension import Suspension
from app.entities.ticket import Ticket
from app.queries.scopes import units_of

_ROUND: Any = AssignmentRound.__table__
_CALL: Any = Call.__table__
_PART: Any = CalledUnit.__table__
_EXTENSION: Any = Extension.__table__
_SUSPENSION: Any = Suspension.__table__
_RATING: Any = Rating.__table__
_ORDER: Any = SupervisionOrder.__table__

OPEN = "open"
WORKING = ("signed", "handling", "called", "consulting")
UNDER_CALL = ("handling", "called", "consulting")
RETURNABLE = ("dispatched", "signed", "handling")
COUNTED = ("sign", "handle")
"""Clocks that whoever holds the ticket can be late with."""

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody at the desk: who, at what instant, and when this day ends in the city."""

    actor: Actor
    at: datetime
    tonight: datetime

    @property
    def units(self) -> tuple[int, ...]:
        """The units the person works for."""
        return units_of(self.actor)

    @property
    def rights(self) -> frozenset[str]:
        """What the person may do with tickets."""
        return rights_of(self.actor.roles)

    @property
    def is_centre(self) -> bool:
        """Whether the person works in the command centre."""
        return self.actor.has_role("command_centre")


def in_stages(*stages: str) -> Condition:
    """Standing in one of these stages."""
    return Ticket.stage.in_(stages)


def held(viewer: Viewer) -> Condition:
    """The running round is the viewer's unit's."""
    return Ticket.unit_id.in_(viewer.units)


def in_territory(viewer: Viewer) -> Condition:
    """The place lies in the viewer's street-town."""
    return Ticket.street_town_id.in_(viewer.units)


def watched(viewer: Viewer) -> Condition:
    """What the viewer answers for: everything, or what is held, lies in the territory, or waits for the viewer's part in a call."""
    if viewer.actor.sees_all:
        return true()
    return or_(held(viewer), in_territory(viewer), part_stands(viewer)) if viewer.units else false()


# --- requests ---------------------------------------------------------------------------------------------------


def return_asked() -> Condition:
    """The unit wants to give the running round back, and nobody has decided yet."""
    return _running_round().in_(select(_ROUND.c.ticket_id, _ROUND.c.ordinal).where(_ROUND.c.returned == OPEN))


def _running_round() -> Any:
    return tuple_(Ticket.id, Ticket.rounds)


def return_due() -> ColumnElement[Any]:
    """By when that has to be decided."""
    return select(_ROUND.c.return_due_at).where(_ROUND.c.ticket_id == Ticket.id, _ROUND.c.ordinal == Ticket.rounds).scalar_subquery()


def more_time_asked() -> Condition:
    """An extension or a suspension is wished for, and nobody has decided yet."""
    extensions = select(_EXTENSION.c.ticket_id).where(_EXTENSION.c.state == OPEN)
    pauses = select(_SUSPENSION.c.ticket_id).where(_SUSPENSION.c.state == OPEN)
    return or_(
        and_(in_stages(*WORKING), Ticket.id.in_(extensions)),
        and_(in_stages(*UNDER_CALL), Ticket.id.in_(pauses)),
    )


def from_an_escalation() -> Condition:
    """The street-town has turned to the centre, which now holds the ticket."""
    return exists().where(_ROUND.c.ticket_id == Ticket.id, _ROUND.c.ordinal == Ticket.rounds, _ROUND.c.kind == "escalation")


# --- calls ------------------------------------------------------------------------------------------------------


def _owed(*more: Condition) -> Any:
    """Parts of the ticket's calls in which a department still owes something."""
    standing = (_PART.c.withdrawn_at.is_(None), _PART.c.returned != "approved", _PART.c.finished_at.is_(None))
    return and_(_CALL.c.ticket_id == Ticket.id, _PART.c.call_id == _CALL.c.id, *standing, *more)


def part_stands(viewer: Viewer) -> Condition:
    """The viewer's unit is called and has neither finished nor been released."""
    return and_(in_stages(*UNDER_CALL), exists().where(_owed(_PART.c.unit_id.in_(viewer.units))))


def part_due(viewer: Viewer) -> ColumnElement[Any]:
    """When the next clock of the viewer's part runs out: to sign, to respond, to report in, to finish."""
    nearest = case(
        (_PART.c.signed_at.is_(None), _PART.c.sign_due_at),
        (_PART.c.responded_at.is_(None), _PART.c.response_due_at),
        (and_(_PART.c.reported_in_at.is_(None), _PART.c.arrival == ""), _CALL.c.appointment_at),
        else_=_PART.c.due_at,
    )
    return select(func.min(nearest)).where(_owed(_PART.c.unit_id.in_(viewer.units))).scalar_subquery()


def own_steps(viewer: Viewer, tickets: Iterable[int]) -> Select[Any]:
    """What the viewer's unit owes next on these tickets, as the move that does it; ``return_call`` while its own return is undecided."""
    step = case(
        (_PART.c.returned == OPEN, "return_call"),
        (_PART.c.signed_at.is_(None), "sign_call"),
        (_PART.c.responded_at.is_(None), "respond"),
        (and_(_PART.c.reported_in_at.is_(None), _PART.c.arrival == ""), "report_in"),
        else_="finish",
    )
    mine = (
        _PART.c.unit_id.in_(viewer.units),
        _PART.c.withdrawn_at.is_(None),
        _PART.c.returned != "approved",
        _PART.c.finished_at.is_(None),
    )
    joined = _CALL.join(_PART, _PART.c.call_id == _CALL.c.id)
    return select(_CALL.c.ticket_id, step).select_from(joined).where(_CALL.c.ticket_id.in_(tickets), *mine).order_by(_CALL.c.ordinal)


def called_others(viewer: Viewer) -> Condition:
    """The viewer's street-town has called, and somebody has not finished yet."""
    return and_(in_stages(*UNDER_CALL), exists().where(_owed(_CALL.c.street_town_id.in_(viewer.units))))


def call_return_asked(viewer: Viewer) -> Condition:
    """A department that the viewer's street-town called says the call is not its business."""
    mine = (_CALL.c.street_town_id.in_(viewer.units), _PART.c.returned == OPEN)
    return and_(in_stages(*UNDER_CALL), exists().where(_owed(*mine)))


def call_return_due(viewer: Viewer) -> ColumnElement[Any]:
    """By when that has to be decided."""
    mine = (_CALL.c.street_town_id.in_(viewer.units), _PART.c.returned == OPEN)
    return select(func.min(_PART.c.return_due_at)).where(_owed(*mine)).scalar_subquery()


# --- ratings and orders -----------------------------------------------------------------------------------------


def _awaited(viewer: Viewer) -> Condition:
    in_time = or_(_RATING.c.due_at.is_(None), _RATING.c.due_at >= viewer.at)
    of_another = or_(_RATING.c.rated_id.is_(None), _RATING.c.rated_id != (viewer.actor.unit_id or 0))  # nobody rates the own unit
    return and_(_RATING.c.rater_id.in_(viewer.units), of_another, _RATING.c.state == OPEN, in_time)


def rating_awaited(viewer: Viewer) -> Condition:
    """The viewer's unit is asked to rate, and there is still time."""
    return and_(in_stages("evaluating"), Ticket.id.in_(select(_RATING.c.ticket_id).where(_awaited(viewer))))


def rating_due(viewer: Viewer) -> ColumnElement[Any]:
    """Until when."""
    return select(func.min(_RATING.c.due_at)).where(_RATING.c.ticket_id == Ticket.id, _awaited(viewer)).scalar_subquery()


def no_rating_awaited() -> Condition:
    """Everybody who was asked has rated."""
    return ~exists().where(_RATING.c.ticket_id == Ticket.id, _RATING.c.state == OPEN)


def _demanded(viewer: Viewer) -> Condition:
    return and_(_ORDER.c.unit_id.in_(viewer.units), _ORDER.c.answered_at.is_(None))


def answer_demanded(viewer: Viewer) -> Condition:
    """A supervision order to the viewer's unit stands unanswered."""
    return Ticket.id.in_(select(_ORDER.c.ticket_id).where(_demanded(viewer)))


def answer_due(viewer: Viewer) -> ColumnElement[Any]:
    """By when."""
    return select(func.min(_ORDER.c.due_at)).where(_ORDER.c.ticket_id == Ticket.id, _demanded(viewer)).scalar_subquery()


# --- clocks -----------------------------------------------------------------------------------------------------


def own_clock(viewer: Viewer) -> ColumnElement[Any]:
    """The clock that the viewer watches: the ticket's; for a called department that of its part."""
    if viewer.actor.sees_all:
        return Ticket.next_due_at.expression
    return case((or_(held(viewer), in_territory(viewer)), Ticket.next_due_at), else_=part_due(viewer))


def runs_out(viewer: Viewer, after: datetime | None, until: datetime) -> Condition:
    """A clock that the viewer watches runs out after ``after`` (or has done so) and until ``until``."""
    if not viewer.actor.sees_all and not viewer.units:
        return false()
    ticket = [Ticket.next_clock.in_(COUNTED), Ticket.next_due_at <= until]
    ticket += [Ticket.next_due_at > after] if after is not None else []
    if viewer.actor.sees_all:
        return and_(*ticket)
    mine = and_(or_(held(viewer), in_territory(viewer)), *ticket)
    part = part_due(viewer)
    theirs = [part_stands(viewer), ~or_(held(viewer), func.coalesce(in_territory(viewer), false())), part <= until]
    theirs += [part > after] if after is not None else []
    return or_(mine, and_(*theirs))
