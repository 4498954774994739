"""The scorecard report (绩效评价表): ranking, unit pages, evidence, definitions and checks of one evaluation."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.core.languages import words
from app.domain import figures as plain
from app.domain.evaluation import COMPUTED
from app.domain.refusals import N_
from app.domain.scorecard import Scorecard
from reports.definitions.scorecard.paper import paper
from reports.definitions.scorecard.workbook import workbook
from reports.reading import asked
from reports.report import EVALUATION, Order, Report


def read(session: Session, order: Order) -> Scorecard:
    """The period's evaluation as it stands, or the revision asked for; refused in words where there is none."""
    return asked(session, order)[1]


def data(scorecard: Scorecard) -> dict[str, Any]:
    """The plain figures, sentences in English and Chinese."""
    return plain.figures(scorecard, {"zh": words("zh", scorecard.period.zone).phrase})


def personal(scorecard: Scorecard) -> bool:
    """Provisional figures are shown to a few: their copies say to whom. What was published is everybody's, byte for byte."""
    return scorecard.state == COMPUTED


REPORT = Report(
    code="scorecard",
    title=N_("Performance scorecard"),
    about=N_("Ranking, a page per unit, every ticket behind every figure, definitions and checks."),
    needs=EVALUATION,
    subject="Evaluation",
    read=read,
    workbook=workbook,
    paper=paper,
    data=data,
    personal=personal,
    evaluation=lambda scorecard: scorecard,
)
