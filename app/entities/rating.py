"""Ratings (评价): the citizen's, the street-town's of a department, a department's of the street-town; asked for, given, or missed."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.refusals import N_
from app.entities.dictionary_entry import dictionary
from app.entities.ticket import Ticket
from app.entities.unit import Unit

KINDS = (
    Option("public", N_("Citizen"), tone="ok"),
    Option("street_department", N_("Street-town on department"), tone="neutral"),
    Option("department_street", N_("Department on street-town"), tone="neutral"),
)
STATES = (
    Option("open", N_("Awaited"), tone="warn"),
    Option("given", N_("Given"), tone="ok"),
    Option("missed", N_("Missing"), tone="neutral"),
    Option("annulled", N_("Annulled"), tone="bad"),
)
CHANNELS = (
    Option("screen", N_("In the system")),
    Option("link", N_("Link")),
    Option("qr", N_("QR code")),
    Option("phone", N_("Telephone")),
    Option("follow_up", N_("Follow-up")),
)


def link_token(kind: str) -> str:
    """The secret of a citizen's link: 256 bits that nobody guesses. The units sign in and need none."""
    return secrets.token_urlsafe(32) if kind == "public" else ""


def _fresh_token(context: Any) -> str:
    """Made with the row."""
    return link_token(context.get_current_parameters().get("kind", ""))


class Rating(Entity):
    """One rating. ``part`` names the call and the department it is about; until ``revealed_at`` only the rater reads it.

    ``token`` opens the citizen's link without signing in, once.
    """

    __tablename__ = "rating"
    __table_args__ = (Index("ix_rating_rater_id_state", "rater_id", "state"), Index("ix_rating_token", "token"))
    __logged__ = False

    ticket: Mapped[Ticket] = column.link(
        "Ticket", N_("Ticket"), table="ticket", required=True, listed=True, on_delete="CASCADE", derived=True
    )
    kind: Mapped[str] = column.choice(KINDS, N_("Kind"), required=True, listed=True, filtered=True, derived=True)
    round: Mapped[int] = column.number(N_("Round"), required=True, derived=True)
    rater: Mapped[Unit | None] = column.link("Unit", N_("Rater"), table="unit", listed=True, filtered=True, derived=True)
    rated: Mapped[Unit | None] = column.link("Unit", N_("Rated unit"), table="unit", listed=True, filtered=True, derived=True)
    state: Mapped[str] = column.choice(STATES, N_("State"), default="open", listed=True, filtered=True, derived=True)
    requested_at: Mapped[datetime | None] = column.moment(N_("Asked for"), derived=True)
    due_at: Mapped[datetime | None] = column.moment(N_("Due"), listed=True, filtered=True, derived=True, indexed=True)
    submitted_at: Mapped[datetime | None] = column.moment(N_("Rated"), listed=True, filtered=True, derived=True, indexed=True)
    satisfaction: Mapped[str] = column.choice(dictionary("rating"), N_("Satisfaction"), listed=True, filtered=True, derived=True)
    arrival: Mapped[str] = column.choice(dictionary("rate_arrival"), N_("Reporting in"), filtered=True, derived=True)
    effect: Mapped[str] = column.choice(dictionary("rate_effect"), N_("Effect"), filtered=True, derived=True)
    accuracy: Mapped[str] = column.choice(dictionary("rate_accuracy"), N_("Call accuracy"), filtered=True, derived=True)
    comment: Mapped[str] = column.text(2000, N_("Comment"), derived=True)
    channel: Mapped[str] = column.choice(CHANNELS, N_("Given by"), filtered=True, derived=True, look="text")
    revealed_at: Mapped[datetime | None] = column.moment(N_("Open to both sides"), derived=True, indexed=True)
    annulled_reason: Mapped[str] = column.text(2000, N_("Reason for annulment"), derived=True)

    part: Mapped[str] = mapped_column(String(24), default="", nullable=False)
    token: Mapped[str] = mapped_column(String(64), default=_fresh_token, nullable=False)

    def label(self) -> Any:
        """Ticket number and rating."""
        return f"{self.ticket.number} · {self.id}" if self.ticket else f"#{self.id}"


RESOURCE = Resource(
    Rating,
    singular=N_("Rating"),
    plural=N_("Ratings"),
    area="tickets",
    icon="star-half-stroke",
    position=8,
    natural_key=("ticket",),
    order="-id",
    allows=frozenset(),
    path="ratings",
    clock=("due_at", "submitted_at"),
    about=N_("The three evaluations, side by side; two units read each other's only when both have spoken or the window is closed."),
)
