"""Versions of the responsibility list (责任清单): exactly one approved version is in force at any instant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import CODE
from app.domain.refusals import N_, Phrase, Refused

STATES = (Option("draft", N_("Draft"), tone="neutral"), Option("approved", N_("Approved"), tone="ok"))

FROZEN = {"code": N_("Version"), "effective_from": N_("In force from"), "state": N_("State")}
"""What an approved version keeps: tickets were dispatched by it, and carry its code."""


def refuse_approved(version: ResponsibilityList | None, field: str = "") -> None:
    """An approved version and its items stand. Raises ``Refused("approved")``."""
    if version is not None and version.state == "approved":
        raise Refused(
            "approved",
            N_("The list “%(label)s” is approved and is not changed any more. Make a new version from it."),
            field=field,
            label=version.code,
            status=409,
        )


def _keep_frozen(values: Mapping[str, Any], row: Any) -> None:
    if row is None or row.state != "approved":
        return
    for name, label in FROZEN.items():
        if values[name] != getattr(row, name):
            raise Refused(
                "approved",
                N_("The list “%(list)s” is approved: its “%(label)s” is not changed any more. Make a new version from it."),
                field=name,
                list=row.code,
                label=Phrase(label),
                status=409,
            )


class ResponsibilityList(Entity):
    """A version. It is in force from its first day until the next approved version's first day."""

    __tablename__ = "responsibility_list"

    code: Mapped[str] = column.text(20, N_("Version"), required=True, unique=True, search=True, listed=True, rules=[CODE], example="2026-3")
    name: Any = column.localized(120, N_("Title"), required=True, search=True, listed=True)
    effective_from: Mapped[date] = column.day(N_("In force from"), required=True, unique=True, listed=True, filtered=True)
    state: Mapped[str] = column.choice(STATES, N_("State"), default="draft", required=True, listed=True, filtered=True)
    basis: Mapped[str] = column.long_text(N_("Decision"), lines=3, length=1000)


RESOURCE = Resource(
    ResponsibilityList,
    singular=N_("Responsibility list"),
    plural=N_("Responsibility lists"),
    area="reference",
    icon="book-open",
    position=35,
    order="-effective_from",
    related=("ResponsibilityItem.list_version",),
    rules=(_keep_frozen,),
    kept=(refuse_approved,),
    amendable=True,
    about=N_("Each version with its first day in force. Old tickets keep the version they were dispatched under."),
)
