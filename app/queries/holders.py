"""Who holds a role: the active accounts that are told what concerns the whole district."""

from __future__ import annotations

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.reminders import DIGEST
from app.entities.account import Account
from app.entities.staff_profile import StaffProfile
from app.queries.staff import Member


def holders(session: Session, *roles: str) -> list[Member]:
    """Everybody active with one of these roles, once."""
    statement = (
        select(Account.id, StaffProfile.mails)
        .outerjoin(StaffProfile, StaffProfile.account_id == Account.id)
        .where(Account.active.is_(True), Account.roles.any(Role.name.in_(roles)))
        .order_by(Account.id)
    )
    return [Member(account, frozenset(), frozenset(roles), mails or DIGEST) for account, mails in session.execute(statement)]
