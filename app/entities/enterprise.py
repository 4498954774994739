"""Enterprises (企事业单位): water, power, gas and other bodies outside the government; called and assessed like departments, apart."""

from __future__ import annotations

from app.crud.resource import Resource
from app.crud.rules import in_order, no_circle
from app.domain.refusals import N_
from app.entities.department import Department


class Enterprise(Department):
    """An enterprise: wherever a department can be named, called or sent a ticket, it can be too; it is ranked among its own."""

    __mapper_args__ = {"polymorphic_identity": "enterprise"}


RESOURCE = Resource(
    Enterprise,
    singular=N_("Enterprise"),
    plural=N_("Enterprises"),
    area="reference",
    icon="industry",
    position=15,
    order="code",
    listed=("code", "name", "short", "kind", "parent", "valid_to"),
    related=("ResponsibilityItem.lead", "StaffProfile.unit"),
    aliases=True,
    rules=(in_order("valid_from", "valid_to", N_("Valid from"), N_("Valid to")), no_circle("parent", N_("Parent unit"))),
    about=N_("Enterprises of public utilities and other bodies outside the government that street-towns may call and tickets are sent to."),
    empty=N_("No enterprises yet. Add them one by one, or import a workbook."),
)
