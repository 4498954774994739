"""Recurring work: each piece once when its time comes, however many workers there are; what fails is kept and tried again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from threading import Barrier, Event, Lock, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.clock import stopped_at
from app.core.db import db
from app.core.languages import words
from app.core.phrases import from_json
from app.domain.refusals import Phrase, Refused
from app.entities.clock_log import ClockLog
from app.entities.clock_work import ClockWork
from app.entities.notice import Notice
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.jobs import ticker
from app.jobs.engines import embedded
from app.jobs.ticker import Periodic, periodic, tick
from tests.services.casework import create_office

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ZONE = "Asia/Shanghai"


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """A house whose only recurring work is what a test says."""

    def put(*works: Periodic) -> None:
        monkeypatch.setattr(ticker, "periodic", lambda: list(works))

    yield put


def row(code: str) -> ClockWork:
    """What the table has."""
    db.session.rollback()
    return db.session.execute(select(ClockWork).where(ClockWork.code == code)).scalar_one()


def test_everything_that_recurs_has_a_code_a_name_and_a_period(lite: Flask) -> None:
    found = {one.code: one for one in periodic()}
    assert {"clock", "reminders", "mail", "tags", "follow-up", "due-times"} <= set(found)
    assert len(found) == len(periodic())
    assert all(one.name and one.every >= timedelta(seconds=10) and len(one.code) <= 40 for one in found.values())


def test_work_comes_at_once_then_after_its_period_and_not_before(app: Flask, only: Callable[..., None]) -> None:
    done: list[datetime] = []
    only(Periodic("w", "W", timedelta(minutes=5), lambda: done.append(NOON)))
    for minutes, times in ((0, 1), (4, 1), (5, 2), (5, 2), (60, 3)):
        with stopped_at(NOON + timedelta(minutes=minutes)):
            tick(app)
        assert len(done) == times, minutes


def test_daily_work_waits_for_its_hour_of_the_citys_clock(app: Flask, only: Callable[..., None]) -> None:
    done: list[int] = []
    only(Periodic("d", "D", timedelta(days=1), lambda: done.append(1), at=time(8, 0)))
    for hours, times in ((0, 0), (19.9, 0), (20, 1), (43.9, 1), (44, 2)):  # noon in the city; 08:00 is 20 hours away
        with stopped_at(NOON + timedelta(hours=hours)):
            tick(app)
        assert len(done) == times, hours


def test_workers_at_the_same_moment_do_it_once(app: Flask, only: Callable[..., None]) -> None:
    done: list[int] = []
    lock = Lock()

    def work() -> None:
        with lock:
            done.append(1)

    only(*(Periodic(f"w{number}", "W", timedelta(minutes=1), work) for number in range(5)))
    start = Barrier(4)
    failed: list[BaseException] = []

    def worker() -> None:
        with stopped_at(NOON):
            try:
                start.wait(20)
                tick(app)
            except BaseException as error:  # noqa: BLE001 - whatever it is, the test must see it
                failed.append(error)

    db.session.remove()
    threads = [Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    assert len(done) == 5


def test_a_failure_is_kept_with_its_reason_and_trace_and_forgotten_when_it_works_again(
    app: Flask, only: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    troubles: list[Exception | None] = [ZeroDivisionError("oops"), Refused("away", "It is away."), None]

    def work() -> Phrase:
        trouble = troubles.pop(0)
        if trouble:
            raise trouble
        return Phrase("%(count)s things", count=3)

    only(Periodic("w", "W", timedelta(minutes=1), work))
    with stopped_at(NOON):
        tick(app)
    assert "ZeroDivisionError" in row("w").trace
    assert (row("w").failures, row("w").busy_until, row("w").next_at) == (1, None, NOON + timedelta(minutes=1))
    with stopped_at(NOON + timedelta(minutes=1)):
        tick(app)
    reason = from_json(row("w").reason)
    assert reason is not None and words("en").phrase(reason) == "It is away."
    assert (row("w").failures, row("w").trace) == (2, "")
    with stopped_at(NOON + timedelta(minutes=2)):
        tick(app)
    done = from_json(row("w").done)
    assert done is not None and words("en").phrase(done) == "3 things"
    assert (row("w").failures, row("w").reason) == (0, None)


def test_what_it_did_and_what_failed_is_logged_and_an_idle_time_leaves_no_line(
    app: Flask, only: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    outcomes: list[Any] = [Phrase("%(count)s things", count=3), None, ZeroDivisionError("oops"), Phrase("%(count)s things", count=4)]

    def work() -> Phrase | None:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    only(Periodic("w", "W", timedelta(minutes=1), work))
    for minutes in range(4):
        with stopped_at(NOON + timedelta(minutes=minutes)):
            tick(app)
    db.session.rollback()
    lines = db.session.execute(select(ClockLog).order_by(ClockLog.id)).scalars().all()
    assert [(line.code, line.started_at) for line in lines] == [("w", NOON + timedelta(minutes=minutes)) for minutes in (0, 2, 3)]
    assert [words("en").phrase(from_json(line.done)) if line.done else "" for line in lines] == ["3 things", "", "4 things"]
    assert ["ZeroDivisionError" in line.trace for line in lines] == [False, True, False]


def test_what_a_dead_worker_had_in_hand_is_done_by_another_when_its_lease_is_over(app: Flask, only: Callable[..., None]) -> None:
    done: list[int] = []
    one = Periodic("w", "W", timedelta(minutes=1), lambda: done.append(1), lease=timedelta(minutes=10))
    only(one)
    with stopped_at(NOON):
        ticker._due()
        assert ticker._claim(one) == NOON  # and then it dies
    for minutes, times in ((1, 0), (9, 0), (11, 1)):
        with stopped_at(NOON + timedelta(minutes=minutes)):
            tick(app)
        assert len(done) == times, minutes


def test_the_worker_ticks_beside_its_runs_until_it_is_told_to_stop(app: Flask, only: Callable[..., None]) -> None:
    done, stop = Event(), Event()
    only(Periodic("w", "W", timedelta(minutes=1), done.set))
    db.session.remove()
    worker = Thread(target=embedded.work, args=(app, "", stop))
    worker.start()
    try:
        assert done.wait(30)
    finally:
        stop.set()
        worker.join(60)
    assert not worker.is_alive()
    assert row("w").ended_at is not None


def test_the_seeded_work_moves_and_warns_in_one_tick(app: Flask) -> None:
    office = create_office()
    number, returned = (office.register(title).id for title in ("未签收", "退单"))
    office.do("duty", db.session.get(Ticket, number), "dispatch", unit=office.street.id)
    office.to_signed(db.session.get(Ticket, returned))
    office.do("clerk", db.session.get(Ticket, returned), "request_return", reason="not_our_duty", note="不属于本街道职责。")
    with office.later(days=1).now():
        tick(app)
    db.session.rollback()
    assert {"lapse_return"} <= set(db.session.execute(select(TicketEvent.action).where(TicketEvent.ticket_id == returned)).scalars())
    assert len(db.session.execute(select(Notice.id).where(Notice.kind == "unsigned")).scalars().all()) == 4  # the unit and the centre
