"""The working calendar's screens: they say which years have no holiday notice yet."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from app.core.clock import now
from app.core.db import db
from app.core.languages import words
from app.crud.exchange_screen import ExchangeScreen
from app.domain.refusals import N_
from app.queries.calendar import working_calendar


class CalendarScreen(ExchangeScreen):
    """Days that differ from Monday to Friday."""

    def notices(self) -> Sequence[str]:
        """This year and the next, as far as their notice is missing."""
        calendar = working_calendar(db.session())
        year = now().astimezone(ZoneInfo(calendar.zone)).year
        unknown = [str(y) for y in (year, year + 1) if y not in calendar.known_years]
        if not unknown:
            return ()
        message = N_("The holiday notice of %(years)s is not loaded: deadlines count Monday to Friday there and are provisional.")
        return (words()(message, years=unknown),)


SCREEN = ("CalendarDay", CalendarScreen)
