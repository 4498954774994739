"""Matters (事项类别): what a ticket is about, in three levels."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import CODE, in_order, no_circle
from app.domain.refusals import N_
from app.entities.unit import NAMES, VALIDITY


class Matter(Entity):
    """A category; the third level is what tickets carry."""

    __tablename__ = "matter"

    code: Mapped[str] = column.text(40, N_("Code"), required=True, unique=True, search=True, listed=True, rules=[CODE], example="01001")
    name: Any = column.localized(120, N_("Name"), required=True, search=True, listed=True, keyed=True, group=NAMES)
    level: Mapped[int] = column.number(N_("Level"), required=True, least=1, most=3, listed=True, filtered=True, default=3)
    parent: Mapped[Matter | None] = column.link("Matter", N_("Belongs to"), table="matter", listed=True, filtered=True)
    public: Mapped[bool] = column.flag(
        N_("Offered to citizens"),
        default=False,
        filtered=True,
        help=N_(
            "Citizens' programs (Open311) offer it, and everybody can read there how far its tickets have come, without anybody's words."
        ),
    )
    valid_from: Mapped[date | None] = column.day(N_("Valid from"), group=VALIDITY)
    valid_to: Mapped[date | None] = column.day(N_("Valid to"), group=VALIDITY, filtered=True)

    def path(self) -> str:
        """The name with those above it: 市容环境 › 餐饮油烟."""
        return f"{self.parent.path()} › {self.name}" if self.parent else str(self.name)


RESOURCE = Resource(
    Matter,
    singular=N_("Matter"),
    plural=N_("Matters"),
    area="reference",
    icon="tags",
    position=40,
    order="code",
    related=("Matter.parent", "ResponsibilityItem.matter"),
    aliases=True,
    rules=(in_order("valid_from", "valid_to", N_("Valid from"), N_("Valid to")), no_circle("parent", N_("Belongs to"))),
    about=N_("What tickets are about, in three levels. Five-digit codes of the national directory can be imported."),
    empty=N_("No matters yet. Import a directory, or add them level by level."),
)
