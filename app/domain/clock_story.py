"""The story of a deadline: what its clock counted, when it stood still and what is left, to the minute of the calendar.

``clock_strip`` draws it day by day, ``clock_sentence`` says it in one sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.calendar import WorkingCalendar
from app.domain.case_leaves import APPROVED, Extension, Pause
from app.domain.deadlines import DAY, FROM_NEXT_WORKING_DAY, WORKING_DAY, Limit, moved
from app.domain.spans import WHOLE_DAY

RUNNING, MET, MISSED, PAUSED, OVER = "running", "met", "missed", "paused", "over"
"""How a clock stands: it runs, was kept, was not kept, stands still, or concerns nobody any more."""

COUNTED, HELD, LEFT, LATE = "counted", "paused", "left", "late"
"""What a stretch of a clock's time is: it ran, it stood still, it is still to come, it ran after the due time."""

RETURNED, WITHDRAWN, ENDED, CLOSED = "returned", "withdrawn", "ended", "closed"
"""Why a clock is over without having been kept or missed: the unit gave the work back with approval, the work was taken back,
the ticket is void or merged, the work it belonged to ended first."""

_LATE_STAYS_LATE = (WITHDRAWN, CLOSED)
"""Work that was taken back after its due time was late; a round that was given back with approval is void, whatever its clock said."""

_MINUTE = timedelta(minutes=1)
_NEARLY = 5
"""The last fifth of a limit is a warning (handbook §2.8: yellow from 80 % on)."""

Measure = Callable[[datetime, datetime], timedelta]
Piece = tuple[datetime, datetime, str]


@dataclass(frozen=True, slots=True)
class Clock:
    """One deadline as it was kept: start, limit, due time, what moved it, and how it ended.

    ``limit`` is ``None`` where a person set the due time. ``ended_at`` is when the duty was done, ``over_at`` and ``why``
    when and why it fell away. ``claimed`` means that the end is a claim not yet verified; ``window`` that time may pass
    without anybody being late; ``appointment`` that ``base_due_at`` is an appointment and ``due_at`` its grace.
    """

    started_at: datetime
    due_at: datetime
    limit: Limit | None = None
    natural: bool = False
    base_due_at: datetime | None = None
    pauses: Sequence[Pause] = ()
    extensions: Sequence[Extension] = ()
    ended_at: datetime | None = None
    over_at: datetime | None = None
    why: str = ""
    claimed: bool = False
    window: bool = False
    appointment: bool = False

    @property
    def stopped_at(self) -> datetime | None:
        """When it stopped for good."""
        return self.ended_at or self.over_at

    @property
    def standing(self) -> Pause | None:
        """The suspension in which it stands still now; one that began after the due time stops nothing."""
        if self.stopped_at is not None:
            return None
        return next((pause for pause in _granted(self) if pause.to_at is None and _begin(pause) <= self.due_at), None)


@dataclass(frozen=True, slots=True)
class Figures:
    """Minutes of the clock. ``counted + left + spare = total`` while nothing is overdue; ``day`` is what counts as a day.

    ``left`` is there while it runs or stands still, ``spare`` when it was kept before its time, ``overdue`` once it was not.
    """

    total: int
    counted: int
    paused: int
    left: int
    spare: int
    overdue: int
    day: int | None


@dataclass(frozen=True, slots=True)
class Story:
    """What there is to tell at ``now``. ``at`` is until when the clock was looked at: its end, else now.

    ``expected_at`` is the due time as it would be if a clock that stands still went on now.
    """

    clock: Clock
    state: str
    now: datetime
    at: datetime
    expected_at: datetime
    figures: Figures
    pieces: tuple[Piece, ...]
    provisional: bool

    @property
    def tone(self) -> str:
        """How serious it is: ``ok``, ``warn``, ``bad`` or ``neutral``."""
        if self.state == MISSED:
            return "bad"
        if self.state == RUNNING and not self.clock.window:
            return "warn" if self.figures.left * _NEARLY <= self.figures.total else "neutral"
        return "ok" if self.state == MET else "neutral"


def tell(clock: Clock, now: datetime, calendar: WorkingCalendar) -> Story:
    """The story of ``clock`` at ``now``."""
    at = max(clock.stopped_at or now, clock.started_at)
    standing = clock.standing
    expected = moved(clock.due_at, clock.natural, _begin(standing), at, calendar) if standing else clock.due_at
    state = _state(clock, at, standing is not None)
    pieces = tuple(_pieces(clock, at, expected, state))
    last = max(expected, clock.started_at)
    return Story(
        clock=clock,
        state=state,
        now=now,
        at=at,
        expected_at=expected,
        figures=_figures(clock, at, expected, pieces, measure_of(clock, calendar), calendar),
        pieces=pieces,
        provisional=not clock.natural and calendar.is_provisional(calendar.local_day(clock.started_at), calendar.local_day(last)),
    )


def measure_of(clock: Clock, calendar: WorkingCalendar) -> Measure:
    """How this clock measures the time between two instants."""
    return _natural_time if clock.natural else calendar.working_time_between


def working_day(calendar: WorkingCalendar) -> int:
    """How many minutes the offices work on a working day."""
    return sum(closed - opened for opened, closed in calendar.segments)


def _natural_time(start: datetime, end: datetime) -> timedelta:
    return max(end - start, timedelta())


def _state(clock: Clock, at: datetime, standing: bool) -> str:
    if clock.ended_at is not None:
        return MET if clock.ended_at <= clock.due_at else MISSED
    if clock.window and at > clock.due_at:
        return OVER
    if clock.over_at is not None:
        return MISSED if clock.why in _LATE_STAYS_LATE and clock.over_at > clock.due_at else OVER
    if standing:
        return PAUSED
    return MISSED if at > clock.due_at else RUNNING


def _granted(clock: Clock) -> list[Pause]:
    return [pause for pause in clock.pauses if pause.state == APPROVED and pause.from_at is not None]


def _begin(pause: Pause) -> datetime:
    assert pause.from_at is not None
    return pause.from_at


def _stops(clock: Clock, until: datetime) -> list[tuple[datetime, datetime]]:
    """When the clock stood still between its start and ``until``: in order, apart."""
    found: list[tuple[datetime, datetime]] = []
    for pause in sorted(_granted(clock), key=_begin):
        begin, end = max(_begin(pause), clock.started_at), min(pause.to_at or until, until)
        if found:
            begin = max(begin, found[-1][1])
        if begin < end:
            found.append((begin, end))
    return found


def _pieces(clock: Clock, at: datetime, expected: datetime, state: str) -> Iterator[Piece]:
    """The clock's time from its start on, cut where something changes."""
    until = min(at, expected)
    reached = clock.started_at
    for begin, end in _stops(clock, until):
        if reached < begin:
            yield reached, begin, COUNTED
        yield begin, end, HELD
        reached = end
    if reached < until:
        yield reached, until, COUNTED
    if state in (RUNNING, PAUSED) and at < expected:
        yield at, expected, LEFT
    if state == MISSED and expected < at:
        yield max(expected, clock.started_at), at, LATE


def _figures(
    clock: Clock, at: datetime, expected: datetime, pieces: tuple[Piece, ...], measure: Measure, calendar: WorkingCalendar
) -> Figures:
    sums = {kind: sum((measure(b, e) for b, e, k in pieces if k == kind), timedelta()) for kind in (COUNTED, HELD, LEFT, LATE)}
    rest = measure(at, expected)
    total, counted = (sums[COUNTED] + rest) // _MINUTE, sums[COUNTED] // _MINUTE
    open_end = any(kind == LEFT for _, _, kind in pieces)
    return Figures(
        total=total,
        counted=counted,
        paused=sums[HELD] // _MINUTE,
        left=total - counted if open_end else 0,
        spare=0 if open_end else total - counted,
        overdue=sums[LATE] // _MINUTE,
        day=_day_of(clock, total, calendar),
    )


def _day_of(clock: Clock, total: int, calendar: WorkingCalendar) -> int | None:
    """What a day is on this clock: eight hours where the limit is in working days; hours go on counting where it is in hours."""
    if clock.limit is not None:
        if clock.limit.unit in (WORKING_DAY, FROM_NEXT_WORKING_DAY):
            return working_day(calendar)
        return WHOLE_DAY if clock.limit.unit == DAY else None
    return WHOLE_DAY if clock.natural and total >= 2 * WHOLE_DAY else None
