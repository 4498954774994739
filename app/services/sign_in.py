"""Signing in: passwords, lockout and session versions, the same for the form and for programs."""

from __future__ import annotations

import secrets
import string
from datetime import timedelta

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash, generate_password_hash

from app.core.acting import acting_as
from app.core.clock import now
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.refusals import N_, NotFound, Refused
from app.entities.account import Account

METHOD = "scrypt"
LEAST_LENGTH = 10

# Checked where there is no such account, so that the answer takes as long; made with the method in use.
_NOBODY_HASH = generate_password_hash(secrets.token_hex(8), METHOD)

# One sentence whether the account is there, locked, inactive or not: whoever guesses names learns nothing from it.
WRONG = N_(
    "The user name or the password is not right. After %(failures)d failures within %(minutes)d minutes an account is locked for as long; "
    "an administrator can unlock it."
)


def sign_in(username: str, password: str, *, failures: int, minutes: int) -> Account:
    """The account, if the password is right and the account is neither locked nor inactive.

    ``failures`` wrong passwords within ``minutes`` lock the account for as long. Raises ``Refused("wrong-password")``;
    locked, inactive and unknown accounts are answered like a wrong password.
    """
    wrong = Refused("wrong-password", WRONG, status=401, failures=failures, minutes=minutes)
    with acting_as(SYSTEM), transaction() as session:
        name = username.strip()[:320]
        account = session.execute(select(Account).where(or_(Account.username == name, Account.email == name))).scalars().first()
        if account is None or not account.active or not account.password:
            check_password_hash(_NOBODY_HASH, password)
            raise wrong
        moment = now()
        if account.locked_until is not None and account.locked_until > moment:
            check_password_hash(_NOBODY_HASH, password)
            raise wrong
        right = check_password_hash(account.password, password)
        if right:
            values = {"fail_login_count": 0, "failed_at": None, "locked_until": None}
            session.execute(
                update(Account)
                .where(Account.id == account.id)
                .values(last_login=moment.replace(tzinfo=None), login_count=func.coalesce(Account.login_count, 0) + 1, **values)
            )
            session.refresh(account)
            return account
        _count_failure(session, account.id, failures, minutes)
    raise wrong


def _count_failure(session: Session, account_id: int, failures: int, minutes: int) -> None:
    moment = now()
    fresh = or_(Account.failed_at.is_(None), Account.failed_at < moment - timedelta(minutes=minutes))
    count = case((fresh, 1), else_=func.coalesce(Account.fail_login_count, 0) + 1)
    session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(fail_login_count=count, failed_at=case((fresh, moment), else_=Account.failed_at))
    )
    counted = session.execute(select(Account.fail_login_count).where(Account.id == account_id)).scalar_one()
    if counted >= failures:
        until = moment + timedelta(minutes=minutes)
        session.execute(update(Account).where(Account.id == account_id).values(locked_until=until, fail_login_count=0, failed_at=None))


def confirm_password(account_id: int, password: str, *, failures: int, minutes: int, field: str) -> None:
    """Make sure that whoever sits at the desk knows the account's password; ``Refused`` otherwise.

    Wrong ones count like failures to sign in, and the one that locks the account ends its sessions.
    """
    with acting_as(SYSTEM), transaction() as session:
        account = session.get(Account, account_id)
        known = account is not None and bool(account.password) and check_password_hash(account.password, password)
        if account is not None and not known:
            _count_failure(session, account_id, failures, minutes)
            session.refresh(account)
            if account.locked_until is not None and account.locked_until > now():
                end_sessions(account)
    if not known:
        raise Refused("wrong-password", N_("The present password is not right."), field=field)


def change_own_password(account_id: int, old: str, new: str, *, failures: int, minutes: int) -> Account:
    """Set a new password, knowing the old one; every other session of the account ends.

    Whoever found a desk unlocked may not guess the old one here.
    """
    confirm_password(account_id, old, failures=failures, minutes=minutes, field="old")
    with acting_as(SYSTEM), transaction() as session:
        account = session.get_one(Account, account_id)
        if check_password_hash(account.password, new):
            raise Refused("same-password", N_("The new password is the present one."), field="new")
        _set_password(account, new)
        return account


def sign_out(account_id: int) -> None:
    """End every session and token of the account: a copy of a cookie is worth nothing once its owner has left."""
    with acting_as(SYSTEM), transaction() as session:
        account = session.get(Account, account_id)
        if account is not None:
            end_sessions(account)


def end_sessions(account: Account) -> None:
    """Cookies and tokens carry the version under which they began; none is believed under another."""
    account.session_version = (account.session_version or 1) + 1


def reset_password(account_id: int) -> str:
    """Give an account a fresh random password and return it, to be shown once; unlocks it and ends all its sessions."""
    with transaction() as session:
        account = session.get(Account, account_id)
        if account is None:
            raise NotFound()
        fresh = random_password()
        _set_password(account, fresh)
        account.locked_until, account.fail_login_count = None, 0
        return fresh


def set_first_password(account: Account, password: str) -> None:
    """The password of an account that is being created (inside the caller's transaction)."""
    account.password = generate_password_hash(password, METHOD)
    account.password_changed_at = now()


def _set_password(account: Account, password: str) -> None:
    check_strength(password, account.username)
    account.password = generate_password_hash(password, METHOD)
    account.password_changed_at = now()
    end_sessions(account)


def check_strength(password: str, username: str = "") -> None:
    """At least ten characters of three kinds, and not the user name (等级保护: complex passwords)."""
    kinds = [any(c.islower() for c in password), any(c.isupper() for c in password), any(c.isdigit() for c in password)]
    kinds.append(any(not c.isalnum() for c in password))
    if len(password) < LEAST_LENGTH or sum(kinds) < 3 or (username and username.lower() in password.lower()):
        raise Refused(
            "weak-password",
            N_("A password needs %(least)d characters of three kinds (small, capital, digit, sign) and must not contain the user name."),
            field="new",
            least=LEAST_LENGTH,
        )


def random_password() -> str:
    """A password that passes ``check_strength``: 16 letters and digits without look-alikes, and a sign."""
    letters = "".join(c for c in string.ascii_letters + string.digits if c not in "0O1lI")
    body = "".join(secrets.choice(letters) for _ in range(15))
    return f"{secrets.choice('abcdefgh')}{secrets.choice('ABCDEFGH')}{secrets.choice('23456789')}-{body[:12]}"
