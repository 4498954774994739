"""The shelf of reports as a page shows it: what each is, what must be chosen for it, and who may take it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.clock import now
from app.core.languages import Words
from app.crud.access import may
from app.domain.evaluation import STATES
from app.domain.facts import GROUPS
from app.domain.period import month_holding
from app.domain.refusals import N_
from app.domain.scorecard import Names
from app.entities.evaluation import Evaluation
from app.entities.unit import Unit
from app.queries.calendar import city_zone
from app.queries.scopes import units_of
from app.web.choosing_period import PeriodChooser, period_chooser
from reports.definitions import all_reports
from reports.report import EVALUATION, FORMATS, PDF, PERIOD, TICKET, UNIT, XLSX, Report

LANGUAGES: Mapping[str, tuple[str, ...]] = {"zh": ("zh",), "en": ("en",), "zh+en": ("zh", "en"), "en+zh": ("en", "zh")}
SAID = {"zh": N_("Chinese"), "en": N_("English"), "zh+en": N_("Both, Chinese first"), "en+zh": N_("Both, English first")}
SIGNS = {
    EVALUATION: "ranking-star",
    UNIT: "id-card",
    PERIOD: "table-list",
    TICKET: "folder-open",
}
EVALUATIONS = 60
"""So many of the latest evaluations can be chosen from."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One report on the shelf: what it is and what it wants to be told."""

    code: str
    title: str
    about: str
    needs: str
    icon: str
    formats: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The whole page: reports, and what there is to choose from."""

    offers: Sequence[Offer]
    evaluations: Sequence[tuple[str, str]]
    units: Sequence[tuple[str, str]]
    chooser: PeriodChooser
    languages: Sequence[tuple[str, str]]


def shelf(session: Session, writer: Words) -> Shelf:
    """What this person may take."""
    evaluations = [_named(row, writer) for row in _evaluations(session)]
    offers = [_offer(one, writer) for one in all_reports().values() if offered(one)]
    return Shelf(
        offers=offers,
        evaluations=evaluations,
        units=_units(session, writer),
        chooser=period_chooser(month_holding(now(), city_zone()).back(), writer),
        languages=[(code, writer(said)) for code, said in SAID.items()],
    )


def offered(report: Report[Any]) -> bool:
    """Whether this person may take the report: by the right to export, or, of the own unit's scorecard, by the right to read."""
    return may("export", report.subject) or (report.needs == UNIT and may("read", report.subject) and bool(units_of(current_actor())))


def _offer(report: Report[Any], writer: Words) -> Offer:
    formats = tuple((fmt, writer(FORMATS[fmt])) for fmt in (PDF, XLSX))
    return Offer(report.code, writer(report.title), writer(report.about), report.needs, SIGNS[report.needs], formats)


def _evaluations(session: Session) -> Sequence[Evaluation]:
    statement = select(Evaluation).where(Evaluation.state != "superseded").order_by(Evaluation.first.desc(), Evaluation.revision.desc())
    return session.execute(statement.limit(EVALUATIONS)).scalars().all()


def _named(row: Evaluation, writer: Words) -> tuple[str, str]:
    return row.period, f"{row.period} · {writer(STATES.get(row.state, row.state))}"


def _units(session: Session, writer: Words) -> list[tuple[str, str]]:
    """Units that are evaluated; who may not export all of them is offered the own ones."""
    statement = select(Unit).where(Unit.type.in_(GROUPS)).order_by(Unit.type.desc(), Unit.position, Unit.code)
    if not may("export", "Evaluation"):
        statement = statement.where(Unit.id.in_(units_of(current_actor())))
    return [(f"{unit.type}:{unit.code}", writer.names(Names(unit.name_zh, unit.name_en))) for unit in session.execute(statement).scalars()]
