"""API keys: FAB's table of them, with what makes them trustworthy: hashed, ending, and gone with the password they were made with.

``key_prefix`` is the part of a key that may be shown, and by which it is found; ``key_hash`` is the SHA-256 of the whole,
which is enough for 32 random bytes. Moments in FAB's table have no zone; ours are UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import ApiKey, User
from sqlalchemy import event
from sqlalchemy.orm import object_session

from app.core.clock import now
from app.crud import declare as column
from app.crud.entity import adopt
from app.domain.refusals import N_

__all__ = ["ApiKey", "end_keys"]

adopt(
    ApiKey,
    {
        "name": column.text(80, N_("Name"), required=True),
        "key_prefix": column.text(16, N_("Begins with"), derived=True),
        "expires_on": column.moment(N_("Ends"), derived=True),
        "revoked_on": column.moment(N_("Revoked"), derived=True),
    },
)


def _label(key: ApiKey) -> str:
    return f"{key.name} ({key.key_prefix})"


def utc(moment: datetime) -> datetime:
    """A moment as FAB's table keeps it."""
    return moment.replace(tzinfo=None)


def end_keys(account: Any) -> None:
    """Revoke every key of an account that is not yet revoked."""
    for key in account.api_keys:
        if key.revoked_on is None:
            key.revoked_on = utc(now())


def _on_change(account: Any, value: Any, before: Any, _initiator: Any) -> None:
    """A new password or a deactivated account ends the keys, whichever door it comes through."""
    session = object_session(account)
    if session is None or value == before or value is True:
        return
    with session.no_autoflush:
        end_keys(account)


ApiKey.label = _label
event.listen(User.password, "set", _on_change)
event.listen(User.active, "set", _on_change)
