"""The duties an evaluation stands on, as they were frozen with it.

Core statements on purpose: what a computation would have found is asked for the whole district, whoever reads it; the doors ask
for the right to do so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.facts import Fact
from app.domain.thawing import thawed
from app.entities.evaluation_fact import EvaluationFact

_F: Any = EvaluationFact.__table__
_KEPT = [column for column in _F.c if column.name not in ("id", "evaluation_id", "more", "marks")]


def frozen_facts(session: Session, evaluation_id: int) -> list[Fact]:
    """Every duty of an evaluation, in order of its key."""
    statement = select(*_KEPT, _F.c.more).where(_F.c.evaluation_id == evaluation_id).order_by(_F.c.key)
    found = session.connection().execute(statement).mappings()
    return [thawed({name: value for name, value in row.items() if name != "more"}, row["more"] or {}) for row in found]


def frozen_verdicts(session: Session, evaluation_id: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Of every duty of an evaluation its key and how it was counted, per indicator."""
    statement = select(_F.c.key, _F.c.marks).where(_F.c.evaluation_id == evaluation_id).order_by(_F.c.key)
    for key, marks in session.connection().execute(statement):
        yield key, dict(marks)
