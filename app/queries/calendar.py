"""The working calendar as a value, read from its tables, with a version that is a fingerprint of its contents."""

from __future__ import annotations

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.calendar import WorkingCalendar, hours
from app.entities.calendar_day import CalendarDay
from app.entities.calendar_year import CalendarYear
from app.entities.parameter import parameter

ZONE = "Asia/Shanghai"


def city_zone() -> str:
    """The city's time zone (a system parameter)."""
    return parameter("time_zone", ZONE)


def working_calendar(session: Session) -> WorkingCalendar:
    """The calendar in force: exceptional days, known years, working hours."""
    days = {row.day: row.kind for row in session.execute(select(CalendarDay.day, CalendarDay.kind).order_by(CalendarDay.day))}
    years = frozenset(session.execute(select(CalendarYear.year).where(CalendarYear.known.is_(True))).scalars())
    text = parameter("working_hours", "08:00-12:00, 14:00-18:00")
    seal = hashlib.sha256(repr((sorted((d.isoformat(), k) for d, k in days.items()), sorted(years), text)).encode()).hexdigest()
    return WorkingCalendar(
        version=f"{max(years, default=0)}-{seal[:6]}", days=days, known_years=years, zone=city_zone(), segments=hours(text)
    )
