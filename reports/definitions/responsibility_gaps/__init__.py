"""Responsibility gaps (责任空白): tickets whose matter no responsibility list covers, by matter, by street-town and one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from sqlalchemy.orm import Session

from app.domain.period import Period
from app.domain.refusals import N_, Phrase
from app.domain.scorecard import Names
from app.queries.letterhead import Letterhead
from app.queries.responsibility_gaps import Gap, Gaps, responsibility_gaps
from reports.listing import CODE, COUNT, LONG, MOMENT, RATE, Content, Field, Headline, Listing, Part
from reports.listing_report import listing_report

TITLE = N_("Responsibility gaps")
_MATTERS = (
    Field(N_("Matter"), share=30),
    Field(N_("Tickets"), COUNT, 9, strong=True),
    Field(N_("Street-towns"), COUNT, 9),
    Field(N_("Most often handled by"), share=28),
)
_AREAS = (
    Field(N_("Street-town"), share=34),
    Field(N_("Without an entry"), COUNT, 11, strong=True),
    Field(N_("Tickets in all"), COUNT, 11),
    Field(N_("Share"), RATE, 11),
)
_TICKETS = (
    Field(N_("Ticket"), CODE, 15, strong=True),
    Field(N_("Title"), LONG, 30),
    Field(N_("Matter"), share=16),
    Field(N_("Street-town"), share=13),
    Field(N_("Handling unit"), share=16),
    Field(N_("Reported"), MOMENT, 13),
    Field(N_("List"), share=9),
)
_EMPTY = N_("Every ticket of this period has an entry in the responsibility list.")
_NO_MATTER = Phrase(N_("Without a matter"))


def build(session: Session, period: Period, head: Letterhead) -> Listing:
    """The list as its reader may see it."""
    gaps = responsibility_gaps(session, period)
    found, counted = gaps.found, sum(gaps.tickets.values())
    nameless = sum(gap.matter_id is None for gap in found)
    figures = (
        Headline(N_("Tickets reported"), COUNT, counted),
        Headline(N_("Without an entry"), COUNT, len(found), Phrase(N_("of %(count)s tickets"), count=counted)),
        Headline(N_("Matters concerned"), COUNT, len({gap.matter_id for gap in found} - {None})),
        Headline(N_("Without a matter"), COUNT, nameless, Phrase(N_("nothing could match"))),
    )
    parts = (
        Part(N_("By matter"), _MATTERS, _by_matter(found), _EMPTY, bars=1),
        Part(N_("By street-town"), _AREAS, _by_area(gaps), _EMPTY),
        Part(
            N_("Tickets without an entry"),
            _TICKETS,
            [[g.number, g.title, g.matter or _NO_MATTER, g.street_town, g.unit, g.reported_at, g.version] for g in found],
            _EMPTY,
            long=True,
        ),
    )
    notes = (
        Phrase(N_("A matter is covered when the list in force for the ticket names it, or one above it.")),
        Phrase(N_("What is missing here is decided on the page of the responsibility list, in its next version.")),
    )
    return Listing(TITLE, head, period, figures, parts, notes)


def _by_matter(found: Sequence[Gap]) -> list[list[Content]]:
    matters: dict[int | None, list[Gap]] = {}
    for gap in found:
        matters.setdefault(gap.matter_id, []).append(gap)
    ordered = sorted(matters.values(), key=lambda some: (-len(some), some[0].matter.zh if some[0].matter else ""))
    return [[some[0].matter or _NO_MATTER, len(some), len({gap.street_town_id for gap in some}), _most(some)] for some in ordered]


def _most(some: Sequence[Gap]) -> Names | None:
    units = Counter(gap.unit for gap in some if gap.unit is not None)
    return min(units, key=lambda unit: (-units[unit], unit.zh)) if units else None


def _by_area(gaps: Gaps) -> list[list[Content]]:
    without = Counter(gap.street_town_id for gap in gaps.found)
    ordered = sorted(without, key=lambda unit: (-without[unit], unit or 0))
    return [
        [
            gaps.names.get(unit or 0) or Phrase(N_("Without a street-town")),
            without[unit],
            gaps.tickets[unit],
            Fraction(without[unit], gaps.tickets[unit]),
        ]
        for unit in ordered
    ]


REPORT = listing_report(
    "responsibility_gaps", TITLE, N_("Matters for which the responsibility list names nobody, and where they come up."), build
)
