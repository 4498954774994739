"""Versions of the responsibility list as values: which is in force, and what one changes against another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.deadlines import limit_of
from app.domain.responsibility import Difference, Item, Version, diff, in_force
from app.domain.scorecard import Names
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.queries.calendar import city_zone

URGENCIES = ("at_once", "quickly", "within_limit")


def items_of(session: Session, version_id: int) -> list[Item]:
    """The items of a version as values; units by their codes."""
    rows = session.execute(
        select(ResponsibilityItem)
        .where(ResponsibilityItem.list_version_id == version_id)
        .options(selectinload(ResponsibilityItem.matter), selectinload(ResponsibilityItem.lead), selectinload(ResponsibilityItem.support))
        .order_by(ResponsibilityItem.number)
    ).scalars()
    return [_item(row) for row in rows]


def _item(row: Any) -> Item:
    return Item(
        matter=row.matter.code if row.matter else "",
        name=Names(row.name_zh, row.name_en),
        lead=row.lead.code if row.lead else "",
        supporting=tuple(unit.code for unit in row.support),
        limits={name: limit_of(getattr(row, name)) for name in URGENCIES if getattr(row, name)},
        basis=row.basis_zh,
        duty=row.duty,
    )


def difference(session: Session, old_id: int, new_id: int) -> Difference:
    """What the newer version adds, removes and changes."""
    return diff(items_of(session, old_id), items_of(session, new_id))


def versions(session: Session) -> list[Version]:
    """The approved versions, each in force from its first day until the next one's."""
    zone = ZoneInfo(city_zone())
    rows: Sequence[ResponsibilityList] = (
        session.execute(
            select(ResponsibilityList).where(ResponsibilityList.state == "approved").order_by(ResponsibilityList.effective_from)
        )
        .scalars()
        .all()
    )
    starts = [datetime.combine(row.effective_from, time(), zone).astimezone(UTC) for row in rows]
    ends = [*starts[1:], None] if rows else []
    return [Version(row.code, start, end) for row, start, end in zip(rows, starts, ends, strict=True)]


def version_in_force(session: Session, instant: datetime) -> str:
    """The version in force at an instant; empty before the first one."""
    known = versions(session)
    return in_force(known, instant).number if known and known[0].start <= instant else ""
