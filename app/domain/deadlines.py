"""Limits and the deadlines they lead to: how much time, on which clock, and when it is over."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.calendar import WorkingCalendar
from app.domain.refusals import N_, Refused

MINUTE, HOUR, DAY = "min", "h", "d"
WORKING_HOUR, WORKING_DAY, FROM_NEXT_WORKING_DAY = "wh", "wd", "wd+"

UNITS = {
    MINUTE: N_("Minutes"),
    HOUR: N_("Hours"),
    DAY: N_("Days"),
    WORKING_HOUR: N_("Working hours"),
    WORKING_DAY: N_("Working days"),
    FROM_NEXT_WORKING_DAY: N_("Working days from the next one, until closing time"),
}
"""The units of a limit. Minutes, hours and days run day and night; the others follow the working calendar."""

MOST = 9999
"""No limit is longer than this many units; more is a slip of the keyboard."""

_CODE = re.compile(r"^(\d{1,4})\s*(min|wd\+|wd|wh|h|d)$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of time on one clock; written "10min", "24h", "5d", "4wh", "3wd", "13wd+"."""

    amount: int
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in UNITS or not 1 <= self.amount <= MOST:
            raise Refused(
                "bad-limit",
                N_("“%(value)s” is not a time limit. Write 10min, 24h, 5d, 4wh, 3wd or 13wd+."),
                field="limit",
                value=f"{self.amount}{self.unit}",
            )

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    @property
    def natural(self) -> bool:
        """Whether the clock runs day and night, whatever the offices do."""
        return self.unit in (MINUTE, HOUR, DAY)


def limit_of(text: str) -> Limit:
    """The limit written as ``text``. Raises ``Refused("bad-limit")`` for anything else."""
    match = _CODE.match(text.strip().lower())
    if not match:
        raise Refused(
            "bad-limit", N_("“%(value)s” is not a time limit. Write 10min, 24h, 5d, 4wh, 3wd or 13wd+."), field="limit", value=text
        )
    return Limit(int(match[1]), match[2])


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a limit ends: inclusive, UTC. ``provisional`` where it passes through a year without a holiday notice."""

    due_at: datetime
    provisional: bool
    calendar_version: str


def due(limit: Limit, start: datetime, calendar: WorkingCalendar) -> Deadline:
    """The deadline of ``limit`` when its clock starts at ``start`` (aware)."""
    end = _ENDS[limit.unit](limit.amount, start, calendar)
    provisional = not limit.natural and calendar.is_provisional(calendar.local_day(start), calendar.local_day(end))
    return Deadline(due_at=end, provisional=provisional, calendar_version=calendar.version)


def moved(due_at: datetime, natural: bool, start: datetime, end: datetime, calendar: WorkingCalendar) -> datetime:
    """``due_at`` after the clock stood still in ``[start, end)`` (handbook §2.8).

    A natural clock moves by the whole stretch, every other one by its *working* length, so that a weekend in
    between gives nothing away. What was over when the pause began stays over.
    """
    if end <= start or due_at < start:
        return due_at
    if natural:
        return due_at + (end - start)
    return calendar.add_working_time(due_at, calendar.working_time_between(start, end))


def _minutes(amount: int, start: datetime, calendar: WorkingCalendar) -> datetime:
    return start.astimezone(UTC) + timedelta(minutes=amount)


def _hours(amount: int, start: datetime, calendar: WorkingCalendar) -> datetime:
    return start.astimezone(UTC) + timedelta(hours=amount)


def _days(amount: int, start: datetime, calendar: WorkingCalendar) -> datetime:
    """The same time of day on the city's clock, ``amount`` days on."""
    local = start.astimezone(ZoneInfo(calendar.zone)) + timedelta(days=amount)
    return local.astimezone(UTC)


def _working_hours(amount: int, start: datetime, calendar: WorkingCalendar) -> datetime:
    return calendar.add_working_minutes(start, amount * 60)


def _working_days(amount: int, start: datetime, calendar: WorkingCalendar) -> datetime:
    return calendar.add_working_days(start, amount)


def _from_next_working_day(amount: int, start: datetime, calendar: WorkingCalendar) -> datetime:
    """The day of the event is not counted, the last day ends with business (Civil Code arts 201 and 203).

    Art. 202's last day on a holiday cannot occur: only working days are counted.
    """
    day = calendar.local_day(start)
    for _ in range(amount):
        day = calendar.next_working_day(day)
    return calendar.closing(day)


_ENDS: Mapping[str, Callable[[int, datetime, WorkingCalendar], datetime]] = {
    MINUTE: _minutes,
    HOUR: _hours,
    DAY: _days,
    WORKING_HOUR: _working_hours,
    WORKING_DAY: _working_days,
    FROM_NEXT_WORKING_DAY: _from_next_working_day,
}
