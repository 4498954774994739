"""Calls (呼叫): a street-town calls departments to a ticket it cannot settle alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.refusals import N_
from app.entities.dictionary_entry import dictionary
from app.entities.street_town import StreetTown
from app.entities.ticket import Ticket


class Call(Entity):
    """One call: who calls, why, and the time and place to report in."""

    __tablename__ = "call"
    __table_args__ = (UniqueConstraint("ticket_id", "ordinal"),)
    __logged__ = False

    ticket: Mapped[Ticket] = column.link(
        "Ticket", N_("Ticket"), table="ticket", required=True, listed=True, filtered=True, on_delete="CASCADE", derived=True
    )
    ordinal: Mapped[int] = column.number(N_("Call no."), required=True, listed=True, derived=True)
    street_town: Mapped[StreetTown] = column.link(
        "StreetTown", N_("Calling street-town"), table="unit", required=True, listed=True, filtered=True, derived=True
    )
    reason: Mapped[str] = column.choice(dictionary("call_reason"), N_("Reason"), listed=True, filtered=True, derived=True, look="text")
    issued_at: Mapped[datetime] = column.moment(N_("Called"), required=True, listed=True, filtered=True, derived=True, indexed=True)
    appointment_at: Mapped[datetime | None] = column.moment(N_("Report in at"), listed=True, derived=True, indexed=True)
    place: Mapped[str] = column.text(300, N_("Meeting place"), derived=True)
    note: Mapped[str] = column.text(2000, N_("What is needed"), derived=True)
    withdrawn_at: Mapped[datetime | None] = column.moment(N_("Withdrawn"), derived=True, filtered=True)
    withdraw_reason: Mapped[str] = column.text(2000, N_("Reason for withdrawal"), derived=True)

    def label(self) -> Any:
        """Ticket number and call."""
        return f"{self.ticket.number} · {self.ordinal}" if self.ticket else f"#{self.id}"


RESOURCE = Resource(
    Call,
    singular=N_("Call"),
    plural=N_("Calls"),
    area="tickets",
    icon="bullhorn",
    position=6,
    natural_key=("ticket", "ordinal"),
    order="-issued_at",
    allows=frozenset(),
    recent="issued_at",
    related=("CalledUnit.call",),
    about=N_("Every call of a street-town to departments."),
)
