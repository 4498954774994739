"""Workload (工作负荷): tickets per person and day in every unit, and at what hour of the day the work comes."""

from __future__ import annotations

from fractions import Fraction

from sqlalchemy.orm import Session

from app.domain.period import Period
from app.domain.refusals import N_, Phrase
from app.queries.letterhead import Letterhead
from app.queries.workload import UnitLoad, Workload, workload
from reports.listing import COUNT, RATE, SPAN, Content, Field, Headline, Listing, Part
from reports.listing_report import listing_report

TITLE = N_("Workload")
_UNITS = (
    Field(N_("Unit"), share=28),
    Field(N_("Persons"), COUNT, 8),
    Field(N_("Tickets"), COUNT, 9),
    Field(N_("Acts"), COUNT, 9),
    Field(N_("Person-days"), COUNT, 9),
    Field(N_("Tickets per person and day"), SPAN, 13, strong=True),
    Field(N_("Acts per person and day"), SPAN, 13),
    Field(N_("Peak hour"), share=11),
)
_HOURS = (
    Field(N_("Hour of the day"), share=20),
    Field(N_("Acts"), COUNT, 10, strong=True),
    Field(N_("Share"), RATE, 10),
)
_EMPTY = N_("Nobody worked on a ticket here in this period.")


def build(session: Session, period: Period, head: Letterhead) -> Listing:
    """The list as its reader may see it."""
    load = workload(session, period)
    acts, person_days = sum(load.hours.values()), sum(len(one.person_days) for one in load.units)
    touches = sum(len(one.touches) for one in load.units)
    peak = min(load.hours, key=lambda hour: (-load.hours[hour], hour)) if load.hours else None
    figures = (
        Headline(N_("Persons at work"), COUNT, len({person for one in load.units for person in one.persons})),
        Headline(N_("Acts"), COUNT, acts, Phrase(N_("on %(count)s person-days"), count=person_days)),
        Headline(N_("Tickets per person and day"), SPAN, Fraction(touches, person_days) if person_days else None),
        Headline(N_("Peak hour"), "text", _hour(peak), Phrase(N_("%(count)s acts"), count=load.hours[peak]) if peak is not None else None),
    )
    parts = (
        Part(N_("By unit"), _UNITS, [_unit(one) for one in load.units], _EMPTY, bars=5),
        Part(N_("By hour of the day"), _HOURS, _hours(load, acts), _EMPTY),
    )
    notes = (
        Phrase(N_("An act is any step that somebody recorded on a ticket here; what ledgers brought along is not counted.")),
        Phrase(N_("A person-day is a day on which a person did something. A ticket counts once per person and day.")),
        Phrase(N_("Units see their own people's work only, where it is complete.")),
    )
    return Listing(TITLE, head, period, figures, parts, notes)


def _unit(one: UnitLoad) -> list[Content]:
    days = len(one.person_days)
    return [
        one.unit or Phrase(N_("Without a unit")),
        len(one.persons),
        len(one.tickets),
        one.acts,
        days,
        Fraction(len(one.touches), days),
        Fraction(one.acts, days),
        _hour(one.peak),
    ]


def _hours(load: Workload, acts: int) -> list[list[Content]]:
    return [[_hour(hour), load.hours[hour], Fraction(load.hours[hour], acts)] for hour in sorted(load.hours)]


def _hour(hour: int | None) -> str:
    return "" if hour is None else f"{hour:02d}:00–{(hour + 1) % 24:02d}:00"


REPORT = listing_report("workload", TITLE, N_("Tickets per person and day in every unit, and the hours at which the work comes."), build)
