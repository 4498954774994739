"""Evaluation schemes (考核方案): one per group of units that are compared with each other."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import CODE
from app.domain.facts import DEPARTMENT, ENTERPRISE, STREET_TOWN
from app.domain.refusals import N_

GROUPS = (Option(STREET_TOWN, N_("Street-towns")), Option(DEPARTMENT, N_("Departments")), Option(ENTERPRISE, N_("Enterprises")))


class Scheme(Entity):
    """A scheme; what it weighs is in its versions."""

    __tablename__ = "scheme"

    code: Mapped[str] = column.text(40, N_("Code"), required=True, unique=True, search=True, listed=True, rules=[CODE])
    name: Any = column.localized(120, N_("Name"), required=True, search=True, listed=True)
    group: Mapped[str] = column.choice(GROUPS, N_("Group"), required=True, default=STREET_TOWN, listed=True, filtered=True, look="text")
    position: Mapped[int] = column.number(N_("Position in lists"), default=100, least=0, most=9999)
    active: Mapped[bool] = column.flag(N_("In use"), default=True, listed=True, filtered=True)


RESOURCE = Resource(
    Scheme,
    singular=N_("Scheme"),
    plural=N_("Schemes"),
    area="evaluation",
    icon="scale-balanced",
    position=20,
    order="position",
    related=("SchemeVersion.scheme",),
    about=N_("How each group of units is scored. Versions take effect on a date; published months keep theirs."),
)
