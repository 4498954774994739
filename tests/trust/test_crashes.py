"""H5, H6: the scorecard job is struck where it writes, or put to sleep past its lease; nothing is broken, doubled or left over.

A naive twin of the job is struck in the same way and must be found wanting: otherwise this harness would find nothing.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from app.core import db as database
from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.run import Run
from app.core.storage import Storage, digest_of
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.refusals import Refused
from app.entities.artefact import Artefact
from app.entities.delivery import Delivery
from app.entities.evaluation_file import EvaluationFile
from app.entities.notice import Notice
from app.entities.schedule import Schedule
from app.jobs.worker import work_once
from app.services.evaluation import publish
from app.services.scheduling import plan
from tests.conftest import Houses, _entered
from tests.services.cycle import CLOSED, MARCH, Cycle
from tests.services.month_of_tickets import city
from tests.trust.faults import EIO, ENOSPC, KILL, STOP, House, Point, chosen, go_on, house, stopped, strike
from tests.trust.machines import surroundings
from tests.trust.naive_job import TABLES, naive

POINTS = int(os.environ.get("FRONTLINE_TRUST_POINTS", "4"))
"""`make trust` strikes at 72 points per fault."""
SLEEPS = int(os.environ.get("FRONTLINE_TRUST_SLEEPS", "2"))
AT = city("04-03 12:00")
TAKEN_OVER = AT + timedelta(seconds=121)
"""One lease later."""
NAMES = [f"scorecard-{MARCH}.zh.{kind}" for kind in ("pdf", "xlsx")]


class Bench:
    """A database with one waiting run, made fresh for each point, and the house that does it."""

    def __init__(self, app: Flask, houses: Houses, house: House) -> None:
        self.app, self.houses, self.house = app, houses, house
        self.engine = db.engine.dialect.name
        self.store: Storage = app.config["STORAGE"]
        self.people = self._prepare()
        self.houses._copy(self.engine, "house", "bench")
        self.expected: set[str] = set()

    def _prepare(self) -> list[str]:
        cycle = Cycle()
        people = cycle.office.people
        with stopped_at(city(CLOSED)), acting_as(SYSTEM):
            publish(MARCH)
            with transaction() as session:
                schedule = Schedule(
                    code="daily", name_zh="每日", name_en="Daily", report="scorecard", kind="daily", at="11:00", owner_id=people["eva"].id
                )
                schedule.languages, schedule.leads, schedule.to_owner = "zh", "street_town", True
                session.add(schedule)
        with stopped_at(AT), acting_as(SYSTEM):
            assert plan() == 1
            with db.engine.begin() as connection:
                for table in TABLES:
                    connection.execute(text(table))
        found = sorted(f"user:{people[name].id}" for name in ("chief", "clerk", "eva", "neighbour"))
        self.away()
        return found

    @staticmethod
    def away() -> None:
        """Nobody is connected."""
        db.session.remove()
        db.engine.dispose()

    def fresh(self) -> None:
        """As before the first attempt."""
        self.away()
        self.houses._copy(self.engine, "bench", "house")
        for folder in ("files", "work", "out", "tmp"):
            shutil.rmtree(self.store.home / folder, ignore_errors=True)
            (self.store.home / folder).mkdir()

    def order(self, job: str = "report") -> dict[str, Any]:
        """What the child is told."""
        return {"job": job, "at": AT.isoformat(), "period": MARCH, "people": self.people}

    def points(self, job: str = "report") -> list[Point]:
        """Where a run that nothing disturbs writes; what it makes is what every other run must make."""
        self.fresh()
        found = self.house.points(self.order(job))
        folder = "files" if job == "report" else "out"
        self.expected = {digest_of(path) for path in (self.store.home / folder).rglob("*") if path.is_file()}
        assert len(self.expected) == len(NAMES)
        return found

    def recover(self) -> None:
        """Another worker looks, one lease later."""
        with stopped_at(TAKEN_OVER):
            while work_once(self.app):
                pass
        db.session.rollback()

    def faults(self) -> list[str]:
        """Everything that is not as it should be, in words."""
        said = []
        with acting_as(SYSTEM):
            runs = db.session.execute(select(Run).where(Run.kind == "report")).scalars().all()
            if [run.state for run in runs] != ["done"]:
                said.append(f"runs: {[(run.state, run.attempt, run.trace[-300:]) for run in runs]}")
            made = db.session.execute(select(Artefact).order_by(Artefact.name)).scalars().all()
            if [one.name for one in made] != NAMES or {one.digest for one in made} != self.expected:
                said.append(f"artefacts: {[one.name for one in made]}")
            given = db.session.execute(select(Delivery.to, Delivery.state)).all()
            if sorted(tuple(one) for one in given) != [(to, "sent") for to in self.people]:
                said.append(f"deliveries: {given}")
            told = db.session.execute(select(func.count(Notice.id)).where(Notice.kind == "files")).scalar_one()
            written = set(db.session.execute(select(EvaluationFile.digest)).scalars())
            if told != len(self.people) or not self.expected <= written:
                said.append(f"notices: {told}, register: {len(written)}")
        said += self.broken()
        if {path.name for path in self._stored()} != self.expected:
            said.append(f"store: {sorted(path.name[:8] for path in self._stored())}")
        left = [str(path.relative_to(self.store.home)) for folder in ("work", "tmp") for path in (self.store.home / folder).rglob("*")]
        if left:
            said.append(f"left over: {left}")
        if self.engine == "sqlite":
            check = db.session.execute(text("PRAGMA integrity_check")).scalar_one()
            said += [f"integrity: {check}"] if check != "ok" else []
        return said

    def _stored(self) -> Iterator[Path]:
        return (path for path in (self.store.home / "files").rglob("*") if path.is_file())

    def broken(self) -> list[str]:
        """Files under a final name that are not what the name says."""
        return [f"broken: {path.name[:8]}" for path in self._stored() if digest_of(path) != path.name]


@pytest.fixture(params=("sqlite", "postgresql"))
def bench(request: pytest.FixtureRequest, houses: Houses, tmp_path: Path) -> Iterator[Bench]:
    """The bench on each engine."""
    for app in _entered(houses.fresh(request.param)):
        (app.config["HOME"] / "tmp").mkdir(exist_ok=True)
        more = {"SECRET_KEY": "trust", "PYTHONPATH": os.getcwd(), "TMPDIR": str(app.config["HOME"] / "tmp")}
        env = surroundings(app.config["HOME"], app.config["SQLALCHEMY_DATABASE_URI"], **more)
        with house(env, tmp_path) as forked:
            made = Bench(app, houses, forked)
            yield made
            made.away()


def count_for(bench: Bench) -> int:
    """A sample on PostgreSQL, where the database's own files are the server's business."""
    return POINTS if bench.engine == "sqlite" else max(3, POINTS // 4)


@pytest.mark.parametrize("fault", [KILL, EIO, ENOSPC], ids=("kill", "io-error", "disk-full"))
def test_a_fault_at_any_write_leaves_one_run_its_files_and_one_delivery_each(bench: Bench, fault: str) -> None:
    found: dict[Point, list[str]] = {}
    struck = 0
    for point in chosen(bench.points(), fault, count_for(bench)):
        bench.fresh()
        with bench.house.child(bench.order(), strike(fault, point)):
            pass
        if fault != KILL and bench.house.struck_a_reader():
            continue
        struck += bench.house.status != 0 or _failed_once()
        said = bench.broken()
        bench.recover()
        said += bench.faults()
        if said:
            found[point] = said
    assert not found
    assert struck, "no fault ever struck: the test proves nothing"


def _failed_once() -> bool:
    db.session.rollback()
    found = db.session.execute(select(Run.retries).where(Run.kind == "report")).scalars().all()
    db.session.rollback()
    return any(found)


def test_a_worker_that_sleeps_past_its_lease_is_replaced_and_does_no_harm_when_it_wakes(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 500)  # whoever waits for a sleeper waits in vain
    bench.away()
    found: dict[Point, list[str]] = {}
    slept = 0
    for point in chosen(bench.points(), STOP, SLEEPS if bench.engine == "sqlite" else max(1, SLEEPS // 2)):
        bench.fresh()
        with bench.house.child(bench.order(), strike(STOP, point)) as number:
            asleep = stopped(number)
            slept += asleep
            said = bench.broken()
            if asleep:
                with suppress(
                    Refused, OperationalError
                ):  # asleep with SQLite's only write lock in hand: nobody can write, then it goes on itself
                    bench.recover()
                bench.away()
                go_on(number)
        bench.recover()
        said += bench.faults()
        if said:
            found[point] = said
    assert not found
    assert slept, "nobody ever slept: the test proves nothing"


def test_the_naive_twin_is_found_wanting_at_half_of_the_points_or_more(bench: Bench) -> None:
    if bench.engine != "sqlite":
        pytest.skip("once is enough")
    points = chosen(bench.points("naive"), KILL, max(POINTS, 12))
    wanting = Counter[str]()
    failed = 0
    for point in points:
        bench.fresh()
        with bench.house.child(bench.order("naive"), strike(KILL, point)):
            pass
        said = []
        for path in (bench.store.home / "out").iterdir():
            if digest_of(path) not in bench.expected:
                said.append("a reader finds a broken file")
        if list((bench.store.home / "tmp").iterdir()):
            said.append("half a sheet is left where anybody may read it")
        naive(bench.app, MARCH, bench.people)
        with db.engine.connect() as connection:
            files = connection.execute(text("SELECT count(*) FROM naive_file")).scalar_one()
            sent = connection.execute(text("SELECT count(*) FROM naive_sent")).scalar_one()
        if files != len(NAMES):
            said.append("files are written down twice")
        if sent != len(bench.people):
            said.append("people are told twice")
        failed += bool(said)
        wanting.update(said)
    assert failed * 2 >= len(points), (failed, len(points), wanting)
