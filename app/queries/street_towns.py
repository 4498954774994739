"""The street-towns of today, for people without an account: names only."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.entities.street_town import StreetTown


def street_towns_of_today(session: Session) -> Sequence[StreetTown]:
    """Those that are valid, in the order of lists."""
    today = now().date()
    began = or_(StreetTown.valid_from.is_(None), StreetTown.valid_from <= today)
    goes_on = or_(StreetTown.valid_to.is_(None), StreetTown.valid_to >= today)
    return session.execute(select(StreetTown).where(began, goes_on).order_by(StreetTown.position, StreetTown.code)).scalars().all()
