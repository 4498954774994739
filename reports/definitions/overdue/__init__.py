"""The overdue list (超期清单): a period's tickets that were completed late or are open past their due time, per unit and one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from sqlalchemy.orm import Session

from app.domain.period import Period
from app.domain.refusals import N_, Phrase
from app.domain.scorecard import Names
from app.queries.letterhead import Letterhead
from app.queries.overdue import Late, overdue
from reports.listing import CODE, COUNT, LONG, MOMENT, RATE, SPAN, Content, Field, Headline, Listing, Part
from reports.listing_report import listing_report

TITLE = N_("Overdue tickets")
_EMPTY = N_("No ticket that fell due in this period was late.")
_UNITS = (
    Field(N_("Handling unit"), share=40),
    Field(N_("Late"), COUNT, 10, strong=True),
    Field(N_("Still open"), COUNT, 10),
    Field(N_("Longest, hours"), SPAN, 12),
)
_TICKETS = (
    Field(N_("Ticket"), CODE, 15, strong=True),
    Field(N_("Title"), LONG, 26),
    Field(N_("Matter"), share=14),
    Field(N_("Street-town"), share=12),
    Field(N_("Handling unit"), share=14),
    Field(N_("Due"), MOMENT, 12),
    Field(N_("Completed"), MOMENT, 12),
    Field(N_("Hours late"), SPAN, 8, strong=True),
)


def build(session: Session, period: Period, head: Letterhead) -> Listing:
    """The list as its reader may see it."""
    found = overdue(session, period, head.as_of)
    still = sum(one.open for one in found.late)
    figures = (
        Headline(N_("Fell due"), COUNT, found.due),
        Headline(N_("Late"), COUNT, len(found.late), Phrase(N_("of %(count)s due"), count=found.due)),
        Headline(N_("Still open"), COUNT, still, Phrase(N_("past their due time"))),
        Headline(N_("Share late"), RATE, Fraction(len(found.late), found.due) if found.due else None),
    )
    parts = (
        Part(N_("Late by unit"), _UNITS, _by_unit(found.late), _EMPTY, bars=1),
        Part(N_("Late tickets"), _TICKETS, [_row(one) for one in found.late], _EMPTY, Phrase(N_("longest past due first")), long=True),
    )
    notes = (
        Phrase(N_("Hours are calendar hours by the ticket's own due time, up to its completion or until now.")),
        Phrase(N_("Tickets whose clock stands still are not late; void and merged ones are left away.")),
    )
    return Listing(TITLE, head, period, figures, parts, notes)


def _by_unit(late: Sequence[Late]) -> list[list[Content]]:
    units: dict[Names | None, list[Late]] = {}
    for one in late:
        units.setdefault(one.unit, []).append(one)
    ordered = sorted(units.items(), key=lambda pair: (-len(pair[1]), pair[0].zh if pair[0] else ""))
    return [
        [unit or Phrase(N_("Without a handling unit")), len(some), sum(one.open for one in some), _hours(max(_beyond(one) for one in some))]
        for unit, some in ordered
    ]


def _beyond(one: Late) -> timedelta:
    return one.beyond or timedelta()


def _hours(beyond: timedelta) -> Fraction:
    return Fraction(beyond // timedelta(seconds=1), 3600)


def _row(one: Late) -> list[Content]:
    done = one.completed_at or (Phrase(N_("Still open")) if one.open else Phrase(N_("Time not recorded")))
    hours = None if one.beyond is None else _hours(one.beyond)
    return [one.number, one.title, one.matter, one.street_town, one.unit, one.due_at, done, hours]


REPORT = listing_report("overdue", TITLE, N_("Who was late with what: every ticket past its due time, longest first."), build)
