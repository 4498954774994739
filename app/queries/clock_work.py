"""Recurring work as administrators see it: what came of it last, and when it comes next."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.entities.clock_log import ClockLog
from app.entities.clock_work import ClockWork


def clock_works(session: Session) -> dict[str, ClockWork]:
    """What is known of each kind, by code; a kind that no worker has seen yet is missing."""
    return {row.code: row for row in session.execute(select(ClockWork).order_by(ClockWork.code)).scalars()}


def clock_log(session: Session, code: str, most: int) -> Sequence[ClockLog]:
    """The latest times that one kind did something or failed, the newest first."""
    return session.execute(select(ClockLog).where(ClockLog.code == code).order_by(ClockLog.id.desc()).limit(most)).scalars().all()
