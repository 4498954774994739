"""The way out through the screens: the same rows as the list, within the person's own scope, however the file is asked for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from app.core.db import db
from app.core.runs import Run
from app.crud import exchange_screen
from app.jobs.worker import work_once
from tests.web.doors import District, create_district

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def district(request: pytest.FixtureRequest) -> District:
    """Two street-towns with tickets of their own, one held elsewhere, one called, and one of nobody's."""
    request.getfixturevalue("app" if "app" in request.fixturenames else "lite")
    return create_district()


def titles(client: FlaskClient, query: str = "") -> set[str]:
    """The titles in a person's CSV export of tickets; the workbook must hold the same."""
    answer = client.get(f"/tickets/export?fmt=csv{query}")
    assert answer.status_code == 200, answer.text[:500]
    head, *records = csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    found = {record[head.index("Title")] for record in records}
    book = client.get(f"/tickets/export?fmt=xlsx{query}")
    assert book.mimetype == exchange_screen.WORKBOOK
    rows = list(load_workbook(BytesIO(book.data)).worksheets[0].iter_rows(values_only=True))
    assert {row[rows[0].index("Title")] for row in rows[1:]} == found
    assert len(rows) - 1 == len(records)
    return found


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("north", {"north-own-marker", "north-parks-marker", "north-called-marker"}),
        ("south", {"south-secret-marker"}),
        ("parks", {"north-parks-marker"}),
        ("roads", {"north-called-marker", "south-secret-marker"}),
        ("stray", set()),
    ],
)
def test_a_person_takes_out_what_lies_in_its_own_scope(
    lite: Flask, district: District, sign_in: SignIn, person: str, seen: set[str]
) -> None:
    assert titles(sign_in(person)) == seen


def test_a_filter_narrows_the_scope_and_never_widens_it(app: Flask, district: District, sign_in: SignIn) -> None:
    north = sign_in("north")
    assert titles(north, "&q=parks") == {"north-parks-marker"}
    assert titles(north, f"&f=street_town.eq.{district.south.id}") == set()
    assert titles(north, "&q=secret") == set()


def test_many_rows_become_a_run_that_keeps_scope_filter_and_language(
    lite: Flask, district: District, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange_screen, "AT_ONCE", 1)
    answer = sign_in("north", "zh").get("/tickets/export?fmt=xlsx&q=own")
    assert answer.status_code == 200, "one row is answered at once"
    answer = sign_in("north", "zh").get("/tickets/export?fmt=xlsx&q=north")
    assert answer.status_code == 302
    db.session.remove()
    assert work_once(lite)
    run = db.session.execute(select(Run)).scalar_one()
    assert (run.state, run.result["rows"] if run.result else 0) == ("done", 3), json.dumps(run.reason)
    path = lite.config["STORAGE"].path((run.result or {})["digest"])
    rows = list(load_workbook(BytesIO(path.read_bytes())).worksheets[0].iter_rows(values_only=True))
    assert "标题" in rows[0]
    assert {row[rows[0].index("标题")] for row in rows[1:]} == {"north-own-marker", "north-parks-marker", "north-called-marker"}


def test_an_export_gives_its_connection_back(app: Flask, district: District, sign_in: SignIn) -> None:
    north = sign_in("north")
    for fmt in ("csv", "xlsx"):
        assert north.get(f"/tickets/export?fmt={fmt}").status_code == 200
        db.session.rollback()
        assert db.engine.pool.status().endswith("Current Checked out connections: 0"), fmt


def test_a_visitor_takes_nothing_out(lite: Flask, district: District) -> None:
    answer = lite.test_client().get("/tickets/export?fmt=csv")
    assert answer.status_code in (302, 401, 403)
    assert b"marker" not in answer.data
