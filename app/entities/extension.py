"""Extensions (延期): wishes for a later due time, asked before the present one has passed, and what was decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crud import declare as column
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.refusals import N_
from app.entities.suspension import STATES
from app.entities.ticket import Ticket


class Extension(Entity):
    """One wish."""

    __tablename__ = "extension"
    __table_args__ = (UniqueConstraint("ticket_id", "ordinal"),)
    __logged__ = False

    ticket: Mapped[Ticket] = column.link(
        "Ticket", N_("Ticket"), table="ticket", required=True, listed=True, on_delete="CASCADE", derived=True
    )
    ordinal: Mapped[int] = column.number(N_("No."), required=True, listed=True, derived=True)
    round: Mapped[int] = column.number(N_("Round"), required=True, derived=True)
    reason: Mapped[str] = column.text(2000, N_("Reason"), listed=True, derived=True)
    requested_at: Mapped[datetime | None] = column.moment(N_("Requested"), listed=True, filtered=True, derived=True)
    old_due_at: Mapped[datetime | None] = column.moment(N_("Due before"), listed=True, derived=True)
    wanted_at: Mapped[datetime | None] = column.moment(N_("New due time"), listed=True, derived=True)
    state: Mapped[str] = column.choice(STATES, N_("State"), default="open", listed=True, filtered=True, derived=True, indexed=True)
    decided_at: Mapped[datetime | None] = column.moment(N_("Decided"), derived=True)
    decided_by: Mapped[str] = column.text(128, N_("Decided by"), derived=True)
    decision_note: Mapped[str] = column.text(2000, N_("Grounds of the decision"), derived=True)

    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))

    def label(self) -> Any:
        """Ticket number and extension."""
        return f"{self.ticket.number} · {self.ordinal}" if self.ticket else f"#{self.id}"


RESOURCE = Resource(
    Extension,
    singular=N_("Extension"),
    plural=N_("Extensions"),
    area="tickets",
    icon="hourglass-half",
    position=10,
    natural_key=("ticket", "ordinal"),
    order="-id",
    allows=frozenset(),
    path="extensions",
    about=N_("Who asked for more time, why, and what was decided."),
)
