"""When a rule warns of a clock, and when a warning may go by mail; every expected instant is counted by hand on the calendar of 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import MAKEUP, OFF, WorkingCalendar
from app.domain.deadlines import due, limit_of
from app.domain.reminders import AHEAD, AT_ONCE, BEFORE_DUE, DIGEST, MEMORY, OVERDUE, Habits, Rule, quiet_of, stretch

SPRING = {date(2026, 2, day): OFF for day in range(15, 24)} | {date(2026, 2, 14): MAKEUP, date(2026, 2, 28): MAKEUP}
CALENDAR = WorkingCalendar("2026", SPRING, frozenset({2026}))
SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    """A moment of the city's clock."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def rule(event: str, offset: str) -> Rule:
    """A rule for handlers."""
    return Rule("r", event, limit_of(offset) if offset else None, "handlers")


@pytest.mark.parametrize(
    ("event", "offset", "due_at", "first"),
    [
        (BEFORE_DUE, "4wh", "2026-03-03T09:00", "2026-03-02T15:00"),  # 1 h on Tuesday, 3 h on Monday afternoon
        (BEFORE_DUE, "4wh", "2026-03-02T18:00", "2026-03-02T12:00"),  # the whole afternoon is left from noon on
        (BEFORE_DUE, "4wh", "2026-02-14T10:00", "2026-02-13T16:00"),  # on the make-up Saturday, from Friday on
        (BEFORE_DUE, "1wd", "2026-02-24T17:30", "2026-02-14T17:30"),  # the working day before the holidays
        (BEFORE_DUE, "24h", "2026-03-01T12:00", "2026-02-28T12:00"),
        (OVERDUE, "10min", "2026-03-02T18:00", "2026-03-02T18:10"),
        (OVERDUE, "4wh", "2026-02-14T16:00", "2026-02-24T10:00"),  # 2 h on the make-up Saturday, 2 h after the holidays
        (OVERDUE, "1wd", "2026-02-13T17:30", "2026-02-14T17:30"),
        (OVERDUE, "", "2026-03-02T18:00", "2026-03-02T18:00"),
    ],
)
def test_a_rule_warns_from_a_moment_on_that_can_be_counted_by_hand(event: str, offset: str, due_at: str, first: str) -> None:
    end, begin = at(due_at), at(first)
    assert not stretch(rule(event, offset), begin - SECOND, CALENDAR).holds(end)
    assert stretch(rule(event, offset), begin, CALENDAR).holds(end)


def test_a_warning_ahead_is_not_given_when_the_clock_has_run_out() -> None:
    assert stretch(rule(BEFORE_DUE, "4wh"), at("2026-03-02T17:59"), CALENDAR).holds(at("2026-03-02T18:00"))
    assert not stretch(rule(BEFORE_DUE, "4wh"), at("2026-03-02T18:00"), CALENDAR).holds(at("2026-03-02T18:00"))


def test_what_should_have_been_said_more_than_a_week_ago_is_not_said_any_more() -> None:
    end = at("2026-03-02T18:00")
    assert stretch(rule(OVERDUE, "10min"), end + timedelta(minutes=9, days=7), CALENDAR).holds(end)
    assert not stretch(rule(OVERDUE, "10min"), end + timedelta(minutes=11, days=7), CALENDAR).holds(end)


moments = st.integers(0, 60 * 24 * 60).map(lambda minutes: at("2026-01-20T00:00") + timedelta(minutes=minutes))
offsets = st.one_of(
    st.builds("{}{}".format, st.integers(1, 30), st.sampled_from(["h", "wh"])),
    st.builds("{}{}".format, st.integers(1, 5), st.sampled_from(["d", "wd", "wd+"])),
    st.builds("{}min".format, st.integers(1, 500)),
)


@given(event=st.sampled_from([*sorted(AHEAD), OVERDUE]), offset=offsets, end=moments, present=moments)
def test_a_stretch_holds_exactly_the_clocks_that_the_limit_itself_would_warn_of(
    event: str, offset: str, end: datetime, present: datetime
) -> None:
    limit = limit_of(offset)
    if event in AHEAD:
        wanted = present < end <= due(limit, present, CALENDAR).due_at
    else:
        said = due(limit, end, CALENDAR).due_at
        wanted = present - MEMORY < said <= present
    assert stretch(rule(event, offset), present, CALENDAR).holds(end) == wanted


NIGHT = Habits(quiet_of("22:00-07:00"), time(8, 30), "Asia/Shanghai")


@pytest.mark.parametrize(
    ("habits", "how", "urgent", "written", "goes"),
    [
        (NIGHT, AT_ONCE, False, "2026-03-02T21:59", "2026-03-02T21:59"),
        (NIGHT, AT_ONCE, False, "2026-03-02T22:00", "2026-03-03T07:00"),
        (NIGHT, AT_ONCE, False, "2026-03-03T03:15", "2026-03-03T07:00"),
        (NIGHT, AT_ONCE, False, "2026-03-03T07:00", "2026-03-03T07:00"),
        (NIGHT, AT_ONCE, True, "2026-03-03T03:15", "2026-03-03T03:15"),
        (NIGHT, DIGEST, False, "2026-03-02T08:29", "2026-03-02T08:30"),
        (NIGHT, DIGEST, False, "2026-03-02T08:30", "2026-03-03T08:30"),
        (NIGHT, DIGEST, True, "2026-03-02T09:00", "2026-03-03T08:30"),
        (Habits(quiet_of("12:00-14:00"), time(13, 0), "Asia/Shanghai"), AT_ONCE, False, "2026-03-02T12:30", "2026-03-02T14:00"),
        (Habits(quiet_of("12:00-14:00"), time(13, 0), "Asia/Shanghai"), DIGEST, False, "2026-03-02T09:00", "2026-03-02T14:00"),
        (Habits(None, time(8, 30), "Asia/Shanghai"), AT_ONCE, False, "2026-03-03T03:15", "2026-03-03T03:15"),
    ],
)
def test_mail_keeps_the_quiet_hours_and_the_hour_of_the_digest(habits: Habits, how: str, urgent: bool, written: str, goes: str) -> None:
    assert habits.goes_at(how, at(written), urgent) == at(goes)
