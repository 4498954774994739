"""Who carried how much: acts and tickets per unit, per person and day, and at what hour the work comes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.languages import words
from app.domain.period import Period
from app.domain.scorecard import Names
from app.entities.ticket_event import TicketEvent
from app.queries.nameplates import unit_names
from app.queries.scopes import units_of


@dataclass(slots=True)
class UnitLoad:
    """One unit's work. ``person_days`` are the days on which somebody did something, person by person."""

    unit: Names | None
    acts: int = 0
    persons: set[int] = field(default_factory=set)
    tickets: set[int] = field(default_factory=set)
    person_days: set[tuple[int, date]] = field(default_factory=set)
    touches: set[tuple[int, date, int]] = field(default_factory=set)
    hours: Counter[int] = field(default_factory=Counter)

    @property
    def peak(self) -> int | None:
        """The hour of the day (0–23) with the most acts, the earliest of several."""
        return min(self.hours, key=lambda hour: (-self.hours[hour], hour)) if self.hours else None


@dataclass(frozen=True, slots=True)
class Workload:
    """Every unit's load, the most burdened first, and the acts of all by hour of the day."""

    units: list[UnitLoad]
    hours: Counter[int]


def workload(session: Session, period: Period) -> Workload:
    """What people did on tickets in ``period``; who does not see all sees the own units' work only, where it is complete."""
    actor = current_actor()
    columns = (TicketEvent.ticket_id, TicketEvent.unit_id, TicketEvent.user_id, TicketEvent.happened_at)
    statement = select(*columns).where(
        TicketEvent.happened_at >= period.start, TicketEvent.happened_at < period.end, TicketEvent.user_id.is_not(None)
    )
    if not actor.sees_all:
        statement = statement.where(TicketEvent.unit_id.in_(units_of(actor)))
    names, writer = unit_names(session), words("zh", period.zone)
    loads: dict[int | None, UnitLoad] = {}
    hours: Counter[int] = Counter()
    for ticket, unit, person, at in session.execute(statement):
        load = loads.setdefault(unit, UnitLoad(names.get(unit or 0)))
        local = writer.local(at)
        assert person is not None
        load.acts += 1
        load.persons.add(person)
        load.tickets.add(ticket)
        load.person_days.add((person, local.date()))
        load.touches.add((person, local.date(), ticket))
        load.hours[local.hour] += 1
        hours[local.hour] += 1
    ordered = sorted(loads.values(), key=lambda load: (-len(load.touches) / len(load.person_days), load.unit.zh if load.unit else ""))
    return Workload(ordered, hours)
