"""Keeping responsibility lists: a new draft is a copy of a version; approved versions are not edited any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.transaction import transaction
from app.domain.refusals import NotFound
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList

COPIED = ("number", "matter_id", "name_zh", "name_en", "duty", "lead_id", "at_once", "quickly", "within_limit", "basis_zh", "basis_en")


def copy_version(version_id: int) -> ResponsibilityList:
    """A new draft with the items of a version; it takes effect on no day in the past."""
    with transaction() as session:
        old = session.get(ResponsibilityList, version_id)
        if old is None:
            raise NotFound()
        latest = session.execute(select(ResponsibilityList).order_by(ResponsibilityList.effective_from.desc()).limit(1)).scalar_one()
        draft = ResponsibilityList(
            code=_free_code(session, old.code),
            name_zh=old.name_zh,
            name_en=old.name_en,
            effective_from=max(latest.effective_from, now().date()) + timedelta(days=1),
            state="draft",
        )
        session.add(draft)
        rows = session.execute(select(ResponsibilityItem).where(ResponsibilityItem.list_version_id == version_id)).scalars()
        for row in rows:
            session.add(_copy(row, draft))
        session.flush()
        return draft


def _copy(row: Any, draft: ResponsibilityList) -> ResponsibilityItem:
    return ResponsibilityItem(list_version=draft, support=list(row.support), **{name: getattr(row, name) for name in COPIED})


def _free_code(session: Session, code: str) -> str:
    """``2026-3`` after ``2026-2``; a letter-proof fallback for codes that do not end in a number."""
    known = set(session.execute(select(ResponsibilityList.code)).scalars())
    head, _, tail = code.rpartition("-")
    number = int(tail) if tail.isdecimal() and head else 0
    base = head if tail.isdecimal() and head else code[:16]
    while True:
        number += 1
        if f"{base}-{number}" not in known:
            return f"{base}-{number}"
