"""People: from an account to the actor that rules, services and row scopes ask."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.core.acting import acting_as
from app.core.clock import now
from app.core.db import db
from app.domain.actors import SYSTEM, Actor
from app.entities.staff_profile import StaffProfile
from app.entities.unit import Unit

DISTRICT_WIDE = frozenset({"auditor", "district_admin", "command_centre", "evaluator", "viewer", "Admin"})
"""Roles that see the rows of all units; everybody else sees those of the own unit."""


def actor_of(account: Any) -> Actor:
    """The actor behind an account: its roles, and the unit of its profile while that is valid."""
    roles = frozenset(role.name for role in account.roles)
    profile: Any = StaffProfile.__table__
    unit: Any = Unit.__table__
    today = now().date()
    statement = (
        select(profile.c.unit_id, profile.c.stationed_id, unit.c.type)
        .select_from(profile.outerjoin(unit, unit.c.id == profile.c.unit_id))
        .where(profile.c.account_id == account.id)
        .where(profile.c.valid_from.is_(None) | (profile.c.valid_from <= today))
        .where(profile.c.valid_to.is_(None) | (profile.c.valid_to >= today))
    )
    with acting_as(SYSTEM):
        found = db.session.execute(statement).first()
    return Actor(
        user_id=account.id,
        name=account.label(),
        roles=roles,
        unit_id=found.unit_id if found else None,
        unit_type=(found.type or "") if found else "",
        stationed_id=found.stationed_id if found else None,
        language=account.language or "zh",
        sees_all=not roles.isdisjoint(DISTRICT_WIDE),
    )
