"""Accounts: FAB's users with what a trustworthy sign-in needs on top: lockout, session version, language."""

from __future__ import annotations

from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Integer, event, inspect
from sqlalchemy.orm import mapped_column

from app.core.db import UTCDateTime
from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import adopt
from app.crud.resource import CREATE, UPDATE, Resource
from app.crud.rules import pattern
from app.domain.refusals import N_

LANGUAGE = (Option("zh", N_("Chinese")), Option("en", N_("English")))
USERNAME = pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{1,60}", N_("“%(value)s” is not a user name: 2 to 61 letters, digits, dots or dashes"))
EMAIL = pattern(r"[^@\s]+@[^@\s]+", N_("“%(value)s” is not an e-mail address"))

Account = User
"""People are deactivated, never deleted: their names stand in the history."""

# Bookkeeping of ours on FAB's table; no foreign key to our tables, or migrations would run in a circle.
User.version = mapped_column(Integer, default=1, server_default="1", nullable=False)
User.session_version = mapped_column(Integer, default=1, server_default="1", nullable=False)
User.password_changed_at = mapped_column(UTCDateTime, nullable=True)
User.locked_until = mapped_column(UTCDateTime, nullable=True)
User.failed_at = mapped_column(UTCDateTime, nullable=True)

adopt(
    User,
    {
        "username": column.text(128, N_("User name"), required=True, unique=True, fixed=True, search=True, listed=True, rules=[USERNAME]),
        "first_name": column.text(64, N_("Name"), required=True, search=True, listed=True),
        "email": column.text(320, N_("E-mail"), required=True, unique=True, search=True, rules=[EMAIL]),
        "roles": column.links("Role", N_("Roles"), table="ab_role", listed=True, filtered=True),
        "language": column.choice(LANGUAGE, N_("Language"), default="zh", listed=True, look="text"),
        "active": column.flag(N_("Active"), default=True, listed=True, filtered=True),
        "last_login": column.moment(N_("Last sign-in"), derived=True, listed=True),
    },
)


def _label(account: User) -> str:
    return f"{account.first_name} {account.last_name}".strip()


def _before_insert(_mapper: Any, _connection: Any, account: User) -> None:
    account.last_name = account.last_name or ""


def _before_update(_mapper: Any, _connection: Any, account: User) -> None:
    """A sign-in touches the row too; only what people edit makes a new version."""
    state = inspect(account)
    if any(state.attrs[name].history.has_changes() for name, column in User.__fields__.items() if not column.derived):
        account.version = (account.version or 1) + 1


User.label = _label
event.listen(User, "before_insert", _before_insert)
event.listen(User, "before_update", _before_update)


RESOURCE = Resource(
    User,
    singular=N_("Account"),
    plural=N_("Accounts"),
    area="system",
    icon="users",
    position=80,
    natural_key=("username",),
    order="username",
    allows=frozenset({CREATE, UPDATE}),
    path="accounts",
    related=("StaffProfile.account",),
    about=N_("Who may sign in, with which roles. Accounts are deactivated, never deleted."),
)
