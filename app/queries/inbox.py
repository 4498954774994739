"""The inbox: what a person was told, unread first; how much is unread is asked on every page and so is counted only so far."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.reminders import DIGEST
from app.entities.notice import Notice
from app.entities.staff_profile import StaffProfile

CAP = 99
PER_PAGE = 50
"""Lines on a page."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of the inbox and whether another one follows."""

    notices: tuple[Notice, ...]
    more: bool


def unread(session: Session, user_id: int | None) -> int:
    """How many notices wait to be read, at most one more than ``CAP``; only the own ones, whatever else one may see."""
    if user_id is None:
        return 0
    some = select(Notice.id).where(Notice.user_id == user_id, Notice.read_at.is_(None)).limit(CAP + 1).subquery()
    return session.execute(select(func.count()).select_from(some)).scalar_one()


def shown(count: int) -> str:
    """The count as a bubble has room for it."""
    return f"{CAP}+" if count > CAP else str(count)


def lines(session: Session, user_id: int | None, *, only_unread: bool, page: int) -> Lines:
    """Page ``page`` (from 0) of somebody's inbox: unread first, then the newest first."""
    statement = select(Notice).where(Notice.user_id == user_id).order_by(Notice.read_at.is_not(None), Notice.id.desc())
    if only_unread:
        statement = statement.where(Notice.read_at.is_(None))
    found = session.execute(statement.offset(page * PER_PAGE).limit(PER_PAGE + 1)).scalars().all()
    return Lines(tuple(found[:PER_PAGE]), len(found) > PER_PAGE)


def chosen_mails(session: Session, user_id: int | None) -> str:
    """How somebody wants to be told by mail; empty for an account without a profile, which cannot choose."""
    found = session.execute(select(StaffProfile.mails).where(StaffProfile.account_id == user_id)).scalar_one_or_none()
    return "" if found is None else found or DIGEST
