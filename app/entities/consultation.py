"""Consultations (协商): who met where after a call, and the opinion that the sub-centre must write."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.refusals import N_
from app.entities.ticket import Ticket


class Consultation(Entity):
    """One consultation; ``call`` is the number of the call that led to it."""

    __tablename__ = "consultation"
    __table_args__ = (UniqueConstraint("ticket_id", "ordinal"),)
    __logged__ = False

    ticket: Mapped[Ticket] = column.link(
        "Ticket", N_("Ticket"), table="ticket", required=True, listed=True, on_delete="CASCADE", derived=True
    )
    ordinal: Mapped[int] = column.number(N_("No."), required=True, derived=True)
    call: Mapped[int] = column.number(N_("Call no."), required=True, listed=True, derived=True)
    held_at: Mapped[datetime | None] = column.moment(N_("Held"), listed=True, filtered=True, derived=True)
    place: Mapped[str] = column.text(300, N_("Meeting place"), derived=True)
    participants: Mapped[str] = column.text(500, N_("Who took part"), derived=True)
    opinion: Mapped[str] = column.text(4000, N_("Consultation opinion"), listed=True, derived=True)
    tasks: Mapped[str] = column.text(4000, N_("Who does what by when"), derived=True)

    def label(self) -> Any:
        """Ticket number and consultation."""
        return f"{self.ticket.number} · {self.ordinal}" if self.ticket else f"#{self.id}"


RESOURCE = Resource(
    Consultation,
    singular=N_("Consultation"),
    plural=N_("Consultations"),
    area="tickets",
    icon="comments",
    position=7,
    natural_key=("ticket", "ordinal"),
    order="-id",
    allows=frozenset(),
    path="consultations",
    about=N_("Consultation opinions of the sub-centres."),
)
