"""Repeats (重复件): tickets of a period whose place or telephone had reported the same kind of matter shortly before.

Core statements on purpose, like the facts that are made from them: an evaluation is computed for the whole district.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.domain.period import Period
from app.entities.ticket import Ticket

_T: Any = Ticket.__table__
WITHIN = timedelta(days=30)


def repeats(session: Session, period: Period) -> frozenset[int]:
    """The ids of the period's tickets that repeat another one reported up to 30 days before; void and merged ones are not looked at."""
    place = _before([_T.c.street_town_id, _T.c.matter_id, _T.c.address], (_T.c.address != "") & _T.c.street_town_id.is_not(None), period)
    phone = _before([_T.c.matter_id, _T.c.reporter_phone], _T.c.reporter_phone != "", period)
    found = set()
    for statement in (place, phone):
        for ticket_id, reported_at, before in session.connection().execute(statement):
            if period.holds(reported_at) and reported_at - before <= WITHIN:
                found.add(ticket_id)
    return frozenset(found)


def _before(same: list[Any], told: ColumnElement[bool], period: Period) -> Select[Any]:
    """Each ticket that has one before it with the same ``same``, and when that one was reported."""
    earlier = (
        func.lag(_T.c.reported_at, type_=_T.c.reported_at.type)
        .over(partition_by=same, order_by=(_T.c.reported_at, _T.c.id))
        .label("before")
    )
    seen = _T.c.reported_at >= period.start - WITHIN, _T.c.reported_at < period.end
    told_of = select(_T.c.id, _T.c.reported_at, earlier).where(*seen, told, _T.c.matter_id.is_not(None), _T.c.voided.is_(False)).subquery()
    return select(told_of).where(told_of.c.before.is_not(None), told_of.c.reported_at >= period.start)
