"""Periods of evaluation: half-open stretches [start, end) of the city's time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from app.domain.refusals import N_, Refused

MONTH, QUARTER, HALF, YEAR = "month", "quarter", "half", "year"
KINDS = {MONTH: N_("Month"), QUARTER: N_("Quarter"), HALF: N_("Half-year"), YEAR: N_("Whole year")}
LENGTH = {MONTH: 1, QUARTER: 3, HALF: 6, YEAR: 12}
"""In months."""

FROM_26TH = "@26"
"""What stands behind the key of a period that ends on the 25th of its last month, as bulletins often do (handbook §2.9)."""

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_WRITTEN = re.compile(r"(?P<year>[0-9]{4})(?:-(?:(?P<month>[0-9]{2})|[Qq](?P<quarter>[1-4])|[Hh](?P<half>[12])))?(?P<cut>@26)?")
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A half-open stretch of days ``[first, after)`` in the zone ``zone`` (domain handbook §2.9).

    ``kind`` is ``month``, ``quarter``, ``half`` or ``year``. ``key`` ("2018-09", "2018-Q3", "2018-H2", "2018", each also with
    ``@26`` behind) is what people, file names and URLs call it. ``opened`` is the cut-off of the evaluation before, after which
    what comes late belongs to this period; see ``takes_late_from``.
    """

    first: date
    after: date
    key: str
    kind: str = MONTH
    zone: str = "Asia/Shanghai"
    opened: datetime | None = field(default=None, compare=False)
    start: datetime = field(init=False, repr=False, compare=False)
    """The first instant, UTC."""
    end: datetime = field(init=False, repr=False, compare=False)
    """The first instant after the period, UTC."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", _midnight(self.first, self.zone))
        object.__setattr__(self, "end", _midnight(self.after, self.zone))

    @property
    def last(self) -> date:
        """The last day that belongs to the period."""
        return self.after - timedelta(days=1)

    @property
    def natural(self) -> bool:
        """Whether it is made of calendar months; otherwise it runs from the 26th to the 25th."""
        return self.first.day == 1

    @property
    def number(self) -> int:
        """Which one of its year: September is 9, the third quarter 3; a year is 1."""
        return self._month % 12 // LENGTH[self.kind] + 1

    @property
    def year(self) -> int:
        """The year it is named by."""
        return self._month // 12

    @property
    def _month(self) -> int:
        """The month it is named by, or its first one, counted from year 0."""
        return self.first.year * 12 + self.first.month - 1 + (0 if self.natural else 1)

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

        It belongs to the period of the closing; given after that period's books were closed, to the one whose books are open then.
        """
        if closed_at is None or closed_at > as_of or (answered_at is not None and answered_at > as_of):
            return False
        if self.holds(closed_at):
            return True
        return closed_at < self.start and answered_at is not None and answered_at > self.takes_late_from(as_of)

    def back(self, steps: int = 1) -> Period:
        """The period of the same kind ``steps`` before this one."""
        return _made(self.kind, self._month - steps * LENGTH[self.kind], self.natural, self.zone)

    def year_before(self) -> Period:
        """The same period of the year before."""
        return _made(self.kind, self._month - 12, self.natural, self.zone)


def period_of(key: str, zone: str = "Asia/Shanghai") -> Period:
    """The period named ``key``: "2026-09", "2026-Q3", "2026-H2" or "2026", with "@26" behind for the 26th to the 25th.

    Raises ``Refused("bad-period")`` for anything else.
    """
    match = _WRITTEN.fullmatch(key.strip())
    kind = next((kind for kind in (MONTH, QUARTER, HALF) if match and match[kind]), YEAR)
    number = int(match[kind]) if match and kind != YEAR else 1
    if match is None or not 1 <= number <= 12 // LENGTH[kind] or not _FIRST_YEAR <= int(match["year"]) <= _LAST_YEAR:
        raise Refused("bad-period", N_("“%(value)s” is not a period. Write it as 2026-09, 2026-Q3, 2026-H2 or 2026."), value=key)
    return _made(kind, int(match["year"]) * 12 + (number - 1) * LENGTH[kind], not match["cut"], zone)


def month_of(key: str, zone: str = "Asia/Shanghai") -> Period:
    """The natural month named ``YYYY-MM``.

    Raises ``Refused("bad-month")`` for anything else.
    """
    match = _MONTH.fullmatch(key.strip())
    if not match or not 1 <= int(match[2]) <= 12 or not _FIRST_YEAR <= int(match[1]) <= _LAST_YEAR:
        raise Refused("bad-month", N_("“%(value)s” is not a month. Write it as 2026-09."), value=key)
    return _made(MONTH, int(match[1]) * 12 + int(match[2]) - 1, True, zone)


def _made(kind: str, month: int, natural: bool, zone: str) -> Period:
    """The period of ``kind`` that begins with ``month``, counted from year 0."""
    year, part = divmod(month, 12)
    number = part // LENGTH[kind] + 1
    named = {MONTH: f"-{number:02d}", QUARTER: f"-Q{number}", HALF: f"-H{number}", YEAR: ""}[kind]
    return Period(
        _begins(month, natural),
        _begins(month + LENGTH[kind], natural),
        f"{year:04d}{named}{'' if natural else FROM_26TH}",
        kind,
        zone,
    )


def _begins(month: int, natural: bool) -> date:
    year, part = divmod(month if natural else month - 1, 12)
    return date(year, part + 1, 1 if natural else 26)


def month_holding(instant: datetime, zone: str = "Asia/Shanghai") -> Period:
    """The natural month in which ``instant`` (aware) lies, seen from ``zone``."""
    local = instant.astimezone(ZoneInfo(zone))
    return _made(MONTH, local.year * 12 + local.month - 1, True, zone)


@cache
def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def days_of(period: Period) -> list[date]:
    """Every day of the period, in order."""
    return [period.first + timedelta(days=n) for n in range((period.after - period.first).days)]


def months_of(period: Period) -> Iterator[Period]:
    """The months that make up a period, in order; each is of the same cut."""
    for step in range(LENGTH[period.kind]):
        yield _made(MONTH, period._month + step, period.natural, period.zone)
