"""Office hours as people keep them in the demo: when somebody is at the desk, and when next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HALVES = ((time(8), time(12)), (time(14), time(18)))
"""Morning and afternoon, the default working day of domain handbook §2.7."""

ONE_DAY, NOTHING = timedelta(days=1), timedelta()


class Office:
    """The hours of one city. All instants go in and come out as aware UTC."""

    def __init__(self, zone: str, is_working: Callable[[date], bool]) -> None:
        self.zone = ZoneInfo(zone)
        self._is_working = is_working
        self._known: dict[date, tuple[tuple[datetime, datetime], ...]] = {}

    def local(self, instant: datetime) -> datetime:
        """The instant as the wall clock shows it."""
        return instant.astimezone(self.zone)

    def halves(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The stretches of ``day`` in which the office is open; none on a day off."""
        if day not in self._known:
            self._known[day] = tuple(
                (datetime.combine(day, start, self.zone).astimezone(UTC), datetime.combine(day, end, self.zone).astimezone(UTC))
                for start, end in HALVES
                if self._is_working(day)
            )
        return self._known[day]

    def is_open(self, instant: datetime) -> bool:
        """Whether somebody is at the desk."""
        return any(start <= instant < end for start, end in self.halves(self.local(instant).date()))

    def next_open(self, instant: datetime) -> datetime:
        """The instant itself, or the next opening."""
        day = self.local(instant).date()
        while True:
            for start, end in self.halves(day):
                if instant < end:
                    return max(instant, start)
            day += ONE_DAY

    def last_open(self, instant: datetime) -> datetime:
        """The instant itself, or the last minute before the office closed."""
        day = self.local(instant).date()
        while True:
            for start, end in reversed(self.halves(day)):
                if instant >= start:
                    return min(instant, end - timedelta(minutes=1))
            day -= ONE_DAY

    def after(self, instant: datetime, spent: timedelta) -> datetime:
        """The moment when ``spent`` of office time has gone by."""
        day = self.local(instant).date()
        while True:
            for start, end in self.halves(day):
                begin = max(instant, start)
                if begin + spent < end:
                    return begin + spent
                spent -= max(end - begin, NOTHING)
            day += ONE_DAY
