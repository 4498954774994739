"""Runs under trouble: silent steps, dead and sleeping workers, passing and lasting failures; each run is done once in the end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.clock import now, stopped_at
from app.core.db import db
from app.core.languages import words
from app.core.phrases import from_json
from app.core.runs import MOST_LOST, Progress, Run, all_waiting, claim, enqueue, finish, release, waiting
from app.core.storage import Storage
from app.core.transaction import transaction
from app.domain.refusals import Phrase, Refused
from app.jobs import worker
from app.jobs.worker import Job, give_back, jobs, join, work_on, work_once

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
Put = Callable[[Callable[..., Any]], None]


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Put]:
    """A kind of work, ``task``, that does what a test says."""
    caplog.set_level(logging.CRITICAL)

    def put(work: Callable[..., Any]) -> None:
        monkeypatch.setattr(worker, "_joined", {"task": Job("task", work, lambda _: ("read", "Run"))})

    yield put


def queue() -> int:
    """A run of the kind ``task``, asked for by the system."""
    number = enqueue("task", Phrase("A task"), {"a": 1})
    db.session.remove()
    return number


def run(number: int) -> Run:
    """What the table has."""
    db.session.rollback()
    return db.session.execute(select(Run).where(Run.id == number).execution_options(populate_existing=True)).scalar_one()


def said(number: int) -> str:
    """Why it failed, in words."""
    phrase = from_json(run(number).reason)
    return words("en").phrase(phrase) if phrase else ""


@contextmanager
def short_lease(app: Flask, seconds: float) -> Iterator[None]:
    """Workers that are silent for so long count as dead."""
    before = app.config["LEASE_SECONDS"]
    app.config["LEASE_SECONDS"] = seconds
    try:
        yield
    finally:
        app.config["LEASE_SECONDS"] = before


def desks(app: Flask) -> list[Path]:
    """What runs have standing about in the folder of work in progress; other tests share it."""
    return list((app.config["STORAGE"].home / "work").glob("run-*"))


def test_a_wing_may_add_jobs(lite: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_joined", {})
    before = set(jobs())
    join([Job("made-by-a-wing", lambda *_: {}, lambda _: ("read", "Run"))])
    assert set(jobs()) == before | {"made-by-a-wing"}


def test_a_run_is_done_and_leaves_nothing_on_its_desk(app: Flask, job: Put) -> None:
    def work(params: dict[str, Any], progress: Progress, storage: Storage) -> dict[str, Any]:
        progress.begin(Phrase("Half"), 2)
        assert len(desks(app)) == 1
        with storage.scratch(".txt") as path:
            path.write_text("text")
            return {"digest": storage.keep(path), "name": "text.txt", **params}

    job(work)
    number = queue()
    assert work_once(app)
    assert not work_once(app)
    assert (run(number).state, run(number).attempt, run(number).result["a"]) == ("done", 1, 1)
    assert app.config["STORAGE"].path(run(number).result["digest"]).read_text() == "text"
    assert not desks(app)


def test_a_step_that_is_silent_for_longer_than_the_lease_is_not_taken_over(app: Flask, job: Put) -> None:
    seen: list[int | None] = []

    def work(_params: dict[str, Any], _progress: Progress, _storage: Storage) -> dict[str, Any]:
        time.sleep(2.5)
        seen.append(waiting(db.session()))
        seen.append(claim(number))
        return {}

    job(work)
    number = queue()
    with short_lease(app, 1):
        work_once(app)
    assert seen == [None, None]
    assert (run(number).state, run(number).attempt) == ("done", 1)


def test_a_write_that_locks_the_database_for_longer_than_the_lease_is_not_taken_over(lite: Flask, job: Put) -> None:
    seen: list[list[int]] = []

    def work(_params: dict[str, Any], progress: Progress, _storage: Storage) -> dict[str, Any]:
        with transaction() as session:
            session.add(Run(kind="other", title={}, params={}, state="done"))
            session.flush()
            progress.begin(Phrase("Writing"), 10)
            time.sleep(2.5)
            seen.append(list(all_waiting(session)))
        return {}

    job(work)
    number = queue()
    with short_lease(lite, 1):
        work_once(lite)
    assert seen == [[]]
    assert (run(number).state, run(number).attempt) == ("done", 1)


def test_a_worker_that_died_is_replaced_after_its_lease_and_its_desk_cleared(app: Flask, job: Put) -> None:
    job(lambda *_: {"by": "the second"})
    number = queue()
    with stopped_at(NOON):
        assert claim(number) == 1  # and then it dies, in the middle of a file
    with app.config["STORAGE"].own_desk(f"run-{number}", 1) as desk:
        pass
    desk.desk.mkdir()
    (desk.desk / "half.xlsx").write_text("half")
    with stopped_at(NOON + timedelta(seconds=119)):
        assert not work_once(app)
    with stopped_at(NOON + timedelta(seconds=121)):
        assert work_once(app)
    assert (run(number).state, run(number).attempt, run(number).result) == ("done", 2, {"by": "the second"})
    assert not desks(app)


def test_a_sleeper_that_wakes_up_finds_no_desk_and_cannot_close_the_run(app: Flask, job: Put) -> None:
    job(lambda *_: {"by": "the second"})
    number, store = queue(), app.config["STORAGE"]
    with stopped_at(NOON):
        assert claim(number) == 1
    with store.own_desk(f"run-{number}", 1) as sleeper:
        with stopped_at(NOON + timedelta(minutes=3)):
            assert work_once(app)
        with pytest.raises(FileNotFoundError), sleeper.scratch():
            pass
        with pytest.raises(FileNotFoundError):
            Progress(number, 1, store.home / "work").begin(Phrase("Going on"))
        assert not finish(number, 1, "done", result={"by": "the sleeper"})
    assert run(number).result == {"by": "the second"}
    assert not desks(app)


def test_what_fails_for_a_passing_reason_is_tried_three_times_more_with_patience(app: Flask, job: Put) -> None:
    done: list[datetime] = []

    def work(*_: Any) -> dict[str, Any]:
        done.append(now())
        raise Refused("away", "It is away.", status=503) if len(done) % 2 else ZeroDivisionError("oops")

    job(work)
    number = queue()
    for minutes in (0, 0.9, 1, 5.9, 6, 20.9, 21, 60, 600):
        with stopped_at(NOON + timedelta(minutes=minutes)):
            work_once(app)
    assert done == [NOON + timedelta(minutes=minutes) for minutes in (0, 1, 6, 21)]
    assert (run(number).state, run(number).retries) == ("failed", 3)
    assert "ZeroDivisionError" in run(number).trace
    assert "unforeseen" in said(number)


def test_what_passed_is_forgotten_when_it_is_done(app: Flask, job: Put) -> None:
    troubles: list[Exception] = [ZeroDivisionError("oops")]

    def work(*_: Any) -> dict[str, Any]:
        if troubles:
            raise troubles.pop()
        return {}

    job(work)
    number = queue()
    with stopped_at(NOON):
        work_once(app)
    assert (run(number).state, run(number).not_before, bool(said(number))) == ("queued", NOON + timedelta(minutes=1), True)
    with stopped_at(NOON + timedelta(minutes=1)):
        work_once(app)
    assert (run(number).state, said(number), run(number).trace, run(number).not_before) == ("done", "", "", None)


def test_a_refusal_fails_at_once(app: Flask, job: Put) -> None:
    def work(*_: Any) -> dict[str, Any]:
        raise Refused("no", "That is not to be had.")

    job(work)
    number = queue()
    work_once(app)
    assert (run(number).state, run(number).retries, said(number), run(number).trace) == ("failed", 0, "That is not to be had.", "")


def test_what_kills_its_workers_is_not_begun_for_ever(app: Flask, job: Put) -> None:
    begun: list[int] = []
    job(lambda *_: begun.append(1) or {})
    number = queue()
    for died in range(MOST_LOST):
        with stopped_at(NOON + timedelta(hours=died)):
            assert claim(number) == died + 1
    with stopped_at(NOON + timedelta(hours=9)):
        work_once(app)
    assert not begun
    assert (run(number).state, said(number)) == ("failed", "Workers broke off this work 5 times; it is not begun again.")


def test_a_worker_that_ends_gives_back_what_it_has_in_hand(app: Flask, job: Put) -> None:
    seen: list[str] = []

    def work(*_: Any) -> dict[str, Any]:
        give_back(app)
        seen.append(run(number).state)
        return {}

    job(work)
    number = queue()
    work_on(app, number)
    assert seen == ["queued"]
    assert (run(number).state, run(number).result) == ("queued", None)  # what it did is fenced off; whoever takes it does it again
    release(number, 7)
    assert claim(number) == 2
    release(number, 1)
    assert run(number).state == "running"


def test_work_of_a_kind_nobody_knows_fails_in_words(app: Flask) -> None:
    number = queue()
    work_once(app)
    assert (run(number).state, said(number)) == ("failed", "Nothing here does work of the kind “task”.")


def test_a_desk_that_was_not_cleared_after_the_last_word_is_cleared_by_the_next_worker(app: Flask, job: Put) -> None:
    job(lambda *_: {})
    number, work = queue(), app.config["STORAGE"].home / "work"
    assert work_once(app)
    (work / f"run-{number}-1").mkdir()
    (work / f"run-{number}-1" / "progress.json").write_text("{}")
    other = queue()
    assert claim(other) == 1
    (work / f"run-{other}-1").mkdir()
    assert not work_once(app)
    assert [path.name for path in desks(app)] == [f"run-{other}-1"]
    (work / f"run-{other}-1").rmdir()
