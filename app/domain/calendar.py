"""The working calendar: which days and hours the city's offices work, make-up days included, per published notice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.period import Period, days_of
from app.domain.refusals import N_, Refused

WORK, OFF, MAKEUP = "work", "off", "makeup"
KINDS = {WORK: N_("Working day"), OFF: N_("Day off"), MAKEUP: N_("Make-up working day")}
"""Kinds of day; a make-up day (调休) is a weekend day worked in exchange for one off."""

Segment = tuple[int, int]
"""A stretch of working time: minutes after the day's midnight, half-open."""

USUAL_HOURS: tuple[Segment, ...] = ((8 * 60, 12 * 60), (14 * 60, 18 * 60))
"""08:00–12:00 and 14:00–18:00 (handbook §2.7)."""

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_SPAN = re.compile(r"^(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})$")


def hours(text: str) -> tuple[Segment, ...]:
    """Working hours written as "08:00-12:00, 14:00-18:00"; midnight at the end is 24:00.

    Raises ``Refused("bad-hours")`` unless the stretches are in order and apart.
    """
    segments: list[Segment] = []
    for part in text.split(","):
        match = _SPAN.match(part.strip())
        if not match or int(match[2]) > 59 or int(match[4]) > 59:
            raise Refused(
                "bad-hours", N_("“%(value)s” are not working hours. Write them as 08:00-12:00, 14:00-18:00."), field="hours", value=text
            )
        start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        if not (segments[-1][1] if segments else -1) < start < end <= 24 * 60:
            raise Refused("bad-hours", N_("The working hours “%(value)s” are not in order."), field="hours", value=text)
        segments.append((start, end))
    return tuple(segments)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """One version of a working calendar.

    ``days`` maps days to their kind, as far as they differ from Monday to Friday. In years outside
    ``known_years`` no notice has been loaded: Monday to Friday are taken as worked, and whatever is
    computed through such a year is provisional (``is_provisional``). Instants in and out are aware;
    those that come out are UTC.
    """

    version: str
    days: Mapping[date, str]
    known_years: frozenset[int]
    zone: str = "Asia/Shanghai"
    segments: tuple[Segment, ...] = USUAL_HOURS

    def __post_init__(self) -> None:
        edges = [edge for segment in self.segments for edge in segment]
        if not edges or edges != sorted(set(edges)) or edges[0] < 0 or edges[-1] > 24 * 60:
            raise ValueError(f"working hours must be in order and apart: {self.segments}")
        strange = set(self.days.values()) - KINDS.keys()
        if strange:
            raise ValueError(f"no such kinds of day: {sorted(strange)}")

    def is_working(self, day: date) -> bool:
        """Whether the offices work on ``day``."""
        kind = self.days.get(day)
        return day.weekday() < 5 if kind is None else kind != OFF

    def is_provisional(self, one: date, other: date) -> bool:
        """Whether any day between ``one`` and ``other`` (both included, any order) lies in a year without notice."""
        return any(year not in self.known_years for year in range(min(one, other).year, max(one, other).year + 1))

    def local_day(self, instant: datetime) -> date:
        """The city's day at ``instant``."""
        return self._local(instant).date()

    def instant(self, day: date, minute: int) -> datetime:
        """The instant (UTC) when the city's clock shows ``minute`` minutes after midnight of ``day``; 1440 is 24:00."""
        clock = datetime.combine(day + _DAY * (minute // 1440), time(*divmod(minute % 1440, 60)), ZoneInfo(self.zone))
        return clock.astimezone(UTC)

    def closing(self, day: date) -> datetime:
        """The instant when the offices close on ``day``."""
        return self.instant(day, self.segments[-1][1])

    def working_minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole working minutes from ``start`` to ``end``, left-over seconds dropped; negative where ``end`` comes first."""
        if end < start:
            return -self.working_minutes_between(end, start)
        return self.working_time_between(start, end) // _MINUTE

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from ``start`` to ``end``, to the second; nothing where ``end`` comes first."""
        total = timedelta()
        for opened, closed in self._stretches(self.local_day(start)):
            if opened >= end:
                break
            total += max(min(closed, end) - max(opened, start), timedelta())
        return total

    def add_working_minutes(self, start: datetime, minutes: int) -> datetime:
        """The first instant by which ``minutes`` (0 or more) working minutes have passed since ``start``."""
        return self.add_working_time(start, _MINUTE * _counted(minutes))

    def add_working_time(self, start: datetime, left: timedelta) -> datetime:
        """The first instant by which so much working time (not negative, to the second) has passed since ``start``."""
        if left < timedelta():
            raise ValueError(f"time is only added forwards: {left}")
        if not left:
            return self._local(start).astimezone(UTC)
        stretches = self._stretches(self.local_day(start))
        while True:
            opened, closed = next(stretches)
            begin = max(opened, start)
            if closed - begin >= left:
                return (begin + left).astimezone(UTC)
            left -= max(closed - begin, timedelta())

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """``start`` plus ``days`` (0 or more) elapsed working days, at the same time of day (handbook §2.7 a).

        The clock runs on working days only, from midnight to midnight: what starts on a day off starts
        with the next working day, so that a later start is never due earlier.
        """
        local = self._local(start)
        if not _counted(days):
            return local.astimezone(UTC)
        day, clock = local.date(), local.time()
        if not self.is_working(day):
            day, clock = self.next_working_day(day), time()
        for _ in range(days):
            day = self.next_working_day(day)
        return datetime.combine(day, clock, ZoneInfo(self.zone)).astimezone(UTC)

    def next_working_day(self, day: date) -> date:
        """The first working day after ``day``."""
        day += _DAY
        while not self.is_working(day):
            day += _DAY
        return day

    def nth_working_day(self, period: Period, n: int) -> date:
        """The ``n``-th working day of ``period``, counted from its end where ``n`` is negative.

        Raises ``Refused("no-such-working-day")`` where the period has fewer.
        """
        working = [day for day in days_of(period) if self.is_working(day)]
        if not 1 <= abs(n) <= len(working):
            raise Refused(
                "no-such-working-day",
                N_("%(period)s has %(count)s working days, there is no number %(n)s."),
                period=period.key,
                count=len(working),
                n=n,
            )
        return working[n - 1 if n > 0 else n]

    def _stretches(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Every stretch of working time from the beginning of ``day`` on, without end."""
        while True:
            if self.is_working(day):
                for opened, closed in self.segments:
                    yield self.instant(day, opened), self.instant(day, closed)
            day += _DAY

    def _local(self, instant: datetime) -> datetime:
        if instant.tzinfo is None:
            raise ValueError(f"an instant needs a zone: {instant}")
        return instant.astimezone(ZoneInfo(self.zone))


def _counted(amount: int) -> int:
    if amount < 0:
        raise ValueError(f"time is only added forwards: {amount}")
    return amount
