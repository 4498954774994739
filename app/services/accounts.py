"""Accounts from the command line: the first one, and the way back in for whoever lost a password."""

from __future__ import annotations

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.transaction import transaction
from app.domain.refusals import N_, Refused
from app.entities.account import USERNAME, Account
from app.services.sign_in import random_password, reset_password, set_first_password


def account_names(session: Session) -> list[str]:
    """Everybody who may sign in, by user name."""
    return list(session.execute(select(Account.username).where(Account.active.is_(True)).order_by(Account.username)).scalars())


def open_account(username: str, role: str, name: str = "") -> tuple[str, bool]:
    """Make an account with one role, or give an existing one a fresh password; (password, whether it is new).

    Raises ``Refused`` where the user name is none, the role is unknown, or a new account has no role.
    """
    with transaction() as session:
        account = session.execute(select(Account).where(Account.username == username)).scalars().first()
        if account is not None:
            return reset_password(account.id), False
        if not USERNAME.holds(username):
            raise Refused("not-a-user-name", USERNAME.message, field="username", value=username[:80])
        found = session.execute(select(Role).where(Role.name == role)).scalars().first()
        if found is None:
            raise Refused("no-role", N_("A new account needs a role that exists (--role)."), field="role")
        password = random_password()
        account = Account(username=username, first_name=name or username, last_name="", email=f"{username}@localhost", active=True)
        account.roles = [found]
        set_first_password(account, password)
        session.add(account)
        return password, True
