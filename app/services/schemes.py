"""Keeping schemes: a new draft is a copy of a version, and a version takes effect by a decision that somebody signs for."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.transaction import transaction
from app.crud.columns import Origin, Reading
from app.crud.resource import resource_of
from app.crud.writing import change
from app.domain.period import month_holding
from app.domain.refusals import NotFound
from app.entities.scheme_case import SchemeCase
from app.entities.scheme_line import SchemeLine
from app.entities.scheme_version import SchemeVersion
from app.queries.calendar import city_zone

TERMS = ("full_marks", "min_sample", "ties", "bonus_cap")
OWN = frozenset({"id", "version", "created_at", "changed_at", "created_by_id", "changed_by_id", "scheme_version_id"})
"""Columns of a line or a case that a copy does not take over."""


def copy_version(version_id: int) -> SchemeVersion:
    """A new draft with the lines and golden cases of a version; it takes effect on the first day of a month to come."""
    with transaction() as session:
        old = session.get(SchemeVersion, version_id)
        if old is None:
            raise NotFound()
        same = SchemeVersion.scheme == old.scheme
        number, latest = session.execute(select(func.max(SchemeVersion.number), func.max(SchemeVersion.effective_from)).where(same)).one()
        draft = SchemeVersion(
            scheme=old.scheme,
            number=number + 1,
            effective_from=_next_first(latest),
            state="draft",
            **{name: getattr(old, name) for name in TERMS},
        )
        session.add(draft)
        session.flush()
        for row in (*old.lines, *old.cases):
            _copy(session, row, draft)
        session.flush()
        return draft


def _next_first(latest: date) -> date:
    """The first day of the month after ``latest`` and after the present one."""
    day = max(latest, month_holding(now(), city_zone()).first)
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _copy(session: Session, row: SchemeLine | SchemeCase, draft: SchemeVersion) -> None:
    kept = {column.key: getattr(row, column.key) for column in type(row).__mapper__.column_attrs if column.key not in OWN}
    session.add(type(row)(scheme_version=draft, **kept))


def approve(version_id: int, seen: int, decision: str) -> SchemeVersion:
    """A draft takes effect by ``decision``; its golden cases run once more.

    Raises ``Refused`` with ``no-decision``, ``no-cases``, ``case-fails``, ``weights-do-not-add-up`` and whatever else keeps it from
    being scored; ``approved`` where it is already; ``ChangedMeanwhile``.
    """
    row = change(resource_of("SchemeVersion"), version_id, seen, {"state": "approved", "basis": decision}, Reading(origin=Origin.API))
    assert isinstance(row, SchemeVersion)
    return row
