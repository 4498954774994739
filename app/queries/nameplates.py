"""Names of units, matters and communities by their numbers, for lists that print thousands of rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.scorecard import Names
from app.entities.community import Community
from app.entities.matter import Matter
from app.entities.unit import Unit


def unit_names(session: Session) -> dict[int, Names]:
    """Every unit's name."""
    return _names(session, Unit)


def community_names(session: Session) -> dict[int, Names]:
    """Every community's name."""
    return _names(session, Community)


def matter_names(session: Session) -> dict[int, Names]:
    """Every matter's name."""
    return _names(session, Matter)


def matter_lines(session: Session) -> dict[int, tuple[int, ...]]:
    """Every matter with those above it, itself first."""
    parents: dict[int, int | None] = {row.id: row.parent_id for row in session.execute(select(Matter.id, Matter.parent_id))}
    found = {}
    for pk in parents:
        line: list[int] = []
        at: int | None = pk
        while at is not None and at not in line:
            line.append(at)
            at = parents.get(at)
        found[pk] = tuple(line)
    return found


def _names(session: Session, entity: Any) -> dict[int, Names]:
    return {pk: Names(zh, en) for pk, zh, en in session.execute(select(entity.id, entity.name_zh, entity.name_en))}
