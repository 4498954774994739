"""Versions of a scheme: which weights count from which day on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.refusals import N_, Refused
from app.entities.scheme import Scheme

STATES = (Option("draft", N_("Draft"), tone="neutral"), Option("approved", N_("Approved"), tone="ok"))
TIES = (Option("dense", N_("Dense: 1, 1, 2")), Option("competition", N_("Competition: 1, 1, 3")))


class SchemeVersion(Entity):
    """A version. It counts for periods that begin on or after its first day, until the next approved one."""

    __tablename__ = "scheme_version"
    __table_args__ = (UniqueConstraint("scheme_id", "number"), UniqueConstraint("scheme_id", "effective_from"))

    scheme: Mapped[Scheme] = column.link("Scheme", N_("Scheme"), table="scheme", required=True, listed=True, filtered=True)
    number: Mapped[int] = column.number(N_("Version"), required=True, least=1, most=999, listed=True)
    effective_from: Mapped[date] = column.day(N_("In force from"), required=True, listed=True, filtered=True)
    state: Mapped[str] = column.choice(STATES, N_("State"), default="draft", required=True, listed=True, filtered=True)
    full_marks: Mapped[Decimal] = column.number(N_("Full marks"), places=2, default=Decimal(100), least=1, most=1000, required=True)
    min_sample: Mapped[int] = column.number(
        N_("Small sample below"), default=3, least=0, most=1000, help=N_("Figures with fewer cases are marked.")
    )
    ties: Mapped[str] = column.choice(TIES, N_("Equal scores"), default="dense", required=True, look="text")
    basis: Mapped[str] = column.long_text(N_("Decision"), lines=3, length=1000)

    def label(self) -> str:
        """Scheme and number."""
        return f"{self.scheme.name} {self.number}" if self.scheme else f"#{self.id}"


def refuse_approved(version: SchemeVersion | None, field: str = "") -> None:
    """Approved versions and their lines stand: units were ranked by them. Raises ``Refused("approved")``."""
    if version is not None and version.state == "approved":
        raise Refused(
            "approved",
            N_("The scheme version “%(label)s” is approved and is not changed any more. Make a new version."),
            field=field,
            label=version.label(),
            status=409,
        )


def _stands(_values: Mapping[str, Any], row: Any) -> None:
    refuse_approved(row, "state")


RESOURCE = Resource(
    SchemeVersion,
    singular=N_("Scheme version"),
    plural=N_("Scheme versions"),
    area="evaluation",
    icon="code-branch",
    position=21,
    natural_key=("scheme", "number"),
    order="-effective_from",
    related=("SchemeLine.scheme_version",),
    rules=(_stands,),
    kept=(refuse_approved,),
    about=N_("Weights and rules from a day on. A month uses the version in force on its first day."),
)
