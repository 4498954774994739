"""Deadlines over nine real years, against the city's published days and a counter that knows minutes and nothing else."""

from __future__ import annotations

import csv
import random
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import accumulate

import pytest
from flask import Flask

from app.core.db import db
from app.domain.calendar import WorkingCalendar
from app.domain.case_leaves import APPROVED, Pause
from app.domain.clock_story import Clock, tell
from app.domain.deadlines import due, limit_of, moved
from app.queries.calendar import working_calendar
from tests.real_data import real_file

CITY = timezone(timedelta(hours=8))
"""The city has kept no summer time since 1991."""

ROUNDS = 10_000
LONGEST = {"min": 2_000, "h": 300, "d": 40, "wh": 120, "wd": 25, "wd+": 25}


@dataclass(frozen=True)
class Minutes:
    """Every minute since the first day: how many minutes before it were worked, and how many lay on working days."""

    first: date
    worked: array[int]
    days: array[int]
    working_day: list[bool]

    def at(self, minute: int) -> datetime:
        """The instant of a minute."""
        return datetime.combine(self.first, time(), CITY).astimezone(UTC) + timedelta(minutes=minute)

    def of(self, instant: datetime) -> int:
        """The minute of an instant."""
        return (instant - self.at(0)) // timedelta(minutes=1)

    def due(self, amount: int, unit: str, start: int) -> int:
        """Where a limit ends, by counting."""
        if unit in ("min", "h", "d"):
            return start + amount * {"min": 1, "h": 60, "d": 1440}[unit]
        if unit == "wh":
            return bisect_left(self.worked, self.worked[start] + 60 * amount)
        if unit == "wd":  # the last minute by which not more than so many days' minutes of working days have passed
            return bisect_right(self.days, self.days[start] + 1440 * amount) - 1
        day = start // 1440
        for _ in range(amount):
            day = next(later for later in range(day + 1, len(self.working_day)) if self.working_day[later])
        return day * 1440 + 18 * 60

    def moved(self, end: int, natural: bool, begin: int, until: int) -> int:
        """Where it ends after a pause: later by its length, in the clock's own minutes."""
        if natural:
            return end + until - begin
        length = self.worked[until] - self.worked[begin]
        return bisect_left(self.worked, self.worked[end] + length) if length else end


@pytest.fixture(scope="module")
def minutes() -> Minutes:
    """The counter, written from the published days alone: 08:00–12:00 and 14:00–18:00 on every day that is worked."""
    with real_file("calendar/cn_days_2018_2026.csv").open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    working = [row["is_workday"] == "1" for row in rows]
    hours = bytes(8 <= minute // 60 < 12 or 14 <= minute // 60 < 18 for minute in range(1440))
    every = (flag for day in working for flag in (hours if day else bytes(1440)))
    whole = (flag for day in working for flag in (bytes([1]) * 1440 if day else bytes(1440)))
    first = date.fromisoformat(rows[0]["date"])
    assert [row["date"] for row in rows] == [(first + timedelta(days=n)).isoformat() for n in range(len(rows))]
    return Minutes(first, array("i", accumulate(every, initial=0)), array("i", accumulate(whole, initial=0)), working)


@pytest.fixture
def calendar(lite: Flask) -> WorkingCalendar:
    """The calendar that a new installation has."""
    return working_calendar(db.session())


@dataclass(frozen=True)
class Case:
    """A limit, a start, and pauses each of which begins before the clock runs out; all in minutes."""

    amount: int
    unit: str
    start: int
    pauses: tuple[tuple[int, int], ...]
    base: int
    end: int

    @property
    def natural(self) -> bool:
        return self.unit in ("min", "h", "d")


def cases(minutes: Minutes, count: int, seed: int) -> Iterator[Case]:
    """Random ones, so that everything ends within the published days."""
    dice = random.Random(seed)
    made = 0
    while made < count:
        unit = dice.choice(list(LONGEST))
        amount = dice.randrange(1, LONGEST[unit] + 1)
        start = dice.randrange(len(minutes.worked) - 110 * 1440)
        base = end = minutes.due(amount, unit, start)
        pauses: list[tuple[int, int]] = []
        reached = start
        for _ in range(dice.choice((0, 0, 1, 2, 3))):
            begin = reached + dice.randrange(max(end - reached, 0) + 1)
            until = begin + dice.randrange(1, dice.choice((30, 600, 6_000, 15_000)))
            if begin > end:
                break
            end = minutes.moved(end, unit in ("min", "h", "d"), begin, until)
            pauses.append((begin, until))
            reached = until
        if end < len(minutes.worked) - 1440:
            made += 1
            yield Case(amount, unit, start, tuple(pauses), base, end)


def test_the_calendar_of_a_new_installation_is_the_published_one(minutes: Minutes, calendar: WorkingCalendar) -> None:
    wrong = [day for n, worked in enumerate(minutes.working_day) if calendar.is_working(day := minutes.first + timedelta(days=n)) != worked]
    assert wrong == []
    assert set(range(2018, 2027)) <= calendar.known_years


def test_ten_thousand_limits_with_pauses_end_where_the_counter_says(minutes: Minutes, calendar: WorkingCalendar) -> None:
    seen: dict[str, int] = {}
    paused = 0
    for case in cases(minutes, ROUNDS, 20180101):
        limit = limit_of(f"{case.amount}{case.unit}")
        found = due(limit, minutes.at(case.start), calendar)
        assert (found.due_at, found.provisional) == (minutes.at(case.base), False), case
        end = found.due_at
        for begin, until in case.pauses:
            end = moved(end, limit.natural, minutes.at(begin), minutes.at(until), calendar)
        assert end == minutes.at(case.end), case
        seen[case.unit] = seen.get(case.unit, 0) + 1
        paused += bool(case.pauses)
    assert sum(seen.values()) == ROUNDS and min(seen.values()) > 1_000 and paused > ROUNDS // 3


def test_stories_of_a_thousand_deadlines_count_every_minute_once(minutes: Minutes, calendar: WorkingCalendar) -> None:
    """What is counted, paused, left and over is what a walk over single minutes finds."""
    dice = random.Random(20261231)
    for case in cases(minutes, 1_000, 20261231):
        limit = limit_of(f"{case.amount}{case.unit}")
        last = max([case.start, *(until for _, until in case.pauses)])
        now = min(last + dice.randrange(max(case.end - last, 0) + 4_000), len(minutes.worked) - 1)
        pauses = tuple(Pause(1, n, state=APPROVED, from_at=minutes.at(b), to_at=minutes.at(u)) for n, (b, u) in enumerate(case.pauses, 1))
        clock = Clock(minutes.at(case.start), minutes.at(case.end), limit, case.natural, minutes.at(case.base), pauses)
        figures = tell(clock, minutes.at(now), calendar).figures
        assert (figures.counted, figures.paused, figures.left, figures.overdue) == _walked(minutes, case, now), case


def _walked(minutes: Minutes, case: Case, now: int) -> tuple[int, int, int, int]:
    """Counted, paused, left, over: minute by minute where something changes, never by a formula."""
    counted = paused = left = over = 0
    stopped = set()
    for begin, until in case.pauses:
        stopped.update(range(begin, min(until, case.end)))
    for minute in range(case.start, max(case.end, now)):
        if not case.natural and minutes.worked[minute + 1] == minutes.worked[minute]:
            continue
        if minute >= case.end:
            over += 1
        elif minute in stopped:
            paused += 1
        elif minute < now:
            counted += 1
        else:
            left += 1
    return counted, paused, left, over
