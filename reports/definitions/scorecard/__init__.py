"""The scorecard report (绩效评价表): ranking, unit pages, evidence, definitions and checks of one evaluation."""

from __future__ import annotations

from typing import Any

from app.core.languages import words
from app.domain import figures as plain
from app.domain.refusals import N_
from app.domain.scorecard import Scorecard
from reports.definitions.scorecard.paper import paper
from reports.definitions.scorecard.workbook import workbook
from reports.report import Report


def data(scorecard: Scorecard) -> dict[str, Any]:
    """The plain figures, sentences in English and Chinese."""
    return plain.figures(scorecard, {"zh": words("zh", scorecard.period.zone).phrase})


REPORT = Report(code="scorecard", title=N_("Performance scorecard"), workbook=workbook, paper=paper, data=data)
