"""Channels (渠道): the ways a matter reaches the district, each counted separately."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import CODE
from app.domain.refusals import N_

KINDS = (
    Option("phone", N_("Telephone")),
    Option("online", N_("Online")),
    Option("paper", N_("Paper")),
    Option("offline", N_("In person")),
    Option("system", N_("Other platform")),
)


class Channel(Entity):
    """A channel."""

    __tablename__ = "channel"

    code: Mapped[str] = column.text(40, N_("Code"), required=True, unique=True, search=True, listed=True, rules=[CODE], example="WECHAT")
    name: Any = column.localized(80, N_("Name"), required=True, search=True, listed=True, keyed=True)
    kind: Mapped[str] = column.choice(KINDS, N_("Kind"), default="online", required=True, listed=True, filtered=True, look="text")
    position: Mapped[int] = column.number(N_("Position in lists"), default=100, least=0, most=9999)
    active: Mapped[bool] = column.flag(N_("In use"), default=True, listed=True, filtered=True)


RESOURCE = Resource(
    Channel,
    singular=N_("Channel"),
    plural=N_("Channels"),
    area="reference",
    icon="tower-broadcast",
    position=50,
    order="position",
    aliases=True,
    about=N_("Every way a matter may reach the district, online and in person; reports count each of them."),
)
