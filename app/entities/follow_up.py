"""Follow-ups (回访): who asked the citizen when, whether reached, whether the matter is settled, how satisfied."""

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
from app.entities.ticket import Ticket


class FollowUp(Entity):
    """One follow-up."""

    __tablename__ = "follow_up"
    __table_args__ = (UniqueConstraint("ticket_id", "ordinal"),)
    __logged__ = False

    ticket: Mapped[Ticket] = column.link(
        "Ticket", N_("Ticket"), table="ticket", required=True, listed=True, on_delete="CASCADE", derived=True
    )
    ordinal: Mapped[int] = column.number(N_("No."), required=True, derived=True)
    round: Mapped[int] = column.number(N_("Round"), required=True, derived=True)
    made_at: Mapped[datetime | None] = column.moment(N_("Made"), listed=True, filtered=True, derived=True, indexed=True)
    made_by: Mapped[str] = column.text(128, N_("Made by"), listed=True, derived=True)
    reached: Mapped[bool] = column.flag(N_("Reached"), listed=True, filtered=True, derived=True)
    solved: Mapped[str] = column.choice(dictionary("rate_effect"), N_("Is the matter settled?"), listed=True, filtered=True, derived=True)
    satisfaction: Mapped[str] = column.choice(dictionary("rating"), N_("Satisfaction"), listed=True, filtered=True, derived=True)
    comment: Mapped[str] = column.text(2000, N_("Comment"), derived=True)

    def label(self) -> Any:
        """Ticket number and follow-up."""
        return f"{self.ticket.number} · {self.ordinal}" if self.ticket else f"#{self.id}"


RESOURCE = Resource(
    FollowUp,
    singular=N_("Follow-up"),
    plural=N_("Follow-ups"),
    area="tickets",
    icon="phone-volume",
    position=12,
    natural_key=("ticket", "ordinal"),
    order="-id",
    allows=frozenset(),
    path="follow-ups",
    about=N_("Conversations with citizens after completion."),
)
