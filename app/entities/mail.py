"""Outgoing mail (发件箱): written in the transaction that caused it, sent by a job, tried again until it is through or given up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.refusals import N_

STATES = (
    Option("queued", N_("Waiting"), tone="warn"),
    Option("sent", N_("Sent"), tone="ok"),
    Option("failed", N_("Given up"), tone="bad"),
)


TROUBLES = (
    Option("away", N_("The mail server cannot be reached")),
    Option("sign_in", N_("The mail server does not accept our name and password")),
    Option("refused_address", N_("The mail server does not know the recipient")),
    Option("refused_sender", N_("The mail server does not accept our sender address")),
    Option("refused_message", N_("The mail server does not accept the message")),
    Option("later", N_("The mail server asks to come again later")),
    Option("stale", N_("Too old to be sent; it stands in the inbox")),
)


class Mail(Entity):
    """One message. ``message_id`` stays the same over all attempts, so that a receiver can tell a repetition."""

    __tablename__ = "mail"
    __logged__ = False

    recipient: Mapped[str] = column.text(320, N_("To"), required=True, listed=True, search=True, derived=True)
    subject: Mapped[str] = column.text(300, N_("Subject"), required=True, listed=True, derived=True)
    state: Mapped[str] = column.choice(STATES, N_("State"), default="queued", listed=True, filtered=True, derived=True, indexed=True)
    attempts: Mapped[int] = column.number(N_("Attempts"), default=0, listed=True, derived=True)
    next_at: Mapped[datetime | None] = column.moment(N_("Next attempt"), listed=True, derived=True, indexed=True)
    sent_at: Mapped[datetime | None] = column.moment(N_("Sent"), listed=True, filtered=True, derived=True)
    error: Mapped[str] = column.choice(TROUBLES, N_("What went wrong"), listed=True, filtered=True, derived=True, look="text")
    answer: Mapped[str] = column.text(300, N_("Answer of the mail server"), derived=True)

    language: Mapped[str] = mapped_column(String(5), default="zh", nullable=False)
    body: Mapped[str] = mapped_column(Text, nullable=False)
    message_id: Mapped[str] = mapped_column(String(120), nullable=False, unique=True)

    def label(self) -> Any:
        """Its subject."""
        return self.subject


RESOURCE = Resource(
    Mail,
    singular=N_("Outgoing mail"),
    plural=N_("Outgoing mail"),
    area="system",
    icon="envelope",
    position=87,
    natural_key=("subject",),
    order="-id",
    allows=frozenset(),
    path="mails",
    about=N_("What was written to whom, and whether it got through."),
)
