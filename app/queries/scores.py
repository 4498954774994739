"""Evaluations as scorecards: frozen rows back into the value that screens, REST and the print wing read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.phrases import from_json
from app.domain.evaluation import COMPUTED, SUPERSEDED
from app.domain.fairness import judged
from app.domain.indicators import all_indicators
from app.domain.period import Period
from app.domain.scorecard import (
    Check,
    Definition,
    Evidence,
    Names,
    Scorecard,
)
from app.entities.evaluation import Evaluation
from app.entities.evaluation_fact import EvaluationFact, EvaluationTicket
from app.entities.evaluation_result import EvaluationGroup, EvaluationUnit
from app.queries.appeal_entries import entries_of
from app.queries.frozen_groups import groups_of
from app.queries.revisions import difference_of


def evaluation_of(session: Session, period: str, revision: int | None = None) -> Evaluation | None:
    """The evaluation of a period that counts: the newest that was not superseded, one whose list is out before one that is provisional.

    With ``revision`` that one, whatever became of it.
    """
    wanted = Evaluation.state != SUPERSEDED if revision is None else Evaluation.revision == revision
    return session.execute(
        select(Evaluation)
        .where(Evaluation.period == period, wanted)
        .order_by((Evaluation.state == COMPUTED).asc(), Evaluation.revision.desc())
        .limit(1)
    ).scalar_one_or_none()


def period_of(evaluation: Evaluation) -> Period:
    """The period an evaluation is about."""
    return Period(evaluation.first, evaluation.after, evaluation.period, evaluation.kind or "month", evaluation.zone)


def scorecard_of(session: Session, evaluation: Evaluation) -> Scorecard:
    """The whole scorecard; the evidence is read when somebody iterates over it."""
    header = evaluation.header
    return Scorecard(
        period=period_of(evaluation),
        district=Names(header.get("district_zh", ""), header.get("district_en", "")),
        product=Names(header.get("product_zh", ""), header.get("product_en", "")),
        state=evaluation.state,
        revision=evaluation.revision,
        as_of=evaluation.as_of,
        computed_at=evaluation.computed_at,
        published_at=evaluation.published_at,
        published_by=evaluation.published_by,
        list_version=evaluation.list_version,
        calendar_version=evaluation.calendar_version,
        snapshot_hash=evaluation.snapshot_hash,
        url=header.get("url", ""),
        demo=bool(header.get("demo")),
        notes=tuple(note for data in evaluation.notes if (note := from_json(data)) is not None),
        groups=tuple(judged(group) for group in groups_of(session, evaluation.id)),
        definitions=tuple(Definition(**data) for data in evaluation.definitions),
        checks=tuple(_check(data) for data in evaluation.checks),
        tickets=evaluation.tickets,
        evidence=lambda: evidence_of(session, evaluation.id),
        reason=evaluation.reason,
        excluded=evaluation.excluded,
        appeals=entries_of(session, evaluation.period),
        difference=lambda: difference_of(session, evaluation),
    )


def _check(data: Mapping[str, Any]) -> Check:
    """A check of the data; its note names tickets of any unit, so only those who see all of them read it."""
    note = from_json(data["note"]) if current_actor().sees_all else None
    return Check(data["code"], data["title"], data["severity"], data["count"], note)


def evidence_of(session: Session, evaluation_id: int) -> Iterator[Evidence]:
    """Every ticket once, in the order of reporting, with its marks; a thousand at a time."""
    codes: dict[tuple[str, int], str] = {
        (group, unit_id): code
        for group, unit_id, code in session.execute(
            select(EvaluationGroup.code, EvaluationUnit.unit_id, EvaluationUnit.code)
            .join(EvaluationUnit, EvaluationUnit.group_id == EvaluationGroup.id)
            .where(EvaluationGroup.evaluation_id == evaluation_id)
        )
    }
    table: Any = EvaluationTicket.__table__
    rows = (
        session.connection()
        .execute(select(table).where(table.c.evaluation_id == evaluation_id).order_by(table.c.reported_at, table.c.id))
        .all()
    )
    for start in range(0, len(rows), 1000):
        chunk = rows[start : start + 1000]
        marks = _marks(session, evaluation_id, [row.ticket_id for row in chunk], codes)
        for row in chunk:
            yield _evidence(row, marks[row.ticket_id])


WEIGHS = {"miss": 9, "half": 8, "some": 7, "most": 6, "hit": 5, "extra": 4, "excluded": 3, "pending": 2, "unknown": 1}
"""Where several duties of one unit on one ticket count differently, the verdict that weighs most is told."""


def _marks(
    session: Session, evaluation_id: int, ids: list[int], codes: Mapping[tuple[str, int], str]
) -> Mapping[int, dict[tuple[str, str, str], str]]:
    """Per ticket the verdict of every figure; where several duties of one unit count, the one that weighs most is told."""
    table: Any = EvaluationFact.__table__
    statement = select(table.c.ticket_id, table.c.group, table.c.unit_id, table.c.marks).where(
        table.c.evaluation_id == evaluation_id, table.c.ticket_id.in_(ids)
    )
    found: dict[int, dict[tuple[str, str, str], str]] = defaultdict(dict)
    for ticket_id, group, unit_id, marks in session.connection().execute(statement.order_by(table.c.key)):
        code = codes.get((group, unit_id), "")
        for indicator, verdict in marks.items():
            place = (group, code, indicator)
            present = found[ticket_id].get(place)
            if present is None or WEIGHS[verdict] > WEIGHS[present]:
                found[ticket_id][place] = verdict
    return found


def _evidence(row: Any, marks: Mapping[tuple[str, str, str], str]) -> Evidence:
    names = {key: Names(*value) for key, value in row.names.items()}
    return Evidence(
        ticket_id=row.ticket_id,
        ticket_no=row.number,
        source=row.source,
        source_no=row.source_no,
        reported_at=row.reported_at,
        due_at=row.due_at,
        completed_at=row.completed_at,
        street_town=names.get("street_town", Names("")),
        handler=names.get("handler", Names("")),
        matter=names.get("matter", Names("")),
        outcome=row.outcome,
        marks=marks,
    )


def definitions() -> list[dict[str, Any]]:
    """The indicators' definitions as they stand today, to be frozen with an evaluation."""
    return [
        {
            "code": i.code,
            "name": i.name,
            "numerator": i.numerator,
            "denominator": i.denominator,
            "time_role": i.time_role,
            "clock": i.clock,
            "basis": i.basis,
            "direction": i.direction,
            "note": i.note,
            "excludes": i.excludes,
            "na_policy": i.na_policy,
            "rounding": i.rounded,
        }
        for i in all_indicators().values()
    ]
