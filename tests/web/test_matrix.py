"""Every door of the house is tried by everybody, and what must not happen does not; a hole made on purpose is found."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, jsonify, redirect
from flask.testing import FlaskClient
from flask_appbuilder import expose
from sqlalchemy import select, update
from werkzeug.routing import Rule

from app.core.db import db
from app.core.transaction import transaction
from app.crud.resource import CREATE, DELETE, IMPORT, READ, UPDATE
from app.crud.screen import PageView
from app.entities.ticket import Ticket
from app.factory import create_app
from tests.conftest import Browser, outside
from tests.web.matrix import (
    KINDS,
    PUBLIC,
    Cell,
    Ledger,
    Person,
    Unknown,
    body_of,
    cells,
    forbidden,
    path_of,
    resource_of_rule,
    sampled,
)
from tests.web.world import SCOPED, build

CHANGING = {"SignIn.logout", "ApiKeys.end_all", "Home.language", "LocaleView.index"}
UNGUARDED = {"TESTING": True, "WTF_CSRF_ENABLED": False, "AUTH_RATE_LIMIT": "10000 per minute"}
SHARE = int(os.environ.get("FRONTLINE_TRUST_DOORS", "4"))
"""One cell in so many is tried; `make trust` tries them all."""
REFUSING = {CREATE, UPDATE, DELETE, READ, IMPORT}
"""Verbs whose doors refuse an empty body, or change nothing but what is one's own."""
AT_ONCE = {"SchemeVersionScreen.copy", "ScheduleScreen.pause", "ScheduleScreen.resume"}
"""Doors of these verbs that need nothing said and write at once."""


def _verb(app: Flask, rule: Rule) -> str:
    """The verb that a door asks the roles table for."""
    view, _, method = rule.endpoint.partition(".")
    found = next((v for v in app.appbuilder.baseviews if v.__class__.__name__ == view), None)
    return (getattr(found, "method_permission_name", None) or {}).get(method, "")


def _allowed(cell: Cell, verb: str) -> bool:
    """Whether the roles table and the row scope let this person write this row."""
    resource = resource_of_rule(cell.rule)
    if resource is None or cell.method == "GET" or not cell.person.may(verb, resource.name):
        return False
    return not (cell.kind == "foreign" and resource.name in SCOPED and cell.person.foreign)


def _send(cell: Cell, row: Any, verb: str) -> Any:
    """One request; whoever may do what he asks for asks it so that it is refused, and nothing is really written."""
    allowed, api = _allowed(cell, verb), cell.rule.rule.startswith("/api/")
    if allowed and (verb not in REFUSING or cell.rule.endpoint in AT_ONCE):
        cell = replace(cell, kind="missing")
    body = {} if allowed else body_of(cell, row)
    client = cell.person.program if api else cell.person.browser
    assert client is not None
    options: dict[str, Any] = {} if cell.method == "GET" else {"json": body} if api else {"data": body}
    if cell.method == "DELETE" and row is not None and not allowed:
        options = {"query_string": {"version": row.version}}
    headers = {"Accept": "application/json"} if cell.brief else {}
    return client.open(path_of(cell), method=cell.method, headers=headers, **options)


def _row(cell: Cell) -> Any:
    resource = resource_of_rule(cell.rule)
    if resource is None or "pk" not in cell.rule.arguments or cell.method == "GET" or cell.rule.endpoint.endswith(".drop_filter"):
        return None
    number = cell.person.rows.get(resource.name, {}).get(cell.kind)
    return db.session.get(resource.entity, number) if number else None


def _faults(cell: Cell, answer: Any, ledger: Ledger) -> Iterator[str]:
    """What is wrong with one answer."""
    person = cell.person
    if answer.status_code >= 500:
        yield f"{cell}: {answer.status_code}"
    if not person.role and cell.rule.endpoint not in PUBLIC and answer.status_code < 300:
        yield f"{cell}: a visitor came in ({answer.status_code})"
    seen = [marker for marker in person.foreign if marker.encode() in answer.data]
    if seen:
        yield f"{cell}: shows {seen}"
    if b"Traceback (most recent" in answer.data:
        yield f"{cell}: shows a trace"
    for change in forbidden(person, ledger.changed()):
        yield f"{cell}: wrote {change}"


def _walk(app: Flask, people: list[Person], rules: list[Rule], share: int = 1) -> tuple[list[Cell], list[str]]:
    """Try everything, or one cell in ``share``; returns the cells that were tried and every fault."""
    ledger = Ledger(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    tried, faults = [], []
    with outside():
        for cell in sampled(cells(rules, people, SCOPED), share):
            row = _row(cell)
            faults += _faults(cell, _send(cell, row, _verb(app, cell.rule)), ledger)
            tried.append(cell)
    ledger.connection.close()
    return tried, faults


def _rules(app: Flask) -> list[Rule]:
    """Every route but those that change who is asking."""
    return sorted((rule for rule in app.url_map.iter_rules() if rule.endpoint not in CHANGING), key=lambda rule: rule.rule)


@pytest.mark.parametrize("half", [0, 1])
def test_no_door_fails_leaks_or_writes_for_anybody(
    lite: Flask, sign_in: Callable[[str], FlaskClient], caplog: pytest.LogCaptureFixture, half: int
) -> None:
    caplog.set_level(logging.CRITICAL, "flask_appbuilder")
    people, rules = build(lite, sign_in), _rules(lite)[half::2]
    tried, faults = _walk(lite, people, rules, SHARE)
    assert not faults, "\n".join(faults[:40])
    assert len(tried) > 4_000 / SHARE
    assert {cell.rule.rule for cell in tried} == {rule.rule for rule in rules}
    assert {cell.person.name for cell in tried} == {person.name for person in people}


def test_visitors_reach_nothing_but_the_sign_in_page(lite: Flask) -> None:
    visitor = Person("visitor", browser=lite.test_client(), program=lite.test_client())
    reached = set()
    with outside():
        for cell in cells(_rules(lite), [visitor], SCOPED):
            for kind in KINDS if cell.rule.arguments else KINDS[:1]:
                if _send(replace(cell, kind=kind), None, "").status_code < 300:
                    reached.add(cell.rule.endpoint)
    assert reached | {"static", "appbuilder.static"} == PUBLIC


# The matrix must find what it is there for.


class Holes(PageView):
    """Doors made by somebody in a hurry."""

    route_base = "/holes"
    default_view = "read"

    @expose("/read")
    def read(self) -> Any:
        """Beneath the row scope, and open to everybody."""
        return jsonify(list(db.session.connection().execute(select(Ticket.__table__.c.title)).scalars()))

    @expose("/write/<string:code>", methods=["POST"])
    def write(self, code: str) -> Any:
        """Writes beneath everything."""
        with transaction() as session:
            session.connection().execute(update(Ticket.__table__).values(opinion=code))
        return redirect("/")

    @expose("/fail/<string:unit>")
    def fail(self, unit: str) -> Any:
        """Fails for units that are not there."""
        return {"S-NORTH": "", "S-SOUTH": ""}[unit]

    @expose("/unknown/<string:secret>")
    def unknown(self, secret: str) -> Any:
        """Takes an argument of which the matrix was never told."""
        return secret


@pytest.fixture
def holed(lite: Flask) -> Flask:
    """A house on the same database, with holes."""
    app = create_app({**{name: lite.config[name] for name in ("SQLALCHEMY_DATABASE_URI", "HOME", "STORAGE")}, **UNGUARDED})
    with app.app_context():
        app.appbuilder.add_view_no_menu(Holes)
    app.test_client_class = Browser
    return app


def test_the_matrix_finds_holes_made_on_purpose(
    lite: Flask, holed: Flask, sign_in: Callable[[str], FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    people = [person for person in build(lite, sign_in) if person.name in ("visitor", "north", "stray", "viewer")]
    for person in people:
        assert person.browser is not None
        person.browser = _moved(person.browser, holed)
    caplog.set_level(logging.CRITICAL)
    rules = [rule for rule in holed.url_map.iter_rules() if rule.endpoint.startswith("Holes.")]
    unknown = [rule for rule in rules if rule.endpoint == "Holes.unknown"]
    faults = "\n".join(_walk(holed, people, [rule for rule in rules if rule not in unknown])[1])
    assert "/holes/read by visitor (own): a visitor came in" in faults
    assert re.search(r"/holes/read by north \(own\): shows \[.*mark-south-.*mark-nobody-", faults)
    assert re.search(r"/holes/read by stray \(own\): shows \[.*mark-north-", faults)
    assert "/holes/read by viewer" not in faults
    assert "/holes/write/<string:code> by viewer" in faults
    assert "/holes/fail/<string:unit> by north (missing): 500" in faults
    with pytest.raises(Unknown, match=r"“secret” of Holes\.unknown"):
        _walk(holed, people, unknown)


def _moved(client: FlaskClient, app: Flask) -> FlaskClient:
    """The same person, at the door of another house with the same key."""
    other = app.test_client()
    cookie = client.get_cookie("frontline")
    if cookie is not None:
        other.set_cookie("frontline", cookie.value)
    return other
