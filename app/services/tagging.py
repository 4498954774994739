"""Tagging: keeps the marks frequent, recurrent and hard of live tickets current (``app.domain.tags`` says what they mean).

A tag is no move: it makes no version and no event, and an open form does not become stale by it. The counts themselves
are of all tickets, whoever may read them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.core.acting import acting_as
from app.core.clock import now
from app.core.db import db
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.moves.row import ARCHIVED
from app.domain.tags import FREQUENT_WITHIN, HARD_AGE, HARD_CALLS, HARD_RETURNS, HARD_ROUNDS, RECURRENT_WITHIN
from app.entities.parameter import parameter
from app.entities.ticket import Ticket

CHUNK = 500
LIVE = and_(Ticket.stage != ARCHIVED, Ticket.ended == "")


def retag() -> int:
    """Set and remove tags where they differ from the counts; how many were changed."""
    with acting_as(SYSTEM):
        wanted = ((Ticket.frequent, _frequent()), (Ticket.recurrent, _recurrent()), (Ticket.hard, _hard()))
        return sum(_mark(column, value, holds if value else ~holds) for column, holds in wanted for value in (True, False))


def _mark(column: InstrumentedAttribute[bool], value: bool, condition: ColumnElement[bool]) -> int:
    """Set ``column`` where it differs; what differs is found before anything is written, so that nobody waits for the counting."""
    session = db.session()
    found = session.execute(select(Ticket.id).where(LIVE, column.is_(not value), condition).order_by(Ticket.id)).scalars().all()
    same = {name: name for name in (Ticket.changed_at, Ticket.changed_by_id)}  # nobody changed the ticket
    changed = 0
    for place in range(0, len(found), CHUNK):
        with transaction() as writer:
            some = update(Ticket).where(LIVE, Ticket.id.in_(found[place : place + CHUNK]))
            done: Any = writer.execute(some.values({column: value, **same}).execution_options(synchronize_session=False))
            changed += done.rowcount
    return changed


def _frequent() -> ColumnElement[bool]:
    """Matter and street-town of which there are so many within the last 30 days."""
    other = aliased(Ticket)
    busy = (
        select(other.matter_id, other.street_town_id)
        .where(other.reported_at >= now() - FREQUENT_WITHIN, other.ended == "")
        .where(other.matter_id.is_not(None), other.street_town_id.is_not(None))
        .group_by(other.matter_id, other.street_town_id)
        .having(func.count() >= int(parameter("frequent_from", "10")))
    )
    known = and_(Ticket.matter_id.is_not(None), Ticket.street_town_id.is_not(None))
    return and_(known, tuple_(Ticket.matter_id, Ticket.street_town_id).in_(busy))


def _recurrent() -> ColumnElement[bool]:
    """Place (within a street-town) or telephone from which so many came within the last 90 days."""
    least = int(parameter("recurrent_from", "3"))
    since = now() - RECURRENT_WITHIN
    other, caller = aliased(Ticket), aliased(Ticket)
    places = (
        select(other.street_town_id, other.address)
        .where(other.reported_at >= since, other.ended == "", other.address != "", other.street_town_id.is_not(None))
        .group_by(other.street_town_id, other.address)
        .having(func.count() >= least)
    )
    phones = (
        select(caller.reporter_phone)
        .where(caller.reported_at >= since, caller.ended == "", caller.reporter_phone != "")
        .group_by(caller.reporter_phone)
        .having(func.count() >= least)
    )
    here = and_(Ticket.street_town_id.is_not(None), tuple_(Ticket.street_town_id, Ticket.address).in_(places))
    return or_(here, Ticket.reporter_phone.in_(phones))


def _hard() -> ColumnElement[bool]:
    """The same four thresholds as ``app.domain.tags.is_hard``, asked of the table; counts that were never set are none."""
    counts = ((Ticket.returns, HARD_RETURNS), (Ticket.calls, HARD_CALLS), (Ticket.rounds, HARD_ROUNDS))
    many = [func.coalesce(column, 0) >= least for column, least in counts]
    return or_(*many, Ticket.reported_at <= now() - HARD_AGE)
