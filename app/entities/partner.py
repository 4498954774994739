"""Partner organisations (合作组织): social services, expert pools and firms that a citizen may be referred to."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import CODE, PHONE, in_order
from app.domain.refusals import N_
from app.entities.dictionary_entry import dictionary
from app.entities.unit import NAMES, VALIDITY


class Partner(Entity):
    """One organisation."""

    __tablename__ = "partner"

    code: Mapped[str] = column.text(40, N_("Code"), required=True, unique=True, search=True, listed=True, rules=[CODE], example="P-01")
    name: Any = column.localized(120, N_("Name"), required=True, search=True, listed=True, group=NAMES)
    kind: Mapped[str] = column.choice(dictionary("partner_kind"), N_("Kind"), listed=True, filtered=True, look="text")
    service: Any = column.localized(300, N_("What it offers"), listed=True, lines=2)
    phone: Mapped[str] = column.text(30, N_("Telephone"), rules=[PHONE])
    valid_from: Mapped[date | None] = column.day(N_("Valid from"), group=VALIDITY)
    valid_to: Mapped[date | None] = column.day(N_("Valid to"), group=VALIDITY)


RESOURCE = Resource(
    Partner,
    singular=N_("Partner organisation"),
    plural=N_("Partner organisations"),
    area="reference",
    icon="handshake-angle",
    position=25,
    rules=(in_order("valid_from", "valid_to", N_("Valid from"), N_("Valid to")),),
    path="partners",
    about=N_("Whom a citizen may be referred to: social services, expert pools, firms."),
)
