"""Cron expressions for experts: read by a library, refused in words that name the field, told as what a clock shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cronsim import CronSim, CronSimError

from app.domain.refusals import N_, Phrase, Refused

FIELDS = {
    "minute": N_("minute"),
    "hour": N_("hour"),
    "day-of-month": N_("day of the month"),
    "month": N_("month"),
    "day-of-week": N_("day of the week"),
}
"""In the order of the expression, by the library's names."""

_SOME_DAY = datetime(2026, 1, 1)  # noqa: DTZ001 — what a clock shows
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class CronExpression:
    """An expression of five fields that can be kept."""

    text: str
    hourly: bool

    def moments(self, after: datetime) -> Iterator[datetime]:
        """What the clock shows (naive, to the minute, in order), from ``after`` on; it ends where 50 years bring nothing."""
        yield from CronSim(self.text, after - _MINUTE)


def read(text: str) -> CronExpression:
    """An expression of the fields minute, hour, day, month and weekday, with ``L``, ``LW``, ``5L`` and ``MON#2``.

    A day and a weekday that are both given mean either, as cron has always had it. Raises ``Refused`` with the field ``cron``.
    """
    parts = text.split()
    if not parts:
        raise Refused("required", N_("Write a cron expression."), field="cron")
    if len(parts) != len(FIELDS):
        raise Refused(
            "cron",
            N_("A cron expression has five fields: minute, hour, day, month, weekday. “%(value)s” has %(count)s."),
            field="cron",
            value=text,
            count=len(parts),
        )
    try:
        first = next(CronSim(text, _SOME_DAY), None)
    except CronSimError as error:
        raise _refusal(str(error), parts) from error
    if first is None:
        raise Refused("cron", N_("“%(value)s” never comes."), field="cron", value=text)
    return CronExpression(" ".join(parts), parts[1] in ("*", "*/1"))


def _refusal(said: str, parts: list[str]) -> Refused:
    """The library's complaint ("Bad hour") as a sentence with what was written there."""
    number = next((n for n, name in enumerate(FIELDS) if said == f"Bad {name}"), 0)
    field = list(FIELDS.values())[number]
    return Refused("cron", N_("“%(value)s” does not fit the cron field “%(part)s”."), field="cron", value=parts[number], part=Phrase(field))
