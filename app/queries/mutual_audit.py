"""What units said of each other, as one evaluation counted it: from its frozen duties and their verdicts.

Core statements on purpose: severity and reciprocity show across units, and whoever may open the audit sees the whole district.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.domain.counts import WORTH, Verdict
from app.domain.facts import CALL, STREET_TOWN
from app.domain.mutual_audit import MEASURES, Rated
from app.domain.refusals import NotFound
from app.entities.call import Call
from app.entities.evaluation_fact import EvaluationFact

_F: Any = EvaluationFact.__table__
_C: Any = Call.__table__

_WORTH: Mapping[str, Fraction] = {verdict.value: worth for verdict, worth in WORTH.items()}


def mutual_ratings(session: Session, evaluation_id: int) -> tuple[Rated, ...]:
    """Every counted thing that one unit said of another; nobody reads it who does not see the whole district.

    What was annulled, excluded or not yet open to both sides has no counted verdict and is not among them.
    """
    if not current_actor().sees_all:
        raise NotFound()
    chosen = (_F.c.key, _F.c.ticket_id, _F.c.ordinal, _F.c.group, _F.c.unit_id, _F.c.marks)
    rows = session.connection().execute(select(*chosen).where(_F.c.evaluation_id == evaluation_id, _F.c.kind == CALL).order_by(_F.c.key))
    return tuple(_said(list(rows), _callers(session, evaluation_id)))


def _callers(session: Session, evaluation_id: int) -> Mapping[tuple[int, int], int]:
    """Which street-town called, by ticket and number of the call; that never changes."""
    tickets = select(_F.c.ticket_id).where(_F.c.evaluation_id == evaluation_id, _F.c.kind == CALL)
    rows = session.connection().execute(select(_C.c.ticket_id, _C.c.ordinal, _C.c.street_town_id).where(_C.c.ticket_id.in_(tickets)))
    return {(row.ticket_id, row.ordinal): row.street_town_id for row in rows}


def _said(rows: list[Any], callers: Mapping[tuple[int, int], int]) -> Iterator[Rated]:
    for row in rows:
        call = row.key[1:]
        rater = int(call.rpartition(".")[2]) if row.group == STREET_TOWN else callers.get((row.ticket_id, row.ordinal))
        for code in MEASURES:
            worth = _WORTH.get(row.marks.get(code, Verdict.OUT.value))
            if worth is not None and rater is not None:
                yield Rated(call, rater, row.unit_id, code, worth)
