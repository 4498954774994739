"""Staff profiles (人员): which account works for which unit, and where it is stationed."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import PHONE, in_order
from app.domain.refusals import N_
from app.entities.dictionary_entry import dictionary
from app.entities.unit import VALIDITY, Unit

MAILS = (
    Option("each", N_("One by one")),
    Option("digest", N_("Once a day")),
    Option("none", N_("No mail")),
)
"""How reminders reach a person by mail; the inbox on screen has them all."""


class StaffProfile(Entity):
    """A person at work. Row scopes follow ``unit``; a profile without one sees no unit's rows."""

    __tablename__ = "staff_profile"

    account: Mapped[Any] = column.link(
        "User", N_("Account"), table="ab_user", required=True, unique=True, listed=True, filtered=True, fixed=True
    )
    unit: Mapped[Unit | None] = column.link("Unit", N_("Unit"), table="unit", listed=True, filtered=True)
    stationed: Mapped[Unit | None] = column.link(
        "Unit", N_("Stationed at"), table="unit", listed=True, help=N_("A department's officer working at a sub-centre.")
    )
    employment: Mapped[str] = column.choice(dictionary("employment"), N_("Employment"), listed=True, filtered=True, look="text")
    phone: Mapped[str] = column.text(30, N_("Telephone"), rules=[PHONE], personal="phone")
    mails: Mapped[str] = column.choice(MAILS, N_("Reminders by mail"), default="digest", look="text")
    valid_from: Mapped[date | None] = column.day(N_("Valid from"), group=VALIDITY)
    valid_to: Mapped[date | None] = column.day(N_("Valid to"), group=VALIDITY)

    def label(self) -> str:
        """The person's name."""
        return str(self.account.label()) if self.account else f"#{self.id}"


RESOURCE = Resource(
    StaffProfile,
    singular=N_("Staff profile"),
    plural=N_("Staff"),
    area="system",
    icon="id-badge",
    position=82,
    natural_key=("account",),
    order="id",
    path="staff",
    rules=(in_order("valid_from", "valid_to", N_("Valid from"), N_("Valid to")),),
    about=N_("Which account works for which unit. What a person sees follows from it."),
)
