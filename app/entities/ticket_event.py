"""A ticket's events: who did what when, from which stage to which, appended and never edited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import UTCDateTime


class TicketEvent(Model):
    """One line of the timeline. ``happened_at`` is when it took place, ``recorded_at`` when we learnt of it.

    ``version`` is the ticket's version that the move made, 0 for what was imported: without gaps, move by move.
    """

    __tablename__ = "ticket_event"
    __table_args__: Any = {}

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), nullable=False, index=True)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    action: Mapped[str] = mapped_column(String(40), nullable=False)
    from_stage: Mapped[str] = mapped_column(String(20), nullable=False, default="")
    to_stage: Mapped[str] = mapped_column(String(20), nullable=False, default="")
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False, default=now)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False, default=now)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="SET NULL"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    user_name: Mapped[str] = mapped_column(String(128), nullable=False, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)
