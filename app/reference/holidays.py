"""The announced working calendar, from the ``chinesecalendar`` package: days off, make-up working days, and known years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from chinese_calendar.constants import Holiday, holidays, workdays

from app.domain.calendar import MAKEUP, OFF


@dataclass(frozen=True, slots=True)
class AnnouncedDay:
    """A day that differs from Monday to Friday."""

    day: date
    kind: str
    name_zh: str
    name_en: str


def announced_days() -> Iterator[AnnouncedDay]:
    """Every exceptional day the package knows, in order."""
    names = {holiday.value: holiday for holiday in Holiday}
    known = [(day, OFF, name) for day, name in holidays.items()] + [(day, MAKEUP, name) for day, name in workdays.items()]
    for day, kind, name in sorted(known):
        holiday = names.get(name)
        yield AnnouncedDay(day, kind, holiday.chinese if holiday else "", str(name))


def known_years() -> list[int]:
    """Years whose notice the package carries."""
    return sorted({day.year for day in holidays})
