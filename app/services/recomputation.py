"""Recomputation after a calendar change: due times of live tickets told anew, each change a line in its ticket's timeline.

A ticket that needs no change is only stamped with the calendar it was checked against, beneath the row scope and without
a new version, so that its timeline stays without gaps. Repeating it changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core.acting import acting_as
from app.core.clock import now
from app.core.db import db
from app.core.runs import Progress, Silent
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.casefile import Happening
from app.domain.moves.row import AT_UNIT
from app.domain.recomputation import Change, Steady, recompute
from app.domain.refusals import N_, Phrase
from app.domain.rulebook import HANDLE
from app.entities.ticket import Ticket
from app.entities.time_limit import TimeLimit
from app.queries.rulebook import Ground, ground_of
from app.services.progress import locked, record, sit

ACTION = "recompute"
ACTION_NAME = N_("Due times told anew after a change of the calendar")
BATCH = 200


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What came of it: tickets looked at, tickets whose due times are other ones now."""

    seen: int
    changed: int


def recompute_all(progress: Progress | None = None) -> Recomputed:
    """Tell the due times of every live ticket anew that was last checked against another version of the calendar.

    Each changed ticket is a transaction of its own, so that nobody waits for the rest.
    """
    progress = progress or Silent()
    with acting_as(SYSTEM):
        session = db.session()
        ground, steady = ground_of(session), steady_since(session)
        version = ground.calendar.version
        progress.begin(Phrase(N_("Telling due times anew")), _count(session, version))
        seen = changed = after = 0
        while batch := _batch(session, version, after):
            unchanged = [number for number in batch if not recompute_one(number, ground, steady)]
            _stamp(unchanged, version)
            after, seen, changed = batch[-1], seen + len(batch), changed + len(batch) - len(unchanged)
            progress.advance(seen)
    return Recomputed(seen, changed)


def recompute_one(ticket_id: int, ground: Ground, steady: Steady) -> bool:
    """Tell one ticket's due times anew; whether any of them is another one now. The ticket is locked only where one is."""
    with acting_as(SYSTEM):
        session = db.session()
        ticket = session.get(Ticket, ticket_id)
        if ticket is None:
            return False
        sitting = sit(session, ticket, ground)
        if not recompute(sitting.case, sitting.rules, steady):
            return False
        with transaction() as session:
            ticket = locked(session, ticket_id)
            sitting = sit(session, ticket, ground)
            changes = recompute(sitting.case, sitting.rules, steady)
            if not changes:
                return False
            before, ticket.calendar_version = ticket.calendar_version, ground.calendar.version
            unit = sitting.case.turn.unit_id if sitting.case.turn else None
            details = _details(changes, before, ground.calendar.version)
            record(session, sitting, Happening(ACTION, ticket.stage, ticket.stage, now(), unit, details), SYSTEM)
    return True


def steady_since(session: Session) -> Steady:
    """Whether a clock's limits have stood unchanged since an instant."""
    statement = select(TimeLimit.clock, func.max(TimeLimit.changed_at).label("changed_at")).group_by(TimeLimit.clock)
    touched: dict[str, datetime] = {row.clock: row.changed_at for row in session.execute(statement)}
    return lambda clock, instant: clock in touched and touched[clock] <= instant


def _waiting(version: str) -> tuple[Any, ...]:
    """Live, at a unit, not claimed to be done, and not yet checked against this calendar."""
    return Ticket.stage.in_(AT_UNIT), Ticket.ended == "", Ticket.claimed_at.is_(None), Ticket.calendar_version != version


def _count(session: Session, version: str) -> int:
    return session.execute(select(func.count()).select_from(Ticket).where(*_waiting(version))).scalar_one()


def _batch(session: Session, version: str, after: int) -> Sequence[int]:
    session.expire_all()
    statement = select(Ticket.id).where(*_waiting(version), Ticket.id > after)
    return session.execute(statement.order_by(Ticket.id).limit(BATCH)).scalars().all()


def _stamp(tickets: Sequence[int], version: str) -> None:
    if tickets:
        table: Any = Ticket.__table__
        with transaction() as session:
            session.connection().execute(update(table).where(table.c.id.in_(tickets)).values(calendar_version=version))


def _details(changes: Sequence[Change], before: str, version: str) -> dict[str, Any]:
    """What the timeline keeps: both calendars, every clock, and for the handling clock what its due time was."""
    kept: dict[str, Any] = {"calendar_before": before, "calendar": version, "clocks": [_clock(change) for change in changes]}
    handling = next((change for change in changes if change.clock == HANDLE), None)
    if handling is not None:
        kept["provisional"] = handling.provisional
        if handling.old_due_at != handling.due_at:
            kept |= {"old_due_at": handling.old_due_at, "due_at": handling.due_at}
    return kept


def _clock(change: Change) -> dict[str, Any]:
    kept = {"clock": change.clock, "unit": change.unit_id, "old_due_at": change.old_due_at, "due_at": change.due_at}
    return kept | ({"old_base_due_at": change.old_base_at, "base_due_at": change.base_at} if change.old_base_at != change.base_at else {})
