"""Periods of evaluation: half-open stretches [start, end) of the city's time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.refusals import N_, Refused

_MONTH = re.compile(r"^(\d{4})-(\d{2})$")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A half-open stretch of days ``[first, after)`` in the zone ``zone`` (domain handbook §2.9).

    ``kind`` is ``month`` today; quarters and years follow the same shape. ``key`` ("2018-09") is what
    people, file names and URLs call it. ``opened`` is the cut-off of the evaluation before, after which what
    comes late belongs to this period; see ``takes_late_from``.
    """

    first: date
    after: date
    key: str
    kind: str = "month"
    zone: str = "Asia/Shanghai"
    opened: datetime | None = field(default=None, compare=False)

    @property
    def start(self) -> datetime:
        """The first instant, UTC."""
        return _midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first instant after the period, UTC."""
        return _midnight(self.after, self.zone)

    def holds(self, instant: datetime | None) -> bool:
        """Whether ``instant`` (aware) lies in the period; no instant lies in no period."""
        return instant is not None and self.start <= instant < self.end

    def takes_late_from(self, as_of: datetime) -> datetime:
        """The instant after which late entries for earlier periods count here, in an evaluation cut off at ``as_of``.

        Where ``opened`` does not say, the books of the period before are taken to have closed as long after
        its end as these do, so that no late entry is counted twice or lost.
        """
        return self.opened or self.start + max(as_of - self.end, timedelta())

    def takes(self, closed_at: datetime | None, answered_at: datetime | None, as_of: datetime) -> bool:
        """Whether an answer about something that was closed counts here, in an evaluation cut off at ``as_of`` (§2.9).

        It belongs to the month of the closing; given after that month's books were closed, to the one whose books are open then.
        """
        if closed_at is None or closed_at > as_of or (answered_at is not None and answered_at > as_of):
            return False
        if self.holds(closed_at):
            return True
        return closed_at < self.start and answered_at is not None and answered_at > self.takes_late_from(as_of)

    def back(self, steps: int = 1) -> Period:
        """The period of the same kind ``steps`` before this one."""
        year, month = divmod(self.first.year * 12 + self.first.month - 1 - steps, 12)
        return month_of(f"{year:04d}-{month + 1:02d}", self.zone)


def month_of(key: str, zone: str = "Asia/Shanghai") -> Period:
    """The natural month named ``YYYY-MM``.

    Raises ``Refused("bad-month")`` for anything else.
    """
    match = _MONTH.match(key.strip())
    if not match or not 1 <= int(match[2]) <= 12 or not 1900 <= int(match[1]) <= 2999:
        raise Refused("bad-month", N_("“%(value)s” is not a month. Write it as 2026-09."), value=key)
    year, month = int(match[1]), int(match[2])
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    return Period(first=first, after=after, key=f"{year:04d}-{month:02d}", zone=zone)


def month_holding(instant: datetime, zone: str = "Asia/Shanghai") -> Period:
    """The natural month in which ``instant`` (aware) lies, seen from ``zone``."""
    local = instant.astimezone(ZoneInfo(zone))
    return month_of(f"{local.year:04d}-{local.month:02d}", zone)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def days_of(period: Period) -> list[date]:
    """Every day of the period, in order."""
    return [period.first + timedelta(days=n) for n in range((period.after - period.first).days)]
