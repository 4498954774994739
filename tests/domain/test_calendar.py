"""Working time, against the official days of nine years and a counter that walks every single minute."""

from __future__ import annotations

import random
from array import array
from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import chinese_calendar  # type: ignore[import-untyped]
import pytest

from app.domain.calendar import USUAL_HOURS, WorkingCalendar, hours
from app.domain.examples import at
from app.domain.period import month_of
from app.domain.refusals import Refused

FIRST, LAST = date(2018, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
ZERO = datetime.combine(FIRST, time(), ZoneInfo("Asia/Shanghai"))


def kind(day: date) -> str:
    if not chinese_calendar.is_workday(day):
        return "off"
    return "makeup" if day.weekday() >= 5 else "work"


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    return WorkingCalendar("2018-2026", {day: kind(day) for day in DAYS}, frozenset(range(2018, 2027)))


@pytest.fixture(scope="module")
def minutes_worked() -> array[int]:
    """How many working minutes lie before each minute since the first day: every minute asked, one by one."""
    worked = [bytes(8 * 60 <= minute < 12 * 60 or 14 * 60 <= minute < 18 * 60 for minute in range(24 * 60)), bytes(24 * 60)]
    every = (flag for day in DAYS for flag in worked[0 if chinese_calendar.is_workday(day) else 1])
    return array("q", accumulate(every, initial=0))


def test_working_minutes_agree_with_a_count_of_every_minute(calendar: WorkingCalendar, minutes_worked: array[int]) -> None:
    dice = random.Random(20260213)
    for _ in range(2500):
        start = dice.randrange(len(minutes_worked) - 1)
        end = min(start + dice.choice((90, 2_000, 20_000, 60_000)) * dice.randrange(1, 100) // 40, len(minutes_worked) - 1)
        expected = minutes_worked[end] - minutes_worked[start]
        assert calendar.working_minutes_between(ZERO + timedelta(minutes=start), ZERO + timedelta(minutes=end)) == expected


def test_adding_working_minutes_ends_at_the_first_minute_that_completes_them(calendar: WorkingCalendar, minutes_worked: array[int]) -> None:
    dice = random.Random(20260930)
    for _ in range(2000):
        start = dice.randrange(len(minutes_worked) - 100_000)
        amount = dice.randrange(1, 5_000)
        expected = bisect_left(minutes_worked, minutes_worked[start] + amount)
        assert calendar.add_working_minutes(ZERO + timedelta(minutes=start), amount) == ZERO + timedelta(minutes=expected)


def test_every_official_day_is_worked_or_not_as_published(calendar: WorkingCalendar) -> None:
    assert all(calendar.is_working(day) == chinese_calendar.is_workday(day) for day in DAYS)


@pytest.mark.parametrize("day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"])
def test_a_weekend_day_is_worked_when_the_notice_says_so(calendar: WorkingCalendar, day: str) -> None:
    assert date.fromisoformat(day).weekday() >= 5
    assert calendar.is_working(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-02-13 17:30", 1, "2026-02-14 17:30"),
        ("2026-02-13 17:30", 2, "2026-02-24 17:30"),
        ("2026-09-30 16:00", 1, "2026-10-08 16:00"),
        ("2026-09-30 16:00", 0, "2026-09-30 16:00"),
        ("2026-11-13 20:00", 1, "2026-11-16 20:00"),
        ("2026-11-14 10:00", 1, "2026-11-17 00:00"),
    ],
)
def test_elapsed_working_days_keep_the_time_of_day(calendar: WorkingCalendar, start: str, days: int, end: str) -> None:
    assert calendar.add_working_days(at(start), days) == at(end)


def test_a_later_start_is_never_due_earlier(calendar: WorkingCalendar) -> None:
    starts = [at("2026-09-24 00:00") + timedelta(hours=n) for n in range(24 * 30)]
    ends = [calendar.add_working_days(start, 3) for start in starts]
    assert ends == sorted(ends)
    assert all(end - start >= timedelta(days=3) for start, end in zip(starts, ends, strict=True))


def test_seconds_are_kept_when_minutes_are_added_and_dropped_when_they_are_counted(calendar: WorkingCalendar) -> None:
    assert calendar.add_working_minutes(at("2026-11-12 17:59:30"), 1) == at("2026-11-13 08:00:30")
    assert calendar.working_minutes_between(at("2026-11-12 09:00:01"), at("2026-11-12 09:01:00")) == 0
    assert calendar.working_time_between(at("2026-11-12 09:00:01"), at("2026-11-12 09:01:00")) == timedelta(seconds=59)


def test_counting_backwards_is_negative(calendar: WorkingCalendar) -> None:
    assert calendar.working_minutes_between(at("2026-11-12 10:00"), at("2026-11-12 09:00")) == -60


def test_nothing_added_is_no_change_even_on_a_day_off(calendar: WorkingCalendar) -> None:
    assert calendar.add_working_minutes(at("2026-11-14 10:00"), 0) == at("2026-11-14 10:00")


def test_working_days_of_a_month_are_numbered_from_both_ends(calendar: WorkingCalendar) -> None:
    october = month_of("2026-10")
    assert calendar.nth_working_day(october, 1) == date(2026, 10, 8)
    assert calendar.nth_working_day(october, 3) == date(2026, 10, 10)
    assert calendar.nth_working_day(october, -1) == date(2026, 10, 30)
    for n in (0, 24, -24):
        with pytest.raises(Refused, match="working days"):
            calendar.nth_working_day(october, n)


def test_the_next_working_day_skips_the_holiday(calendar: WorkingCalendar) -> None:
    assert calendar.next_working_day(date(2026, 2, 14)) == date(2026, 2, 24)


def test_a_year_without_notice_is_monday_to_friday_and_provisional(calendar: WorkingCalendar) -> None:
    assert calendar.is_working(date(2027, 1, 1))
    assert not calendar.is_working(date(2027, 1, 2))
    assert not calendar.is_provisional(date(2026, 1, 1), date(2026, 12, 31))
    assert calendar.is_provisional(date(2026, 12, 31), date(2027, 1, 1))
    assert calendar.is_provisional(date(2027, 1, 1), date(2026, 12, 31))
    assert WorkingCalendar("gap", {}, frozenset({2025, 2027})).is_provisional(date(2025, 12, 31), date(2027, 1, 1))


def test_a_local_closure_in_a_year_without_notice_is_honoured_and_stays_provisional() -> None:
    typhoon = WorkingCalendar("t", {date(2027, 7, 1): "off"}, frozenset())
    assert not typhoon.is_working(date(2027, 7, 1))
    assert typhoon.is_provisional(date(2027, 7, 1), date(2027, 7, 1))


def test_the_zone_decides_and_not_a_fixed_distance_from_utc() -> None:
    """Summer time began in New York on 2026-03-08 at 02:00: Friday 18:00 to Monday 08:00 is 61 hours there."""
    new_york = WorkingCalendar("ny", {}, frozenset({2026}), zone="America/New_York", segments=hours("00:00-24:00"))
    friday = datetime(2026, 3, 6, 23, 0, tzinfo=UTC)
    assert new_york.add_working_days(friday, 1) == datetime(2026, 3, 9, 22, 0, tzinfo=UTC)
    assert new_york.add_working_minutes(friday, 6 * 60) == datetime(2026, 3, 7, 5, 0, tzinfo=UTC)
    assert new_york.add_working_minutes(friday, 6 * 60 + 1) == datetime(2026, 3, 9, 4, 1, tzinfo=UTC)


def test_the_city_kept_summer_time_in_1986() -> None:
    """1986-05-05 was a Monday; the city's clocks stood at UTC+9 that day."""
    old = WorkingCalendar("1986", {}, frozenset({1986}))
    assert old.closing(date(1986, 5, 5)) == datetime(1986, 5, 5, 9, 0, tzinfo=UTC)


def test_working_hours_are_read_from_one_line_of_text() -> None:
    assert hours("08:00-12:00, 14:00-18:00") == USUAL_HOURS
    assert hours("8:30-24:00") == ((510, 1440),)
    assert hours("08:59-12:59") == ((539, 779),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8-12",
        "08:00-12:00,11:00-18:00",
        "12:00-08:00",
        "12:00-12:00",
        "08:00-12:60",
        "08:60-12:00",
        "20:00-25:00",
        "08:00-12:00,12:00-13:00",
    ],
)
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        hours(text)


def test_a_calendar_refuses_what_it_cannot_count_with(calendar: WorkingCalendar) -> None:
    with pytest.raises(ValueError, match="zone"):
        calendar.add_working_days(datetime(2026, 9, 1), 1)
    with pytest.raises(ValueError, match="forwards"):
        calendar.add_working_minutes(at("2026-09-01"), -1)
    with pytest.raises(ValueError, match="kinds of day"):
        WorkingCalendar("x", {date(2026, 1, 1): "holiday"}, frozenset())
    with pytest.raises(ValueError, match="working hours"):
        WorkingCalendar("x", {}, frozenset(), segments=())
    for late in (((0, 1441),), ((-1, 60),), ((60, 60),), ((60, 120), (120, 180))):
        with pytest.raises(ValueError, match="working hours"):
            WorkingCalendar("x", {}, frozenset(), segments=late)
