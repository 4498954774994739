"""Clock work (定时任务): when each recurring piece of work comes next, who has it in hand, and what came of it last."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import UTCDateTime


class ClockWork(Model):
    """One kind of recurring work. A worker takes it with one conditional UPDATE, so that several workers do it once."""

    __tablename__ = "clock_work"
    __table_args__: Any = {}

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False)
    busy_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """While somebody has it in hand: when others may suppose that he has died."""
    worker: Mapped[str] = mapped_column(String(80), nullable=False, default="")
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """A phrase: what came of it last."""
    reason: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """A phrase: why it failed last; nothing while all is well."""
    trace: Mapped[str] = mapped_column(Text, nullable=False, default="")
    failures: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    """How often in a row it has failed."""
