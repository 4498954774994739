"""Schedules' times in any zone: every window once, in order, however often and irregularly somebody asks and whatever clocks do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import cron
from app.domain.recurrence import TimeRule, read_cron_with, windows
from tests.domain.official import CALENDAR, at

read_cron_with(cron.read)

ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Asia/Kathmandu",
)
MONTHS, WEEKS, DAYS = 11 * 12, 574, 4018
"""Of the years 2026 to 2036: three of them are leap years, and 4018 days are 574 weeks exactly."""
COUNTED = (
    (TimeRule("working_day", 3), MONTHS),
    (TimeRule("last_working_day", 2, at=time(17, 30)), MONTHS),
    (TimeRule("month_day", 31, shift="next", at=time(2, 30)), MONTHS),
    (TimeRule("month_day", 1, shift="previous", months="quarter"), 43),  # 1 January 2026 moves back into 2025
    (TimeRule("month_day", 1, months="half"), 22),
    (TimeRule("weekly", weekday=6, at=time(2, 15)), WEEKS),
    (TimeRule("weekly", weekday=3, shift="next"), None),
    (TimeRule("daily", at=time(2, 30)), DAYS),
    (TimeRule("daily", at=time(0), shift="skip"), None),
    (TimeRule("cron", cron="30 2 * * *"), DAYS),
    (TimeRule("cron", cron="0 9 L * *"), MONTHS),
    (TimeRule("cron", cron="*/20 * * * SUN"), None),
    (TimeRule("cron", cron="0,30 1-3 * 3,4,9,10,11 *"), None),
)
RULES = tuple(rule for rule, _ in COUNTED)


# --- once each, in order, whoever asks how ------------------------------------------------------------------


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("number", range(len(RULES)))
def test_every_window_of_eleven_years_comes_once_and_in_order(zone: str, number: int) -> None:
    rule = in_zone(RULES[number], zone)
    begins, until = (datetime(year, 1, 1, tzinfo=ZoneInfo(zone)) - timedelta(seconds=1) for year in (2026, 2037))
    found = list(windows(rule, CALENDAR, begins, until))
    assert all(begins < window.at <= until for window in found)
    assert all(one.at < other.at for one, other in pairwise(found))
    assert len({window.key for window in found}) == len(found)
    assert COUNTED[number][1] in (None, len(found))


def test_five_hundred_windows_of_every_zone_come_in_the_years_to_2036() -> None:
    for zone in ZONES:
        for rule in (
            TimeRule("weekly", zone=zone),
            TimeRule("daily", at=time(2, 30), zone=zone),
            TimeRule("cron", cron="30 2 * * *", zone=zone),
        ):
            found = list(islice(windows(rule, CALENDAR, datetime(2026, 1, 1, tzinfo=UTC)), 500))
            assert len({window.key for window in found}) == 500
            assert found[-1].at < datetime(2037, 1, 1, tzinfo=UTC)


def in_zone(rule: TimeRule, zone: str) -> TimeRule:
    return TimeRule(rule.kind, rule.nth, rule.weekday, rule.at, rule.shift, rule.months, rule.cron, zone)


rules = st.builds(in_zone, st.sampled_from(RULES), st.sampled_from(ZONES))
moments = st.integers(0, 400 * 24 * 60 * 4).map(lambda quarter: datetime(2026, 1, 1, tzinfo=UTC) + quarter * timedelta(seconds=15))


@settings(max_examples=120, deadline=None)
@given(rule=rules, begins=moments, steps=st.lists(st.integers(1, 40 * 24 * 3600), min_size=1, max_size=40))
def test_a_ticker_that_asks_at_any_instants_gets_the_same_windows(rule: TimeRule, begins: datetime, steps: list[int]) -> None:
    asked, got, mark = begins, [], begins
    for step in steps:
        asked += timedelta(seconds=step)
        got += windows(rule, CALENDAR, mark, asked)
        mark = asked
    assert got == list(windows(rule, CALENDAR, begins, asked))


@settings(max_examples=120, deadline=None)
@given(rule=rules, begins=moments, steps=st.lists(st.integers(-2 * 24 * 3600, 4 * 24 * 3600), min_size=1, max_size=40))
def test_a_clock_that_is_set_back_or_forward_neither_skips_nor_doubles(rule: TimeRule, begins: datetime, steps: list[int]) -> None:
    clock, mark, latest, entered = begins, begins, begins, []
    for step in steps:
        clock += timedelta(seconds=step)
        latest = max(latest, clock)
        due = list(windows(rule, CALENDAR, mark, clock))
        entered += [window.key for window in due]
        mark = due[-1].at if due else mark
    assert entered == [window.key for window in windows(rule, CALENDAR, begins, latest)]


@settings(max_examples=60, deadline=None)
@given(rule=rules, begins=moments, other=st.times(time(0), time(23, 59)))
def test_moving_the_hour_keeps_the_names_of_the_windows(rule: TimeRule, begins: datetime, other: time) -> None:
    if rule.kind == "cron":
        return
    later = TimeRule(rule.kind, rule.nth, rule.weekday, other.replace(second=0, microsecond=0), rule.shift, rule.months, "", rule.zone)
    until = begins + timedelta(days=200)
    before, after = ({window.key for window in windows(one, CALENDAR, begins, until)} for one in (rule, later))
    assert len(before ^ after) <= 2  # at the two edges only


# --- daylight saving ----------------------------------------------------------------------------------------


def minute_by_minute(zone: str, shown: time, first: date, days: int) -> Iterator[datetime]:
    """Another route: walk the minutes of the world, and note the first one of each local day at which the clock shows ``shown`` or more."""
    seen: set[date] = set()
    moment = datetime.combine(first, time(), UTC) - timedelta(days=1)
    for _ in range((days + 2) * 24 * 60):
        clock = moment.astimezone(ZoneInfo(zone))
        if clock.date() not in seen and clock.time().replace(tzinfo=None) >= shown:
            seen.add(clock.date())
            yield moment
        moment += timedelta(minutes=1)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", "2026-03-29"),
        ("Europe/Berlin", "2026-10-25"),
        ("America/New_York", "2026-03-08"),
        ("America/New_York", "2026-11-01"),
        ("Australia/Lord_Howe", "2026-04-05"),
        ("Australia/Lord_Howe", "2026-10-04"),
        ("America/Santiago", "2026-09-06"),
        ("America/Santiago", "2026-04-05"),
        ("Africa/Casablanca", "2026-02-15"),
        ("Africa/Casablanca", "2026-03-22"),
    ],
)
@pytest.mark.parametrize("shown", [time(0), time(0, 30), time(1, 45), time(2), time(2, 15), time(2, 59), time(3), time(9)])
def test_a_daily_time_comes_at_the_first_minute_that_shows_it_or_a_later_one(zone: str, day: str, shown: time) -> None:
    first = date.fromisoformat(day)
    begins, until = (datetime.combine(first, time(), UTC) + days * timedelta(days=1) for days in (-1, 2))
    walked = [moment for moment in minute_by_minute(zone, shown, first, 2) if begins < moment <= until]
    assert [window.at for window in windows(TimeRule("daily", at=shown, zone=zone), CALENDAR, begins, until)] == walked


@pytest.mark.parametrize("zone", ZONES)
def test_a_cron_of_every_ten_minutes_never_pauses_and_never_repeats(zone: str) -> None:
    for year, month in ((2026, 2), (2026, 3), (2026, 4), (2026, 9), (2026, 10), (2026, 11)):
        begins = datetime(year, month, 1, tzinfo=UTC)
        rule = TimeRule("cron", cron="*/10 * * * *", zone=zone)
        found = [window.at for window in windows(rule, CALENDAR, begins, begins + timedelta(days=28))]
        # Kathmandu is 5:45 ahead, so its tens are our fives.
        expected = [
            begins + timedelta(minutes=m)
            for m in range(1, 28 * 24 * 60 + 1)
            if (begins + timedelta(minutes=m)).astimezone(ZoneInfo(zone)).minute % 10 == 0
        ]
        assert found == expected


def test_the_second_of_a_doubled_hour_has_a_name_of_its_own() -> None:
    rule = TimeRule("cron", cron="30 * * * *", zone="Europe/Berlin")
    begins = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)  # 02:00 summer time
    keys = [window.key for window in islice(windows(rule, CALENDAR, begins), 3)]
    assert keys == ["2026-10-25T02:30", "2026-10-25T02:30b", "2026-10-25T03:30"]


def test_an_hourly_cron_leaves_out_an_hour_that_is_skipped() -> None:
    rule = TimeRule("cron", cron="30 * * * *", zone="Europe/Berlin")
    assert at(rule, "2026-03-29", 4) == ["2026-03-29 00:30", "2026-03-29 01:30", "2026-03-29 03:30", "2026-03-29 04:30"]


@pytest.mark.parametrize(("zone", "day"), [("Europe/Berlin", "2026-10-25"), ("Australia/Lord_Howe", "2026-04-05")])
def test_whoever_asks_every_minute_of_a_doubled_hour_gets_every_window_once(zone: str, day: str) -> None:
    rule = TimeRule("cron", cron="*/20 * * * *", zone=zone)
    begins = datetime.combine(date.fromisoformat(day), time(), UTC) - timedelta(days=1)
    marks = [begins + timedelta(minutes=minute) for minute in range(2 * 24 * 60)]
    assert [window for one, other in pairwise(marks) for window in windows(rule, CALENDAR, one, other)] == list(
        windows(rule, CALENDAR, begins, marks[-1])
    )


def test_a_fixed_time_in_a_doubled_hour_comes_once_and_in_a_skipped_one_after_the_gap() -> None:
    rule = TimeRule("cron", cron="15,45 2 * * *", zone="Europe/Berlin")
    assert at(rule, "2026-10-25", 3) == ["2026-10-25 02:15", "2026-10-25 02:45", "2026-10-26 02:15"]
    assert at(rule, "2026-03-29", 2) == ["2026-03-29 03:00", "2026-03-30 02:15"]


def test_the_middle_of_the_night_may_not_exist_in_santiago() -> None:
    assert at(TimeRule("daily", at=time(0), zone="America/Santiago"), "2026-09-05", 3) == [
        "2026-09-05 00:00",
        "2026-09-06 01:00",
        "2026-09-07 00:00",
    ]
