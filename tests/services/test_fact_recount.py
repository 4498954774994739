"""Every figure of an evaluation against plain SQL over its frozen duties: for every unit, in every group."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.runs import Silent
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.indicators import all_indicators
from app.entities.evaluation import Evaluation
from app.entities.evaluation_result import EvaluationGroup, EvaluationLine, EvaluationUnit
from app.entities.scheme import Scheme
from app.entities.scheme_line import SchemeLine
from app.entities.scheme_version import SchemeVersion
from app.services import demo, demo_tickets
from app.services.evaluation import compute
from tests.people import PASSWORD
from tests.services.fact_recount import FIGURES, recounted
from tests.services.month_of_tickets import city, walk_the_month


def score_everything() -> None:
    """One more version of every scheme, in force at once, that shows all figures which count the group's duties."""
    with transaction() as session, acting_as(SYSTEM):
        for scheme in session.execute(select(Scheme)).scalars():
            version = SchemeVersion(scheme=scheme, number=99, effective_from=date(2018, 1, 2), state="approved", full_marks=100)
            session.add(version)
            shown = [code for code, measure in all_indicators().items() if scheme.group in measure.counts]
            for place, code in enumerate(shown):
                session.add(SchemeLine(scheme_version=version, position=place, indicator=code, weight=100 if code == "DONE" else 0))


def differences(evaluation: Evaluation, codes: Iterable[str] = FIGURES) -> list[str]:
    """Where the frozen figures and the recount disagree; lines are told apart by their group, figure and unit."""
    statement = select(EvaluationGroup.code, EvaluationUnit.unit_id, EvaluationLine).where(
        EvaluationLine.unit_result_id == EvaluationUnit.id,
        EvaluationUnit.group_id == EvaluationGroup.id,
        EvaluationGroup.evaluation_id == evaluation.id,
    )
    theirs = {code: recounted(evaluation, code) for code in codes}
    seen, found = set(), []
    for group, unit_id, line in db.session.execute(statement):
        if line.indicator in theirs:
            seen.add((line.indicator, group, unit_id))
            n, d = theirs[line.indicator].get((group, unit_id), (0, line.d if line.indicator == "VOLUME" else 0))
            if (line.n, line.d) != (n, d):
                found.append(f"{evaluation.period} {line.indicator} {group} {unit_id}: {line.n}/{line.d}, plain SQL {n}/{d}")
    scored = {(code, group) for code, group, _ in seen}
    beyond = [
        f"{code} {group} {unit_id}: only plain SQL counts"
        for code, figures in theirs.items()
        for group, unit_id in figures
        if (code, group) in scored and (code, group, unit_id) not in seen
    ]
    return found + beyond


def test_every_figure_has_its_recount() -> None:
    assert set(FIGURES) == set(all_indicators())


def test_all_figures_of_a_walked_month_are_what_plain_sql_counts_in_its_frozen_duties(app: Flask) -> None:
    month = walk_the_month()
    score_everything()
    month.office.at = city("04-05 09:00")
    with month.office.now(), acting_as(SYSTEM):
        evaluation = compute("2026-03")
        assert set(db.session.execute(select(EvaluationLine.indicator)).scalars()) == set(FIGURES)
        assert differences(evaluation) == []
        counted = {code for code in FIGURES if any(d for _, d in recounted(evaluation, code).values())}
        assert counted == set(FIGURES), "a figure that counts nothing here proves nothing"
        assert differences(compute("2026-Q1")) == [] and differences(compute("2026-03@26")) == []


def test_the_demo_districts_figures_are_what_plain_sql_counts_in_their_frozen_duties(lite: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_tickets, "MONTHS", 3)
    monkeypatch.setattr(demo, "PUBLISHED", 1)
    with stopped_at(city("11-05 09:00")), acting_as(SYSTEM):
        demo.load_demo(PASSWORD, Silent())
        for evaluation in db.session.execute(select(Evaluation).order_by(Evaluation.period)).scalars().all():
            assert differences(evaluation) == []
        score_everything()
        for key in ("2026-10@26", "2026-Q4"):
            evaluation = compute(key)
            assert differences(evaluation) == []
