"""Asking the house's one permission table: may this person do this kind of thing to this kind of record."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_login import current_user

from app.domain.refusals import NotAllowed


def may(verb: str, subject: str) -> bool:
    """Whether the person of this request may ``verb`` (read, create, update, delete, import, export …) ``subject``."""
    security = current_app.appbuilder.sm  # type: ignore[attr-defined]
    return bool(security.has_access(f"can_{verb}", subject))


def account_may(account: Any, verb: str, subject: str) -> bool:
    """The same for an account that is not at the door: the owner of work done in the background."""
    security = current_app.appbuilder.sm  # type: ignore[attr-defined]
    return bool(security._has_view_access(account, f"can_{verb}", subject))


def require(verb: str, subject: str) -> None:
    """Like ``may``, but refuses in words."""
    if not may(verb, subject):
        raise NotAllowed()


def person_id() -> int | None:
    """The signed-in person's number."""
    return int(current_user.id) if getattr(current_user, "is_authenticated", False) else None
