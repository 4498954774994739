"""Figures against a recount that shares no line with them: plain SQL over the tables of walked months."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.runs import Silent
from app.domain.actors import SYSTEM
from app.domain.indicators import all_indicators
from app.entities.evaluation import Evaluation
from app.entities.evaluation_result import EvaluationGroup, EvaluationLine, EvaluationUnit
from app.queries.scores import period_of, scorecard_of
from app.services import demo, demo_tickets
from app.services.evaluation import compute
from tests.people import PASSWORD
from tests.services.month_of_tickets import city, walk_the_month
from tests.services.recount import STATEMENTS, recounted
from tests.services.test_fact_recount import score_everything

Figures = dict[str, dict[int, tuple[int, int]]]


def kept(evaluation: Evaluation) -> Figures:
    """Indicator → unit → what the program counted."""
    groups = select(EvaluationGroup.id).where(EvaluationGroup.evaluation_id == evaluation.id)
    statement = select(EvaluationUnit.unit_id, EvaluationLine).where(
        EvaluationLine.unit_result_id == EvaluationUnit.id, EvaluationUnit.group_id.in_(groups)
    )
    found: Figures = {}
    for unit_id, line in db.session.execute(statement):
        found.setdefault(line.indicator, {})[unit_id] = (line.n, line.d)
    return found


def differences(evaluation: Evaluation, opened: datetime | None = None) -> list[str]:
    """Where the two disagree; of the share of the volume only its own part is told."""
    found = []
    for code, ours in kept(evaluation).items():
        if code in FROM_DUTIES_ONLY:
            continue
        theirs = recounted(code, period_of(evaluation), evaluation.as_of, opened)
        for unit_id, (n, d) in ours.items():
            other_n, other_d = theirs.get(unit_id, (0, 0))
            if n != other_n or (d != other_d and code != "VOLUME"):
                found.append(f"{evaluation.period} {code} unit {unit_id}: {n}/{d}, plain SQL {other_n}/{other_d}")
    return found


FROM_DUTIES_ONLY = {"DONE_CRE", "DONE_EVT", "RATED", "SOLVE_HALF", "SOLVE_REAL", "REPEAT", "CYCLE", "EXCLUDED"}
"""Counted once more from the frozen duties alone (``test_fact_recount``)."""


def test_every_figure_is_recounted() -> None:
    assert set(STATEMENTS) | FROM_DUTIES_ONLY == set(all_indicators())
    assert not FROM_DUTIES_ONLY & set(STATEMENTS)


def test_a_walked_month_counts_what_plain_sql_counts(app: Flask) -> None:
    month = walk_the_month()
    score_everything()
    month.office.at = city("04-05 09:00")
    with month.office.now(), acting_as(SYSTEM):
        assert differences(compute("2026-03")) == []


def test_the_demo_district_scores_every_figure_and_counts_what_plain_sql_counts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_tickets, "MONTHS", 4)
    monkeypatch.setattr(demo, "PUBLISHED", 2)
    with stopped_at(city("11-05 09:00")), acting_as(SYSTEM):
        demo.load_demo(PASSWORD, Silent())
        months = db.session.execute(select(Evaluation).order_by(Evaluation.period)).scalars().all()
        opened = None
        for evaluation in months:
            assert differences(evaluation, opened) == []
            opened = evaluation.as_of
        card = scorecard_of(db.session(), months[-1])
    streets, departments, enterprises = (card.group(code) for code in ("street_town", "department", "enterprise"))
    assert len(streets.units) == 10 and not streets.apart
    assert all(enterprises.total[line.code][1] for line in enterprises.lines if line.weight)
    assert len(departments.units) + len(departments.apart) == 42 and len(enterprises.units) == 6
    assert [(unit.code, code) for unit in streets.units for code, line in unit.lines.items() if line.weight and not line.d] == []
    assert [(group.code, code) for group in (streets, departments) for code, (_, d) in group.total.items() if not d] == []
    assert not any(line.unknown for group in card.groups for unit in (*group.units, *group.apart) for line in unit.lines.values())
