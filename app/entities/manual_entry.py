"""Points entered by hand (手动录入): what no indicator measures, each with its note, its proof and who entered it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import db
from app.crud import declare as column
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.period import period_of
from app.domain.refusals import N_, Refused
from app.domain.scorecard import MANUAL
from app.entities.evaluation import Evaluation
from app.entities.scheme import Scheme
from app.entities.scheme_line import SchemeLine
from app.entities.scheme_version import SchemeVersion
from app.entities.unit import Unit

OPEN_STATES = ("computed", "superseded")
"""States of an evaluation in which the points of its period may still be entered."""


class ManualEntry(Entity):
    """One unit's points on one line; on a deduction line they are taken. The note is printed with the score, the proof kept with it."""

    __tablename__ = "manual_entry"
    __table_args__ = (UniqueConstraint("period", "unit_id", "line"),)

    period: Mapped[str] = column.text(
        20,
        N_("Period"),
        required=True,
        search=True,
        listed=True,
        filtered=True,
        help=N_("As 2026-09, 2026-Q3, 2026-H2 or 2026."),
        example="2026-09",
    )
    unit: Mapped[Unit] = column.link("Unit", N_("Unit"), table="unit", required=True, listed=True, filtered=True)
    line: Mapped[str] = column.text(
        20,
        N_("Line"),
        required=True,
        listed=True,
        filtered=True,
        help=N_("The code of a line of the scheme that is entered by hand."),
        example="OTHER",
    )
    points: Mapped[Decimal] = column.number(
        N_("Points"), places=2, required=True, least=0, most=1000, listed=True, help=N_("Earned; on a deduction line: taken.")
    )
    note: Mapped[str] = column.long_text(
        N_("Note"), required=True, listed=True, lines=3, length=1000, help=N_("Why. It is printed with the score.")
    )
    proof: Mapped[str] = column.text(255, N_("Proof"), derived=True, listed=True)

    proof_type: Mapped[str] = mapped_column(String(100), nullable=False, default="")
    proof_digest: Mapped[str] = mapped_column(String(64), nullable=False, default="")

    def label(self) -> Any:
        """Period, unit and line."""
        return f"{self.period} · {self.unit.name} · {self.line}" if self.unit else f"#{self.id}"


def _period_is_open(period: str) -> None:
    """Refuse a period whose list is out. Raises ``Refused("published")``."""
    out = select(Evaluation.id).where(Evaluation.period == period, Evaluation.state.not_in(OPEN_STATES)).limit(1)
    if db.session.execute(out).first() is not None:
        raise Refused(
            "published",
            N_("The list of %(period)s is out; its points are changed by an appeal or a correction, not here."),
            field="period",
            status=409,
            period=period,
        )


def keep_published(row: Any) -> None:
    """Entries of a period whose list is out stand as they are."""
    if row is not None:
        _period_is_open(row.period)


def _fits(values: Mapping[str, Any], row: Any) -> None:
    keep_published(row)
    period = period_of((values.get("period") or "").strip())
    if period.key != values.get("period"):
        raise Refused("bad-period", N_("Write the period as %(key)s."), field="period", key=period.key)
    _period_is_open(period.key)
    unit = db.session.get(Unit, values.get("unit") or 0)
    if unit is not None:
        _check_line(_line(unit.type, period.first, values.get("line") or ""), values, unit)


def _line(group: str, first: Any, code: str) -> SchemeLine | None:
    """The line called ``code`` in the version that scores a group from ``first`` on."""
    in_force = (
        select(SchemeVersion.id)
        .join(Scheme, Scheme.id == SchemeVersion.scheme_id)
        .where(Scheme.active.is_(True), Scheme.group == group, SchemeVersion.state == "approved", SchemeVersion.effective_from <= first)
        .order_by(SchemeVersion.effective_from.desc())
        .limit(1)
    )
    lines = select(SchemeLine).where(SchemeLine.scheme_version_id == in_force.scalar_subquery(), SchemeLine.code == code)
    return db.session.execute(lines).scalar_one_or_none()


def _check_line(line: SchemeLine | None, values: Mapping[str, Any], unit: Unit) -> None:
    code = values.get("line") or ""
    if line is None or line.shape != MANUAL:
        raise Refused(
            "not-manual",
            N_("“%(line)s” is not entered by hand for %(unit)s in this period: the scheme in force has no such line."),
            field="line",
            line=code,
            unit=unit.name,
        )
    if (values.get("points") or 0) > line.weight:
        raise Refused("too-many", N_("The line gives or takes at most %(most)s points."), field="points", most=line.weight)


RESOURCE = Resource(
    ManualEntry,
    singular=N_("Manual entry"),
    plural=N_("Manual entries"),
    area="evaluation",
    icon="pen-to-square",
    position=13,
    natural_key=("period", "unit", "line"),
    order="-id",
    path="manual-entries",
    rules=(_fits,),
    kept=(keep_published,),
    about=N_("Points that no indicator measures, entered before the list is out, each with a note and a proof."),
    empty=N_("Nothing was entered by hand. Lines with the shape “Entered by hand” wait for their points here."),
)
