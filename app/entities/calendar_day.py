"""The working calendar (工作日历): public holidays and make-up working days as announced, one row per exceptional day."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.refusals import N_

KINDS = (
    Option("off", N_("Day off"), tone="neutral"),
    Option("makeup", N_("Make-up working day"), tone="warn"),
    Option("work", N_("Working day"), tone="ok"),
)


class CalendarDay(Entity):
    """A day that differs from Monday-to-Friday: a day off, a make-up working day (调休), a local closure."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = column.day(N_("Day"), required=True, unique=True, listed=True, filtered=True)
    kind: Mapped[str] = column.choice(KINDS, N_("Kind"), required=True, default="off", listed=True, filtered=True)
    name: Any = column.localized(80, N_("Occasion"), listed=True, search=True)
    source: Mapped[str] = column.text(200, N_("Source"), listed=True, help=N_("The notice this day comes from."))

    def label(self) -> str:
        """The day itself."""
        return self.day.isoformat()


RESOURCE = Resource(
    CalendarDay,
    singular=N_("Calendar day"),
    plural=N_("Working calendar"),
    area="reference",
    icon="calendar-check",
    position=45,
    natural_key=("day",),
    order="-day",
    path="calendar",
    about=N_(
        "Days that differ from Monday to Friday. Years whose notice is not loaded yet count Monday to Friday and are marked provisional."
    ),
)
