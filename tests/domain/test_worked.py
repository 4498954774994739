"""The meter of working time against the calendar it is made from."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from app.domain.calendar import OFF, WorkingCalendar
from app.domain.examples import at
from app.domain.worked import WorkMeter

CALENDAR = WorkingCalendar(version="t", days={date(2026, 10, 1): OFF}, known_years=frozenset({2026}))


def test_nights_and_lunch_are_no_working_time() -> None:
    meter = WorkMeter(CALENDAR)
    assert meter.between(at("2026-09-10 11:00"), at("2026-09-10 15:00")) == 2 * 3600
    assert meter.between(at("2026-09-10 18:00"), at("2026-09-11 08:00")) == 0
    assert meter.between(at("2026-09-30 17:59:30"), at("2026-10-02 08:00:15")) == 45, "1 October is a holiday"
    assert meter.between(at("2026-09-11"), at("2026-09-10")) == 0


def test_the_meter_says_what_the_calendar_says_for_any_two_instants() -> None:
    meter, dice = WorkMeter(CALENDAR), Random(7)
    for _ in range(300):
        start = at("2009-12-20") + timedelta(seconds=dice.randrange(20 * 365 * 86400))
        end = start + timedelta(seconds=dice.randrange(40 * 86400))
        assert meter.between(start, end) == int(CALENDAR.working_time_between(start, end).total_seconds())
