"""Figures against a recount that shares no line with them: plain SQL over the tables of a walked month."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.db import db
from app.domain.actors import SYSTEM
from app.domain.indicators import all_indicators
from app.domain.period import month_of
from app.entities.evaluation_result import EvaluationLine, EvaluationUnit
from app.entities.unit import Unit
from app.services.evaluation import compute
from tests.services.month_of_tickets import city, walk_the_month
from tests.services.recount import STATEMENTS, recounted

MARCH = month_of("2026-03")
BY_THE_LIST = {"CALL_DUE": ("S-1", 1)}
"""One round (N) needed a call only because the list says so, which plain SQL does not ask."""


def test_every_figure_but_the_carried_over_is_recounted() -> None:
    assert set(STATEMENTS) == set(all_indicators()) - {"CARRY"}


def test_a_walked_month_counts_what_plain_sql_counts(app: Flask) -> None:
    month = walk_the_month()
    month.office.at = city("04-05 09:00")
    with month.office.now(), acting_as(SYSTEM):
        evaluation = compute("2026-03")
        as_of = evaluation.as_of
        codes = dict(db.session.execute(select(Unit.id, Unit.code)).all())
        ours: dict[tuple[str, str], tuple[int, int]] = {}
        for unit, line in db.session.execute(
            select(EvaluationUnit, EvaluationLine).where(EvaluationLine.unit_result_id == EvaluationUnit.id)
        ):
            ours[line.indicator, unit.code] = (line.n, line.d)
        for code in STATEMENTS:
            theirs = {codes[unit_id]: pair for unit_id, pair in recounted(code, MARCH, as_of).items()}
            for unit in ("S-1", "D-1", "D-2"):
                if (code, unit) not in ours:
                    continue
                n, d = ours[code, unit]
                if code in BY_THE_LIST and BY_THE_LIST[code][0] == unit:
                    d -= BY_THE_LIST[code][1]
                found = theirs.get(unit, (0, 0))
                assert (n,) == found[:1] if code == "VOLUME" else (n, d) == found, (code, unit)
