"""Lengths of time in words: how long something took or may take, as phrases in the reader's language."""

from __future__ import annotations

from app.domain.deadlines import DAY, FROM_NEXT_WORKING_DAY, HOUR, MINUTE, WORKING_DAY, WORKING_HOUR, Limit
from app.domain.refusals import N_, Phrase

WHOLE_DAY = 24 * 60
"""Minutes of a day on a clock that never stops."""


def span(minutes: int, day: int | None = None) -> Phrase:
    """A length in days, hours and minutes; ``day`` is how many minutes make a day, none means that hours go on counting.

    A zero in the middle is said ("2 d 0 h 25 min"), one at the end is not ("5 h").
    """
    days, rest = divmod(minutes, day) if day else (0, minutes)
    hours, left = divmod(rest, 60)
    if days and left:
        return Phrase(N_("%(days)s d %(hours)s h %(minutes)s min"), days=days, hours=hours, minutes=left)
    if days and hours:
        return Phrase(N_("%(days)s d %(hours)s h"), days=days, hours=hours)
    if days:
        return Phrase(N_("%(days)s d"), days=days)
    if hours and left:
        return Phrase(N_("%(hours)s h %(minutes)s min"), hours=hours, minutes=left)
    return Phrase(N_("%(hours)s h"), hours=hours) if hours else Phrase(N_("%(minutes)s min"), minutes=left)


_ONE = {
    MINUTE: N_("1 minute"),
    HOUR: N_("1 hour"),
    DAY: N_("1 day"),
    WORKING_HOUR: N_("1 working hour"),
    WORKING_DAY: N_("1 working day (%(day)s)"),
    FROM_NEXT_WORKING_DAY: N_("1 working day (%(day)s) after the day of the start, until closing time"),
}
_MANY = {
    MINUTE: N_("%(count)s minutes"),
    HOUR: N_("%(count)s hours"),
    DAY: N_("%(count)s days"),
    WORKING_HOUR: N_("%(count)s working hours"),
    WORKING_DAY: N_("%(count)s working days (%(day)s each)"),
    FROM_NEXT_WORKING_DAY: N_("%(count)s working days (%(day)s each) after the day of the start, until closing time"),
}


def limit_words(limit: Limit, day: int) -> Phrase:
    """A limit in words; ``day`` is how many minutes the offices work a day."""
    values: dict[str, object] = {"count": limit.amount} if limit.amount > 1 else {}
    if limit.unit in (WORKING_DAY, FROM_NEXT_WORKING_DAY):
        values["day"] = span(day)
    return Phrase((_MANY if limit.amount > 1 else _ONE)[limit.unit], **values)


def limit_brief(limit: Limit) -> Phrase:
    """A limit in as few words as possible, for the line under a figure."""
    if limit.unit == WORKING_DAY:
        return Phrase(N_("%(count)s working days") if limit.amount > 1 else N_("1 working day"), count=limit.amount)
    if limit.unit == FROM_NEXT_WORKING_DAY:
        message = N_("%(count)s working days from the next one") if limit.amount > 1 else N_("the next working day")
        return Phrase(message, count=limit.amount)
    return limit_words(limit, WHOLE_DAY)


def nominal(limit: Limit, day: int) -> int | None:
    """How many minutes of its clock a limit is worth; nothing where that depends on the day it starts."""
    worth = {MINUTE: 1, HOUR: 60, DAY: WHOLE_DAY, WORKING_HOUR: 60, WORKING_DAY: day}
    return limit.amount * worth[limit.unit] if limit.unit in worth else None
