"""Which evaluation an order is about: the one that stands, a revision of it, or that revision as it was published."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.scorecard import Scorecard
from app.entities.evaluation import Evaluation
from app.queries.published_lists import as_it_was
from app.queries.scores import scorecard_of
from app.services.evaluation import required
from reports.report import Order


def asked(session: Session, order: Order) -> tuple[Evaluation, Scorecard]:
    """The evaluation and its scorecard. Raises ``NotFound`` and ``Refused`` in words."""
    evaluation = required(session, order.period, order.revision)
    return evaluation, as_it_was(scorecard_of(session, evaluation), evaluation, order.when)
