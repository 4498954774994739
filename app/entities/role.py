"""Roles: what kinds of thing an account may do; decided in one table of the house, shown here, never edited by hand."""

from __future__ import annotations

from flask_appbuilder.security.sqla.models import Role

from app.core.languages import words
from app.crud import declare as column
from app.crud.entity import adopt
from app.crud.resource import Resource
from app.domain.refusals import N_

TITLES = {
    "system_admin": N_("System administrator"),
    "security_admin": N_("Security administrator"),
    "auditor": N_("Auditor"),
    "district_admin": N_("District administrator"),
    "command_centre": N_("Command centre"),
    "evaluator": N_("Evaluator"),
    "street_town": N_("Street-town sub-centre"),
    "department": N_("Department handler"),
    "department_lead": N_("Department lead"),
    "viewer": N_("Reader"),
    "Admin": N_("Emergency access"),
    "Public": N_("Public"),
}

adopt(Role, {"name": column.text(64, N_("Role"), derived=True, unique=True, listed=True, search=True)})


def _label(role: Role) -> str:
    return words()(TITLES.get(role.name, role.name))


Role.label = _label
Role.version = 1

RESOURCE = Resource(
    Role,
    singular=N_("Role"),
    plural=N_("Roles"),
    area="system",
    icon="user-shield",
    position=81,
    natural_key=("name",),
    order="name",
    allows=frozenset(),
    menu=False,
    path="roles",
)
