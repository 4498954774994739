"""Accounts: FAB's users with what a trustworthy sign-in needs on top: lockout, session version, language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import Integer, event, inspect, select
from sqlalchemy.orm import mapped_column

from app.core.acting import current_actor
from app.core.db import UTCDateTime, db
from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import adopt
from app.crud.resource import CREATE, UPDATE, Resource
from app.crud.rules import pattern
from app.domain.refusals import N_, Refused

LANGUAGE = (Option("zh", N_("Chinese")), Option("en", N_("English")))
USERNAME = pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{1,60}", N_("“%(value)s” is not a user name: 2 to 61 letters, digits, dots or dashes"))
EMAIL = pattern(r"[^@\s]+@[^@\s]+", N_("“%(value)s” is not an e-mail address"))

KEEPER = "security_admin"
"""The role that keeps accounts."""
CLOSED = frozenset({"Admin", "Public"})
"""FAB's own roles: everything, and visitors."""

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


def _keep_the_keys(values: Mapping[str, Any], row: Any) -> None:
    """Nobody widens the own rights, nobody hands out the emergency role, and somebody is left who keeps accounts (三员分立)."""
    before = {role.id for role in row.roles} if row is not None else set()
    wanted = set(values.get("roles") or ())
    names = {role.id: role.name for role in db.session.execute(select(Role)).scalars()}
    for role_id in wanted - before:
        if names.get(role_id) in CLOSED:
            raise Refused("closed-role", N_("The role “%(role)s” is not given to people."), field="roles", role=names[role_id])
    if row is None:
        return
    own = current_actor().user_id == row.id
    if own and wanted != before:
        raise Refused("own-roles", N_("Nobody changes the own roles; another security administrator does."), field="roles")
    if own and not values.get("active", True):
        raise Refused("own-account", N_("Nobody deactivates the own account."), field="active")
    keeper = {number for number, name in names.items() if name == KEEPER}
    if before & keeper and row.active and not (wanted & keeper and values.get("active", True)):
        others = select(User.id).where(User.id != row.id, User.active.is_(True), User.roles.any(Role.name == KEEPER))
        if db.session.execute(others.limit(1)).first() is None:
            raise Refused("last-keeper", N_("This is the last active security administrator; appoint another one first."), field="roles")


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
    rules=(_keep_the_keys,),
    about=N_("Who may sign in, with which roles. Accounts are deactivated, never deleted."),
)
