"""The page of runs: recurring work with its last and next time, duration and log; runs that wait or are tried again say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.clock import stopped_at
from app.core.db import db
from app.core.phrases import to_json
from app.core.runs import Run
from app.core.transaction import transaction
from app.domain.refusals import Phrase, Refused
from app.entities.clock_log import ClockLog
from app.jobs import ticker
from app.jobs.ticker import Periodic, tick
from tests.people import create_person

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def test_recurring_work_shows_when_it_was_done_what_came_of_it_and_its_log(
    lite: Flask, sign_in: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    create_person("system_admin", None, "root")
    answers: list[Phrase | Refused | None] = [Phrase("%(count)s things", count=3), None, Refused("away", "It is away.")]

    def work() -> Phrase | None:
        answer = answers.pop(0)
        if isinstance(answer, Refused):
            raise answer
        return answer

    monkeypatch.setattr(ticker, "periodic", lambda: [Periodic("mail", "Mail", timedelta(minutes=1), work)])
    for minutes in range(3):
        with stopped_at(NOON + timedelta(minutes=minutes)):
            tick(lite)
    with transaction() as session:
        session.get_one(ClockLog, 1).ended_at = NOON + timedelta(seconds=83)
    monkeypatch.undo()
    browser = sign_in("root")
    page = browser.get("/runs/").text
    assert "Outgoing mail" in page and "every minute" in page and "It is away." in page and "2 Mar 2026, 12:03:00" in page
    assert "daily at 02:30" in page
    log = browser.get("/runs/recurring/mail").text
    assert log.index("It is away.") < log.index("3 things")
    assert "1 min 23 s" in log and "under a second" in log
    assert browser.get("/runs/recurring/nothing").status_code == 404
    assert "Nothing to tell yet" in browser.get("/runs/recurring/backup").text


def test_runs_that_wait_or_are_tried_again_say_so(lite: Flask, sign_in: Callable[..., FlaskClient]) -> None:
    create_person("system_admin", None, "root")
    again = datetime(2026, 3, 2, 4, 5, tzinfo=UTC)
    with transaction() as session:
        waits, reason, title = (to_json(Phrase(text)) for text in ("It waits for something.", "It was away.", "A task"))
        session.add(Run(kind="x", title=title, state="waiting", waits=waits, late=True))
        session.add(Run(kind="x", title=title, state="queued", retries=1, not_before=again, reason=reason))
        session.add(Run(kind="x", title=title, state="superseded"))
        session.flush()
    db.session.remove()
    browser = sign_in("root")
    page = browser.get("/runs/").text
    assert "It waits for something." in page and ">late<" in page
    assert "It was away. Tried again at 2 Mar 2026, 12:05:00" in page
    assert "It waits for something." in browser.get("/runs/1").text
    assert "Tried again at 2 Mar 2026, 12:05:00" in browser.get("/runs/2").text
    assert "A newer run of the same schedule and period stands in its place." in browser.get("/runs/3").text
