"""Points entered by hand, as the engine takes them, and who entered them."""

from __future__ import annotations

from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import acting_as
from app.domain.actors import SYSTEM
from app.entities.manual_entry import ManualEntry


def manual_points(session: Session, period: str) -> dict[tuple[int, str], tuple[Fraction, str]]:
    """Points and note by unit and line code, for the whole district."""
    with acting_as(SYSTEM):
        rows = session.execute(select(ManualEntry).where(ManualEntry.period == period)).scalars()
        return {(row.unit_id, row.line): (Fraction(row.points), row.note) for row in rows}


def entered_by(session: Session, period: str, unit_id: int, line: str) -> frozenset[int]:
    """Who entered or changed the points of a line: an appeal against it is never decided by one of them (handbook §2.10)."""
    with acting_as(SYSTEM):
        found = session.execute(
            select(ManualEntry.created_by_id, ManualEntry.changed_by_id).where(
                ManualEntry.period == period,
                ManualEntry.unit_id == unit_id,
                ManualEntry.line == line,
            )
        ).first()
    return frozenset(person for person in found or () if person is not None)
