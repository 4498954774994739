"""Supervision orders (督办): what was demanded of a unit by when, and what it answered."""

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
from app.entities.unit import Unit


class SupervisionOrder(Entity):
    """One order."""

    __tablename__ = "supervision_order"
    __table_args__ = (UniqueConstraint("ticket_id", "ordinal"),)
    __logged__ = False

    ticket: Mapped[Ticket] = column.link(
        "Ticket", N_("Ticket"), table="ticket", required=True, listed=True, on_delete="CASCADE", derived=True
    )
    ordinal: Mapped[int] = column.number(N_("No."), required=True, derived=True)
    unit: Mapped[Unit] = column.link("Unit", N_("To which unit"), table="unit", required=True, listed=True, filtered=True, derived=True)
    text: Mapped[str] = column.text(2000, N_("What is demanded"), listed=True, derived=True)
    ordered_at: Mapped[datetime | None] = column.moment(N_("Ordered"), listed=True, filtered=True, derived=True)
    ordered_by: Mapped[str] = column.text(128, N_("Ordered by"), derived=True)
    due_at: Mapped[datetime | None] = column.moment(N_("Answer by"), listed=True, filtered=True, derived=True)
    answered_at: Mapped[datetime | None] = column.moment(N_("Answered"), listed=True, filtered=True, derived=True)
    answer: Mapped[str] = column.text(2000, N_("Answer"), listed=True, derived=True)

    def label(self) -> Any:
        """Ticket number and order."""
        return f"{self.ticket.number} · {self.ordinal}" if self.ticket else f"#{self.id}"


RESOURCE = Resource(
    SupervisionOrder,
    singular=N_("Supervision order"),
    plural=N_("Supervision orders"),
    area="tickets",
    icon="gavel",
    position=9,
    natural_key=("ticket", "ordinal"),
    order="-id",
    allows=frozenset(),
    path="supervision-orders",
    clock=("due_at", "answered_at"),
    about=N_("Demands of the command centre and of calling street-towns, and their answers."),
)
