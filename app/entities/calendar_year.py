"""Years of the working calendar whose official notice has been loaded; beyond them every deadline is provisional."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.refusals import N_


class CalendarYear(Entity):
    """A year: is its notice known, and which one is it."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = column.number(N_("Year"), required=True, unique=True, least=1990, most=2999, listed=True)
    known: Mapped[bool] = column.flag(N_("Notice loaded"), default=False, listed=True, filtered=True)
    notice: Mapped[str] = column.text(200, N_("Notice"), listed=True)

    def label(self) -> str:
        """The year."""
        return str(self.year)


RESOURCE = Resource(
    CalendarYear,
    singular=N_("Calendar year"),
    plural=N_("Calendar years"),
    area="reference",
    icon="calendar",
    position=46,
    natural_key=("year",),
    order="-year",
    about=N_("Which years' holiday notices have been loaded."),
)
