"""A unit's own scorecard (单位评价单): one page to hand over, and a workbook with its lines as live formulas and its own tickets."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.evaluation import COMPUTED
from app.domain.refusals import N_, NotFound
from reports.definitions.unit_scorecard.card import UnitCard
from reports.definitions.unit_scorecard.paper import paper
from reports.definitions.unit_scorecard.workbook import workbook
from reports.reading import asked
from reports.report import UNIT, Order, Report


def read(session: Session, order: Order) -> UnitCard:
    """The unit's part of the period's evaluation; ``NotFound`` where it has no such unit."""
    _, scorecard = asked(session, order)
    for group in scorecard.groups:
        for unit in (*group.units, *group.apart):
            if group.code == order.group and unit.code == order.unit:
                return UnitCard(scorecard, group, unit)
    raise NotFound()


def personal(card: UnitCard) -> bool:
    """Provisional figures say for whom they were copied."""
    return card.scorecard.state == COMPUTED


REPORT = Report(
    code="unit_scorecard",
    title=N_("Unit scorecard"),
    about=N_("One unit on one page: figures, where its points went, its trend; the workbook adds its tickets."),
    needs=UNIT,
    subject="Evaluation",
    read=read,
    workbook=workbook,
    paper=paper,
    personal=personal,
    evaluation=lambda card: card.scorecard,
)
