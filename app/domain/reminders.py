"""Reminders: which clocks warn, whom, when a warning is due to be said, and when it may be spoken by mail.

A rule does not ask clock by clock. It says which *due times* are to be warned of at this moment (``stretch``), so that a
sweep is one range of an index, however many tickets there are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.calendar import WorkingCalendar
from app.domain.deadlines import Limit, due
from app.domain.refusals import N_

BEFORE_DUE, DUE, OVERDUE, UNSIGNED = "before_due", "due", "overdue", "unsigned"
CALL_UNANSWERED, UNRATED, ORDER_UNANSWERED, UNVERIFIED = "call_unanswered", "unrated", "order_unanswered", "unverified"
UNDECIDED, CALL_UNDECIDED = "undecided", "call_undecided"

EVENTS: Mapping[str, str] = {
    BEFORE_DUE: N_("Before a ticket is due"),
    DUE: N_("When a ticket is due"),
    OVERDUE: N_("While a ticket is overdue"),
    UNSIGNED: N_("Not signed in time"),
    CALL_UNANSWERED: N_("A call not answered in time"),
    UNRATED: N_("A rating still awaited"),
    ORDER_UNANSWERED: N_("A supervision order not answered in time"),
    UNVERIFIED: N_("A claimed completion not verified"),
    UNDECIDED: N_("A request not decided"),
    CALL_UNDECIDED: N_("A returned call not decided"),
}

AHEAD = frozenset({BEFORE_DUE, UNRATED})
"""Events whose offset counts back from the end of the clock; the others' counts on from it.

What waits for a decision or a verification has no end of its own: its clock is over the moment somebody asks.
"""

HANDLERS, LEADS, STREET_TOWN, CENTRE = "handlers", "leads", "street_town", "centre"

RECIPIENTS: Mapping[str, str] = {
    HANDLERS: N_("Who works at the unit"),
    LEADS: N_("The unit's lead"),
    STREET_TOWN: N_("Sub-centre of the place"),
    CENTRE: N_("Command centre"),
}

MEMORY = timedelta(days=7)
"""What should have been said longer ago (nobody swept) is not said any more: it would be noise."""

AT_ONCE, DIGEST, NEVER = "each", "digest", "none"
"""How a person wants reminders by mail."""

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """A reminder rule; ``offset`` before or after the clock runs out, nothing: just then."""

    code: str
    event: str
    offset: Limit | None
    recipient: str
    mail: bool = True
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Due times later than ``after``, up to and with ``until``."""

    after: datetime
    until: datetime

    def holds(self, due_at: datetime) -> bool:
        """Whether a clock that runs out then is to be warned of."""
        return self.after < due_at <= self.until


def stretch(rule: Rule, at: datetime, calendar: WorkingCalendar) -> Stretch:
    """The due times that ``rule`` warns of at ``at``.

    Ahead of its end a clock is warned of from the moment on from which ``offset`` would end no earlier than it does;
    afterwards from ``offset`` after its end, for as long as the memory goes back.
    """
    if rule.event in AHEAD and rule.offset is not None:
        return Stretch(at, due(rule.offset, at, calendar).due_at)
    return Stretch(_latest(rule.offset, at - MEMORY, calendar), _latest(rule.offset, at, calendar))


def _latest(offset: Limit | None, at: datetime, calendar: WorkingCalendar) -> datetime:
    """The latest whole second from which ``offset`` has passed by ``at``; a later start is never due earlier."""
    if offset is None:
        return at
    step = timedelta(hours=1)
    low = at - step
    while due(offset, low, calendar).due_at > at:
        step *= 2
        low -= step
    seconds = (at - low) // _SECOND
    first, last = 0, seconds
    while first < last:
        middle = (first + last + 1) // 2
        if due(offset, low + middle * _SECOND, calendar).due_at <= at:
            first = middle
        else:
            last = middle - 1
    return low + first * _SECOND


@dataclass(frozen=True, slots=True)
class Habits:
    """When the district's mail goes out: not in the quiet hours, and the daily digest at its time."""

    quiet: tuple[time, time] | None
    digest_at: time
    zone: str

    def goes_at(self, how: str, at: datetime, urgent: bool = False) -> datetime:
        """When a mail written at ``at`` goes, for somebody who wants mail ``how``; what is urgent wakes people up."""
        if how == DIGEST:
            return self.audible_from(next_clock(at, self.digest_at, self.zone))
        return at if urgent else self.audible_from(at)

    def audible_from(self, at: datetime) -> datetime:
        """The first moment from ``at`` on that is outside the quiet hours."""
        if self.quiet is None or self.quiet[0] == self.quiet[1]:
            return at
        begins, ends = self.quiet
        clock = at.astimezone(ZoneInfo(self.zone)).time()
        within = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
        return next_clock(at, ends, self.zone) if within else at


def next_clock(at: datetime, clock: time, zone: str) -> datetime:
    """The first instant after ``at`` (UTC) when the city's clock shows ``clock``."""
    local = at.astimezone(ZoneInfo(zone))
    wanted = local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return (wanted if wanted > local else wanted + timedelta(days=1)).astimezone(UTC)


def clock_of(text: str, usual: str) -> time:
    """A time of day written as 08:30; ``usual`` where it is not."""
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text.strip()) or re.fullmatch(r"(\d\d):(\d\d)", usual)
    assert found is not None
    return time(int(found[1]), int(found[2]))


def quiet_of(text: str) -> tuple[time, time] | None:
    """Quiet hours written as 22:00-07:00; nothing where they are not: mail may then go at any time."""
    found = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", text.strip())
    return (clock_of(found[1], "00:00"), clock_of(found[2], "00:00")) if found else None


@dataclass(frozen=True, slots=True)
class Wording:
    """How an event is said to whoever must act (``own``) and to others (``about``, which names the unit)."""

    own: str
    about: str
    tone: str = "warn"


WORDINGS: Mapping[str, Wording] = {
    BEFORE_DUE: Wording(N_("%(number)s “%(title)s” is due soon"), N_("%(number)s “%(title)s” is due soon at %(unit)s")),
    DUE: Wording(N_("%(number)s “%(title)s” is due now"), N_("%(number)s “%(title)s” is due now at %(unit)s")),
    OVERDUE: Wording(N_("%(number)s “%(title)s” is overdue"), N_("%(number)s “%(title)s” is overdue at %(unit)s"), "bad"),
    UNSIGNED: Wording(N_("%(number)s “%(title)s” is not signed yet"), N_("%(unit)s has not signed %(number)s “%(title)s”"), "bad"),
    CALL_UNANSWERED: Wording(
        N_("The call on %(number)s “%(title)s” is not answered yet"),
        N_("%(unit)s has not answered the call on %(number)s “%(title)s”"),
        "bad",
    ),
    UNRATED: Wording(
        N_("Your rating of the cooperation on %(number)s “%(title)s” is awaited"),
        N_("%(unit)s has not rated the cooperation on %(number)s “%(title)s”"),
    ),
    ORDER_UNANSWERED: Wording(
        N_("The supervision order on %(number)s “%(title)s” is not answered yet"),
        N_("%(unit)s has not answered the supervision order on %(number)s “%(title)s”"),
        "bad",
    ),
    UNVERIFIED: Wording(
        N_("The claimed completion of %(number)s “%(title)s” waits for your verification"),
        N_("The claimed completion of %(number)s “%(title)s” waits for verification by %(unit)s"),
    ),
    UNDECIDED: Wording(
        N_("A request of %(unit)s on %(number)s “%(title)s” waits for a decision"),
        N_("A request of %(unit)s on %(number)s “%(title)s” waits for a decision"),
    ),
    CALL_UNDECIDED: Wording(
        N_("%(unit)s wants to return its call on %(number)s “%(title)s” and waits for a decision"),
        N_("%(unit)s wants to return its call on %(number)s “%(title)s” and waits for a decision"),
    ),
}

WAITING = frozenset({UNVERIFIED, UNDECIDED, CALL_UNDECIDED})
"""Events whose moment is when somebody asked, not when something was due."""
