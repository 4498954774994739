"""Asking the house's one permission table: may this person do this kind of thing to this kind of record."""

from __future__ import annotations

from flask import current_app
from flask_login import current_user

from app.domain.refusals import NotAllowed


def may(verb: str, subject: str) -> bool:
    """Whether the person of this request may ``verb`` (read, create, update, delete, import, export …) ``subject``."""
    security = current_app.appbuilder.sm  # type: ignore[attr-defined]
    return bool(security.has_access(f"can_{verb}", subject))


def require(verb: str, subject: str) -> None:
    """Like ``may``, but refuses in words."""
    if not may(verb, subject):
        raise NotAllowed()


def person_id() -> int | None:
    """The signed-in person's number."""
    return int(current_user.id) if getattr(current_user, "is_authenticated", False) else None
