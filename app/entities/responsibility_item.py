"""Items of a responsibility list: for each matter who leads, who supports, and how long it may take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core.db import db
from app.crud import declare as column
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import CODE, LIMIT
from app.domain.refusals import N_
from app.entities.dictionary_entry import dictionary
from app.entities.matter import Matter
from app.entities.responsibility_list import ResponsibilityList, refuse_approved
from app.entities.unit import Unit

LIMITS = N_("Limits")
DUTY = N_("Duty")


def _version_is_open(values: Mapping[str, Any], row: Any) -> None:
    """Neither the version an item stands in nor the one it would move to may be approved."""
    _keep_approved(row)
    refuse_approved(db.session.get(ResponsibilityList, values.get("list_version") or 0), "list_version")


def _keep_approved(row: Any) -> None:
    refuse_approved(row.list_version if row is not None else None, "list_version")


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
    rules=(_version_is_open,),
    kept=(_keep_approved,),
    about=N_("Who leads, who supports, and the time limits, item by item."),
)
