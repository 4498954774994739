"""Every figure of a real ledger's months against plain SQL over the duties that were frozen with them."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from app.core.acting import acting_as
from app.core.db import db
from app.domain.actors import SYSTEM
from app.entities.evaluation_result import EvaluationLine
from app.entities.ticket import Ticket
from app.services.evaluation import compute
from tests.importing.conftest import Bring
from tests.real_data import real_file
from tests.services.test_fact_recount import differences, score_everything

MONTHS = tuple(f"2018-{month:02d}" for month in range(2, 11))
LONGER = ("2018-Q2", "2018-Q3", "2018-H1", "2018", "2018-09@26", "2018-Q3@26")


def test_the_figures_of_pingshan_are_what_plain_sql_counts_for_every_month_and_for_longer_periods(lite: Flask, bring: Bring) -> None:
    """The whole ledger; its outcome is told by flags, its due times are not told at all."""
    bring("Ticket", real_file("ledger_pingshan/pingshan_dev_lt_2018-11.csv"), "good", mapping="pingshan", create_missing=True)
    assert db.session.execute(select(func.count(Ticket.id))).scalar_one() > 6_900
    score_everything()
    with acting_as(SYSTEM):
        for key in (*MONTHS, *LONGER):
            assert differences(compute(key)) == [], key
    counted = set(db.session.execute(select(EvaluationLine.indicator).where(EvaluationLine.d > 0)).scalars())
    assert counted >= {"DONE", "DONE_OT", "DONE_LATE", "DONE_CRE", "OVER_OPEN", "VOLUME", "PROACT", "EXCLUDED"}
