"""Units: whoever can receive a ticket, be called, be rated or be evaluated; departments and street-towns share this table."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import CODE
from app.domain.refusals import N_

NAMES = N_("Names")
VALIDITY = N_("Validity")


class Unit(Entity):
    """A unit of any kind. ``type`` tells which: ``department``, ``enterprise``, ``street_town`` or ``command_centre``."""

    __tablename__ = "unit"

    type: Mapped[str] = column.text(20, N_("Type"), derived=True, hidden=True, indexed=True)
    code: Mapped[str] = column.text(40, N_("Code"), required=True, unique=True, search=True, listed=True, rules=[CODE], example="D-0107")
    name: Any = column.localized(120, N_("Name"), required=True, search=True, listed=True, keyed=True, group=NAMES)
    short: Any = column.localized(60, N_("Short name"), search=True, group=NAMES)
    position: Mapped[int] = column.number(N_("Position in lists"), default=100, least=0, most=9999)
    valid_from: Mapped[date | None] = column.day(N_("Valid from"), group=VALIDITY)
    valid_to: Mapped[date | None] = column.day(
        N_("Valid to"), group=VALIDITY, help=N_("Empty means for the time being; ended units keep their history."), filtered=True
    )

    __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "unit"}

    def brief(self) -> str:
        """The short name where there is one."""
        return str(self.short or self.name)


RESOURCE = Resource(
    Unit,
    singular=N_("Unit"),
    plural=N_("Units"),
    area="reference",
    icon="sitemap",
    order="code",
    allows=frozenset(),
    menu=False,
    path="units",
    listed=("code", "name", "short", "valid_to"),
)
