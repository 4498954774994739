"""Hotspots (热点): where the same matter keeps coming up, with the period before beside it."""

from __future__ import annotations

from fractions import Fraction

from sqlalchemy.orm import Session

from app.domain.period import Period
from app.domain.refusals import N_, Phrase
from app.queries.hotspots import FROM, Hotspot, hotspots
from app.queries.letterhead import Letterhead
from reports.listing import COUNT, MOMENT, RATE, Content, Field, Headline, Listing, Part
from reports.listing_report import listing_report

TITLE = N_("Hotspots")
SHOWN = 15
_FIELDS = (
    Field(N_("Place"), share=24),
    Field(N_("Street-town"), share=16),
    Field(N_("Matter"), share=22),
    Field(N_("Tickets"), COUNT, 9, strong=True),
    Field(N_("Period before"), COUNT, 9),
    Field(N_("Days"), COUNT, 7),
    Field(N_("Still open"), COUNT, 8),
    Field(N_("Latest"), MOMENT, 13),
)
_EMPTY = N_("No place had the same matter three times in this period.")


def build(session: Session, period: Period, head: Letterhead) -> Listing:
    """The list as its reader may see it."""
    spots = hotspots(session, period)
    rows, inside = [_row(spot) for spot in spots.found], sum(spot.count for spot in spots.found)
    growing = sum(spot.count > spot.before for spot in spots.found)
    figures = (
        Headline(N_("Hotspots"), COUNT, len(rows), Phrase(N_("one matter in one place, %(least)s tickets or more"), least=FROM)),
        Headline(N_("Tickets in hotspots"), COUNT, inside, Phrase(N_("of %(count)s tickets"), count=spots.tickets)),
        Headline(N_("Share of all"), RATE, Fraction(inside, spots.tickets) if spots.tickets else None),
        Headline(N_("Growing"), COUNT, growing, Phrase(N_("more than in the period before"))),
    )
    parts = (
        Part(N_("The hottest"), _FIELDS, rows[:SHOWN], _EMPTY, bars=3),
        Part(N_("All hotspots"), _FIELDS, rows, _EMPTY, Phrase(N_("most tickets first")), long=True),
    )
    notes = (
        Phrase(N_("A place is the community where it is known, otherwise the address as it was written.")),
        Phrase(N_("Tickets without a matter or a place cannot be counted here; void and merged ones are left away.")),
    )
    return Listing(TITLE, head, period, figures, parts if len(rows) > SHOWN else parts[:1], notes)


def _row(spot: Hotspot) -> list[Content]:
    return [spot.place, spot.street_town, spot.matter, spot.count, spot.before, len(spot.days), spot.open, spot.last_at]


REPORT = listing_report("hotspots", TITLE, N_("Places where the same matter keeps coming up, and whether it grows."), build)
