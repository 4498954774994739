"""Versions of a scheme: which weights count from which day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, object_session, validates

from app.core.acting import current_actor
from app.core.clock import now
from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.actors import SYSTEM
from app.domain.evaluation import Scheme as SchemeValue
from app.domain.evaluation import as_measured
from app.domain.refusals import N_, Refused
from app.domain.scheme_case import check_cases, run_cases
from app.domain.scheme_rules import check_lines
from app.domain.scorecard import Names
from app.entities.scheme import Scheme

STATES = (Option("draft", N_("Draft"), tone="neutral"), Option("approved", N_("Approved"), tone="ok"))
TIES = (
    Option("dense", N_("Dense: 1, 1, 2")),
    Option("competition", N_("Competition: 1, 1, 3")),
    Option("tie_break", N_("Told apart by on-time completion, satisfaction, volume")),
)


class SchemeVersion(Entity):
    """A version. It counts for periods that begin on or after its first day, until the next approved one."""

    __tablename__ = "scheme_version"
    __table_args__ = (UniqueConstraint("scheme_id", "number"), UniqueConstraint("scheme_id", "effective_from"))

    scheme: Mapped[Scheme] = column.link("Scheme", N_("Scheme"), table="scheme", required=True, listed=True, filtered=True)
    number: Mapped[int] = column.number(N_("Version"), required=True, least=1, most=999, listed=True)
    effective_from: Mapped[date] = column.day(N_("In force from"), required=True, listed=True, filtered=True)
    state: Mapped[str] = column.choice(STATES, N_("State"), default="draft", required=True, listed=True, filtered=True)
    full_marks: Mapped[Decimal] = column.number(
        N_("Full marks"),
        places=2,
        default=Decimal(100),
        least=1,
        most=1000,
        required=True,
        help=N_("The weights of the basic items must add up to them; otherwise the version cannot be approved."),
    )
    bonus_cap: Mapped[Decimal | None] = column.number(
        N_("Bonus at most"),
        places=2,
        least=0,
        most=1000,
        help=N_("How far bonus items may lift a total above the full marks. Empty: as far as their weights."),
    )
    min_sample: Mapped[int] = column.number(
        N_("Small sample below"), default=3, least=0, most=1000, help=N_("Figures with fewer cases are marked.")
    )
    ties: Mapped[str] = column.choice(TIES, N_("Equal scores"), default="dense", required=True, look="text")
    basis: Mapped[str] = column.long_text(N_("Decision"), lines=3, length=1000)
    approved_at: Mapped[datetime | None] = column.moment(N_("Approved at"), derived=True)
    approved_by: Mapped[str] = column.text(128, N_("Approved by"), derived=True)

    if TYPE_CHECKING:  # the tables of lines and of cases put their rows here
        lines: Any
        cases: Any

    @validates("state")
    def _note_approval(self, _name: str, state: str) -> str:
        """Whoever approves is kept with the version, through whichever door it was done."""
        if state == "approved" and self.state != "approved":
            who = current_actor()
            # What an installation begins with was decided by nobody here.
            self.approved_at, self.approved_by = now(), "" if who == SYSTEM else who.name
        return state

    def value(self) -> SchemeValue:
        """The version as the rules read it."""
        return SchemeValue(
            names=Names(self.scheme.name_zh, self.scheme.name_en),
            version=self.number,
            lines=tuple(line.value() for line in self.lines),
            full_marks=Fraction(self.full_marks),
            min_sample=self.min_sample,
            ties=self.ties,
            bonus_cap=None if self.bonus_cap is None else Fraction(self.bonus_cap),
        )

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


def _proved(values: Mapping[str, Any], row: Any) -> None:
    """A version takes effect only by a decision, with worked examples, and only when each of them comes out.

    Raises ``Refused`` with ``no-decision``, ``no-cases`` or ``case-fails``, and where the version cannot be scored at all.
    """
    if values.get("state") != "approved" or (row is not None and row.state == "approved"):
        return
    if not _would_be(values, row, "basis").strip():
        raise Refused("no-decision", N_("Say by which decision the version is approved."), field="basis")
    if row is None:
        check_cases(())
        return
    reread(row)
    bonus = _would_be(values, row, "bonus_cap")
    scheme = replace(
        row.value(),
        full_marks=Fraction(_would_be(values, row, "full_marks")),
        min_sample=_would_be(values, row, "min_sample"),
        ties=_would_be(values, row, "ties"),
        bonus_cap=None if bonus is None else Fraction(bonus),
    )
    try:
        check_lines(as_measured(scheme.lines), scheme.full_marks, scheme.ties)
    except Refused as refused:
        raise Refused(refused.code, N_("Not approved. %(reason)s"), field="state", status=409, reason=refused.phrase) from refused
    check_cases(run_cases([case.value() for case in row.cases], scheme, row.scheme.group))


def _would_be(values: Mapping[str, Any], row: Any, name: str) -> Any:
    """What a column would hold after saving; programs send only what they change."""
    return values[name] if name in values else "" if row is None else getattr(row, name)


def reread(version: SchemeVersion) -> None:
    """Forget what was read of lines and cases before: somebody may have saved one meanwhile."""
    session = object_session(version)
    if session is not None:
        session.expire(version, ["lines", "cases"])


RESOURCE = Resource(
    SchemeVersion,
    singular=N_("Scheme version"),
    plural=N_("Scheme versions"),
    area="evaluation",
    icon="code-branch",
    position=21,
    natural_key=("scheme", "number"),
    order="-effective_from",
    related=("SchemeLine.scheme_version", "SchemeCase.scheme_version"),
    rules=(_stands, _proved),
    kept=(refuse_approved,),
    about=N_("Weights and rules from a day on. A month uses the version in force on its first day."),
)
