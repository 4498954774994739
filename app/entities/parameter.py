"""System parameters: the few business settings of a district that are not a table of their own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from app.core.db import db
from app.crud import declare as column
from app.crud.entity import Entity
from app.crud.resource import UPDATE, Resource
from app.crud.rules import CODE
from app.domain.refusals import N_


class Parameter(Entity):
    """A setting by its code; ``value`` is kept as text and read by whoever needs it."""

    __tablename__ = "parameter"

    code: Mapped[str] = column.text(60, N_("Code"), required=True, unique=True, fixed=True, search=True, listed=True, rules=[CODE])
    name: Any = column.localized(120, N_("Name"), required=True, search=True, listed=True)
    value: Mapped[str] = column.text(400, N_("Value"), listed=True)
    about: Any = column.localized(400, N_("Explanation"), lines=2)


RESOURCE = Resource(
    Parameter,
    singular=N_("Parameter"),
    plural=N_("System parameters"),
    area="system",
    icon="sliders",
    position=70,
    allows=frozenset({UPDATE}),
    path="parameters",
    about=N_("District name, time zone, cut-off days and the like. Every change is in the change log."),
)


def parameter(code: str, default: str = "") -> str:
    """The value of a setting, or ``default`` where it is not set."""
    value = db.session.execute(select(Parameter.value).where(Parameter.code == code)).scalar_one_or_none()
    return value if value not in (None, "") else default
