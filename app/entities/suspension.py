"""Suspensions (挂起): stretches in which a round's clock stands still, asked for with a reason and granted, or not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.refusals import N_
from app.entities.dictionary_entry import dictionary
from app.entities.ticket import Ticket

STATES = (
    Option("open", N_("Requested"), tone="warn"),
    Option("approved", N_("Granted"), tone="ok"),
    Option("rejected", N_("Refused"), tone="bad"),
    Option("cancelled", N_("Lapsed"), tone="neutral"),
)


class Suspension(Entity):
    """One suspension. ``from_at`` is the approval, ``to_at`` the end; time under review is kept here too (``under_review``)."""

    __tablename__ = "suspension"
    __table_args__ = (UniqueConstraint("ticket_id", "ordinal"),)
    __logged__ = False

    ticket: Mapped[Ticket] = column.link(
        "Ticket", N_("Ticket"), table="ticket", required=True, listed=True, on_delete="CASCADE", derived=True
    )
    ordinal: Mapped[int] = column.number(N_("No."), required=True, listed=True, derived=True)
    round: Mapped[int] = column.number(N_("Round"), required=True, derived=True)
    reason: Mapped[str] = column.choice(
        dictionary("suspension_reason"), N_("Reason"), listed=True, filtered=True, derived=True, look="text"
    )
    note: Mapped[str] = column.text(2000, N_("Note"), derived=True)
    requested_at: Mapped[datetime | None] = column.moment(N_("Requested"), listed=True, derived=True)
    until: Mapped[datetime | None] = column.moment(N_("Until"), listed=True, derived=True)
    state: Mapped[str] = column.choice(STATES, N_("State"), default="open", listed=True, filtered=True, derived=True, indexed=True)
    decided_at: Mapped[datetime | None] = column.moment(N_("Decided"), derived=True)
    decided_by: Mapped[str] = column.text(128, N_("Decided by"), derived=True)
    from_at: Mapped[datetime | None] = column.moment(N_("Clock stopped"), listed=True, derived=True)
    to_at: Mapped[datetime | None] = column.moment(N_("Clock went on"), listed=True, derived=True)

    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))

    def label(self) -> Any:
        """Ticket number and suspension."""
        return f"{self.ticket.number} · {self.ordinal}" if self.ticket else f"#{self.id}"


RESOURCE = Resource(
    Suspension,
    singular=N_("Suspension"),
    plural=N_("Suspensions"),
    area="tickets",
    icon="pause",
    position=11,
    natural_key=("ticket", "ordinal"),
    order="-id",
    allows=frozenset(),
    path="suspensions",
    about=N_("When and why a ticket's clock stood still, and who allowed it."),
)
