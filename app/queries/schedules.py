"""Schedules in use: their next times, what their runs wait for, and what came of them.

Core statements on purpose: the clock plans for everybody, whoever's process it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.calendar import WorkingCalendar
from app.domain.period import Period
from app.domain.period_rules import period_for
from app.domain.recurrence import TimeRule, Window, windows
from app.entities.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Coming:
    """A time of a schedule: when, of which period, and whether the calendar of its year is only supposed."""

    window: Window
    period: Period

    @property
    def provisional(self) -> bool:
        """Whether the day depends on a year whose notice has not been loaded."""
        return self.window.provisional


def coming(rule: TimeRule, period_rule: str, calendar: WorkingCalendar, after: datetime, count: int = 6) -> list[Coming]:
    """The next ``count`` times after an instant; fewer where the rule ends earlier."""
    found: list[Coming] = []
    for window in windows(rule, calendar, after):
        found.append(Coming(window, period_for(period_rule, window.day, rule.zone)))
        if len(found) == count:
            break
    return found


def schedules_in_use(session: Session) -> Sequence[Schedule]:
    """Every schedule that is enabled, by number."""
    return session.execute(select(Schedule).where(Schedule.enabled.is_(True)).order_by(Schedule.id)).scalars().all()
