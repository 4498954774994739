"""Plain FAB's traps about whose rows are reached, each shown in the laboratory and shown repaired in the house."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.core.db import db
from app.core.transaction import transaction
from app.entities.scheme import Scheme
from app.entities.scheme_version import SchemeVersion
from tests.conftest import outside
from tests.people import create_department, create_person
from tests.plainfab.laboratory import Laboratory
from tests.web.doors import create_district, program

Enter = Callable[..., FlaskClient]


# Trap 1: actions fetch by id, without the view's filters.


def test_plain_fab_runs_actions_on_foreign_rows(laboratory: Laboratory) -> None:
    north = laboratory.visitor("north")
    assert "case of south" not in north.get("/caseview/list/").text
    north.get("/caseview/action/close/2")
    assert laboratory.rows("SELECT done FROM cases WHERE id = 2") == [(1,)]
    laboratory.prepare()
    north.post("/caseview/action_post", {"action": "close", "rowid": ["2"]})
    assert laboratory.rows("SELECT done FROM cases WHERE id = 2") == [(1,)]


def test_our_screens_offer_no_unscoped_actions(lite: Flask) -> None:
    assert not [rule for rule in lite.url_map.iter_rules() if "/action" in rule.rule]


# Trap 2: one download route for every file of a view.


def test_plain_fab_hands_out_files_without_looking_at_rows(laboratory: Laboratory) -> None:
    answer = laboratory.visitor("north").get("/caseview/download/1_sep_secret-of-south.txt")
    assert (answer.status, answer.text) == (200, "a file that belongs to south")


def test_our_screens_have_no_route_for_files_by_name(lite: Flask) -> None:
    assert not [rule for rule in lite.url_map.iter_rules() if "/download" in rule.rule]


# Trap 3: one schema and one filter object for all requests.


def _together(*works: Callable[[int], None], turns: int) -> None:
    """Each work in a thread of its own, ``turns`` times; the first failure ends the test."""
    failures: list[BaseException] = []

    def run(work: Callable[[int], None]) -> None:
        try:
            for turn in range(turns):
                if failures:
                    return
                work(turn)
        except BaseException as failure:  # noqa: BLE001 - handed to the test below
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(15)
    assert not any(thread.is_alive() for thread in threads)
    if failures:
        raise failures[0]


def test_plain_fab_shows_one_persons_filter_to_another(laboratory: Laboratory) -> None:
    wrong: list[str] = []

    def look(title: str, other: str) -> Callable[[int], None]:
        visitor = laboratory.visitor("admin")

        def ask(_turn: int) -> None:
            if other in visitor.get(f"/allcases/list/?_flt_3_title={title.replace(' ', '+')}").text:
                wrong.append(title)

        return ask

    for _ in range(8):
        _together(look("case of north", "case of south"), look("case of south", "case of north"), turns=10)
        if wrong:
            break
    assert wrong


def test_plain_fab_writes_one_rows_values_into_another(laboratory: Laboratory) -> None:
    """Two programs at once, each with a row of its own; the rule at plain FAB's door holds each until the other is there too."""

    def write(row: int) -> Callable[[int], None]:
        visitor = laboratory.visitor("admin")

        def put(_turn: int) -> None:
            visitor.put(f"/api/v1/cases/{row}", {"size": row})

        return put

    pair, mixed = (write(1), write(2)), []
    for _ in range(80):
        laboratory.prepare()
        laboratory.prepare("UPDATE cases SET size = NULL")
        _together(*pair, turns=1)
        mixed = laboratory.rows("SELECT id, size FROM cases WHERE size <> id")
        if mixed:
            break
    assert mixed in ([(1, 2)], [(2, 1)])


def test_our_lists_never_show_one_persons_filter_to_another(lite: Flask, sign_in: Enter) -> None:
    create_person("district_admin")
    names = ("D-NORTH", "D-SOUTH", "D-EAST", "D-WEST")
    for code in names:
        create_department(code, name_zh=f"名{code}", name_en=f"Named {code}")
    browsers = {code: sign_in("district_admin") for code in names}

    def look(code: str) -> Callable[[int], None]:
        others = [f"Named {other}" for other in names if other != code]

        def ask(_turn: int) -> None:
            text = browsers[code].get(f"/departments/list/?f=code.eq.{code}").text
            assert f"Named {code}" in text
            assert not [other for other in others if other in text]

        return ask

    _together(*(look(code) for code in names), turns=12)


def test_our_programs_never_write_into_another_row(lite: Flask) -> None:
    create_person("district_admin")
    rows = [create_department(f"D-{n}", position=1).id for n in range(4)]
    client = program(lite, "district_admin")

    def write(row: int) -> Callable[[int], None]:
        def put(turn: int) -> None:
            answer = client.put(f"/api/v1/departments/{row}", json={"position": row * 100 + turn, "version": turn + 1})
            assert answer.status_code == 200, answer.text

        return put

    with outside():
        _together(*(write(row) for row in rows), turns=15)
    with sqlite3.connect(lite.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")) as connection:
        found = connection.execute("SELECT id, position, version FROM unit ORDER BY id").fetchall()
    assert found == [(row, row * 100 + 14, 16) for row in rows]


# Reliability §3: a filter function without an answer means "everything that belongs to nobody".


def test_plain_fab_shows_unassigned_rows_to_people_without_a_unit(laboratory: Laboratory) -> None:
    assert "case of nobody" in laboratory.visitor("stray").get("/caseview/list/").text


def test_people_without_a_unit_see_no_rows_of_units_nor_of_nobody(app: Flask, sign_in: Enter) -> None:
    create_district()
    client = sign_in("stray")
    with outside():
        page = client.get("/tickets/list/?n=200").text
        rows = program(app, "stray").get("/api/v1/tickets/").json
    assert "marker" not in page
    assert rows["count"] == 0
    assert rows["result"] == []


# Reliability §1.1: meta data lists whole related tables.


def test_plain_fab_lists_related_tables_in_its_meta_data(laboratory: Laboratory) -> None:
    offered = laboratory.visitor("north").get("/api/v1/wholecases/_info").json["add_columns"]
    assert {"id": 2, "value": "South"} in next(column["values"] for column in offered if column["name"] == "office")


def test_our_meta_data_lists_no_records(app: Flask) -> None:
    create_district()
    for name in ("tickets", "rounds", "calls", "called-units"):
        with outside():
            text = program(app, "north").get(f"/api/v1/{name}/_info").text
        assert "marker" not in text
        assert "values" not in text


# Reliability §1.2: the permission first, the row afterwards.


def test_whoever_may_not_come_in_learns_nothing_about_rows(lite: Flask, sign_in: Enter) -> None:
    with transaction() as session:
        scheme = Scheme(code="X", name_zh="方案", group="street_town")
        session.add(scheme)
        session.flush()
        version = SchemeVersion(scheme_id=scheme.id, number=7, effective_from=date(2026, 1, 1))
        session.add(version)
        session.flush()
        there = version.id
    create_person("viewer")
    browser, client = sign_in("viewer"), program(lite, "viewer")
    sent: list[str] = []
    engine, note = db.engine, lambda *args: sent.append(args[2])
    event.listen(engine, "before_cursor_execute", note)
    with outside():
        for number in (there, 987_654):
            path, screen = f"/api/v1/scheme-versions/{number}", f"/scheme-versions/{{}}/{number}"
            answers = [client.get(path), client.put(path, json={"number": 8, "version": 1}), client.delete(f"{path}?version=1")]
            assert [answer.status_code for answer in answers] == [403] * 3
            pages = [browser.get(screen.format("show")), browser.get(screen.format("edit"))]
            pages += [browser.post(screen.format(verb), data={"version": "1", "number": "8"}) for verb in ("edit", "delete")]
            assert [page.status_code for page in pages] == [403] * 4
    event.remove(engine, "before_cursor_execute", note)
    assert sent
    assert not [statement for statement in sent if "scheme_version" in statement]
