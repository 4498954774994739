"""Lines of a scheme version: an indicator, its weight, and how its rate becomes points."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core.db import db
from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.indicators import all_indicators
from app.domain.refusals import N_, Refused
from app.domain.shapes import SHAPES, checked_params
from app.entities.scheme_version import SchemeVersion, refuse_approved

POLICIES = (
    Option("redistribute", N_("Weight spread over the other lines")),
    Option("full", N_("Full marks")),
    Option("exclude_unit", N_("Unit not ranked")),
)

SHAPE_NAMES = {
    "rate": N_("Weight × rate"),
    "inverse": N_("Weight × (1 − rate)"),
    "deduction": N_("Deduction per percentage point below the target"),
    "density": N_("Deduction by cases per size"),
}


def params_of(text: str) -> dict[str, str]:
    """``T=95, k=0.5`` as a mapping; ``Refused("bad-parameter")`` where an equals sign is missing."""
    found: dict[str, str] = {}
    for part in text.replace("，", ",").replace("＝", "=").split(","):
        name, equals, value = part.partition("=")
        if part.strip() and not equals:
            raise Refused("bad-parameter", N_("“%(value)s” is not a parameter; write it as T=95"), field="params", value=part.strip())
        if equals:
            found[name.strip()] = value.strip()
    return found


def _params_fit(values: Mapping[str, Any], _row: Any) -> None:
    weight = Fraction(values.get("weight") or 0)
    checked_params(values.get("shape") or "rate", weight, params_of(values.get("params") or ""))


def _version_is_open(values: Mapping[str, Any], row: Any) -> None:
    """Neither the version a line stands in nor the one it would move to may be approved."""
    _keep_approved(row)
    refuse_approved(db.session.get(SchemeVersion, values.get("scheme_version") or 0), "scheme_version")


def _keep_approved(row: Any) -> None:
    refuse_approved(row.scheme_version if row is not None else None, "scheme_version")


class SchemeLine(Entity):
    """One line; a weight of 0 makes it descriptive: shown, never scored."""

    __tablename__ = "scheme_line"
    __table_args__ = (UniqueConstraint("scheme_version_id", "indicator"),)

    scheme_version: Mapped[SchemeVersion] = column.link(
        "SchemeVersion", N_("Scheme version"), table="scheme_version", required=True, listed=True, filtered=True, on_delete="CASCADE"
    )
    position: Mapped[int] = column.number(N_("Position"), default=10, least=0, most=999, listed=True)
    indicator: Mapped[str] = column.choice(
        lambda: [Option(i.code, i.name) for i in all_indicators().values()],
        N_("Indicator"),
        required=True,
        listed=True,
        filtered=True,
        look="text",
    )
    weight: Mapped[Decimal] = column.number(N_("Weight"), places=2, required=True, least=0, most=1000, default=Decimal(0), listed=True)
    shape: Mapped[str] = column.choice(
        lambda: [Option(code, SHAPE_NAMES.get(code, code)) for code in SHAPES],
        N_("Shape"),
        default="rate",
        required=True,
        listed=True,
        look="text",
    )
    params: Mapped[str] = column.text(200, N_("Shape's parameters"), help=N_("For example: T=95, k=0.5, floor=12.5"), example="T=95, k=0.5")
    target: Mapped[Decimal | None] = column.number(N_("Target (%)"), places=2, least=0, most=100)
    na_policy: Mapped[str] = column.choice(POLICIES, N_("Where there is no figure"), default="redistribute", required=True, look="text")

    def label(self) -> str:
        """The indicator's code."""
        return self.indicator


RESOURCE = Resource(
    SchemeLine,
    singular=N_("Scheme line"),
    plural=N_("Scheme lines"),
    area="evaluation",
    icon="bars",
    natural_key=("scheme_version", "indicator"),
    order="position",
    menu=False,
    path="scheme-lines",
    rules=(_version_is_open, _params_fit),
    kept=(_keep_approved,),
)
