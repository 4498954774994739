"""Departments (责任部门): the specialist side that a street-town may call; enterprises and municipal units among them."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.resource import Resource
from app.crud.rules import in_order, no_circle
from app.domain.refusals import N_
from app.entities.dictionary_entry import dictionary
from app.entities.unit import Unit


class Department(Unit):
    """A department, an enterprise or a municipal unit; hierarchies are kept by ``parent``."""

    kind: Mapped[str] = column.choice(
        dictionary("unit_kind"), N_("Kind"), default="department", required=True, listed=True, filtered=True, look="text"
    )
    parent: Mapped[Department | None] = column.link("Department", N_("Parent unit"), table="unit", filtered=True, listed=True)

    __mapper_args__ = {"polymorphic_identity": "department"}


RESOURCE = Resource(
    Department,
    singular=N_("Department"),
    plural=N_("Departments"),
    area="reference",
    icon="building",
    position=10,
    order="code",
    listed=("code", "name", "short", "kind", "parent", "valid_to"),
    related=("Department.parent", "ResponsibilityItem.lead", "StaffProfile.unit"),
    aliases=True,
    rules=(in_order("valid_from", "valid_to", N_("Valid from"), N_("Valid to")), no_circle("parent", N_("Parent unit"))),
    about=N_("The specialist side: departments, enterprises and municipal units that street-towns may call."),
    empty=N_("No departments yet. Add them one by one, or import a workbook."),
)
