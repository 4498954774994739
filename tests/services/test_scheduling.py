"""Schedules: due times become runs once each, what waits says for what, files are handed out by row scope, and a newer run supersedes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.languages import Words
from app.core.phrases import from_json
from app.core.run import Run
from app.core.storage import Storage, digest_of
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.refusals import Refused
from app.entities.account import Account
from app.entities.artefact import Artefact
from app.entities.delivery import Delivery
from app.entities.notice import Notice
from app.entities.schedule import Schedule
from app.jobs.worker import work_once
from app.services.evaluation import compute
from app.services.scheduling import pause, plan, run_now
from tests.services.cycle import CLOSED, MARCH, Cycle
from tests.services.month_of_tickets import city

MADE = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
"""When the schedule was made: 20 March, 10:00 in Fuzhou."""


@pytest.fixture
def cycle(app: Flask) -> Cycle:
    return Cycle()


def create_schedule(account: Account, **values: Any) -> Schedule:
    """The 3rd working day of a month at 09:00: last month's scorecards for the keeper and every street-town's leads."""
    usual: dict[str, Any] = {"code": "monthly", "name_zh": "月度评价表", "name_en": "Monthly scorecards", "report": "scorecard"}
    usual |= {"kind": "working_day", "nth": 3, "at": "09:00", "languages": "zh,en", "leads": "street_town", "to_owner": True}
    with stopped_at(MADE), acting_as(SYSTEM), transaction() as session:
        row = Schedule(**{**usual, **values}, owner_id=account.id)
        session.add(row)
        session.flush()
        return row


def runs() -> list[Run]:
    """All runs of schedules, in order."""
    db.session.rollback()  # what others have written meanwhile is seen only by a new transaction
    return list(db.session.execute(select(Run).where(Run.schedule_id.is_not(None)).order_by(Run.id)).scalars())


def tick(at: datetime) -> int:
    """The clock looks at the schedules."""
    with stopped_at(at):
        return plan()


def work(app: Flask, at: datetime) -> None:
    """A worker does what waits."""
    with stopped_at(at):
        while work_once(app):
            pass
    db.session.rollback()  # what others have written meanwhile is seen only by a new transaction


def said(phrase: Any, language: str = "en") -> str:
    found = from_json(phrase)
    assert found is not None
    return Words(language).phrase(found)


def files(run: Run) -> list[Artefact]:
    with acting_as(SYSTEM):
        return list(db.session.execute(select(Artefact).where(Artefact.run_id == run.id).order_by(Artefact.key)).scalars())


def deliveries(run: Run) -> dict[str, Delivery]:
    with acting_as(SYSTEM):
        return {one.to: one for one in db.session.execute(select(Delivery).where(Delivery.run_id == run.id)).scalars()}


def test_the_third_working_day_makes_four_files_and_brings_them_to_everybody(cycle: Cycle, app: Flask) -> None:
    eva, clerk = cycle.office.people["eva"], cycle.office.people["clerk"]
    cycle.does("eva", compute, MARCH)
    cycle.preliminary()
    create_schedule(eva)

    due = city("04-03 09:00")  # 1, 2 and 3 April 2026 are working days
    assert tick(due - timedelta(seconds=1)) == 0
    assert tick(due) == 1
    assert tick(due + timedelta(seconds=15)) == 0, "the same time is entered once"
    [run] = runs()
    assert (run.state, run.window, run.period, run.late) == ("queued", "2026-04", MARCH, False)

    work(app, due + timedelta(minutes=1))
    [run] = runs()
    assert run.state == "done", (run.trace, run.reason, run.retries)
    made = files(run)
    names = ["scorecard-2026-03.en.pdf", "scorecard-2026-03.en.xlsx", "scorecard-2026-03.zh.pdf", "scorecard-2026-03.zh.xlsx"]
    assert [one.name for one in made] == names
    store: Storage = app.config["STORAGE"]
    for one in made:
        path = store.path(one.digest)
        assert digest_of(path) == one.digest and path.stat().st_size == one.size
        _opens(one.format, path)
    got = deliveries(run)
    assert set(got) == {f"user:{eva.id}", f"user:{clerk.id}"} | {f"user:{other.id}" for other in _other_street_people(cycle)}
    assert {one.state for one in got.values()} == {"sent"}
    assert sorted(got[f"user:{clerk.id}"].artefacts) == sorted(one.id for one in made), "a published ranking is for everybody it ranks"
    with acting_as(cycle.office.actor("clerk")):
        [notice] = db.session.execute(select(Notice).where(Notice.kind == "files")).scalars()
    assert said(notice.text) == "“Monthly scorecards” of 2026-03 is ready: 4 files"


def _opens(fmt: str, path: Path) -> None:
    if fmt == "xlsx":
        assert load_workbook(BytesIO(path.read_bytes()), read_only=True).sheetnames
    else:
        assert len(PdfReader(BytesIO(path.read_bytes())).pages) > 2


def _other_street_people(cycle: Cycle) -> list[Account]:
    """Whoever else works for a street-town: without a lead of its own everybody there is one."""
    with acting_as(SYSTEM):
        return [
            account
            for name, account in cycle.office.people.items()
            if name != "clerk" and cycle.office.actor(name).unit_type == "street_town"
        ]


def test_a_run_waits_for_the_publication_and_says_so(cycle: Cycle, app: Flask) -> None:
    create_schedule(cycle.office.people["eva"], condition="published", wait_days=5)
    tick(city("04-03 09:00"))
    [run] = runs()
    assert run.state == "waiting"
    assert "not computed yet" in said(run.waits) and "2026-03" in said(run.waits)
    work(app, city("04-03 09:01"))
    assert runs()[0].state == "waiting", "no worker takes what waits"

    cycle.does("eva", compute, MARCH, at=CLOSED)
    assert tick(city("04-03 10:01")) == 0
    assert "now it is: Computed" in said(runs()[0].waits), "the reason is today's"
    cycle.preliminary()
    assert tick(city("04-03 10:02")) == 1
    assert runs()[0].state == "queued"
    work(app, city("04-03 10:03"))
    [run] = runs()
    assert run.state == "done" and run.waits is not None, "why it waited stays readable"


def test_what_does_not_come_is_given_up_and_told(cycle: Cycle) -> None:
    create_schedule(cycle.office.people["eva"], condition="final", wait_days=5)
    tick(city("04-03 09:00"))
    assert tick(city("04-08 08:59")) == 0
    assert tick(city("04-08 09:00")) == 1
    [run] = runs()
    assert run.state == "failed" and "2026-03" in said(run.reason) and "not computed yet" in said(run.reason)
    with acting_as(cycle.office.actor("eva")):
        [notice] = db.session.execute(select(Notice).where(Notice.kind == "run")).scalars()
    assert "was not made" in said(notice.text)


@pytest.mark.parametrize(
    ("catch_up", "found"),
    [
        ("each", [("2026-04", "queued", True), ("2026-05", "queued", True), ("2026-06", "queued", True)]),
        ("latest", [("2026-04", "superseded", True), ("2026-05", "superseded", True), ("2026-06", "queued", True)]),
        ("skip", []),
    ],
)
def test_missed_times_are_made_up_for_as_the_schedule_says(app: Flask, catch_up: str, found: list[tuple[str, str, bool]]) -> None:
    cycle = Cycle()
    create_schedule(cycle.office.people["eva"], catch_up=catch_up)
    tick(city("06-20 09:00"))
    assert [(run.window, run.state, run.late) for run in runs()] == found
    tick(city("06-20 09:01"))
    assert len(runs()) == len(found), "once"


def test_a_pause_is_not_made_up_for(cycle: Cycle) -> None:
    schedule = create_schedule(cycle.office.people["eva"])
    with acting_as(SYSTEM), stopped_at(city("03-25 09:00")):
        pause(schedule.id, enabled=False)
    tick(city("05-20 09:00"))
    with acting_as(SYSTEM), stopped_at(city("05-20 09:00")):
        pause(schedule.id, enabled=True)
    tick(city("05-20 09:01"))
    assert runs() == []
    tick(city("06-10 09:01"))
    assert [run.window for run in runs()] == ["2026-06"]


def test_by_hand_and_again_supersedes_and_overwrites_nothing(cycle: Cycle, app: Flask) -> None:
    schedule = create_schedule(cycle.office.people["eva"])
    cycle.does("eva", compute, MARCH)
    cycle.preliminary()
    numbers = [cycle.does("eva", run_now, schedule.id, MARCH) for _ in range(2)]
    work(app, city("04-03 11:00"))
    first, second = runs()
    assert [first.id, second.id] == numbers
    assert (first.state, first.edition, second.state, second.edition) == ("superseded", 1, "done", 2)
    assert [one.digest for one in files(first)] == [one.digest for one in files(second)], "the same list gives the same bytes"


def test_a_period_that_has_not_begun_is_refused(cycle: Cycle) -> None:
    schedule = create_schedule(cycle.office.people["eva"])
    with pytest.raises(Refused) as refusal:
        cycle.does("eva", run_now, schedule.id, "2026-09")
    assert refusal.value.field == "period"


def test_a_provisional_list_reaches_nobody_whom_it_ranks(cycle: Cycle, app: Flask) -> None:
    cycle.does("eva", compute, MARCH)
    create_schedule(cycle.office.people["eva"], addresses="press@example.org")
    tick(city("04-03 09:00"))
    work(app, city("04-03 09:01"))
    [run] = runs()
    got = deliveries(run)
    clerk = got[f"user:{cycle.office.people['clerk'].id}"]
    assert (clerk.state, clerk.artefacts) == ("withheld", []) and "may be read" in said(clerk.reason)
    press = got["mail:press@example.org"]
    assert press.state == "withheld" and "published" in said(press.reason)
    assert got[f"user:{cycle.office.people['eva'].id}"].state == "sent"
    with acting_as(cycle.office.actor("clerk")):
        assert db.session.execute(select(Artefact)).scalars().all() == []
        assert db.session.execute(select(Notice).where(Notice.kind == "files")).first() is None


def test_each_unit_gets_its_own_scorecard_and_no_others(cycle: Cycle, app: Flask) -> None:
    cycle.does("eva", compute, MARCH)
    cycle.preliminary()
    create_schedule(cycle.office.people["eva"], report="unit_scorecard", scope="group", group="street_town", languages="zh", formats="pdf")
    tick(city("04-03 09:00"))
    work(app, city("04-03 11:00"))
    [run] = runs()
    assert run.state == "done", (run.trace, run.reason, run.retries)
    by_unit = {one.unit_id: one.id for one in files(run)}
    assert set(by_unit) >= {cycle.office.street.id, cycle.office.other_street.id}
    clerk = deliveries(run)[f"user:{cycle.office.people['clerk'].id}"]
    assert clerk.artefacts == [by_unit[cycle.office.street.id]]


def test_an_owner_who_may_no_longer_export_gets_nothing_made(cycle: Cycle, app: Flask) -> None:
    cycle.does("eva", compute, MARCH)
    create_schedule(cycle.office.people["eva"])
    with acting_as(SYSTEM), transaction() as session:
        session.get(Account, cycle.office.people["eva"].id).active = False
    tick(city("04-03 09:00"))
    work(app, city("04-03 09:01"))
    [run] = runs()
    assert run.state == "failed" and "no longer active" in said(run.reason)


def test_what_nobody_can_make_any_more_fails_in_words_and_keeps_no_other_schedule_waiting(cycle: Cycle, app: Flask) -> None:
    create_schedule(cycle.office.people["eva"], code="a", report="gone")
    create_schedule(cycle.office.people["eva"], code="b")
    assert tick(city("04-03 09:00")) == 2
    work(app, city("04-03 09:01"))
    gone, _ = runs()
    assert gone.state == "failed" and "“gone”" in said(gone.reason)
