"""The strip of a clock's story: day by day on the city's clock, what was counted, stood still, is left or concerned nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from app.domain.calendar import MAKEUP, WorkingCalendar
from app.domain.clock_story import COUNTED, HELD, LATE, LEFT, Piece, Story, measure_of

UNUSED, OFF = "unused", "off"
"""Working time outside the span; a day on which the offices do not work."""

MOST_DAYS = 9
"""A longer strip is folded: its ends and the days around the present stay, the rest is summed up."""

_ENDS = 3
_SHORT = timedelta(hours=4)
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_WHOLE = 24 * 60
_MARGIN = 60


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one kind; ``begin`` and ``end`` are fractions of the day."""

    kind: str
    begin: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True)
class Day:
    """One local day. ``off`` and ``makeup`` are what the working calendar says, and false on a clock that runs day and night."""

    day: date
    today: bool
    off: bool
    makeup: bool
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """Days left out, with the minutes they hold."""

    first: date
    last: date
    days: int
    off: int
    counted: int
    paused: int
    left: int
    late: int


@dataclass(frozen=True, slots=True)
class Strip:
    """The days, and which part of each is worth looking at: from before the offices open until after they close.

    ``telling`` is false for minutes of a clock that runs day and night: a strip of days shows nothing of them.
    """

    days: tuple[Day | Fold, ...]
    begin: Fraction
    end: Fraction
    telling: bool


def strip_of(story: Story, calendar: WorkingCalendar, most: int = MOST_DAYS) -> Strip:
    """The strip of ``story``, of at most ``most`` days (7 or more) and the folds between them."""
    first = calendar.local_day(story.clock.started_at)
    last = max([first, calendar.local_day(story.expected_at), calendar.local_day(story.at)])
    days = [first + _DAY * n for n in range((last - first).days + 1)]
    today = calendar.local_day(story.now)
    groups = _shown(days, {today, calendar.local_day(story.at)}, most)
    drawn = tuple(_day(story, calendar, group[0], today) if len(group) == 1 else _fold(story, calendar, group) for group in groups)
    begin, end = Fraction(0), Fraction(1)
    if not story.clock.natural:
        begin = Fraction(max(calendar.segments[0][0] - _MARGIN, 0), _WHOLE)
        end = Fraction(min(calendar.segments[-1][1] + _MARGIN, _WHOLE), _WHOLE)
    longest = max(story.expected_at, story.at) - story.clock.started_at
    return Strip(drawn, begin, end, telling=not story.clock.natural or longest >= _SHORT)


def _shown(days: Sequence[date], central: set[date], most: int) -> list[list[date]]:
    """Days alone where they are shown, together where they are folded; a single day is never folded."""
    if len(days) <= most:
        return [[day] for day in days]
    kept = {*days[:_ENDS], *days[-_ENDS:], *central}
    groups: list[list[date]] = []
    for day in days:
        if day in kept or not groups or groups[-1][-1] in kept:
            groups.append([day])
        else:
            groups[-1].append(day)
    return groups


def _day(story: Story, calendar: WorkingCalendar, day: date, today: date) -> Day:
    natural = story.clock.natural
    off = not natural and not calendar.is_working(day)
    return Day(
        day=day,
        today=day == today,
        off=off,
        makeup=not natural and calendar.days.get(day) == MAKEUP,
        segments=(Segment(OFF, Fraction(0), Fraction(1)),) if off else tuple(_segments(story, calendar, day)),
    )


def _segments(story: Story, calendar: WorkingCalendar, day: date) -> Iterator[Segment]:
    """The day's stretches of clock time, cut where the story changes."""
    midnight = calendar.instant(day, 0)
    length = calendar.instant(day, _WHOLE) - midnight
    for opened, closed in ((0, _WHOLE),) if story.clock.natural else calendar.segments:
        begin, end = calendar.instant(day, opened), calendar.instant(day, closed)
        for start, stop, kind in _cut(begin, end, story.pieces):
            yield Segment(kind, _share(start - midnight, length), _share(stop - midnight, length))


def _share(part: timedelta, whole: timedelta) -> Fraction:
    return Fraction(part // timedelta.resolution, whole // timedelta.resolution)


def _cut(begin: datetime, end: datetime, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """``[begin, end)`` in pieces of the story, and what is of no piece as unused."""
    reached = begin
    for start, stop, kind in pieces:
        start, stop = max(start, reached), min(stop, end)
        if start >= stop:
            continue
        if reached < start:
            yield reached, start, UNUSED
        yield start, stop, kind
        reached = stop
    if reached < end:
        yield reached, end, UNUSED


def _fold(story: Story, calendar: WorkingCalendar, days: Sequence[date]) -> Fold:
    begin, end = calendar.instant(days[0], 0), calendar.instant(days[-1], _WHOLE)
    measure = measure_of(story.clock, calendar)
    sums = {
        kind: sum((measure(max(b, begin), min(e, end)) for b, e, k in story.pieces if k == kind), timedelta()) // _MINUTE
        for kind in (COUNTED, HELD, LEFT, LATE)
    }
    return Fold(
        first=days[0],
        last=days[-1],
        days=len(days),
        off=0 if story.clock.natural else sum(not calendar.is_working(day) for day in days),
        counted=sums[COUNTED],
        paused=sums[HELD],
        left=sums[LEFT],
        late=sums[LATE],
    )
