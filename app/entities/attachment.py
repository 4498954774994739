"""Attachments (附件): photographs and papers of a ticket; the file lies in the store under its hash, its name stands here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.refusals import N_
from app.entities.ticket import Ticket
from app.entities.unit import Unit

PURPOSES = (
    Option("site", N_("Situation found"), tone="neutral"),
    Option("before", N_("Before"), tone="neutral"),
    Option("after", N_("After"), tone="ok"),
    Option("proof", N_("Proof"), tone="neutral"),
    Option("paper", N_("Document"), tone="neutral"),
)


class Attachment(Entity):
    """One file. ``digest`` is the SHA-256 of its bytes; ``media_type`` is what its content says, not its name."""

    __tablename__ = "attachment"

    ticket: Mapped[Ticket] = column.link(
        "Ticket", N_("Ticket"), table="ticket", required=True, listed=True, on_delete="CASCADE", derived=True
    )
    name: Mapped[str] = column.text(255, N_("File"), required=True, listed=True, search=True, derived=True)
    purpose: Mapped[str] = column.choice(PURPOSES, N_("Shows"), default="site", listed=True, filtered=True, derived=True)
    media_type: Mapped[str] = column.text(100, N_("Type"), derived=True)
    size: Mapped[int] = column.number(N_("Bytes"), derived=True, listed=True, default=0)
    unit: Mapped[Unit | None] = column.link("Unit", N_("Added by"), table="unit", listed=True, derived=True)
    stage: Mapped[str] = column.text(20, N_("Stage"), derived=True, hidden=True)
    added_at: Mapped[datetime | None] = column.moment(N_("Added"), listed=True, derived=True)

    digest: Mapped[str] = mapped_column(String(64), nullable=False)

    def label(self) -> Any:
        """Its name."""
        return self.name


RESOURCE = Resource(
    Attachment,
    singular=N_("Attachment"),
    plural=N_("Attachments"),
    area="tickets",
    icon="paperclip",
    natural_key=("ticket", "name"),
    order="-id",
    allows=frozenset(),
    menu=False,
    path="attachments",
)
