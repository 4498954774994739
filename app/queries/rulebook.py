"""The rulebook of a ticket, read from the tables: calendar, limits, the responsibility item that covers it, policies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.core.acting import acting_as
from app.core.clock import now
from app.domain.actors import SYSTEM
from app.domain.calendar import WorkingCalendar
from app.domain.deadlines import limit_of
from app.domain.rulebook import ClockRule, Duty, Policy, Rulebook
from app.entities.matter import Matter
from app.entities.parameter import parameter
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.entities.time_limit import TimeLimit
from app.entities.unit import Unit
from app.queries.calendar import city_zone, working_calendar

URGENCIES = ("at_once", "quickly", "within_limit")


@dataclass(frozen=True, slots=True)
class Ground:
    """What all rulebooks of one moment share, so that a sweep over many tickets reads it once."""

    calendar: WorkingCalendar
    clocks: tuple[ClockRule, ...]
    units: dict[int, str]
    closed: frozenset[int]
    centre_id: int | None
    policy: Policy
    above: dict[int, int | None]
    """For each matter the one above it."""


def ground_of(session: Session) -> Ground:
    """Read it."""
    with acting_as(SYSTEM):
        known = session.execute(select(Unit.id, Unit.type, Unit.valid_from, Unit.valid_to).order_by(Unit.id)).all()
        clocks = session.execute(select(TimeLimit.clock, TimeLimit.limit, TimeLimit.urgency, TimeLimit.matter_id))
        above = {row.id: row.parent_id for row in session.execute(select(Matter.id, Matter.parent_id))}
    units = {row.id: row.type for row in known}
    return Ground(
        calendar=working_calendar(session),
        clocks=tuple(ClockRule(row.clock, limit_of(row.limit), row.urgency, row.matter_id) for row in clocks),
        units=units,
        closed=frozenset(row.id for row in known if not _at_work(row.valid_from, row.valid_to)),
        centre_id=next((unit for unit, kind in units.items() if kind == "command_centre"), None),
        policy=Policy(
            extensions_most=int(parameter("extensions_most", "3")),
            lead_signs_from=int(parameter("lead_signs_from", "2")),
        ),
        above=above,
    )


def _at_work(start: date | None, end: date | None) -> bool:
    """Whether a unit with these days is at work today, by the city's clock."""
    today = now().astimezone(ZoneInfo(city_zone())).date()
    return (start is None or start <= today) and (end is None or today <= end)


def rulebook_of(session: Session, ticket: Any, ground: Ground | None = None) -> Rulebook:
    """The rulebook for a ticket (anything with ``matter_id`` and ``list_version``)."""
    ground = ground or ground_of(session)
    matters = upwards(ground, ticket.matter_id)
    return Rulebook(
        calendar=ground.calendar,
        clocks=ground.clocks,
        duty=duty_of(session, ticket.list_version, matters),
        matters=matters,
        units=ground.units,
        closed=ground.closed,
        centre_id=ground.centre_id,
        policy=ground.policy,
    )


def upwards(ground: Ground, matter_id: int | None) -> tuple[int, ...]:
    """A matter and the ones above it, the nearest first."""
    found: list[int] = []
    while matter_id is not None and matter_id not in found:
        found.append(matter_id)
        matter_id = ground.above.get(matter_id)
    return tuple(found)


def duty_of(session: Session, version: str, matters: tuple[int, ...]) -> Duty | None:
    """The item of a list version that covers the nearest of ``matters``; the lowest number where several do."""
    if not version or not matters:
        return None
    with acting_as(SYSTEM):
        rows = session.execute(
            select(ResponsibilityItem)
            .join(ResponsibilityList, ResponsibilityList.id == ResponsibilityItem.list_version_id)
            .where(ResponsibilityList.code == version, ResponsibilityItem.matter_id.in_(matters))
            .options(selectinload(ResponsibilityItem.support))
            .order_by(ResponsibilityItem.number)
        ).scalars()
        items = sorted(rows, key=lambda item: matters.index(item.matter_id))
        return duty_from(version, items[0]) if items else None


def duty_from(version: str, item: Any) -> Duty:
    """An item of the list as a value."""
    return Duty(
        version=version,
        number=item.number,
        name_zh=item.name_zh,
        name_en=item.name_en,
        lead_id=item.lead_id,
        support_ids=tuple(unit.id for unit in item.support),
        limits={name: limit_of(getattr(item, name)) for name in URGENCIES if getattr(item, name)},
    )
