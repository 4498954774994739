"""Source systems (来源系统): platforms whose tickets are taken over; with the ticket's number there they identify it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import CODE
from app.domain.refusals import N_
from app.entities.dictionary_entry import dictionary


class SourceSystem(Entity):
    """A platform. ``unknown`` lists what it never records; indicators that need it say N/A for its tickets."""

    __tablename__ = "source_system"

    code: Mapped[str] = column.text(40, N_("Code"), required=True, unique=True, search=True, listed=True, rules=[CODE], example="12345")
    name: Any = column.localized(80, N_("Name"), required=True, search=True, listed=True, keyed=True)
    coordinates: Mapped[str] = column.choice(
        dictionary("coordinate_system"), N_("Coordinate system"), default="wgs84", listed=True, look="text"
    )
    active: Mapped[bool] = column.flag(N_("In use"), default=True, listed=True, filtered=True)


RESOURCE = Resource(
    SourceSystem,
    singular=N_("Source system"),
    plural=N_("Source systems"),
    area="reference",
    icon="plug",
    position=55,
    aliases=True,
    about=N_("Platforms that hand over tickets. A ticket is known by its source system and its number there."),
)
