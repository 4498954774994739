"""Items of a responsibility list: for each matter who leads, who supports, and how long it may take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core.db import db
from app.crud import declare as column
from app.crud.columns import Rule
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import CODE
from app.domain.deadlines import limit_of
from app.domain.refusals import N_, Refused
from app.entities.dictionary_entry import dictionary
from app.entities.matter import Matter
from app.entities.responsibility_list import ResponsibilityList
from app.entities.unit import Unit

LIMITS = N_("Limits")
DUTY = N_("Duty")


def _is_limit(text: str) -> bool:
    try:
        limit_of(text)
    except Refused:
        return False
    return True


LIMIT = Rule(
    _is_limit,
    N_("“%(value)s” is not a limit; write 10min, 4wh (working hours), 24h, 3wd (working days), 5d or 3wd+ (from the next day)"),
)


def _refuse_approved(values: Mapping[str, Any], row: Any) -> None:
    """Items of an approved version stand: tickets were dispatched by them. Changes go into a new version."""
    version = row.list_version if row is not None else db.session.get(ResponsibilityList, values.get("list_version") or 0)
    if version is not None and version.state == "approved":
        raise Refused(
            "approved",
            N_("The list “%(label)s” is approved and is not changed any more. Make a new version from it."),
            field="list_version",
            label=version.code,
            status=409,
        )


def _keep_approved(row: Any) -> None:
    _refuse_approved({}, row)


class ResponsibilityItem(Entity):
    """One item. Without a lead unit the duty is territorial: the street-town itself leads."""

    __tablename__ = "responsibility_item"
    __table_args__ = (UniqueConstraint("list_version_id", "number"),)

    list_version: Mapped[ResponsibilityList] = column.link(
        "ResponsibilityList", N_("Responsibility list"), table="responsibility_list", required=True, listed=True, filtered=True
    )
    number: Mapped[str] = column.text(20, N_("Item no."), required=True, search=True, listed=True, rules=[CODE])
    matter: Mapped[Matter | None] = column.link("Matter", N_("Matter"), table="matter", listed=True, filtered=True)
    name: Any = column.localized(200, N_("Item"), required=True, search=True, listed=True)
    duty: Mapped[str] = column.choice(dictionary("duty_kind"), N_("Kind of duty"), listed=True, filtered=True, group=DUTY, look="text")
    lead: Mapped[Unit | None] = column.link(
        "Department", N_("Lead unit"), table="unit", listed=True, filtered=True, group=DUTY, help=N_("Empty: the street-town itself leads.")
    )
    support: Mapped[Any] = column.links("Department", N_("Supporting units"), table="unit", filtered=True, group=DUTY)
    at_once: Mapped[str] = column.text(12, N_("Limit: at once"), rules=[LIMIT], group=LIMITS, example="4wh")
    quickly: Mapped[str] = column.text(12, N_("Limit: quickly"), rules=[LIMIT], group=LIMITS, listed=True, example="3wd")
    within_limit: Mapped[str] = column.text(12, N_("Limit: within the limit"), rules=[LIMIT], group=LIMITS, example="10wd")
    basis: Any = column.localized(300, N_("Basis"), lines=2)


RESOURCE = Resource(
    ResponsibilityItem,
    singular=N_("Responsibility item"),
    plural=N_("Responsibility items"),
    area="reference",
    icon="list-check",
    position=36,
    natural_key=("list_version", "number"),
    order="number",
    rules=(_refuse_approved,),
    kept=(_keep_approved,),
    about=N_("Who leads, who supports, and the time limits, item by item."),
)
