"""H7: after days off every machine wakes at once; each missed time is made up for exactly once: one run, its files, one delivery each."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.run import Run
from app.core.storage import Storage, digest_of
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.entities.artefact import Artefact
from app.entities.delivery import Delivery
from app.entities.notice import Notice
from app.entities.schedule import Schedule
from app.services.evaluation import publish
from tests.conftest import Houses, _entered
from tests.services.cycle import CLOSED, MARCH, Cycle
from tests.services.month_of_tickets import city
from tests.trust.machines import ROOT, redis, running, surroundings, wait_until

DAYS = int(os.environ.get("FRONTLINE_TRUST_DAYS", "2"))
"""`make trust` leaves the office closed for 30 days."""
PATIENCE = 120 + 30 * DAYS
LAST = date(2026, 4, 30)
WINDOWS = [(LAST - timedelta(days=back)).isoformat() for back in reversed(range(DAYS))]
NAMES = [f"scorecard-{MARCH}.{language}.{kind}" for language in ("en", "zh") for kind in ("pdf", "xlsx")]


@pytest.fixture
def large(houses: Houses) -> Iterator[Flask]:
    """The application on PostgreSQL only."""
    yield from _entered(houses.fresh("postgresql"))


def closed_for_days(app: Flask) -> list[str]:
    """March is published; a daily schedule has been asleep since before the first window. Who gets the files."""
    cycle = Cycle()
    with stopped_at(city(CLOSED)), acting_as(SYSTEM):
        publish(MARCH)
    people = cycle.office.people
    with stopped_at(city("04-03 12:00")), acting_as(SYSTEM), transaction() as session:
        schedule = Schedule(
            code="daily", name_zh="每日", name_en="Daily", report="scorecard", kind="daily", at="09:00", owner_id=people["eva"].id
        )
        schedule.languages, schedule.leads, schedule.to_owner = "zh,en", "street_town", True
        session.add(schedule)
        session.flush()
        schedule.planned_until = city(f"{LAST - timedelta(days=DAYS):%m-%d} 12:00")
    numbers = [f"user:{people[name].id}" for name in ("chief", "clerk", "eva", "neighbour")]
    db.session.remove()
    db.engine.dispose()
    return sorted(numbers)


def machine(*arguments: str) -> list[str]:
    """A process of the installation, on the evening of the last day."""
    return [sys.executable, str(ROOT / "tests" / "trust" / "at_another_time.py"), *arguments]


def environment(app: Flask, **more: str) -> dict[str, str]:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    return surroundings(app.config["HOME"], url, SECRET_KEY="trust", FRONTLINE_TEST_BEGINS=f"{LAST}T20:00:00+08:00", **more)


def states() -> Counter[str]:
    """How many runs are in which state."""
    db.session.rollback()
    return Counter(db.session.execute(select(Run.state).where(Run.kind == "report")).scalars())


def all_over() -> bool:
    found = states()
    assert not found["failed"], db.session.execute(select(Run.reason, Run.trace).where(Run.state == "failed")).first()
    return found["done"] + found["superseded"] == DAYS and found.total() == DAYS


def judge(app: Flask, people: list[str]) -> None:
    """One run per window, four files per run, one delivery and one notice per run and person; nothing else, and nothing lying about."""
    db.session.rollback()
    store: Storage = app.config["STORAGE"]
    with acting_as(SYSTEM):
        runs = db.session.execute(select(Run).where(Run.kind == "report").order_by(Run.due_at)).scalars().all()
        assert [run.window for run in runs] == WINDOWS
        assert {(run.late, run.edition, run.attempt, run.retries) for run in runs} == {(True, 1, 1, 0)}
        assert [run.state for run in runs] == ["superseded"] * (DAYS - 1) + ["done"], "only the newest stands"
        for run in runs:
            made = db.session.execute(select(Artefact).where(Artefact.run_id == run.id).order_by(Artefact.name)).scalars().all()
            assert [one.name for one in made] == NAMES
            assert all(digest_of(store.path(one.digest)) == one.digest for one in made)
            given = db.session.execute(select(Delivery.to, Delivery.state).where(Delivery.run_id == run.id)).all()
            assert sorted(given) == [(to, "sent") for to in people]
        assert db.session.execute(select(func.count(Artefact.digest.distinct()))).scalar_one() == len(NAMES), "the same bytes every time"
        told = Counter(db.session.execute(select(Notice.key).where(Notice.kind == "files")).scalars())
        assert sorted(told.values()) == [len(people)] * DAYS
    assert not list((store.home / "work").glob("run-*"))


def test_three_processes_on_one_sqlite_file_make_up_for_every_day_once(lite: Flask, tmp_path: Path) -> None:
    people = closed_for_days(lite)
    with ExitStack() as office:
        for number in range(3):
            office.enter_context(running(machine("worker"), environment(lite), tmp_path / f"worker-{number}.log"))
        wait_until(all_over, PATIENCE)
        db.session.remove()
    judge(lite, people)


def test_two_workers_and_two_beats_over_redis_on_postgresql_make_up_for_every_day_once(large: Flask, tmp_path: Path) -> None:
    people = closed_for_days(large)
    with ExitStack() as office:
        broker = office.enter_context(redis(tmp_path))
        env = environment(large, FRONTLINE_ENGINE="celery", FRONTLINE_REDIS_URL=broker, FRONTLINE_WORKER_THREADS="1")
        for command in ("worker", "worker", "beat", "beat"):
            office.enter_context(running(machine(command), env, tmp_path / f"{command}.log"))
        wait_until(all_over, PATIENCE)
        db.session.remove()
    judge(large, people)
