"""The scorecard report (绩效评价表): ranking, unit pages, evidence, definitions and checks of one evaluation."""

from __future__ import annotations

from app.domain import figures as plain
from app.domain.refusals import N_
from reports.definitions.scorecard.paper import paper
from reports.definitions.scorecard.workbook import workbook
from reports.report import Report

REPORT = Report(code="scorecard", title=N_("Performance scorecard"), workbook=workbook, paper=paper, data=plain.figures)
