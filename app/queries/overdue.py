"""Tickets of a period that were completed late or are still open past their due time, longest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.facts import COMPLETED
from app.domain.period import Period
from app.domain.scorecard import Names
from app.entities.ticket import Ticket
from app.queries.nameplates import matter_names, unit_names


@dataclass(frozen=True, slots=True)
class Late:
    """One late ticket. ``beyond`` is how long it stood past its due time; ``None`` where the source knows only that it was late."""

    number: str
    title: str
    matter: Names | None
    street_town: Names | None
    unit: Names | None
    due_at: datetime
    completed_at: datetime | None
    beyond: timedelta | None
    open: bool


@dataclass(frozen=True, slots=True)
class Overdue:
    """Late tickets, and how many fell due in the period in all."""

    due: int
    late: list[Late]


def overdue(session: Session, period: Period, as_of: datetime) -> Overdue:
    """Tickets due in ``period``, as far as the actor sees them; a ticket whose clock stands still is not late."""
    columns = (
        Ticket.number, Ticket.title, Ticket.matter_id, Ticket.street_town_id, Ticket.unit_id, Ticket.due_at, Ticket.completed_at,
        Ticket.completed, Ticket.on_time, Ticket.suspended, Ticket.unknown,
    )  # fmt: skip
    due = Ticket.due_at.is_not(None) & (Ticket.due_at >= period.start) & (Ticket.due_at < period.end) & (Ticket.ended == "")
    units, matters = unit_names(session), matter_names(session)
    count, late = 0, []
    for row in session.execute(select(*columns).where(due)):
        count += 1
        if _is_late(row, as_of):
            beyond = (row.completed_at or as_of) - row.due_at if row.completed_at or not row.completed else None
            late.append(
                Late(
                    row.number,
                    row.title,
                    matters.get(row.matter_id),
                    units.get(row.street_town_id),
                    units.get(row.unit_id),
                    row.due_at,
                    row.completed_at,
                    beyond,
                    row.completed_at is None and not row.completed,
                )
            )
    return Overdue(count, sorted(late, key=lambda one: (-(one.beyond or timedelta()), one.number)))


def _is_late(row: Any, as_of: datetime) -> bool:
    if row.completed_at is not None:
        return bool(row.completed_at > row.due_at)
    if row.completed or row.on_time:
        return row.on_time is False
    known = COMPLETED not in (row.unknown or ())
    return bool(known and not row.suspended and row.due_at < as_of)
