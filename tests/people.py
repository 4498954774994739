"""People and units for tests, made through the same tables and services as real ones."""

from __future__ import annotations

from typing import Any

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select
from werkzeug.security import generate_password_hash

from app.core.db import db
from app.core.transaction import transaction
from app.entities.account import Account
from app.entities.community import Community
from app.entities.department import Department
from app.entities.staff_profile import StaffProfile
from app.entities.street_town import StreetTown

PASSWORD = "Correct-horse-7"
# One cheap hash for all: what is tested is who may do what, not how slow scrypt is.
_HASH = generate_password_hash(PASSWORD, "scrypt:1024:8:1")


def create_department(code: str = "D-1", **values: Any) -> Department:
    """A department."""
    with transaction() as session:
        row = Department(**{"code": code, "name_zh": f"部门{code}", "name_en": f"Department {code}", "kind": "department", **values})
        session.add(row)
    return row


def create_street_town(code: str = "S-1", **values: Any) -> StreetTown:
    """A street-town."""
    with transaction() as session:
        row = StreetTown(**{"code": code, "name_zh": f"街道{code}", "name_en": f"Street-town {code}", **values})
        session.add(row)
    return row


def create_community(code: str, street_town: StreetTown, **values: Any) -> Community:
    """A community of a street-town."""
    with transaction() as session:
        row = Community(
            **{"code": code, "name_zh": f"社区{code}", "name_en": f"Community {code}", "street_town_id": street_town.id, **values}
        )
        session.add(row)
    return row


def create_person(role: str, unit: Any = None, username: str = "") -> Account:
    """An account with one role, working for ``unit``; signs in with ``PASSWORD``."""
    name = username or role
    with transaction() as session:
        found = session.execute(select(Role).where(Role.name == role)).scalar_one()
        account = Account(
            username=name,
            first_name=name.title(),
            last_name="",
            email=f"{name}@example.invalid",
            active=True,
            roles=[found],
            password=_HASH,
            language="en",
        )
        session.add(account)
        session.flush()
        session.add(StaffProfile(account_id=account.id, unit_id=unit.id if unit is not None else None))
    return account


def reloaded(row: Any) -> Any:
    """The row as the database has it now."""
    db.session.expire_all()
    return db.session.get(type(row), row.id)
