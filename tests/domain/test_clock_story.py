"""A deadline's story, against days and minutes counted by hand on the paper calendar of 2026."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.core.languages import words
from app.domain.calendar import WorkingCalendar
from app.domain.case_leaves import APPROVED, OPEN, Extension, Pause
from app.domain.clock_sentence import headline_of, note_of, sentence_of
from app.domain.clock_story import CLOSED, ENDED, RETURNED, WITHDRAWN, Clock, Story, tell
from app.domain.clock_strip import Day, Fold, strip_of
from app.domain.deadlines import due, limit_of, moved
from app.domain.examples import at

OFF = [date(2026, 2, day) for day in range(15, 24)] + [date(2026, 10, day) for day in range(1, 8)]
MAKEUP = [date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20), date(2026, 10, 10)]
CALENDAR = WorkingCalendar("2026-3", dict.fromkeys(OFF, "off") | dict.fromkeys(MAKEUP, "makeup"), frozenset({2026}))


def clock(start: str, limit: str, **more: Any) -> Clock:
    """A clock as a round opens it."""
    found = limit_of(limit)
    end = due(found, at(start), CALENDAR).due_at
    return replace(Clock(at(start), end, found, found.natural, end), **more)


def pause(begin: str, end: str | None, **more: Any) -> Pause:
    """A suspension that somebody granted."""
    kept: dict[str, Any] = {"reason": "works", "state": APPROVED, "decided_by": "值班员", **more}
    return Pause(1, 2, from_at=at(begin), to_at=at(end) if end else None, **kept)


def paused(found: Clock, *pauses: Pause) -> Clock:
    """The clock after these pauses, its due time moved by each that has ended."""
    end = found.due_at
    for each in pauses:
        if each.from_at is not None and each.to_at is not None:
            end = moved(end, found.natural, each.from_at, each.to_at, CALENDAR)
    return replace(found, pauses=pauses, due_at=end)


def said(story: Story) -> str:
    """The sentence in English."""
    return words("en").phrase(sentence_of(story, CALENDAR))


def figures(story: Story) -> tuple[int, int, int, int, int]:
    """Total, counted, paused, left, overdue."""
    f = story.figures
    return f.total, f.counted, f.paused, f.left, f.overdue


def stretches(story: Story, day: str) -> list[tuple[str, float, float]]:
    """What the strip shows of a day, in hours of the city's clock."""
    found = next(d for d in strip_of(story, CALENDAR).days if isinstance(d, Day) and d.day == date.fromisoformat(day))
    return [(s.kind, float(s.begin * 24), float(s.end * 24)) for s in found.segments]


def test_a_suspension_over_a_weekend_moves_the_due_time_by_five_working_hours() -> None:
    """Wednesday 14:15 and three working days: Monday 14:15; suspended Friday 14:00 to Monday 09:00: Tuesday 09:15."""
    found = paused(clock("2026-11-18 14:15", "3wd"), pause("2026-11-20 14:00", "2026-11-23 09:00"))
    assert (found.base_due_at, found.due_at) == (at("2026-11-23 14:15"), at("2026-11-24 09:15"))
    story = tell(found, at("2026-11-23 09:40"), CALENDAR)
    # Wed 3:45, Thu 8, Fri 4, Mon 0:40 = 16:25 of 24 h; Mon 2:20 + 4 and Tue 1:15 are left
    assert figures(story) == (24 * 60, 16 * 60 + 25, 5 * 60, 7 * 60 + 35, 0)
    assert (story.state, story.tone) == ("running", "neutral")
    assert said(story) == (
        "Counted 2 d 0 h 25 min of 3 working days (8 h each); paused 5 h by suspension no. 2, granted by 值班员; "
        "2 days off do not count; due moved from 23 Nov 2026, 14:15 to 24 Nov 2026, 09:15."
    )
    assert words("en").phrase(headline_of(story)) == "7 h 35 min left"
    assert stretches(story, "2026-11-18") == [("unused", 8, 12), ("unused", 14, 14.25), ("counted", 14.25, 18)]
    assert stretches(story, "2026-11-20") == [("counted", 8, 12), ("paused", 14, 18)]
    assert stretches(story, "2026-11-21") == [("off", 0, 24)]
    assert [s[0] for s in stretches(story, "2026-11-23")] == ["paused", "counted", "left", "left"]
    assert stretches(story, "2026-11-24") == [("left", 8, 9.25), ("unused", 9.25, 12), ("unused", 14, 18)]


def test_a_make_up_saturday_counts_and_is_named() -> None:
    found = clock("2026-02-13 17:30", "2wd")
    assert found.due_at == at("2026-02-24 17:30")
    story = tell(found, at("2026-02-14 10:00"), CALENDAR)
    assert figures(story) == (960, 30 + 120, 0, 810, 0)
    assert said(story) == (
        "Counted 2 h 30 min of 2 working days (8 h each); 9 days off do not count; "
        "14 Feb 2026 is a make-up working day and counts; due 24 Feb 2026, 17:30."
    )
    day = next(d for d in strip_of(story, CALENDAR).days if isinstance(d, Day) and d.day == date(2026, 2, 14))
    assert (day.makeup, day.off, day.today) == (True, False, True)


def test_the_golden_week_is_folded_and_gives_nothing_away() -> None:
    found = clock("2026-09-30 16:00", "3wd")
    assert found.due_at == at("2026-10-10 16:00")
    story = tell(found, at("2026-10-09 09:00"), CALENDAR)
    # Wed 2 h, Thu 8 Oct 8 h, Fri 1 h
    assert figures(story) == (1440, 11 * 60, 0, 13 * 60, 0)
    assert "7 days off do not count; 10 Oct 2026 is a make-up working day and counts" in said(story)
    strip = strip_of(story, CALENDAR)
    fold = next(d for d in strip.days if isinstance(d, Fold))
    assert (fold.first, fold.last, fold.days, fold.off, fold.counted) == (date(2026, 10, 3), date(2026, 10, 7), 5, 5, 0)
    assert [d.day for d in strip.days if isinstance(d, Day)] == [date(2026, 9, 30), *(date(2026, 10, n) for n in (1, 2, 8, 9, 10))]


def test_a_natural_clock_runs_through_the_weekend() -> None:
    story = tell(clock("2026-11-20 20:00", "24h"), at("2026-11-21 02:30"), CALENDAR)
    assert figures(story) == (1440, 390, 0, 1050, 0)
    assert said(story) == "Counted 6 h 30 min of 24 hours; due 21 Nov 2026, 20:00."
    assert stretches(story, "2026-11-20") == [("unused", 0, 20), ("counted", 20, 24)]
    assert stretches(story, "2026-11-21") == [("counted", 0, 2.5), ("left", 2.5, 20), ("unused", 20, 24)]


def test_days_of_a_natural_clock_have_twenty_four_hours() -> None:
    story = tell(clock("2026-11-20 20:00", "7d"), at("2026-11-22 21:30"), CALENDAR)
    assert said(story) == "Counted 2 d 1 h 30 min of 7 days; due 27 Nov 2026, 20:00."


def test_a_limit_from_the_next_working_day_counts_the_rest_of_the_first_one_too() -> None:
    """The day of the event is not counted by the limit, but its hours can be used: Tuesday 16:00 to Friday's closing time."""
    story = tell(clock("2026-11-17 16:00", "3wd+"), at("2026-11-18 10:00"), CALENDAR)
    assert story.clock.due_at == at("2026-11-20 18:00")
    assert figures(story) == (2 * 60 + 24 * 60, 4 * 60, 0, 22 * 60, 0)
    assert said(story) == (
        "Counted 4 h of 3 d 2 h of working time (limit: 3 working days (8 h each) after the day of the start, until closing time); "
        "due 20 Nov 2026, 18:00."
    )


def test_working_hours_go_on_counting_in_hours() -> None:
    story = tell(clock("2026-11-18 14:00", "20wh"), at("2026-11-20 09:00"), CALENDAR)
    assert said(story).startswith("Counted 13 h of 20 working hours; ")


def test_a_due_time_that_a_person_set_is_counted_in_working_time() -> None:
    found = Clock(at("2026-11-18 16:00"), at("2026-11-20 10:00"), base_due_at=at("2026-11-20 10:00"))
    story = tell(found, at("2026-11-19 09:00"), CALENDAR)
    assert figures(story) == (12 * 60, 3 * 60, 0, 9 * 60, 0)
    assert said(story) == "Counted 3 h of 12 h of working time until the time that was set; due 20 Nov 2026, 10:00."


def test_an_extension_replaces_the_due_time_and_is_named() -> None:
    wish = Extension(1, 1, state=APPROVED, wanted_at=at("2026-11-25 17:00"), decided_by="王班长")
    found = clock("2026-11-18 14:15", "3wd", extensions=(wish,), due_at=at("2026-11-25 17:00"))
    story = tell(found, at("2026-11-19 14:15"), CALENDAR)
    # Wed 3:45, Thu to Tue 4 × 8, Wed 7 = 42:45
    assert figures(story) == (42 * 60 + 45, 8 * 60, 0, 34 * 60 + 45, 0)
    assert said(story) == (
        "Counted 1 d of 5 d 2 h 45 min of working time (limit: 3 working days (8 h each)); 2 days off do not count; "
        "extension no. 1 to 25 Nov 2026, 17:00, granted by 王班长; due moved from 23 Nov 2026, 14:15 to 25 Nov 2026, 17:00."
    )


def test_while_it_is_suspended_the_due_time_is_what_it_would_be_if_it_went_on_now() -> None:
    found = paused(clock("2026-11-18 14:15", "3wd"), pause("2026-11-20 14:00", None, until=at("2026-11-27 18:00")))
    story = tell(found, at("2026-11-23 09:00"), CALENDAR)
    assert (story.state, story.expected_at) == ("paused", at("2026-11-24 09:15"))
    assert figures(story) == (1440, 15 * 60 + 45, 300, 8 * 60 + 15, 0)
    assert said(story) == (
        "Suspended now: counted 1 d 7 h 45 min of 3 working days (8 h each), 1 d 0 h 15 min left; "
        "suspended until 27 Nov 2026, 18:00 at the latest; paused 5 h by suspension no. 2, granted by 值班员; 2 days off do not count; "
        "due 24 Nov 2026, 09:15 if it went on now, 23 Nov 2026, 14:15 at first."
    )
    assert words("en").phrase(note_of(story)) == "stands still; due 24 Nov 2026, 09:15 if it went on now"


def test_a_suspension_that_nobody_granted_stops_nothing() -> None:
    found = replace(clock("2026-11-18 14:15", "3wd"), pauses=(pause("2026-11-19 08:00", None, state=OPEN),))
    story = tell(found, at("2026-11-19 14:15"), CALENDAR)
    assert (story.state, figures(story)) == ("running", (1440, 480, 0, 960, 0))


def test_time_under_verification_is_a_pause_with_its_own_words() -> None:
    found = paused(clock("2026-11-18 14:15", "3wd"), pause("2026-11-19 10:00", "2026-11-19 16:00", reason="under_review"))
    story = tell(found, at("2026-11-19 17:00"), CALENDAR)
    # the working part of 10:00 to 16:00 is four hours
    assert figures(story) == (1440, 3 * 60 + 45 + 2 * 60 + 60, 240, 1440 - 405, 0)
    assert "paused 4 h by verification and review from 19 Nov 2026, 10:00 to 19 Nov 2026, 16:00" in said(story)


@pytest.mark.parametrize(
    ("end", "state", "sentence"),
    [
        ("2026-11-19 14:15", "met", "Done on 19 Nov 2026, 14:15, in time: counted 1 d of 3 working days (8 h each); "),
        ("2026-11-23 14:15", "met", "Done on 23 Nov 2026, 14:15, in time: counted 3 d of 3 working days (8 h each); "),
        ("2026-11-24 08:30", "missed", "Done on 24 Nov 2026, 08:30, 4 h 15 min late: all of 3 working days (8 h each) was used up; "),
        ("2026-11-23 14:15:30", "missed", "Done on 23 Nov 2026, 14:15, less than 1 min of working time late: all of 3"),
    ],
)
def test_what_was_done_was_done_in_time_or_late_for_good(end: str, state: str, sentence: str) -> None:
    story = tell(clock("2026-11-18 14:15", "3wd", ended_at=at(end)), at("2026-12-31 09:00"), CALENDAR)
    assert story.state == state
    assert said(story).startswith(sentence)
    assert story.figures.left == 0


def test_a_claim_counts_once_it_is_verified_and_says_so() -> None:
    story = tell(clock("2026-11-18 14:15", "3wd", ended_at=at("2026-11-19 14:15"), claimed=True), at("2026-11-20 09:00"), CALENDAR)
    assert said(story).startswith("Claimed to be done on 19 Nov 2026, 14:15, in time: counted 1 d of 3 working days (8 h each); it counts")


def test_an_overdue_clock_says_by_how_much_working_time() -> None:
    """Due Monday 14:15; on Tuesday at 09:00 it is 3:45 + 1:00 over."""
    story = tell(clock("2026-11-18 14:15", "3wd"), at("2026-11-24 09:00"), CALENDAR)
    assert (story.state, story.tone, story.figures.overdue) == ("missed", "bad", 4 * 60 + 45)
    assert said(story).startswith("Overdue by 4 h 45 min: all of 3 working days (8 h each) is used up; ")
    assert stretches(story, "2026-11-24") == [("late", 8, 9), ("unused", 9, 12), ("unused", 14, 18)]
    assert words("en").phrase(headline_of(story)) == "4 h 45 min overdue"


@pytest.mark.parametrize(
    ("why", "when", "state", "sentence"),
    [
        (
            RETURNED,
            "2026-11-19 14:15",
            "over",
            "Given back on 19 Nov 2026, 14:15, with approval, after 1 d of 3 working days (8 h each); it",
        ),
        (
            RETURNED,
            "2026-11-24 08:30",
            "over",
            "Given back on 24 Nov 2026, 08:30, with approval, after 3 d of 3 working days (8 h each); it",
        ),
        (WITHDRAWN, "2026-11-19 14:15", "over", "Taken back on 19 Nov 2026, 14:15 after 1 d of 3 working days (8 h each); it no"),
        (WITHDRAWN, "2026-11-24 08:30", "missed", "Overdue by 4 h 15 min when it was taken back or ended on 24 Nov 2026, 08:30: all"),
        (CLOSED, "2026-11-19 14:15", "over", "Ended on 19 Nov 2026, 14:15 with the work it belonged to, after 1 d of 3 working"),
        (ENDED, "2026-11-24 08:30", "over", "The ticket is void or was merged; 3 d of 3 working days (8 h each) had been counted; "),
    ],
)
def test_work_that_fell_away_counts_for_nobody_but_late_stays_late(why: str, when: str, state: str, sentence: str) -> None:
    story = tell(clock("2026-11-18 14:15", "3wd", over_at=at(when), why=why), at("2026-12-31 09:00"), CALENDAR)
    assert story.state == state
    assert said(story).startswith(sentence)


def test_a_clock_into_a_year_without_notice_is_provisional_and_says_why() -> None:
    story = tell(clock("2026-12-30 16:00", "3wd"), at("2026-12-30 17:00"), CALENDAR)
    assert story.provisional
    assert said(story).endswith("; provisional, because the holiday notice of a year it passes through is not loaded yet.")


def test_a_line_under_the_figure_says_when_and_of_how_much() -> None:
    done = clock("2026-11-18 14:09", "10min", ended_at=at("2026-11-18 14:15"))
    assert words("en").phrase(note_of(tell(done, at("2026-11-19 09:00"), CALENDAR))) == "18 Nov 2026, 14:15; limit 10 minutes"
    by_hand = replace(clock("2026-11-18 14:09", "1wd", ended_at=at("2026-11-18 14:15")), limit=None)
    assert words("en").phrase(note_of(tell(by_hand, at("2026-11-19 09:00"), CALENDAR))) == "18 Nov 2026, 14:15; was due 19 Nov 2026, 14:09"


def test_a_natural_clock_that_is_days_over_says_so_in_days() -> None:
    story = tell(clock("2026-11-18 14:15", "24h"), at("2026-11-23 09:40"), CALENDAR)
    assert words("en").phrase(headline_of(story)) == "3 d 19 h 25 min overdue"


def test_the_last_fifth_of_a_limit_is_a_warning() -> None:
    found = clock("2026-11-18 14:00", "20wh")
    assert [tell(found, at(when), CALENDAR).tone for when in ("2026-11-20 10:59", "2026-11-20 12:00")] == ["neutral", "warn"]


def _random_story(dice: random.Random) -> tuple[Story, WorkingCalendar]:
    start = at("2026-09-01") + timedelta(minutes=dice.randrange(100 * 1440))
    text = f"{dice.randrange(1, 15)}{dice.choice(('wd', 'wh', 'wd+', 'd', 'h'))}"
    limit = limit_of(text)
    base = end = due(limit, start, CALENDAR).due_at
    pauses, reached = [], start
    for _ in range(dice.randrange(4)):
        begin = reached + timedelta(minutes=dice.randrange(1, 4000))
        reached = begin + timedelta(minutes=dice.randrange(1, 6000))
        if begin > end:
            break
        end = moved(end, limit.natural, begin, reached, CALENDAR)
        pauses.append(Pause(1, len(pauses) + 1, state=APPROVED, from_at=begin, to_at=reached))
    now = max(reached, start + timedelta(minutes=dice.randrange(30 * 1440)))
    return tell(Clock(start, end, limit, limit.natural, base, tuple(pauses)), now, CALENDAR), CALENDAR


def test_the_strip_and_the_figures_tell_the_same_minutes() -> None:
    dice = random.Random(20261118)
    for _ in range(400):
        story, calendar = _random_story(dice)
        sums = dict.fromkeys(("counted", "paused", "left", "late", "unused", "off"), timedelta())
        for day in strip_of(story, calendar, most=400).days:
            assert isinstance(day, Day)
            for segment in day.segments:
                sums[segment.kind] += timedelta(days=1) * float(segment.end - segment.begin)
        minutes = {kind: round(length / timedelta(minutes=1)) for kind, length in sums.items()}
        f = story.figures
        assert (minutes["counted"], minutes["paused"], minutes["left"], minutes["late"]) == (f.counted, f.paused, f.left, f.overdue)


def test_a_folded_strip_hides_no_minute() -> None:
    dice = random.Random(20261124)
    folded = 0
    for _ in range(400):
        story, calendar = _random_story(dice)
        strip = strip_of(story, calendar)
        assert len(strip.days) <= 11
        shown = sum(
            round(float(s.end - s.begin) * 1440) for d in strip.days if isinstance(d, Day) for s in d.segments if s.kind == "counted"
        )
        hidden = sum(d.counted for d in strip.days if isinstance(d, Fold))
        folded += hidden > 0
        assert shown + hidden == story.figures.counted
    assert folded > 20


def test_pauses_change_nothing_about_how_much_there_is_to_count() -> None:
    """However often a clock stood still: a limit in working days or hours is worth what it says, to the minute."""
    dice = random.Random(7)
    worth = {"wd": 480, "wh": 60, "h": 60, "d": 1440}
    for _ in range(600):
        story, _calendar = _random_story(dice)
        limit = story.clock.limit
        assert limit is not None
        if limit.unit in worth:
            assert story.figures.total == limit.amount * worth[limit.unit]


def test_an_instant_without_a_clock_that_ran_has_nothing_counted() -> None:
    start: datetime = at("2026-11-21 10:00")
    story = tell(clock("2026-11-21 10:00", "1wd"), start, CALENDAR)
    assert figures(story) == (480, 0, 0, 480, 0)
