"""Exclusions on duties: which tickets are out of which figure for which unit, read once for a whole period.

Core statements on purpose, like everything an evaluation is computed from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.facts import Fact
from app.entities.exclusion import Exclusion
from app.entities.exclusion_reason import ExclusionReason

_X: Any = Exclusion.__table__
_W: Any = ExclusionReason.__table__

Taken = Mapping[int, list[tuple[int | None, str, str]]]
"""By ticket: the unit (``None``: any), the indicator (``*``: all of them) and the reason's code."""


def exclusions_of(session: Session, tickets: Select[Any]) -> Taken:
    """The exclusions in force on these tickets."""
    statement = (
        select(_X.c.ticket_id, _X.c.unit_id, _X.c.indicator, _W.c.code)
        .join(_W, _W.c.id == _X.c.reason_id)
        .where(_X.c.withdrawn_at.is_(None), _X.c.ticket_id.in_(tickets))
        .order_by(_X.c.id)
    )
    found: dict[int, list[tuple[int | None, str, str]]] = {}
    for ticket, unit, indicator, reason in session.connection().execute(statement):
        found.setdefault(ticket, []).append((unit, indicator, reason))
    return found


def without(fact: Fact, taken: Taken) -> Fact:
    """The duty, told what it is excluded from."""
    rows = taken.get(fact.ticket_id)
    if not rows:
        return fact
    excluded = {indicator: reason for unit, indicator, reason in rows if unit is None or unit == fact.unit_id}
    return replace(fact, excluded=excluded) if excluded else fact
