"""Recurrence (时间规则): the times of a schedule in the office's terms, each of them once, by a name that outlives changes of the hour."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import count, groupby
from typing import Protocol
from zoneinfo import ZoneInfo

from app.domain.calendar import WorkingCalendar
from app.domain.local_time import earliest_shown, first_instant, instants_of
from app.domain.period import Period, days_of, month_of
from app.domain.refusals import N_, Refused, RefusedAll

WORKING_DAY, LAST_WORKING_DAY, MONTH_DAY, WEEKLY, DAILY, CRON = "working_day", "last_working_day", "month_day", "weekly", "daily", "cron"

KINDS: Mapping[str, str] = {
    WORKING_DAY: N_("Working day of the month"),
    LAST_WORKING_DAY: N_("Working day, from the end of the month"),
    MONTH_DAY: N_("Day of the month"),
    WEEKLY: N_("Day of the week"),
    DAILY: N_("Every day"),
    CRON: N_("Cron expression"),
}
NONE, NEXT, PREVIOUS, SKIP = "none", "next", "previous", "skip"
SHIFTS: Mapping[str, str] = {
    NONE: N_("At its time all the same"),
    NEXT: N_("On the next working day"),
    PREVIOUS: N_("On the working day before"),
    SKIP: N_("Not at all"),
}
"""What happens where the day is one off; kinds that count working days never ask."""

EVERY, QUARTER, HALF, YEAR = "every", "quarter", "half", "year"
MONTHS: Mapping[str, str] = {
    EVERY: N_("Every month"),
    QUARTER: N_("First month of each quarter"),
    HALF: N_("January and July"),
    YEAR: N_("January"),
}
_LENGTH = {EVERY: 1, QUARTER: 3, HALF: 6, YEAR: 12}
_MOST = {WORKING_DAY: 23, LAST_WORKING_DAY: 23, MONTH_DAY: 31}
_LAST_YEAR = 2999
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TimeRule:
    """When, in the terms of an office. ``nth`` counts working days from the beginning or the end, or is the day of the month; a
    month too short for it gives its last (or first) one. ``weekday`` 0 is Monday. ``at`` is the zone's clock. ``months`` concerns
    the kinds of a month. A ``cron`` expression alone says when.
    """

    kind: str = WORKING_DAY
    nth: int = 1
    weekday: int = 0
    at: time = time(9)
    shift: str = NONE
    months: str = EVERY
    cron: str = ""
    zone: str = "Asia/Shanghai"

    @property
    def tz(self) -> ZoneInfo:
        """The zone whose clock counts."""
        return ZoneInfo(self.zone)


@dataclass(frozen=True, slots=True)
class Window:
    """One time of a rule. ``key`` names the slot ("2026-10", "2026-W41", "2026-10-09", of cron the local minute), never the hour it
    is set to; ``day`` is the slot's own day, before it was moved off days off, from which the period is told; ``provisional`` says
    that it depends on a year whose calendar has not been published.
    """

    key: str
    at: datetime
    day: date
    provisional: bool = False


class Cron(Protocol):
    """A cron expression that has been read."""

    @property
    def hourly(self) -> bool:
        """Whether it goes on through every hour: then a doubled hour counts twice, and one that is skipped not at all."""
        ...

    def moments(self, after: datetime) -> Iterator[datetime]:
        """What the clock shows (naive, to the minute, in order), from ``after`` on."""
        ...


_readers: list[Callable[[str], Cron]] = []


def read_cron_with(reader: Callable[[str], Cron]) -> None:
    """``reader`` reads cron expressions from now on (this floor knows no library); it raises ``Refused`` of field ``cron``."""
    _readers[:] = [reader]


def check(rule: TimeRule) -> None:
    """Raises ``Refused``, naming the field, unless the rule can be kept; several faults come as ``RefusedAll``."""
    found = list(_faults(rule))
    if len(found) == 1:
        raise found[0]
    if found:
        raise RefusedAll(found)


def _faults(rule: TimeRule) -> Iterator[Refused]:
    for field, value, known in (("kind", rule.kind, KINDS), ("shift", rule.shift, SHIFTS), ("months", rule.months, MONTHS)):
        if value not in known:
            yield Refused("unknown", N_("“%(value)s” is none of the choices."), field=field, value=value)
    most = _MOST.get(rule.kind)
    if most is not None and not 1 <= rule.nth <= most:
        yield Refused("nth", N_("The number must be between 1 and %(most)s; it is %(value)s."), field="nth", most=most, value=rule.nth)
    if rule.kind == WEEKLY and not 0 <= rule.weekday <= 6:
        yield Refused("weekday", N_("“%(value)s” is no day of the week."), field="weekday", value=rule.weekday)
    try:
        rule.tz  # noqa: B018
    except (ValueError, OSError, KeyError):
        yield Refused("zone", N_("“%(value)s” is not a time zone. Write it as Asia/Shanghai."), field="zone", value=rule.zone)
    if rule.kind == CRON:
        try:
            _readers[0](rule.cron)
        except Refused as refused:
            yield refused


def windows(rule: TimeRule, calendar: WorkingCalendar, after: datetime, until: datetime | None = None) -> Iterator[Window]:
    """The times of a rule that passes ``check``: ``after`` < at <= ``until`` (aware; without end where there is none), in order.

    A time that daylight saving skips comes at the first instant after the gap, a doubled one the first time only. Slots that fall
    on one instant (two weeks moved behind the same holidays) are one window, named by the one that was not moved so far.
    """
    nearest = 0 if rule.shift == PREVIOUS else -1
    slots = _cron_slots(rule, after) if rule.kind == CRON else _day_slots(rule, calendar, after)
    for at, falling in groupby(slots, lambda window: window.at):
        if until is not None and at > until:
            return
        if at > after:
            yield list(falling)[nearest]


# --- days ---------------------------------------------------------------------------------------------------


def _day_slots(rule: TimeRule, calendar: WorkingCalendar, after: datetime) -> Iterator[Window]:
    """Every slot from one that surely lies before ``after``."""
    zone = rule.tz
    for key, nominal, named in _natural(rule, calendar, after.astimezone(zone).date() - _DAY):
        moved = _moved(rule, calendar, nominal)
        if moved is not None:
            at = first_instant(datetime.combine(moved, rule.at), zone)
            yield Window(key, at, nominal, _depends(rule, calendar, nominal, moved, named))


def _natural(rule: TimeRule, calendar: WorkingCalendar, day: date) -> Iterator[tuple[str, date, Period | None]]:
    """Slots by name, with their own day, from one at or before ``day``; those that count working days with their month."""
    if rule.kind == DAILY:
        for step in range((date(_LAST_YEAR, 12, 31) - day).days):
            found = day + step * _DAY
            yield found.isoformat(), found, None
    elif rule.kind == WEEKLY:
        first = day - (7 + (day.weekday() - rule.weekday) % 7) * _DAY
        for step in range((date(_LAST_YEAR, 12, 31) - first).days // 7):
            found = first + step * 7 * _DAY
            year, week, _ = found.isocalendar()
            yield f"{year:04d}-W{week:02d}", found, None
    else:
        for month in _months(rule, day):
            yield month.key, _day_of_month(rule, calendar, month), None if rule.kind == MONTH_DAY else month


def _months(rule: TimeRule, day: date) -> Iterator[Period]:
    """The months that the rule means, from the one before that of ``day``."""
    length = _LENGTH[rule.months]
    for number in count(day.year * 12 + day.month - 2):
        if number // 12 > _LAST_YEAR:
            return
        if number % 12 % length == 0:
            yield month_of(f"{number // 12:04d}-{number % 12 + 1:02d}", rule.zone)


def _day_of_month(rule: TimeRule, calendar: WorkingCalendar, month: Period) -> date:
    days = days_of(month)
    if rule.kind == MONTH_DAY:
        return days[min(rule.nth, len(days)) - 1]
    working = [day for day in days if calendar.is_working(day)] or days
    nth = min(rule.nth, len(working))
    return working[nth - 1] if rule.kind == WORKING_DAY else working[-nth]


def _moved(rule: TimeRule, calendar: WorkingCalendar, day: date) -> date | None:
    """The day it falls on, nothing where it is left out."""
    if rule.kind in (WORKING_DAY, LAST_WORKING_DAY) or rule.shift == NONE or calendar.is_working(day):
        return day
    if rule.shift == NEXT:
        return calendar.next_working_day(day)
    if rule.shift == SKIP:
        return None
    while not calendar.is_working(day):
        day -= _DAY
    return day


def _depends(rule: TimeRule, calendar: WorkingCalendar, nominal: date, moved: date, month: Period | None) -> bool:
    """Whether the day was counted or moved by a calendar that is only supposed."""
    if month is not None:
        return calendar.is_provisional(month.first, month.last)
    return rule.shift != NONE and calendar.is_provisional(nominal, moved)


# --- cron ---------------------------------------------------------------------------------------------------


def _cron_slots(rule: TimeRule, after: datetime) -> Iterator[Window]:
    """What the expression says, as instants; the second showings of a doubled hour follow when all the first have passed."""
    zone, cron = rule.tz, _readers[0](rule.cron)
    second: list[Window] = []
    for shown in cron.moments(earliest_shown(after, zone)):
        instants = instants_of(shown, zone)
        if not instants and cron.hourly:
            continue
        first = Window(shown.isoformat(timespec="minutes"), first_instant(shown, zone), shown.date())
        while second and second[0].at <= first.at:
            yield second.pop(0)
        yield first
        if cron.hourly and len(instants) == 2:
            second.append(replace(first, key=f"{first.key}b", at=instants[1]))
    yield from second
