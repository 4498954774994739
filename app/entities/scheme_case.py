"""Golden cases (验算示例) of a scheme version: what is given, and the points an evaluator computed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from app.core.db import db
from app.crud import declare as column
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.case_text import read_case
from app.domain.refusals import N_, Refused
from app.domain.scheme_case import Case, read_expected
from app.entities.scheme_version import SchemeVersion, refuse_approved


class SchemeCase(Entity):
    """One worked example."""

    __tablename__ = "scheme_case"
    __table_args__ = (UniqueConstraint("scheme_version_id", "number"),)

    scheme_version: Mapped[SchemeVersion] = column.link(
        "SchemeVersion", N_("Scheme version"), table="scheme_version", required=True, listed=True, filtered=True, on_delete="CASCADE"
    )
    number: Mapped[int] = column.number(N_("Number"), required=True, least=1, most=999, default=1, listed=True)
    title: Any = column.localized(200, N_("What it shows"), required=True, search=True, listed=True)
    given: Mapped[str] = column.long_text(
        N_("What is given"),
        required=True,
        length=20_000,
        lines=8,
        help=N_(
            "Counts per line, or duties in rows: DONE_OT = 737/972; or period = 2026-09 and "
            "case | reported 2026-09-01 09:00 | due 2026-09-10 | completed 2026-09-09 | rating satisfied. The page Indicators has more."
        ),
    )
    line: Mapped[str] = column.text(20, N_("Line"), listed=True, help=N_("Whose points are expected; empty: the total."))
    expected: Mapped[str] = column.text(
        40, N_("Expected"), required=True, listed=True, help=N_("Points with two decimals, an exact fraction, or N/A."), example="14.82"
    )

    def label(self) -> Any:
        """What it shows."""
        return self.title

    def value(self) -> Case:
        """The case as the rules read it."""
        return Case(str(self.title), self.given, self.line, self.expected)


SchemeVersion.cases = relationship(SchemeCase, order_by=(SchemeCase.number, SchemeCase.id), viewonly=True)


def _version_is_open(values: Mapping[str, Any], row: Any) -> None:
    """Cases stand with their version: they are what it was approved by."""
    _keep_approved(row)
    refuse_approved(_version(values), "scheme_version")


def _keep_approved(row: Any) -> None:
    refuse_approved(row.scheme_version if row is not None else None, "scheme_version")


def _version(values: Mapping[str, Any]) -> SchemeVersion | None:
    return db.session.get(SchemeVersion, values.get("scheme_version") or 0)


def _can_be_read(values: Mapping[str, Any], _row: Any) -> None:
    version = _version(values)
    if version is None:
        return
    read_expected(values.get("expected") or "")
    read_case(values.get("given") or "", version.scheme.group)
    line = values.get("line") or ""
    if line and line not in {one.code for one in version.value().lines}:
        raise Refused("no-such-line", N_("The version has no line %(line)s."), field="line", line=line)


RESOURCE = Resource(
    SchemeCase,
    singular=N_("Golden case"),
    plural=N_("Golden cases"),
    area="evaluation",
    icon="vial-circle-check",
    natural_key=("scheme_version", "number"),
    order="number",
    menu=False,
    path="scheme-cases",
    rules=(_version_is_open, _can_be_read),
    kept=(_keep_approved,),
    about=N_("Worked examples, computed by hand. A version takes effect only when every one of them comes out."),
)
