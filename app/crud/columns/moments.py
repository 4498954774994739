"""Days and instants: typed on the city's clock, kept in UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from sqlalchemy import Date
from sqlalchemy.types import TypeEngine

from app.core.db import UTCDateTime
from app.core.languages import Words
from app.crud.columns.base import Field, Origin, Reading
from app.domain.refusals import N_

_DAY = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_CLOCK = re.compile(r"^(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2})(?:\.\d+)?)?[秒分]?$")
_ZONED = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_YEARS = range(1900, 3000)
"""Other years are typing errors; the first and the last ones cannot even be put on another zone's clock."""
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets count days without a zone
_SERIALS = range(20_000, 80_000)
"""Days that a spreadsheet counts as plain numbers when nobody formatted the cell: 1954 to 2119; other numbers are no days."""


def read_day(text: str) -> date | None:
    """A day written 2026-11-24, 2026/11/24, 2026.11.24, 20261124 or 2026年11月24日; ``None`` for anything else."""
    text = text.strip()
    match = _DAY.match(text) or _COMPACT.match(text)
    if not match:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def read_clock(text: str) -> time | None:
    """A time of day written 9:05, 09:05:30 or 9时5分; ``None`` for anything else."""
    match = _CLOCK.match(text.strip())
    if not match:
        return None
    try:
        return time(int(match[1]), int(match[2]), int(match[3] or 0))
    except ValueError:
        return None


class Day(Field):
    """A calendar day."""

    kind: ClassVar[str] = "day"
    operators: ClassVar[tuple[str, ...]] = ("gt", "lt", "eq", "last", "empty")

    def sql_type(self) -> TypeEngine[Any]:
        """``DATE``."""
        return Date()

    def parse(self, raw: Any, reading: Reading) -> date:
        """A day in any of the usual spellings, or a date cell."""
        if isinstance(raw, datetime):
            return raw.date()
        if isinstance(raw, date):
            return raw
        found = _formatted(raw, reading.formats.get(self.name, "")) or _counted(raw, reading) or read_instant(str(raw))
        day = found.date() if found else read_day(str(raw))
        if day is None or day.year not in _YEARS:
            raise self.refused("not-a-day", N_("“%(value)s” is not a valid date; write it as 2026-11-24"), value=str(raw)[:80])
        return day

    def cell(self, value: Any, writer: Words) -> Any:
        """A date stays a date."""
        return value

    def plain(self, value: Any) -> Any:
        """ISO 8601."""
        return value.isoformat() if value else None


class Moment(Field):
    """An instant, to the second."""

    kind: ClassVar[str] = "moment"
    operators: ClassVar[tuple[str, ...]] = ("last", "gt", "lt", "empty")

    def sql_type(self) -> TypeEngine[Any]:
        """UTC."""
        return UTCDateTime()

    def parse(self, raw: Any, reading: Reading) -> datetime:
        """Local time of the city unless the text says otherwise; a bare day is its midnight."""
        found = raw if isinstance(raw, datetime) else None
        if isinstance(raw, date) and found is None:
            found = datetime.combine(raw, time())
        found = found or _formatted(raw, reading.formats.get(self.name, "")) or _counted(raw, reading) or read_instant(str(raw))
        if found is None or found.year not in _YEARS:
            raise self.refused(
                "not-a-moment", N_("“%(value)s” is not a valid date and time; write it as 2026-11-24 09:15"), value=str(raw)[:80]
            )
        if found.tzinfo is None:
            found = found.replace(tzinfo=reading.words.zone)
        return found.astimezone(UTC).replace(microsecond=0)

    def typed(self, value: Any, reading: Reading) -> str:
        """As ``datetime-local`` wants it, on the city's clock."""
        return "" if value is None else reading.words.local(value).strftime("%Y-%m-%dT%H:%M:%S")

    def cell(self, value: Any, writer: Words) -> Any:
        """A date cell on the city's clock; spreadsheets know no zones."""
        return None if value is None else writer.local(value).replace(tzinfo=None)

    def plain(self, value: Any) -> Any:
        """ISO 8601 with zone."""
        return value.isoformat().replace("+00:00", "Z") if value else None


def _formatted(raw: Any, pattern: str) -> datetime | None:
    if not pattern:
        return None
    try:
        return datetime.strptime(str(raw).strip(), pattern)  # noqa: DTZ007 - the zone is added by the caller
    except ValueError:
        return None


def _counted(raw: Any, reading: Reading) -> datetime | None:
    return serial_moment(raw) if reading.origin is Origin.FILE else None


def serial_moment(raw: Any) -> datetime | None:
    """The moment behind a number cell that counts days since 1899-12-30, to the second; ``None`` for other numbers and for text."""
    if not isinstance(raw, (int, float)) or isinstance(raw, bool) or int(raw) not in _SERIALS:
        return None
    return _EPOCH + timedelta(seconds=round(float(raw) * 86_400))


def read_instant(text: str) -> datetime | None:
    """A moment in any usual spelling, naive where it names no zone; a bare day is its midnight; ``None`` for anything else."""
    text = text.strip()
    if "T" in text or (":" in text and _ZONED.search(text)):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return None
    head, _, tail = text.partition(" ")
    day = read_day(head)
    if day is None:
        return None
    clock = read_clock(tail) if tail.strip() else time()
    return None if clock is None else datetime.combine(day, clock)
