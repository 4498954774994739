"""Tickets for whose matter no responsibility list names anybody: where the list has gaps, by matter and by area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.period import Period
from app.domain.scorecard import Names
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.entities.ticket import Ticket
from app.queries.nameplates import matter_lines, matter_names, unit_names
from app.queries.responsibility import versions


@dataclass(frozen=True, slots=True)
class Gap:
    """One ticket without a matching entry; without a ``matter`` nothing could match."""

    number: str
    title: str
    matter_id: int | None
    matter: Names | None
    street_town_id: int | None
    street_town: Names | None
    unit: Names | None
    reported_at: datetime
    version: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """The tickets without an entry, and how many each street-town reported in all."""

    tickets: dict[int | None, int]
    found: list[Gap]
    names: dict[int, Names]


def responsibility_gaps(session: Session, period: Period) -> Gaps:
    """Tickets reported in ``period`` whose matter, nor one above it, stands in the list that was in force for them."""
    listed: dict[str, set[int]] = {}
    entries = select(ResponsibilityList.code, ResponsibilityItem.matter_id).join(
        ResponsibilityItem, ResponsibilityItem.list_version_id == ResponsibilityList.id
    )
    for version, matter_id in session.execute(entries.where(ResponsibilityItem.matter_id.is_not(None))):
        listed.setdefault(version, set()).add(matter_id)
    known, above = versions(session), matter_lines(session)
    units, matters = unit_names(session), matter_names(session)
    counted: dict[int | None, int] = {}
    found = []
    columns = (
        Ticket.number,
        Ticket.title,
        Ticket.matter_id,
        Ticket.street_town_id,
        Ticket.unit_id,
        Ticket.reported_at,
        Ticket.list_version,
    )
    reported = (Ticket.reported_at >= period.start) & (Ticket.reported_at < period.end) & (Ticket.ended == "")
    for row in session.execute(select(*columns).where(reported).order_by(Ticket.reported_at, Ticket.id)):
        counted[row.street_town_id] = counted.get(row.street_town_id, 0) + 1
        version = row.list_version or next((one.number for one in known if one.holds(row.reported_at)), "")
        if listed.get(version, set()).intersection(above.get(row.matter_id, ())):
            continue
        found.append(
            Gap(
                row.number,
                row.title,
                row.matter_id,
                matters.get(row.matter_id),
                row.street_town_id,
                units.get(row.street_town_id),
                units.get(row.unit_id),
                row.reported_at,
                version,
            )
        )
    return Gaps(counted, found, units)
