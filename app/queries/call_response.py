"""How departments answered the calls of a period: in time, late or not at all, how fast, and who came to the place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.period import Period
from app.domain.scorecard import Names
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.ticket import Ticket
from app.queries.nameplates import unit_names

IN_TIME, LATE, MISSED, PENDING = "in_time", "late", "missed", "pending"


@dataclass(frozen=True, slots=True)
class CalledPart:
    """One department in one call, and how it answered."""

    number: str
    caller: Names | None
    unit_id: int
    unit: Names | None
    issued_at: datetime
    due_at: datetime | None
    responded_at: datetime | None
    answer: str
    arrival: str

    @property
    def took(self) -> timedelta | None:
        """From the call to the response."""
        return self.responded_at - self.issued_at if self.responded_at is not None else None


def called_parts(session: Session, period: Period, as_of: datetime) -> list[CalledPart]:
    """Every called department whose limit (without one: whose call) lies in ``period``; what was withdrawn is left away."""
    when = func.coalesce(CalledUnit.response_due_at, Call.issued_at)
    columns = (
        Ticket.number, Call.street_town_id, Call.issued_at, CalledUnit.unit_id, CalledUnit.response_due_at, CalledUnit.responded_at,
        CalledUnit.returned, CalledUnit.returned_at, CalledUnit.arrival,
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(Call, CalledUnit.call_id == Call.id)
        .join(Ticket, Call.ticket_id == Ticket.id)
        .where(when >= period.start, when < period.end, Call.withdrawn_at.is_(None), CalledUnit.withdrawn_at.is_(None))
        .order_by(Call.issued_at, CalledUnit.id)
    )
    units = unit_names(session)
    return [_part(row, units, as_of) for row in session.execute(statement)]


def _part(row: Any, units: dict[int, Names], as_of: datetime) -> CalledPart:
    # A return that was found right answers the call (handbook §2.3, RESP).
    answered = row.responded_at or (row.returned_at if row.returned == "approved" else None)
    due = row.response_due_at
    if answered is not None:
        answer = IN_TIME if due is None or answered <= due else LATE
    else:
        answer = MISSED if due is not None and due < as_of else PENDING
    return CalledPart(
        row.number, units.get(row.street_town_id), row.unit_id, units.get(row.unit_id), row.issued_at, due, answered, answer, row.arrival
    )
