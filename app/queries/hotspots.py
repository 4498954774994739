"""Places where the same matter keeps coming up: community or address × matter, with the period before beside it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.languages import words
from app.domain.period import Period
from app.domain.scorecard import Names
from app.entities.ticket import Ticket
from app.queries.nameplates import community_names, matter_names, unit_names

FROM = 3
"""Fewer tickets about one matter in one place are no hotspot."""
_Place = tuple[int | None, int | None, str, int]


@dataclass(slots=True)
class Hotspot:
    """One place and matter: tickets now and in the period before, on how many days, how many are still open."""

    street_town: Names | None
    place: Names
    matter: Names
    count: int = 0
    before: int = 0
    open: int = 0
    days: set[date] = field(default_factory=set)
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hotspots:
    """The places with ``FROM`` tickets or more, worst first, among how many tickets in all."""

    tickets: int
    found: list[Hotspot]


def hotspots(session: Session, period: Period) -> Hotspots:
    """Tickets reported in ``period`` as far as the actor sees them; without a matter or a place nothing can be told."""
    units, communities, matters = unit_names(session), community_names(session), matter_names(session)
    before = period.back()
    columns = (Ticket.street_town_id, Ticket.community_id, Ticket.address, Ticket.matter_id, Ticket.reported_at, Ticket.completed_at)
    reported = (Ticket.reported_at >= before.start) & (Ticket.reported_at < period.end) & (Ticket.ended == "")
    spots: dict[_Place, Hotspot] = {}
    earlier: dict[_Place, int] = defaultdict(int)
    writer, tickets = words("zh", period.zone), 0
    statement = select(*columns, Ticket.completed, Ticket.on_time).where(reported, Ticket.matter_id.is_not(None))
    for row in session.execute(statement.order_by(Ticket.reported_at)):
        address = "" if row.community_id is not None else " ".join(row.address.split())
        key = (row.street_town_id, row.community_id, address, row.matter_id)
        if not period.holds(row.reported_at):
            earlier[key] += 1 if before.holds(row.reported_at) else 0
            continue
        tickets += 1
        if row.community_id is None and not address:
            continue
        place = communities.get(row.community_id) or Names(address)
        spot = spots.setdefault(key, Hotspot(units.get(row.street_town_id), place, matters[row.matter_id]))
        spot.count += 1
        spot.open += row.completed_at is None and not row.completed and not row.on_time
        spot.days.add(writer.local(row.reported_at).date())
        spot.last_at = row.reported_at
    for key, spot in spots.items():
        spot.before = earlier.get(key, 0)
    found = [spot for spot in spots.values() if spot.count >= FROM]
    return Hotspots(tickets, sorted(found, key=lambda spot: (-spot.count, -spot.open, spot.place.zh, spot.matter.zh)))
