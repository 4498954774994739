"""Limits and deadlines, against days counted on a paper calendar of 2026."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.calendar import WorkingCalendar
from app.domain.deadlines import UNITS, Limit, due, limit_of
from app.domain.examples import at
from app.domain.refusals import Refused

NATIONAL_DAY = {date(2026, 10, day): "off" for day in range(1, 8)} | {date(2026, 10, 10): "makeup", date(2026, 9, 20): "makeup"}
CALENDAR = WorkingCalendar("2026-1", NATIONAL_DAY, frozenset({2026}))


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("10min", "2026-10-01 23:55:30", "2026-10-02 00:05:30"),
        ("24h", "2026-09-30 16:00", "2026-10-01 16:00"),
        ("5d", "2026-09-30 16:00", "2026-10-05 16:00"),
        ("4wh", "2026-09-30 16:00", "2026-10-08 10:00"),
        ("4wh", "2026-10-03 12:00", "2026-10-08 12:00"),
        ("1wd", "2026-09-30 16:00", "2026-10-08 16:00"),
        ("3wd", "2026-09-30 16:00", "2026-10-10 16:00"),
        ("1wd+", "2026-09-30 16:00", "2026-10-08 18:00"),
        ("13wd+", "2026-09-30 16:00", "2026-10-23 18:00"),
        ("13wd+", "2026-09-30 00:00", "2026-10-23 18:00"),
        ("1wd+", "2026-10-03 12:00", "2026-10-08 18:00"),
    ],
)
def test_a_limit_ends_where_the_paper_calendar_says(code: str, start: str, end: str) -> None:
    deadline = due(limit_of(code), at(start), CALENDAR)
    assert deadline.due_at == at(end)
    assert (deadline.provisional, deadline.calendar_version) == (False, "2026-1")


@pytest.mark.parametrize(
    ("code", "provisional"), [("3wd", True), ("8wh", True), ("1wd+", True), ("24h", False), ("30d", False), ("1wh", False)]
)
def test_what_passes_through_a_year_without_notice_is_provisional(code: str, provisional: bool) -> None:
    assert due(limit_of(code), at("2026-12-31 16:00"), CALENDAR).provisional is provisional


@pytest.mark.parametrize("code", ["3wd", "24h", "4wh", "10min", "5d", "13wd+", "1d", "9999min"])
def test_a_limit_is_written_as_it_is_read(code: str) -> None:
    assert str(limit_of(code)) == code
    assert str(limit_of(f" {code.upper()} ")) == code


@pytest.mark.parametrize("text", ["", "3", "wd", "0wd", "-1d", "1.5h", "3 weeks", "10000d", "3wd++", "３wd", "3w d"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        limit_of(text)
    assert refused.value.code == "bad-limit"


@pytest.mark.parametrize("unit", UNITS)
def test_one_more_unit_is_always_later_and_the_deadline_is_after_the_start(unit: str) -> None:
    start = at("2026-09-25 12:30")
    ends = [due(Limit(amount, unit), start, CALENDAR).due_at for amount in range(1, 30)]
    assert all(later > earlier for earlier, later in zip([start, *ends], ends, strict=False))
    assert all(end.utcoffset() == timedelta() for end in ends)
