"""The run's table: one row for every piece of long work, from the moment it is asked for until long after it has ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, Boolean, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import UTCDateTime


class Run(Model):
    """One piece of long work: what, for whom, how far, and what came of it.

    A schedule's run is unique by its ``window`` (the time it was due, by its own name) and ``edition`` (made again by hand), whoever
    enters it. It may be ``waiting`` for something (``waits`` says for what, until ``wait_until``); it is ``late`` where its time
    passed while nobody was there to see it; a newer one of the same schedule and period makes it ``superseded``.
    """

    __tablename__ = "run"
    __table_args__: Any = (UniqueConstraint("schedule_id", "window", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), nullable=False, index=True)
    title: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)
    params: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)
    state: Mapped[str] = mapped_column(String(10), nullable=False, default="queued", index=True)
    step: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    done: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    total: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    attempt: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    worker: Mapped[str] = mapped_column(String(80), nullable=False, default="")
    beat: Mapped[datetime | None] = mapped_column(UTCDateTime)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    trace: Mapped[str] = mapped_column(Text, nullable=False, default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"), index=True)
    user_name: Mapped[str] = mapped_column(String(128), nullable=False, default="")
    language: Mapped[str] = mapped_column(String(5), nullable=False, default="zh")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False, default=now, index=True)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    not_before: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Nobody claims it earlier: it failed for a passing reason and is tried again then."""
    retries: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey("schedule.id", ondelete="SET NULL"), index=True)
    window: Mapped[str | None] = mapped_column(String(40))
    edition: Mapped[int] = mapped_column(Integer, nullable=False, default=1)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    late: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    period: Mapped[str] = mapped_column(String(20), nullable=False, default="")
    waits: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """A phrase: what it waits for, or, once it is over, what it has waited for."""
    wait_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
