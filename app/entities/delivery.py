"""Deliveries (投递): who gets what a run has made, by which way, and whether it has arrived; the outbox of files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.db import UTCDateTime

QUEUED, SENT, FAILED, BOUNCED, WITHHELD = "queued", "sent", "failed", "bounced", "withheld"


class Delivery(Model):
    """One recipient's files of one run by one route (``app.delivery``). ``to`` names the recipient within the run: ``user:7``,
    ``target:3``, ``mail:somebody@example.org``. ``message_id`` stays the same over all attempts.
    """

    __tablename__ = "delivery"
    __table_args__: Any = (
        UniqueConstraint("run_id", "route", "to"),
        Index("ix_delivery_state_next_at", "state", "next_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), nullable=False)
    route: Mapped[str] = mapped_column(String(20), nullable=False)
    to: Mapped[str] = mapped_column(String(340), nullable=False)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    target_id: Mapped[int | None] = mapped_column(ForeignKey("delivery_target.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(200), nullable=False, default="")
    """How the recipient is called, as it was then."""
    language: Mapped[str] = mapped_column(String(5), nullable=False, default="zh")
    artefacts: Mapped[list[int]] = mapped_column(JSON, nullable=False, default=list)
    """The numbers of the files this recipient gets."""
    state: Mapped[str] = mapped_column(String(10), nullable=False, default=QUEUED)
    attempts: Mapped[int] = mapped_column(nullable=False, default=0)
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str] = mapped_column(String(40), nullable=False, default="")
    answer: Mapped[str] = mapped_column(String(300), nullable=False, default="")
    reason: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """A phrase: why nothing was sent."""
    message_id: Mapped[str] = mapped_column(String(120), nullable=False, unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    run: Mapped[Any] = relationship("Run")
