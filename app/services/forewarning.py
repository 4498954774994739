"""Forewarning (预警): what will be missed if nobody looks: next year's calendar, new signs of the radar."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.core.acting import acting_as
from app.core.clock import now
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.period import month_holding
from app.domain.radar import all_signs
from app.domain.refusals import N_, Phrase
from app.entities.calendar_year import CalendarYear
from app.queries.calendar import city_zone
from app.queries.holders import holders
from app.queries.radar import sweep, thresholds
from app.queries.reminding import habits_of
from app.services.notices import tell

OCTOBER = 10
"""The State Council's notice of next year's days off usually comes in October or November."""


def tell_of_missing_calendar() -> int:
    """From October on, once a month: next year's notice has not been loaded. Returns the year, 0 where all is well."""
    with acting_as(SYSTEM), transaction() as session:
        habits = habits_of(session)
        today = now().astimezone(ZoneInfo(habits.zone)).date()
        wanted = today.year + 1
        known = select(CalendarYear.id).where(CalendarYear.year == wanted, CalendarYear.known.is_(True))
        if today.month < OCTOBER or session.execute(known).first() is not None:
            return 0
        text = Phrase(
            N_("The notice of days off in %(year)s has not been loaded; until then every due time in that year is provisional."),
            year=str(wanted),
        )
        people = holders(session, "district_admin")
        tell(session, people, f"calendar:{wanted}:{today:%Y-%m}", "calendar", text, habits=habits, tone="warn")
        return wanted


def tell_of_new_signs() -> int:
    """Each sign of the radar that is seen for the first time in the month that runs; evaluators are told. How many are new."""
    with acting_as(SYSTEM):
        with transaction() as session:
            period = month_holding(now(), city_zone())
            material, limits = sweep(session, period, now()), thresholds()
            seen = [(sign, len(sign.seen_in(material, limits[sign.code]))) for sign in all_signs().values()]
        new = 0
        with transaction() as session:
            habits, people = habits_of(session), holders(session, "evaluator")
            for sign, count in seen:
                if not count:
                    continue
                text = Phrase(
                    N_("New on the radar of %(period)s: %(sign)s (%(count)s). A list to look at; it changes no score."),
                    period=period.key,
                    sign=Phrase(sign.name),
                    count=count,
                )
                told = tell(session, people, f"radar:{sign.code}:{period.key}", "radar", text, habits=habits, mail=False)
                new += bool(told)
        return new
