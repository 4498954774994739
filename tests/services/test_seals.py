"""Re-running a frozen month from what was frozen with it gives the same again; whatever somebody changes in it is found and named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.core.acting import acting_as
from app.core.db import db
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.entities.evaluation import Evaluation
from app.entities.evaluation_fact import EvaluationFact
from app.entities.evaluation_result import EvaluationGroup, EvaluationLine, EvaluationUnit
from app.entities.ticket import Ticket
from app.queries.frozen_evaluation import frozen, worked_again
from app.queries.scores import evaluation_of
from app.queries.seals import all_flaws
from app.services.evaluation import publish
from tests.services.cycle import MARCH, Cycle
from tests.services.month_of_tickets import city


@pytest.fixture
def published(app: Flask) -> Cycle:
    cycle = Cycle()
    cycle.does("eva", publish, MARCH)
    return cycle


def flaws() -> list[str]:
    db.session.expire_all()
    with acting_as(SYSTEM):
        return [str(flaw) for flaw in all_flaws(db.session())[1]]


def change(entity: Any, where: Any, **values: Any) -> None:
    """By SQL, as somebody would who wants nobody to see it."""
    with transaction() as session, acting_as(SYSTEM):
        done = session.execute(update(entity).where(where).values(**values).execution_options(synchronize_session=False))
        assert done.rowcount >= 1


def test_a_frozen_month_worked_out_again_is_the_same_to_the_last_fraction(published: Cycle) -> None:
    assert flaws() == []
    with transaction() as session, acting_as(SYSTEM):  # whatever happens to tickets afterwards
        session.execute(update(Ticket).values(completed_at=None, due_at=city("01 09:00"), street_town_id=None))
    with acting_as(SYSTEM):
        evaluation = evaluation_of(db.session(), MARCH)
        assert evaluation is not None
        kept = frozen(db.session(), evaluation)
        groups, _ = worked_again(kept)
    assert [(u.code, u.raw, u.rank) for g in groups for u in g.units] == [(u.code, u.raw, u.rank) for g in kept.groups for u in g.units]
    assert flaws() == []


PLANTS: dict[str, Callable[[], None]] = {
    "a moment of a duty": lambda: change(EvaluationFact, EvaluationFact.kind == "case", completed_at=city("02 09:01")),
    "how a duty was counted": lambda: change(EvaluationFact, EvaluationFact.kind == "case", marks={"DONE": "hit"}),
    "a duty's exclusion": lambda: change(EvaluationFact, EvaluationFact.kind == "round", excluded={"*": "test"}),
    "a score": lambda: change(EvaluationUnit, EvaluationUnit.code == "S-1", score=99),
    "a rank": lambda: change(EvaluationUnit, EvaluationUnit.code == "D-2", rank=1, score=100),
    "an integer": lambda: change(EvaluationLine, EvaluationLine.indicator == "SIGN10", n=EvaluationLine.n + 1),
    "the cut-off": lambda: change(Evaluation, Evaluation.period == MARCH, as_of=city("31 09:00")),
    "the scheme's version": lambda: change(EvaluationGroup, EvaluationGroup.code == "street_town", sealed={"version": 9}),
    "the seal": lambda: change(Evaluation, Evaluation.period == MARCH, snapshot_hash="0" * 64),
}


@pytest.mark.parametrize("what", PLANTS)
def test_whatever_is_changed_in_a_frozen_month_is_found(published: Cycle, what: str) -> None:
    PLANTS[what]()
    assert flaws(), what


def test_a_duty_that_is_taken_out_or_put_in_is_found(published: Cycle) -> None:
    with transaction() as session, acting_as(SYSTEM):
        session.delete(session.execute(select(EvaluationFact).order_by(EvaluationFact.id)).scalars().first())
    assert flaws()
