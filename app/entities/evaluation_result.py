"""What an evaluation found, frozen: groups, units in them, and each unit's lines; plain rows, written once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

EXACT = String(80)
"""Exact fractions are kept as text, ``numerator/denominator``."""


class EvaluationGroup(Model):
    """A group with the scheme version it was scored by; ``lines`` repeats that version's lines."""

    __tablename__ = "evaluation_group"
    __table_args__ = (UniqueConstraint("evaluation_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id", ondelete="CASCADE"), nullable=False)
    position: Mapped[int] = mapped_column(nullable=False, default=0)
    code: Mapped[str] = mapped_column(String(20), nullable=False)
    name_zh: Mapped[str] = mapped_column(String(120), nullable=False)
    name_en: Mapped[str] = mapped_column(String(120), nullable=False, default="")
    scheme_zh: Mapped[str] = mapped_column(String(120), nullable=False)
    scheme_en: Mapped[str] = mapped_column(String(120), nullable=False, default="")
    scheme_version: Mapped[int] = mapped_column(nullable=False)
    full_marks: Mapped[str] = mapped_column(EXACT, nullable=False)
    bonus_cap: Mapped[str | None] = mapped_column(EXACT)
    min_sample: Mapped[int] = mapped_column(nullable=False, default=3)
    ties: Mapped[str] = mapped_column(String(20), nullable=False, default="dense")
    sealed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    lines: Mapped[list[Any]] = mapped_column(JSON, nullable=False, default=list)
    total: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)

    units: Mapped[list[EvaluationUnit]] = relationship("EvaluationUnit", order_by="EvaluationUnit.position", lazy="select")


class EvaluationUnit(Model):
    """A unit's result: its names at that time, its score, its rank. ``apart`` says why it was not ranked."""

    __tablename__ = "evaluation_unit"
    __table_args__ = (UniqueConstraint("group_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("evaluation_group.id", ondelete="CASCADE"), nullable=False)
    position: Mapped[int] = mapped_column(nullable=False, default=0)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"), nullable=False, index=True)
    code: Mapped[str] = mapped_column(String(40), nullable=False)
    source_code: Mapped[str] = mapped_column(String(80), nullable=False, default="")
    name_zh: Mapped[str] = mapped_column(String(120), nullable=False)
    name_en: Mapped[str] = mapped_column(String(120), nullable=False, default="")
    raw: Mapped[str | None] = mapped_column(EXACT)
    uncapped: Mapped[str | None] = mapped_column(EXACT)
    size: Mapped[str | None] = mapped_column(EXACT)
    score: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    rank: Mapped[int | None] = mapped_column()
    previous_rank: Mapped[int | None] = mapped_column()
    apart: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    history: Mapped[list[Any]] = mapped_column(JSON, nullable=False, default=list)

    lines: Mapped[list[EvaluationLine]] = relationship("EvaluationLine", order_by="EvaluationLine.id", lazy="select")


class EvaluationLine(Model):
    """One unit's figure under one line: two integers, and what became of them."""

    __tablename__ = "evaluation_line"
    __table_args__ = (UniqueConstraint("unit_result_id", "indicator"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_result_id: Mapped[int] = mapped_column(ForeignKey("evaluation_unit.id", ondelete="CASCADE"), nullable=False)
    indicator: Mapped[str] = mapped_column(String(20), nullable=False)
    n: Mapped[int] = mapped_column(nullable=False)
    d: Mapped[int] = mapped_column(nullable=False)
    weight: Mapped[str] = mapped_column(EXACT, nullable=False)
    full: Mapped[str | None] = mapped_column(EXACT)
    points: Mapped[str | None] = mapped_column(EXACT)
    rank: Mapped[int | None] = mapped_column()
    why: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    pending: Mapped[int] = mapped_column(nullable=False, default=0)
    unknown: Mapped[int] = mapped_column(nullable=False, default=0)
    excluded: Mapped[int] = mapped_column(nullable=False, default=0)
    small: Mapped[bool] = mapped_column(nullable=False, default=False)
    previous: Mapped[str | None] = mapped_column(EXACT)
    year_before: Mapped[str | None] = mapped_column(EXACT)
    median: Mapped[int | None] = mapped_column()
    p90: Mapped[int | None] = mapped_column()
    note: Mapped[str | None] = mapped_column(String(1000))
