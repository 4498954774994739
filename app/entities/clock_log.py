"""Log of clock work (定时任务记录): one line for each time that recurring work did something, or failed; kept for 90 days."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import UTCDateTime


class ClockLog(Model):
    """What came of it that time. Times with nothing to do leave no line."""

    __tablename__ = "clock_log"
    __table_args__: Any = (Index("ix_clock_log_code_started_at", "code", "started_at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), nullable=False)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False)
    ended_at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False, index=True)
    done: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """A phrase: what was done."""
    reason: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """A phrase: why it failed."""
    trace: Mapped[str] = mapped_column(Text, nullable=False, default="")
    worker: Mapped[str] = mapped_column(String(80), nullable=False, default="")
