"""Notices (通知): what a person is told on screen; each once, by its key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import UTCDateTime


class Notice(Model):
    """One line of somebody's inbox. ``text`` is a phrase (``app.core.phrases``), said in the reader's language."""

    __tablename__ = "notice"
    __table_args__: Any = (
        UniqueConstraint("key", "user_id"),
        Index("ix_notice_user_id_read_at", "user_id", "read_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False)
    key: Mapped[str] = mapped_column(String(120), nullable=False)
    kind: Mapped[str] = mapped_column(String(40), nullable=False)
    tone: Mapped[str] = mapped_column(String(10), nullable=False, default="neutral")
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    text: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False, default=now, index=True)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    mail: Mapped[str] = mapped_column(String(10), nullable=False, default="")
    """How it goes by mail: empty (not at all), ``each``, ``digest``, or ``sent``."""
    mail_after: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
