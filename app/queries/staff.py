"""Staff: who works for a unit, leads it, or sits in the command centre, and how each wants to be reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.domain.reminders import DIGEST
from app.domain.rights import RIGHTS_OF
from app.entities.account import Account
from app.entities.staff_profile import StaffProfile

LEAD, CENTRE = "department_lead", "command_centre"
WORKERS = tuple(sorted(RIGHTS_OF.keys() - {"system", "citizen"}))
"""Roles that work tickets; whoever only reads is not told what to do."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who can be told: an active account that works for ``units``."""

    account_id: int
    units: frozenset[int]
    roles: frozenset[str]
    mails: str


class Staff:
    """People, found by where they work."""

    def __init__(self, members: Iterable[Member] = ()) -> None:
        self.members = tuple(members)
        self._by_unit: dict[int, list[Member]] = {}
        for member in self.members:
            for unit in member.units:
                self._by_unit.setdefault(unit, []).append(member)
        self._centre = [member for member in self.members if CENTRE in member.roles]

    def at_unit(self, unit: int) -> list[Member]:
        """Those who work for the unit."""
        return self._by_unit.get(unit, [])

    def leads_of(self, unit: int) -> list[Member]:
        """The unit's leads; where it has none, everybody who works for it."""
        return [member for member in self.at_unit(unit) if LEAD in member.roles] or self.at_unit(unit)

    def at_centre(self) -> list[Member]:
        """Those who sit in the command centre."""
        return self._centre


def staff(session: Session, units: Iterable[int] = (), *, centre: bool = False, everybody: bool = False) -> Staff:
    """The people of these units (stationed ones included) and, if asked, of the command centre; asked beneath no scope."""
    wanted = set(units)
    if not (wanted or centre or everybody):
        return Staff()
    today = now().date()
    statement = (
        select(Account.id, StaffProfile.unit_id, StaffProfile.stationed_id, StaffProfile.mails, Role.name)
        .join(Account.roles)
        .outerjoin(StaffProfile, StaffProfile.account_id == Account.id)
        .where(Account.active.is_(True), Role.name.in_(WORKERS))
        .where(or_(StaffProfile.valid_from.is_(None), StaffProfile.valid_from <= today))
        .where(or_(StaffProfile.valid_to.is_(None), StaffProfile.valid_to >= today))
        .order_by(Account.id)
    )
    if not everybody:
        here = or_(StaffProfile.unit_id.in_(wanted), StaffProfile.stationed_id.in_(wanted))
        statement = statement.where(or_(here, Role.name == CENTRE) if centre else here)
    found: dict[int, Member] = {}
    for account, unit, stationed, mails, role in session.execute(statement):
        before = found.get(account)
        places = frozenset(place for place in (unit, stationed) if place is not None)
        found[account] = Member(account, places, (before.roles if before else frozenset()) | {role}, mails or DIGEST)
    return Staff(found.values())
