"""Clockwork: the moves that time itself makes: requests nobody decided lapse, suspensions end, rating windows close.

Each ticket is a transaction of its own, and every move goes through ``services.progress`` like a person's. Where somebody was
faster the move is refused and counted; sweeping again changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core.acting import acting_as
from app.core.clock import now
from app.core.db import db
from app.crud.columns import Origin, Reading
from app.domain.actors import SYSTEM
from app.domain.acts.closing import SETTLED
from app.domain.casefile import OPEN
from app.domain.moves.row import EVALUATING, RETURNABLE, UNDER_CALL
from app.domain.refusals import Refused
from app.entities.assignment_round import AssignmentRound
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.ticket import Ticket
from app.queries.rulebook import ground_of
from app.services.progress import move

MOST = 1000
"""So many moves of a kind in one sweep; the next one comes in a minute."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """A move that is due."""

    ticket_id: int
    action: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep came to."""

    made: int
    refused: int


def sweep() -> Swept:
    """Make every move whose time has come; one that fails keeps none of the others from theirs."""
    made = refused = 0
    broken: Exception | None = None
    with acting_as(SYSTEM):
        session = db.session()
        steps = list(due_steps(session))
        ground = ground_of(session) if steps else None
        for step in steps:
            try:
                move(step.ticket_id, step.action, None, {}, Reading(origin=Origin.API), part=step.part, actor=SYSTEM, ground=ground)
                made += 1
            except Refused:
                refused += 1
            except Exception as error:
                log.exception("the clock's move %s on ticket %s", step.action, step.ticket_id)
                db.session.rollback()
                broken = error
    if broken is not None:  # the others have had their turn; whoever watches the clock is told all the same
        raise broken
    return Swept(made, refused)


def due_steps(session: Session) -> Iterator[Step]:
    """The moves whose time has come, each kind from its own index."""
    at = now()
    live = Ticket.ended == ""
    returns = (
        select(Ticket.id)
        .join(AssignmentRound, (AssignmentRound.ticket_id == Ticket.id) & (AssignmentRound.ordinal == Ticket.rounds))
        .where(AssignmentRound.returned == OPEN, AssignmentRound.return_due_at <= at, Ticket.stage.in_(RETURNABLE), live)
    )
    yield from (Step(number, "lapse_return") for number in session.execute(returns.limit(MOST)).scalars())
    calls = (
        select(Ticket.id, Call.ordinal, CalledUnit.unit_id)
        .select_from(CalledUnit)
        .join(Call, Call.id == CalledUnit.call_id)
        .join(Ticket, Ticket.id == Call.ticket_id)
        .where(CalledUnit.returned == OPEN, CalledUnit.return_due_at <= at, Ticket.stage.in_(UNDER_CALL), live)
        .where(CalledUnit.withdrawn_at.is_(None), CalledUnit.finished_at.is_(None))
    )
    yield from (Step(row[0], "lapse_call_return", f"{row[1]}.{row[2]}") for row in session.execute(calls.limit(MOST)))
    over = select(Ticket.id).where(Ticket.next_due_at <= at, live)
    pauses = over.where(Ticket.next_clock == "resume")
    yield from (Step(number, "resume_on_time") for number in session.execute(pauses.limit(MOST)).scalars())
    settled = or_(Ticket.fallback.is_(False), Ticket.result.in_(sorted(SETTLED)))
    windows = over.where(Ticket.next_clock == "rate", Ticket.stage == EVALUATING, settled)
    yield from (Step(number, "archive_on_time") for number in session.execute(windows.limit(MOST)).scalars())
