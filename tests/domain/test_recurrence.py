"""Schedules' times in the office's terms: working days, moved days, cron for experts, the period reported, the sentence that says so."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import chinese_calendar  # type: ignore[import-untyped]
import pytest

from app.core import cron
from app.domain.period_rules import PERIOD_RULES, period_for
from app.domain.recurrence import KINDS, TimeRule, check, read_cron_with, windows
from app.domain.recurrence_sentence import said
from app.domain.refusals import Refused, RefusedAll
from tests.domain.official import CALENDAR, at, local, official
from tests.real_data import real_file

read_cron_with(cron.read)


# --- the office's days --------------------------------------------------------------------------------------


def worked_days(year: int, month: int) -> list[date]:
    day, found = date(year, month, 1), []
    while day.month == month:
        if chinese_calendar.is_workday(day):
            found.append(day)
        day += timedelta(days=1)
    return found


@pytest.mark.parametrize("nth", [1, 3, 5, 10, 17])
def test_working_days_agree_with_the_official_notices_of_every_year(nth: int) -> None:
    begins, until = datetime(2003, 12, 31, 12, tzinfo=UTC), datetime(2026, 12, 31, 12, tzinfo=UTC)
    counted, back = (
        [local(one, "Asia/Shanghai").date() for one in windows(TimeRule(kind, nth), CALENDAR, begins, until)]
        for kind in ("working_day", "last_working_day")
    )
    months = [worked_days(year, month) for year in range(2004, 2027) for month in range(1, 13)]
    clamped = [(days[min(nth, len(days)) - 1], days[-min(nth, len(days))]) for days in months]
    assert list(zip(counted, back, strict=True)) == clamped


def test_working_days_agree_with_the_published_calendar() -> None:
    lines = real_file("calendar/cn_days_2018_2026.csv").read_text("utf-8-sig").splitlines()[1:]
    worked = [date.fromisoformat(line.split(",")[0]) for line in lines if line.split(",")[2] == "1"]
    thirds = [
        days[2] for days in ([day for day in worked if (day.year, day.month) == (y, m)] for y in range(2018, 2027) for m in range(1, 13))
    ]
    begins, until = datetime(2017, 12, 31, 12, tzinfo=UTC), datetime(2026, 12, 31, 12, tzinfo=UTC)
    found = list(windows(TimeRule("working_day", 3), CALENDAR, begins, until))
    assert [local(window, "Asia/Shanghai").date() for window in found] == thirds
    assert not any(window.provisional for window in found)


def test_days_of_a_year_without_a_notice_are_flagged() -> None:
    after = datetime(2026, 11, 20, tzinfo=UTC)
    third = list(islice(windows(TimeRule("working_day", 3), CALENDAR, after), 3))
    assert [(window.key, window.provisional) for window in third] == [("2026-12", False), ("2027-01", True), ("2027-02", True)]
    moved = list(islice(windows(TimeRule("month_day", 31, shift="next"), CALENDAR, after), 2))
    assert [(window.key, window.provisional) for window in moved] == [("2026-11", False), ("2026-12", False)]
    assert [one.provisional for one in islice(windows(TimeRule("weekly", shift="skip"), CALENDAR, after), 7)] == [False] * 6 + [True]
    for fixed in (TimeRule("month_day", 5), TimeRule("daily"), TimeRule("cron", cron="0 9 1 1 *")):
        assert not any(one.provisional for one in islice(windows(fixed, CALENDAR, after), 400 if fixed.kind == "daily" else 5))


def test_a_day_moved_into_a_year_without_a_notice_is_flagged() -> None:
    known = official(2021, 2021)  # 31 December 2021 was a Friday; the 1st a holiday, so that the 1st of a month moves on
    found = next(windows(TimeRule("month_day", 1, shift="previous", months="year"), known, datetime(2021, 12, 1, tzinfo=UTC)))
    assert (found.key, found.provisional) == ("2022-01", True)


def test_the_thirty_first_is_the_last_day_of_a_shorter_month() -> None:
    assert at(TimeRule("month_day", 31), "2026-01-15", 4) == [
        "2026-01-31 09:00",
        "2026-02-28 09:00",
        "2026-03-31 09:00",
        "2026-04-30 09:00",
    ]
    assert at(TimeRule("month_day", 30), "2028-02-01") == ["2028-02-29 09:00"]


def test_a_day_off_moves_by_rule_over_the_week_of_national_day() -> None:
    assert at(TimeRule("month_day", 1, shift="next"), "2026-09-30") == ["2026-10-08 09:00"]
    assert at(TimeRule("month_day", 1, shift="previous"), "2026-09-15") == ["2026-09-30 09:00"]
    assert at(TimeRule("month_day", 1, shift="none"), "2026-09-15") == ["2026-10-01 09:00"]
    assert at(TimeRule("month_day", 1, shift="skip"), "2026-09-15") == ["2026-12-01 09:00"]  # 1 November 2026 is a Sunday


def test_a_day_moved_out_of_its_month_keeps_the_name_and_the_period_of_its_own() -> None:
    found = next(windows(TimeRule("month_day", 1, shift="previous"), CALENDAR, datetime(2026, 9, 15, tzinfo=UTC)))
    assert (found.key, found.day, period_for("last_month", found.day).key) == ("2026-10", date(2026, 10, 1), "2026-09")


def test_two_weeks_moved_behind_the_same_holidays_are_one_window() -> None:
    rule = TimeRule("weekly", weekday=3, shift="next")
    found = list(windows(rule, CALENDAR, datetime(2026, 9, 28, tzinfo=UTC), datetime(2026, 10, 16, tzinfo=UTC)))
    assert [(one.key, f"{local(one, rule.zone):%m-%d}") for one in found] == [("2026-W41", "10-08"), ("2026-W42", "10-15")]


def test_every_working_day_is_every_day_less_those_off() -> None:
    begins, until = datetime(2025, 12, 31, 12, tzinfo=UTC), datetime(2026, 12, 31, 12, tzinfo=UTC)
    expected = [day for month in range(1, 13) for day in worked_days(2026, month)]
    for shift in ("skip", "next"):
        found = [local(one, "Asia/Shanghai").date() for one in windows(TimeRule("daily", shift=shift), CALENDAR, begins, until)]
        assert found == expected


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ("quarter", ["2026-04-03", "2026-07-03", "2026-10-10", "2027-01-05"]),
        ("half", ["2026-07-03", "2027-01-05"]),
        ("year", ["2027-01-05"]),
    ],
)
def test_only_the_month_after_a_quarter_a_half_year_or_a_year(months: str, expected: list[str]) -> None:
    # 2026: 1-7 October off, 8 and 9 and the Saturday of the 10th worked; 2027 has no notice, so its Mondays to Fridays are supposed.
    assert [found[:10] for found in at(TimeRule("working_day", 3, months=months), "2026-02-01", len(expected))] == expected


# --- cron ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0 9 L * *", ["2026-01-31", "2026-02-28", "2026-03-31"]),
        ("0 9 LW * *", ["2026-01-30", "2026-02-27", "2026-03-31"]),
        ("0 9 * * MON#2", ["2026-01-12", "2026-02-09", "2026-03-09"]),
        ("0 9 * * 5L", ["2026-01-30", "2026-02-27", "2026-03-27"]),
        ("0 9 1 1,4,7,10 *", ["2026-01-01", "2026-04-01", "2026-07-01"]),
        ("0 9 13 * FRI", ["2026-01-02", "2026-01-09", "2026-01-13"]),
    ],
)
def test_cron_has_the_words_that_offices_need(expression: str, expected: list[str]) -> None:
    rule = TimeRule("cron", cron=expression)
    check(rule)
    assert at(rule, "2026-01-01", 3) == [f"{day} 09:00" for day in expected]


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("61 9 * * *", "“61” does not fit the cron field “minute”."),
        ("0 24 * * *", "“24” does not fit the cron field “hour”."),
        ("0 9 15W * *", "“15W” does not fit the cron field “day of the month”."),
        ("0 9 30 2 *", "“30” does not fit the cron field “day of the month”."),
        ("0 9 * 13 *", "“13” does not fit the cron field “month”."),
        ("0 9 * * FUN", "“FUN” does not fit the cron field “day of the week”."),
        ("0 9 * *", "A cron expression has five fields: minute, hour, day, month, weekday. “0 9 * *” has 4."),
        ("0 0 9 * * *", "A cron expression has five fields: minute, hour, day, month, weekday. “0 0 9 * * *” has 6."),
        (" ", "Write a cron expression."),
        ("@daily", "A cron expression has five fields: minute, hour, day, month, weekday. “@daily” has 1."),
    ],
)
def test_a_cron_expression_that_cannot_be_kept_is_refused_with_its_field(expression: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        check(TimeRule("cron", cron=expression))
    assert (refused.value.field, str(refused.value)) == ("cron", sentence)


def test_a_rule_that_cannot_be_kept_is_refused_with_every_field() -> None:
    with pytest.raises(RefusedAll) as refused:
        check(TimeRule("working_day", 24, shift="sideways", zone="Asia/Nowhere"))
    assert [one.field for one in refused.value.refusals] == ["shift", "nth", "zone"]
    for rule in (
        TimeRule("month_day", 32),
        TimeRule("weekly", weekday=7),
        TimeRule("now"),
        TimeRule(months="leap"),
        TimeRule(zone="../etc"),
    ):
        with pytest.raises(Refused):
            check(rule)


# --- periods and sentences ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "day", "key"),
    [
        ("last_month", "2026-01-31", "2025-12"),
        ("last_month", "2026-10-08", "2026-09"),
        ("last_month_26", "2026-09-25", "2026-08@26"),
        ("last_month_26", "2026-09-26", "2026-09@26"),
        ("last_month_26", "2026-12-26", "2026-12@26"),
        ("last_month_26", "2027-01-03", "2026-12@26"),
        ("last_quarter", "2026-01-05", "2025-Q4"),
        ("last_quarter", "2026-09-30", "2026-Q2"),
        ("last_half", "2026-06-30", "2025-H2"),
        ("last_half", "2026-07-01", "2026-H1"),
        ("last_year", "2026-01-01", "2025"),
        ("this_month", "2026-10-31", "2026-10"),
        ("month_before_last", "2026-01-31", "2025-11"),
    ],
)
def test_a_schedule_reports_the_period_that_its_rule_means(rule: str, day: str, key: str) -> None:
    assert period_for(rule, date.fromisoformat(day)).key == key


@pytest.mark.parametrize("rule", sorted(set(PERIOD_RULES) - {"this_month"}))
def test_a_period_is_over_when_it_is_reported(rule: str) -> None:
    dice = random.Random(rule)
    for _ in range(400):
        day = date(2024, 1, 1) + timedelta(days=dice.randrange(4000))
        assert period_for(rule, day).after <= day


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (TimeRule("working_day", 3), "3rd working day of the month, 09:00 (Asia/Shanghai)"),
        (TimeRule("working_day", 1, months="quarter"), "1st working day of the first month of each quarter, 09:00 (Asia/Shanghai)"),
        (TimeRule("working_day", 11), "11th working day of the month, 09:00 (Asia/Shanghai)"),
        (TimeRule("working_day", 22), "22nd working day of the month, 09:00 (Asia/Shanghai)"),
        (TimeRule("last_working_day", 1, at=time(17, 5)), "Last working day of the month, 17:05 (Asia/Shanghai)"),
        (TimeRule("last_working_day", 2), "2nd last working day of the month, 09:00 (Asia/Shanghai)"),
        (TimeRule("month_day", 31), "Last day of the month, 09:00 (Asia/Shanghai)"),
        (TimeRule("month_day", 30), "Day 30 of the month, or its last, 09:00 (Asia/Shanghai)"),
        (
            TimeRule("month_day", 5, shift="next", months="half"),
            "Day 5 of January and July (on a day off: the next working day), 09:00 (Asia/Shanghai)",
        ),
        (TimeRule("weekly", weekday=0, shift="skip"), "Every Monday (not on days off), 09:00 (Asia/Shanghai)"),
        (TimeRule("daily"), "Every day, 09:00 (Asia/Shanghai)"),
        (TimeRule("daily", shift="skip"), "Every working day, 09:00 (Asia/Shanghai)"),
        (TimeRule("cron", cron="0 9 L * *", zone="Europe/Berlin"), "By cron 0 9 L * * (Europe/Berlin)"),
    ],
)
def test_a_rule_is_said_in_one_sentence(rule: TimeRule, sentence: str) -> None:
    assert str(said(rule)) == sentence


def test_every_kind_has_a_sentence() -> None:
    for kind in KINDS:
        assert "%(" not in str(said(TimeRule(kind, cron="0 9 * * *")))
