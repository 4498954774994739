"""Street-towns (街镇) with their sub-centres: the territorial side, backstop for everything in their territory."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.resource import Resource
from app.crud.rules import in_order
from app.domain.refusals import N_
from app.entities.unit import NAMES, Unit

MAP = N_("Schematic map")
SIZE = N_("Size")


class StreetTown(Unit):
    """A street-town; its front-line sub-centre (分中心) signs, handles, calls and verifies."""

    sub_centre: Any = column.localized(120, N_("Sub-centre"), group=NAMES, listed=True)
    area: Mapped[Decimal | None] = column.number(
        N_("Area (km²)"), places=3, least=0, most=100_000, group=SIZE, help=N_("With the population: what cases per size are measured by.")
    )
    population: Mapped[Decimal | None] = column.number(
        N_("Population (10,000 people)"), places=3, least=0, most=100_000, group=SIZE, example="2.141"
    )
    hex_column: Mapped[int | None] = column.number(N_("Column"), least=0, most=99, group=MAP)
    hex_row: Mapped[int | None] = column.number(N_("Row"), least=0, most=99, group=MAP)

    __mapper_args__ = {"polymorphic_identity": "street_town"}

    @property
    def size(self) -> Fraction | None:
        """Area × population, in km² × 10,000 people (handbook §2.4, shape 7); ``None`` where one of them is not known."""
        return Fraction(self.area) * Fraction(self.population) if self.area and self.population else None


RESOURCE = Resource(
    StreetTown,
    singular=N_("Street-town"),
    plural=N_("Street-towns"),
    area="reference",
    icon="map-location-dot",
    position=20,
    order="code",
    listed=("code", "name", "short", "sub_centre", "valid_to"),
    related=("Community.street_town", "StaffProfile.unit"),
    aliases=True,
    rules=(in_order("valid_from", "valid_to", N_("Valid from"), N_("Valid to")),),
    about=N_("The territorial side: each street-town with its front-line sub-centre."),
    empty=N_("No street-towns yet. Add them one by one, or import a workbook."),
)
