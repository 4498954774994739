"""Communities (社区) of a street-town."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import CODE, in_order
from app.domain.refusals import N_
from app.entities.street_town import StreetTown
from app.entities.unit import NAMES, VALIDITY


class Community(Entity):
    """A community; tickets are located in one where it is known."""

    __tablename__ = "community"

    code: Mapped[str] = column.text(
        40, N_("Code"), required=True, unique=True, search=True, listed=True, rules=[CODE], example="350102003004"
    )
    street_town: Mapped[StreetTown | None] = column.link("StreetTown", N_("Street-town"), table="unit", listed=True, filtered=True)
    name: Any = column.localized(120, N_("Name"), required=True, search=True, listed=True, keyed=True, group=NAMES)
    valid_from: Mapped[date | None] = column.day(N_("Valid from"), group=VALIDITY)
    valid_to: Mapped[date | None] = column.day(N_("Valid to"), group=VALIDITY, filtered=True)


RESOURCE = Resource(
    Community,
    singular=N_("Community"),
    plural=N_("Communities"),
    area="reference",
    icon="people-roof",
    position=30,
    order="code",
    listed=("code", "name", "street_town", "valid_to"),
    aliases=True,
    path="communities",
    rules=(in_order("valid_from", "valid_to", N_("Valid from"), N_("Valid to")),),
    about=N_("The communities of each street-town, with their official codes."),
    empty=N_("No communities yet. Import the official list, or add them one by one."),
)
