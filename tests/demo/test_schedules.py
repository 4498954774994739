"""The demo district's schedules could be kept by hand, and its first files are made."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.run import Run
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.entities.artefact import Artefact
from app.entities.schedule import RESOURCE, Schedule
from app.jobs.worker import work_once
from app.services.demo import lay_out
from app.services.demo_schedules import KEEPER, first_files, load_schedules
from tests.people import create_person
from tests.services.cycle import CLOSED, MARCH, Cycle
from tests.services.month_of_tickets import city


def test_the_demo_keeps_schedules_that_pass_the_forms_own_rules(lite: Flask) -> None:
    with acting_as(SYSTEM), transaction() as session:
        lay_out(session, "Walk-through-2026")
    assert load_schedules() == ["demo-scorecards", "demo-overdue"]
    assert first_files() is None, "nothing is published yet"
    with acting_as(SYSTEM):
        for row in db.session.execute(select(Schedule)).scalars():
            for rule in RESOURCE.rules:
                rule({}, row)


def test_the_latest_months_scorecards_are_made(lite: Flask) -> None:
    cycle = Cycle()
    with acting_as(SYSTEM):
        create_person("evaluator", None, KEEPER)
    cycle.preliminary()
    load_schedules()
    with stopped_at(city(CLOSED)):
        number = first_files()
        db.session.rollback()
        assert work_once(lite)
    db.session.rollback()
    with acting_as(SYSTEM):
        run = db.session.get(Run, number)
        assert run is not None and (run.state, run.period) == ("done", MARCH), run.trace if run else None
        assert len(db.session.execute(select(Artefact)).scalars().all()) == 4
