"""The result of an evaluation read back as it was kept: groups, their units, each unit's lines."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.core.phrases import from_json
from app.domain.scorecard import BASIC, EITHER, Group, Line, LineScore, Names, Past, UnitScore
from app.entities.evaluation_result import EvaluationGroup, EvaluationLine, EvaluationUnit


def groups_of(session: Session, evaluation_id: int) -> tuple[Group, ...]:
    """The groups of an evaluation with their units and lines, as they were kept."""
    rows = session.execute(
        select(EvaluationGroup)
        .where(EvaluationGroup.evaluation_id == evaluation_id)
        .order_by(EvaluationGroup.position)
        .options(selectinload(EvaluationGroup.units).selectinload(EvaluationUnit.lines))
    ).scalars()
    return tuple(_group(row) for row in rows)


def _group(group: EvaluationGroup) -> Group:
    units = [_unit(unit) for unit in group.units]
    return Group(
        code=group.code,
        names=Names(group.name_zh, group.name_en),
        scheme=Names(group.scheme_zh, group.scheme_en),
        scheme_version=group.scheme_version,
        full_marks=Fraction(group.full_marks),
        lines=tuple(_line(data) for data in group.lines),
        units=tuple(unit for unit in units if unit.apart is None),
        apart=tuple(unit for unit in units if unit.apart is not None),
        total={code: (n, d) for code, (n, d) in group.total.items()},
        bonus_cap=Fraction(group.bonus_cap or 0),
        min_sample=group.min_sample,
        ties=group.ties,
    )


def _line(data: Mapping[str, Any]) -> Line:
    return Line(
        code=data["code"],
        name=data["name"],
        weight=Fraction(data["weight"]),
        shape=data["shape"],
        params=data["params"],
        na_policy=data["na_policy"],
        target=None if data["target"] is None else Fraction(data["target"]),
        direction=data["direction"],
        form=data["form"],
        parts=data.get("parts") or (2 if data.get("halves") else 1),
        measure=data.get("measure", ""),
        names=Names(*data["names"]) if data.get("names") else None,
        section=data.get("section", BASIC),
        appeal=data.get("appeal", EITHER),
    )


def _unit(unit: EvaluationUnit) -> UnitScore:
    return UnitScore(
        unit_id=unit.unit_id,
        code=unit.code,
        source_code=unit.source_code,
        names=Names(unit.name_zh, unit.name_en),
        lines={line.indicator: _score(line) for line in unit.lines},
        raw=_exact(unit.raw),
        uncapped=_exact(unit.uncapped if unit.uncapped is not None else unit.raw),
        score=unit.score,
        rank=unit.rank,
        previous_rank=unit.previous_rank,
        history=tuple(Past(p["key"], None if p["score"] is None else Decimal(p["score"]), p["rank"]) for p in unit.history),
        apart=from_json(unit.apart),
        size=_exact(unit.size),
    )


def _exact(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _score(line: EvaluationLine) -> LineScore:
    return LineScore(
        code=line.indicator,
        n=line.n,
        d=line.d,
        weight=Fraction(line.weight),
        full=_exact(line.full),
        points=_exact(line.points),
        why=from_json(line.why),
        pending=line.pending,
        unknown=line.unknown,
        excluded=line.excluded,
        small=line.small,
        previous=_exact(line.previous),
        rank=line.rank,
        median=line.median,
        p90=line.p90,
        year_before=_exact(line.year_before),
        note=line.note or "",
    )
