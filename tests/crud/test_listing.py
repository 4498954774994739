"""Lists: every order against a plain sort, pages forwards and backwards over gaps and ties, bounds on everything asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert
from werkzeug.datastructures import MultiDict

from app.core.db import db
from app.core.languages import speaking, words
from app.core.transaction import transaction
from app.crud import listing
from app.crud.list_page import list_page
from app.crud.listing import Asked, page, read_request, sortable
from app.crud.resource import resource_of, resources
from app.entities.department import Department
from app.entities.street_town import StreetTown
from app.entities.ticket import Ticket
from tests.conftest import outside
from tests.crud.overhearing import statements
from tests.people import create_department, create_person, create_street_town
from tests.web.doors import create_ticket, program

MOMENT = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def tickets(app: Flask) -> list[Ticket]:
    """Twenty-three tickets full of ties and gaps."""
    towns = [create_street_town(f"S-{n}", name_zh=zh, name_en=en) for n, (zh, en) in enumerate([("鼓东", "Beta"), ("安泰", "Alpha")])]
    with transaction() as session:
        rows = [
            Ticket(
                number=f"T-{n:02d}",
                title=["b", "a", "A", "路灯"][n % 4],
                stage=["reported", "handling"][n % 2],
                rounds=[3, 2, 0, 2, 1][n % 5],
                proactive=n % 3 == 0,
                longitude=None if n % 4 else n / 8,
                street_town_id=[towns[0].id, None, towns[1].id][n % 3],
                reported_at=MOMENT + timedelta(hours=n // 3),
                due_at=None if n % 4 == 1 else MOMENT - timedelta(days=n // 2),
            )
            for n in range(23)
        ]
        session.add_all(rows)
    return rows


def _walk(resource_name: str, asked: Asked) -> tuple[list[int], list[int]]:
    """All ids, page after page forwards, and then backwards from the last page."""
    resource, session = resource_of(resource_name), db.session()
    forwards: list[int] = []
    pages = 0
    while True:
        found = page(session, resource, asked, ())
        forwards += [row.id for row in found.rows]
        pages += 1
        assert len(found.rows) <= asked.size
        assert pages < 100
        if not found.next_cursor:
            break
        asked = replace(asked, cursor=found.next_cursor)
    backwards = [row.id for row in found.rows]
    while found.previous_cursor:
        found = page(session, resource, replace(asked, cursor=found.previous_cursor), ())
        backwards = [row.id for row in found.rows] + backwards
        pages -= 1
        assert pages > -100
    return forwards, backwards


def _expected(rows: list[Any], value: Callable[[Any], Any], descending: bool) -> list[int]:
    """Gaps at the end (at the beginning where the order is turned round), ties by number."""
    ordered = sorted(rows, key=lambda row: (value(row) is None, value(row) if value(row) is not None else 0, row.id))
    return [row.id for row in (reversed(ordered) if descending else ordered)]


def test_every_order_is_that_of_a_plain_sort_page_by_page_in_both_directions(tickets: list[Ticket]) -> None:
    keys: dict[str, Callable[[Ticket], Any]] = {
        "number": lambda row: row.number,
        "rounds": lambda row: row.rounds,
        "proactive": lambda row: row.proactive,
        "longitude": lambda row: row.longitude,
        "stage": lambda row: row.stage,
        "reported_at": lambda row: row.reported_at,
        "due_at": lambda row: row.due_at,
        "street_town": lambda row: row.street_town and row.street_town.name_key,
        "id": lambda row: row.id,
    }
    for name, value in keys.items():
        for descending in (False, True):
            expected = _expected(tickets, value, descending)
            for size in (1, 4, 23, 50):
                asked = Asked(order=name, descending=descending, size=size)
                assert _walk("Ticket", asked) == (expected, expected), (name, descending, size)


def test_every_sortable_column_of_every_table_can_be_walked_through(tickets: list[Ticket]) -> None:
    for resource in resources().values():
        for name in sortable(resource):
            for descending in (False, True):
                asked = Asked(order=name, descending=descending, size=100)
                first = page(db.session(), resource, asked, resource.default_columns)
                if first.next_cursor:
                    second = page(db.session(), resource, replace(asked, cursor=first.next_cursor), ())
                    assert not {row.id for row in first.rows} & {row.id for row in second.rows}, (resource.name, name)


def test_names_are_ordered_by_sound_for_chinese_readers_and_by_letters_for_english_ones(app: Flask) -> None:
    rows = [("福山", "Beta"), ("安泰", "Gamma"), ("鼓东", ""), ("长安", "alpha")]
    ids = {zh: create_department(f"D-{n}", name_zh=zh, name_en=en).id for n, (zh, en) in enumerate(rows)}
    said = {number: zh for zh, number in ids.items()}
    with speaking("zh"):
        found = page(db.session(), resource_of("Department"), Asked(order="name", size=20), ())
        assert [said[row.id] for row in found.rows] == ["安泰", "长安", "福山", "鼓东"]
    with speaking("en"):
        found = page(db.session(), resource_of("Department"), Asked(order="name", size=20), ())
        assert [said[row.id] for row in found.rows][-1] == "鼓东"
        assert {said[row.id] for row in found.rows[:3]} == {"福山", "安泰", "长安"}


def test_a_row_that_disappears_between_two_pages_is_no_failure(tickets: list[Ticket]) -> None:
    resource = resource_of("Ticket")
    first = page(db.session(), resource, Asked(order="number", size=5), ())
    with transaction() as session:
        session.delete(session.get(Ticket, first.rows[-1].id))
    again = page(db.session(), resource, Asked(order="number", size=5, cursor=first.next_cursor), ())
    assert [row.number for row in again.rows] == ["T-00", "T-01", "T-02", "T-03", "T-05"]
    assert again.start == 0


@pytest.mark.parametrize("cursor", ["a", "b", "x1", "a-1", "a1.5", "a999999999", "a99999999999", "b0", "a" * 40, "a\x00", "a１"])
def test_a_cursor_that_means_nothing_shows_the_beginning(lite: Flask, cursor: str) -> None:
    create_department("D-1")
    asked = read_request(resource_of("Department"), MultiDict({"c": cursor}))
    assert [row.code for row in page(db.session(), resource_of("Department"), asked, ()).rows] == ["D-1"]


def test_what_is_asked_is_bounded_on_every_side(lite: Flask) -> None:
    resource = resource_of("Ticket")
    sizes = {
        text: read_request(resource, MultiDict({"n": text})).size for text in ("20000", "0", "-5", "abc", "", "1e3", "7", "999999999999")
    }
    assert sizes == {"20000": 200, "0": 1, "-5": 50, "abc": 50, "": 50, "1e3": 50, "7": 7, "999999999999": 50}
    orders = {
        text: read_request(resource, MultiDict({"o": text})).order for text in ("nothing", "-nothing", "reporter_phone", "support", "")
    }
    assert set(orders.values()) == {"reported_at"}
    assert read_request(resource, MultiDict({"o": "nothing"})).descending
    assert not read_request(resource, MultiDict({"o": "due_at"})).descending
    many = read_request(resource, MultiDict([("f", f"rounds.eq.{n}") for n in range(100)] + [("f", "bad")]))
    assert len(many.conditions) == 30
    asked = read_request(resource, MultiDict({"q": "x" * 5000, "s": "9" * 50, "f": "nothing.eq.1"}))
    assert (len(asked.text), asked.start) == (100, 0)
    assert [words("en").phrase(problem) for problem in asked.problems] == ["This list cannot be filtered by “nothing.eq.1”"]


def test_a_long_list_is_counted_only_so_far(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNT_CAP", 10)
    with transaction() as session:
        values = [{"type": "department", "code": f"D-{n}", "name_zh": "x", "kind": "department", "version": 1} for n in range(12)]
        session.execute(insert(Department), values)
    with statements() as sent:
        found = page(db.session(), resource_of("Department"), Asked(order="code", size=3), ())
    assert (found.count, found.capped) == (10, True)
    counting = next(statement for statement in sent if "count(" in statement)
    assert "LIMIT" in counting
    assert "name_zh" not in counting.partition("WHERE")[0].partition("FROM (")[2].partition("FROM")[0]
    assert not [statement for statement in sent if "OFFSET" in statement.partition("LIMIT")[2].upper().replace("OFFSET ?", "")]
    with transaction() as session:
        session.delete(session.get(Department, found.rows[0].id))
        session.delete(session.get(Department, found.rows[1].id))
    found = page(db.session(), resource_of("Department"), Asked(order="code", size=3), ())
    assert (found.count, found.capped) == (10, False)


def test_a_list_takes_as_many_statements_for_two_rows_as_for_forty(app: Flask) -> None:
    towns = [create_street_town(f"S-{n}").id for n in range(4)]
    counts = []
    for wanted in (1, 2, 40):
        while db.session.query(Ticket).count() < wanted:
            create_ticket(db.session.get(StreetTown, towns[db.session.query(Ticket).count() % 4]))
        db.session.rollback()
        db.session.expunge_all()
        with app.test_request_context("/"), statements() as sent:
            shown = list_page(db.session(), resource_of("Ticket"), Asked(order="number", size=50), words("en"), None)
        assert len(shown.rows) == wanted
        counts.append(len(sent))
    assert counts[1] == counts[2]  # the very first list also reads what is kept from then on


def test_a_program_is_not_served_endless_pages(lite: Flask) -> None:
    create_person("district_admin")
    client = program(lite, "district_admin")
    for n in range(5):
        create_department(f"D-{n}")
    with outside():
        assert len(client.get("/api/v1/departments/?q=(page_size:2,page:1,order_column:code,order_direction:desc)").json["result"]) == 2
        assert client.get("/api/v1/departments/?q=(page_size:-1)").json["count"] == 5
        assert client.get("/api/v1/departments/?q=(page_size:100,page:101)").status_code == 400
        for bad in (
            "(page_size:abc)",
            "(page:!t)",
            "(order_column:nothing)",
            "(filters:1)",
            "(filters:!(1))",
            "(filters:!((col:code)))",
            "((",
            "(",
            "!",
            "--",
            "(a.a:",
            "(filters:" * 900,
        ):
            assert client.get(f"/api/v1/departments/?q={bad}").status_code == 400, bad
        for bad in ("(filters:!((col:code,opr:eq,value:!n)))", "(filters:!((col:code,opr:eq,value:(a:1))))"):
            assert client.get(f"/api/v1/departments/?q={bad}").status_code == 400, bad
