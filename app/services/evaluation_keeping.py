"""Keeping an evaluation: its groups, units and lines, the tickets it saw and the duties it counted, as rows that are written once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.core.phrases import to_json
from app.domain.indicators.base import Marks
from app.domain.scorecard import Group, UnitScore
from app.domain.snapshot import canonical
from app.entities.evaluation_fact import EvaluationFact, EvaluationTicket
from app.entities.evaluation_file import EvaluationFinding
from app.entities.evaluation_result import EvaluationGroup, EvaluationLine, EvaluationUnit
from app.queries.facts import outcome_of

CHUNK = 1000


def forget(session: Session, evaluation_id: int) -> None:
    """Remove a provisional result; published ones never come here."""
    for table in (EvaluationFact, EvaluationTicket, EvaluationGroup, EvaluationFinding):
        session.execute(delete(table).where(table.evaluation_id == evaluation_id))
    session.flush()


def keep_groups(session: Session, evaluation_id: int, groups: Sequence[Group], seals: Mapping[str, Any]) -> None:
    """The ranking: groups, their units, and each unit's lines; ``seals`` is what was sealed of each group's scheme."""
    for place, group in enumerate(groups):
        kept = EvaluationGroup(
            evaluation_id=evaluation_id,
            position=place,
            code=group.code,
            name_zh=group.names.zh,
            name_en=group.names.en,
            scheme_zh=group.scheme.zh,
            scheme_en=group.scheme.en,
            scheme_version=group.scheme_version,
            full_marks=str(group.full_marks),
            bonus_cap=str(group.bonus_cap),
            min_sample=group.min_sample,
            ties=group.ties,
            sealed=seals.get(group.code),
            lines=[_line(line) for line in group.lines],
            total={code: list(pair) for code, pair in group.total.items()},
        )
        kept.units = [_unit(unit, n) for n, unit in enumerate((*group.units, *group.apart))]
        session.add(kept)
    session.flush()


def _line(line: Any) -> dict[str, Any]:
    return {
        "code": line.code,
        "name": line.name,
        "weight": str(line.weight),
        "shape": line.shape,
        "params": dict(line.params),
        "na_policy": line.na_policy,
        "target": None if line.target is None else str(line.target),
        "direction": line.direction,
        "form": line.form,
        "parts": line.parts,
        "measure": line.measure,
        "names": None if line.names is None else [line.names.zh, line.names.en],
        "section": line.section,
        "appeal": line.appeal,
    }


def _unit(unit: UnitScore, place: int) -> EvaluationUnit:
    kept = EvaluationUnit(
        position=place,
        unit_id=unit.unit_id,
        code=unit.code,
        source_code=unit.source_code,
        name_zh=unit.names.zh,
        name_en=unit.names.en,
        raw=None if unit.raw is None else str(unit.raw),
        uncapped=None if unit.uncapped is None else str(unit.uncapped),
        score=unit.score,
        rank=unit.rank,
        previous_rank=unit.previous_rank,
        apart=to_json(unit.apart),
        size=None if unit.size is None else str(unit.size),
        history=[{"key": p.key, "score": None if p.score is None else str(p.score), "rank": p.rank} for p in unit.history],
    )
    kept.lines = [
        EvaluationLine(
            indicator=line.code,
            n=line.n,
            d=line.d,
            weight=str(line.weight),
            full=None if line.full is None else str(line.full),
            points=None if line.points is None else str(line.points),
            rank=line.rank,
            why=to_json(line.why),
            pending=line.pending,
            unknown=line.unknown,
            excluded=line.excluded,
            small=line.small,
            previous=None if line.previous is None else str(line.previous),
            year_before=None if line.year_before is None else str(line.year_before),
            median=line.median,
            p90=line.p90,
            note=line.note,
        )
        for line in unit.lines.values()
    ]
    return kept


FACT_COLUMNS = [  # of the table; everything else that a duty knows is kept beside them
    "key",
    "ticket_id",
    "ticket_no",
    "group",
    "unit_id",
    "kind",
    "ordinal",
    "reported_at",
    "dispatched_at",
    "signed_at",
    "auto_signed",
    "response_due_at",
    "responded_at",
    "due_at",
    "completed_at",
    "completed",
    "on_time",
    "withdrawn_at",
    "returned",
    "reworks",
    "rating",
    "rated_at",
    "excluded",
]
IN_COLUMNS = (*FACT_COLUMNS, "unknown")


def keep_ground(session: Session, evaluation_id: int, tickets: Sequence[Any], marks: Sequence[Marks]) -> None:
    """The ground: every ticket once, every duty with its verdicts."""
    for start in range(0, len(tickets), CHUNK):
        _insert(session, EvaluationTicket, [_ticket(evaluation_id, ticket) for ticket in tickets[start : start + CHUNK]])
    keep_facts(session, evaluation_id, marks)


def keep_facts(session: Session, evaluation_id: int, marks: Sequence[Marks]) -> None:
    """Every duty with its verdicts."""
    for start in range(0, len(marks), CHUNK):
        _insert(session, EvaluationFact, [_fact(evaluation_id, mark) for mark in marks[start : start + CHUNK]])


def _fact(evaluation_id: int, mark: Marks) -> dict[str, Any]:
    more = canonical(mark.fact)
    for name in IN_COLUMNS:
        more.pop(name, None)
    return {
        "evaluation_id": evaluation_id,
        **{name: getattr(mark.fact, name) for name in FACT_COLUMNS},
        "unknown": sorted(mark.fact.unknown),
        "more": more,
        "marks": {code: verdict.value for code, verdict in mark.verdicts.items()},
    }


def copy_ground(session: Session, from_id: int, to_id: int) -> None:
    """The tickets and the findings of one revision, for the next that stands on the same ground."""
    for entity in (EvaluationTicket, EvaluationFinding):
        table: Any = entity.__table__
        names = [column.name for column in table.c if column.name not in ("id", "evaluation_id")]
        rows = session.connection().execute(
            select(*(table.c[name] for name in names)).where(table.c.evaluation_id == from_id).order_by(table.c.id)
        )
        _insert(session, entity, [{"evaluation_id": to_id, **row} for row in rows.mappings()])


def _insert(session: Session, entity: Any, rows: Sequence[dict[str, Any]]) -> None:
    connection = session.connection()
    for start in range(0, len(rows), CHUNK):
        connection.execute(insert(entity.__table__), rows[start : start + CHUNK])


def _ticket(evaluation_id: int, t: Any) -> dict[str, Any]:
    return {
        "evaluation_id": evaluation_id,
        "ticket_id": t.id,
        "number": t.number,
        "source": t.source or "",
        "source_no": t.source_no,
        "reported_at": t.reported_at,
        "due_at": t.due_at,
        "completed_at": t.completed_at,
        "names": {
            "street_town": [t.street_zh or "", t.street_en or ""],
            "handler": [t.handler_zh or "", t.handler_en or ""],
            "matter": [t.matter_zh or "", t.matter_en or ""],
        },
        "outcome": outcome_of(t),
    }
