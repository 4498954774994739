"""API keys: made by their owner, who knows the password, shown once, and believed until they end or are revoked."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.acting import acting_as
from app.core.clock import now
from app.core.transaction import transaction
from app.crud.columns import Origin, Reading
from app.domain.actors import SYSTEM
from app.domain.refusals import N_, NotFound, Refused
from app.entities.account import Account
from app.entities.api_key import ApiKey, end_keys, utc
from app.services.sign_in import confirm_password, end_sessions

MARK = "flk_"
"""How every key begins, so that a lost one is recognised as ours."""
DAYS = (30, 90, 180, 365)
MOST = 20
SPARE = timedelta(minutes=1)
"""How exactly we remember when a key was used last."""


def make_key(account_id: int, name: str, days: int, password: str, *, failures: int, minutes: int) -> tuple[ApiKey, str]:
    """A new key and its secret, which is kept nowhere. Whoever found a desk unlocked cannot make one: the password is asked.

    Wrong passwords count like failures to sign in. Raises ``Refused``.
    """
    if days not in DAYS:
        raise Refused("not-a-span", N_("A key is valid for %(options)s days."), field="days", options=list(DAYS))
    called = ApiKey.__fields__["name"].read(name, Reading(origin=Origin.FORM))
    confirm_password(account_id, password, failures=failures, minutes=minutes, field="password")
    secret = f"{MARK}{secrets.token_hex(4)}_{secrets.token_urlsafe(32)}"
    with transaction() as session:
        if len(valid_keys(session, account_id)) >= MOST:
            raise Refused("too-many", N_("There are %(most)d valid keys; revoke one first."), most=MOST)
        public = public_part(secret)
        key = ApiKey(user_id=account_id, name=called, key_prefix=public, lookup_hash=public, key_hash=_hash(secret), active=True)
        key.created_on = utc(now())
        key.expires_on = utc(now() + timedelta(days=days))
        session.add(key)
        session.flush()
        return key, secret


def revoke_key(account_id: int, key_id: int) -> ApiKey:
    """End one of one's own keys; ``NotFound`` for any other."""
    with transaction() as session:
        key = session.execute(select(ApiKey).where(ApiKey.id == key_id, ApiKey.user_id == account_id)).scalar_one_or_none()
        if key is None:
            raise NotFound()
        if key.revoked_on is None:
            key.revoked_on = utc(now())
        return key


def sign_out_everywhere(account_id: int) -> None:
    """End every session, token and key of an account."""
    with transaction() as session:
        account = session.get(Account, account_id)
        if account is None:
            raise NotFound()
        end_keys(account)
        end_sessions(account)


def keys_of(session: Session, account_id: int) -> list[ApiKey]:
    """All keys of an account, the newest first."""
    return list(session.execute(select(ApiKey).where(ApiKey.user_id == account_id).order_by(ApiKey.id.desc())).scalars())


def valid_keys(session: Session, account_id: int) -> list[ApiKey]:
    """The keys of an account that open doors today."""
    return [key for key in keys_of(session, account_id) if is_valid(key)]


def is_valid(key: ApiKey) -> bool:
    """Whether a key is neither revoked nor at its end."""
    return bool(key.active) and key.revoked_on is None and (key.expires_on is None or key.expires_on > utc(now()))


def account_of_key(secret: str) -> Account | None:
    """The account behind a key, if the key is valid and the account at work; remembers that it was used."""
    if not (secret.isascii() and secret.isprintable()):
        return None
    with acting_as(SYSTEM), transaction() as session:
        found = session.execute(select(ApiKey).where(ApiKey.lookup_hash == public_part(secret))).scalar_one_or_none()
        if found is None or not hmac.compare_digest(found.key_hash, _hash(secret)):
            return None
        account = session.get(Account, found.user_id)
        if not is_valid(found) or account is None or not account.active:
            return None
        moment = utc(now())
        if found.last_used_on is None or found.last_used_on < moment - SPARE:
            session.execute(update(ApiKey).where(ApiKey.id == found.id).values(last_used_on=moment))
        return account


def public_part(secret: str) -> str:
    """The beginning of a key, which may be shown: ``flk_1a2b3c4d``."""
    return secret[: len(MARK) + 8]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
