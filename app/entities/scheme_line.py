"""Lines of a scheme version: an indicator, its weight, and how its rate becomes points."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, relationship, validates

from app.core.db import db
from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import CODE
from app.domain.evaluation import as_measured
from app.domain.indicators import all_indicators
from app.domain.refusals import N_, Refused
from app.domain.scheme_rules import check_rule
from app.domain.scorecard import MANUAL, Line, Names
from app.domain.shapes import SHAPES, params_of
from app.entities.scheme_version import SchemeVersion, refuse_approved

POLICIES = (
    Option("redistribute", N_("Weight spread over the other lines")),
    Option("full", N_("Full marks")),
    Option("exclude_unit", N_("Unit not ranked")),
)

SECTIONS = (
    Option("basic", N_("Basic items"), tone="neutral"),
    Option("bonus", N_("Bonus items"), tone="ok"),
    Option("deduction", N_("Deduction items"), tone="warn"),
)
APPEALS = (
    Option("both", N_("Dispute or declare beforehand")),
    Option("dispute", N_("Dispute")),
    Option("declare", N_("Declare beforehand")),
    Option("none", N_("No appeal")),
)


def line_of(values: Mapping[str, Any]) -> Line:
    """The line that a row with ``values`` would be. Raises ``Refused`` where its parameters cannot be read."""
    code, indicator = values.get("code") or "", values.get("indicator") or ""
    known, names = all_indicators().get(indicator), Names(values.get("name_zh") or "", values.get("name_en") or "")
    shape, target = values.get("shape") or "rate", values.get("target")
    line = Line(
        code=code or indicator,
        name=known.name if known else names.en or names.zh or code,
        weight=Fraction(values.get("weight") or 0),
        shape=shape,
        params=params_of(values.get("params") or ""),
        na_policy=values.get("na_policy") or "redistribute",
        target=None if target is None else Fraction(target),
        measure=indicator if indicator != code else "",
        names=names if names.zh or names.en else None,
        section=values.get("section") or "basic",
        appeal=values.get("appeal") or "both",
    )
    return as_measured([line])[0] if known else line


def _can_be_scored(values: Mapping[str, Any], _row: Any) -> None:
    """A line measures something or is entered by hand, and its shape can read both its figure and its parameters."""
    if values.get("shape") != MANUAL:
        if not values.get("indicator"):
            raise Refused("no-indicator", N_("Choose what the line measures, or the shape “Entered by hand”."), field="indicator")
    elif values.get("indicator"):
        raise Refused("by-hand", N_("What is entered by hand is measured by no indicator; leave it empty."), field="indicator")
    elif not values.get("name_zh"):
        raise Refused("no-name", N_("A line that is entered by hand needs a name of its own."), field="name_zh")
    check_rule(line_of(values))


def _version_is_open(values: Mapping[str, Any], row: Any) -> None:
    """Neither the version a line stands in nor the one it would move to may be approved."""
    _keep_approved(row)
    refuse_approved(db.session.get(SchemeVersion, values.get("scheme_version") or 0), "scheme_version")


def _keep_approved(row: Any) -> None:
    refuse_approved(row.scheme_version if row is not None else None, "scheme_version")


class SchemeLine(Entity):
    """One line; a weight of 0 makes it descriptive: shown, never scored."""

    __tablename__ = "scheme_line"
    __table_args__ = (UniqueConstraint("scheme_version_id", "code"),)

    scheme_version: Mapped[SchemeVersion] = column.link(
        "SchemeVersion", N_("Scheme version"), table="scheme_version", required=True, listed=True, filtered=True, on_delete="CASCADE"
    )
    position: Mapped[int] = column.number(N_("Position"), default=10, least=0, most=999, listed=True)
    code: Mapped[str] = column.text(
        20,
        N_("Code"),
        required=True,
        listed=True,
        rules=[CODE],
        help=N_("Once in a version; usually the indicator's. One indicator may stand in two lines with codes of their own."),
        example="DONE_OT",
    )
    section: Mapped[str] = column.choice(
        SECTIONS,
        N_("Section"),
        default="basic",
        required=True,
        listed=True,
        filtered=True,
        help=N_("Basic items make up the full marks; bonus and deduction items add to them and take from them."),
    )
    indicator: Mapped[str] = column.choice(
        lambda: [Option(i.code, i.name) for i in all_indicators().values()],
        N_("Indicator"),
        help=N_("What the line measures; nothing where it is entered by hand."),
        listed=True,
        filtered=True,
        look="text",
    )
    name: Any = column.localized(120, N_("Name"), help=N_("The line's own name; empty: called like its indicator."))
    weight: Mapped[Decimal] = column.number(
        N_("Weight"),
        places=2,
        required=True,
        least=0,
        most=1000,
        default=Decimal(0),
        listed=True,
        help=N_("The points of a basic item; of a bonus or a deduction the most it can give or take. 0: shown, not scored."),
    )
    shape: Mapped[str] = column.choice(
        lambda: [Option(one.code, one.name) for one in SHAPES.values()],
        N_("Shape"),
        default="rate",
        required=True,
        listed=True,
        look="text",
    )
    params: Mapped[str] = column.text(
        400,
        N_("Shape's parameters"),
        help=N_(
            "Below a target: T=95, k=0.5, floor=12.5. Bands: <50=-0.25, <75=-0.15, else=0. Per case: d=1, cap=20, not_more_than=REWORK. "
            "Bonus: b=1. By size: k=0.01. Days: T=2, k=10, day=24. Number of cases: 50=10, 100=9, else=0. The others take none."
        ),
    )
    target: Mapped[Decimal | None] = column.number(N_("Target (%)"), places=2, least=0, most=100)
    na_policy: Mapped[str] = column.choice(
        POLICIES,
        N_("Where there is no figure"),
        default="redistribute",
        required=True,
        look="text",
        help=N_("For basic items; a bonus or deduction item without a figure gives and takes nothing."),
    )
    appeal: Mapped[str] = column.choice(APPEALS, N_("Appeals"), default="both", required=True, look="text")

    @validates("code", "indicator")
    def _called_like_its_indicator(self, key: str, value: str) -> str:
        """Whoever names no code means the indicator's."""
        if key == "code":
            return value or self.indicator or ""
        self.code = self.code or value
        return value

    def label(self) -> str:
        """The line's code."""
        return self.code

    def value(self) -> Line:
        """The line as the rules read it."""
        return line_of({name: getattr(self, name) for name in COLUMNS})


COLUMNS = ("code", "indicator", "name_zh", "name_en", "weight", "shape", "params", "na_policy", "target", "section", "appeal")
"""What a line is made of."""

SchemeVersion.lines = relationship(SchemeLine, order_by=(SchemeLine.position, SchemeLine.id), viewonly=True)


RESOURCE = Resource(
    SchemeLine,
    singular=N_("Scheme line"),
    plural=N_("Scheme lines"),
    area="evaluation",
    icon="bars",
    natural_key=("scheme_version", "code"),
    order="position",
    menu=False,
    path="scheme-lines",
    rules=(_version_is_open, _can_be_scored),
    kept=(_keep_approved,),
)
