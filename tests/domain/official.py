"""The State Council's days off and make-up days as a working calendar, from a package that others keep: an oracle of its own."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import chinese_calendar  # type: ignore[import-untyped]

from app.domain.calendar import WorkingCalendar
from app.domain.recurrence import TimeRule, Window, windows


def official(first: int, last: int, zone: str = "Asia/Shanghai") -> WorkingCalendar:
    """The State Council's days, asked one by one."""
    days, day = {}, date(first, 1, 1)
    while day.year <= last:
        worked = chinese_calendar.is_workday(day)
        if worked != (day.weekday() < 5):
            days[day] = "makeup" if worked else "off"
        day += timedelta(days=1)
    return WorkingCalendar(f"{first}-{last}", days, frozenset(range(first, last + 1)), zone)


CALENDAR = official(2004, 2026)


def local(window: Window, zone: str) -> datetime:
    return window.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def at(rule: TimeRule, first: str, count: int = 1) -> list[str]:
    """The next local times after the beginning of a day."""
    after = datetime.fromisoformat(first).replace(tzinfo=ZoneInfo(rule.zone)) - timedelta(seconds=1)
    return [f"{local(window, rule.zone):%Y-%m-%d %H:%M}" for window in islice(windows(rule, CALENDAR, after), count)]
