"""Plain FAB's traps at its forms, each shown in the laboratory and shown repaired in the house."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.db import db
from app.core.transaction import transaction
from app.crud import writing
from app.crud.columns import Moment, Origin, Reading
from app.crud.resource import CREATE, UPDATE, Resource, resources
from app.entities.department import Department
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.web.roles import ROLES, grants
from tests.conftest import outside
from tests.people import create_department, create_person, reloaded
from tests.plainfab.laboratory import Laboratory
from tests.web.papers import Form, alerts

Enter = Callable[..., FlaskClient]
SQL = re.compile(r"INSERT INTO|UPDATE |DELETE FROM|constraint|psycopg|sqlite|\[parameters", re.IGNORECASE)


@pytest.fixture
def admin(request: pytest.FixtureRequest, sign_in: Enter) -> FlaskClient:
    """A browser of the district administrator."""
    create_person("district_admin")
    return sign_in("district_admin")


def _item(number: str = "1", **values: Any) -> ResponsibilityItem:
    with transaction() as session:
        version = session.execute(select(ResponsibilityList)).scalars().first()
        if version is None:
            version = ResponsibilityList(code="2026-1", name_zh="清单", effective_from=date(2026, 1, 1))
            session.add(version)
            session.flush()
        row = ResponsibilityItem(list_version_id=version.id, number=number, name_zh="占道", **values)
        session.add(row)
    return row


# Trap 4: what the database says is told to everybody, and a blocked delete says nothing at all.


def test_plain_fab_shows_its_reader_raw_sql_when_a_value_is_taken(laboratory: Laboratory) -> None:
    visitor = laboratory.visitor("admin")
    visitor.post("/deskview/add", {"number": "window", "room": "1"})
    page = visitor.get("/deskview/list/").text
    assert "INSERT INTO desk (number, room_id) VALUES" in page
    assert "[parameters: (&#39;window&#39;, 1)]" in page


def test_plain_fab_answers_a_blocked_delete_with_an_empty_box(laboratory: Laboratory) -> None:
    visitor = laboratory.visitor("admin")
    visitor.post("/roomview/delete/1")
    assert laboratory.rows("SELECT name FROM room ORDER BY id") == [("upper",), ("lower",)]
    box = re.search(r'<div class="alert alert-message">(.*?)</div>', visitor.get("/roomview/list/").text, re.DOTALL)
    assert box is not None
    assert re.sub(r"<[^>]+>|&times;|\s", "", box[1]) == ""


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ["“Department D-1” is used by", "1 × Department", "2 × Responsibility item", "cannot be deleted"]),
        ("zh", ["“部门D-1”", "1 条责任部门", "2 条责任事项", "不能删除"]),
    ],
)
def test_our_blocked_delete_says_who_uses_the_record(lite: Flask, sign_in: Enter, language: str, parts: list[str]) -> None:
    create_person("district_admin")
    row = create_department("D-1")
    create_department("D-2", parent_id=row.id)
    _item("1", lead_id=row.id)
    _item("2", lead_id=row.id)
    client = sign_in("district_admin", language)
    with outside():
        answer = client.post(f"/departments/delete/{row.id}", data={"version": "1"}, follow_redirects=True)
    (said,) = alerts(answer.text)
    assert all(part in said for part in parts), said
    assert language == "en" or not re.search(r"[A-Za-z]{4,}", said)
    assert reloaded(row) is not None


def test_our_forms_never_speak_sql_when_only_the_database_notices(app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if somebody else took the value, or began to use the record, between our look and our writing."""
    used, other = create_department("D-1"), create_department("D-2", name_zh="另一")
    create_department("D-3", parent_id=used.id)
    item, twin = _item("1"), _item("2")
    monkeypatch.setattr(writing, "check_unique", lambda *_: None)
    monkeypatch.setattr(writing, "usage", lambda *_: [])
    taken = {"version": "1", "code": "D-1", "name_zh": "保留所写"}
    with outside():
        answers = [
            (422, "Somebody else used this value", admin.post("/departments/add", data={**taken, "kind": "department"})),
            (422, "Somebody else used this value", admin.post(f"/departments/edit/{other.id}", data=taken)),
            (422, "contradicts another one", admin.post(f"/responsibility-items/edit/{twin.id}", data={"version": "1", "number": "1"})),
            (200, "contradicts another one", admin.post(f"/departments/delete/{used.id}", data={"version": "1"}, follow_redirects=True)),
        ]
    for status, sentence, answer in answers:
        assert answer.status_code == status, answer.text
        assert any(sentence in said for said in alerts(answer.text)), alerts(answer.text)
        assert not SQL.search(answer.text)
    assert all(Form(answer.text).sent["name_zh"] == ["保留所写"] for _, _, answer in answers[:2])
    assert (reloaded(other).name_zh, reloaded(item).number, reloaded(twin).number) == ("另一", "1", "2")


# Trap 5: a refusal of the trade loses everything that was typed.


def test_plain_fab_loses_the_typed_form_when_a_rule_refuses(laboratory: Laboratory) -> None:
    visitor = laboratory.visitor("north")
    answer = visitor.post("/caseview/add", {"title": "forbidden", "size": "77"})
    assert answer.status == 302
    landed = visitor.get(answer.headers["Location"]).text
    assert "this title is not allowed" in landed
    assert 'name="size"' not in landed
    assert "77" not in landed


def test_our_form_comes_back_with_the_reason_and_everything_typed(lite: Flask, admin: FlaskClient) -> None:
    typed = {
        "code": "D-9",
        "name_zh": "区市容局",
        "name_en": "City & <Appearance>",
        "short_zh": "市容",
        "position": "77",
        "valid_from": "2026-05-01",
        "valid_to": "2026-04-30",
        "alias-name": "市容办",
        "alias-kind": "former",
        "alias-language": "zh",
        "alias-from": "2020-01-01",
        "alias-to": "",
    }
    row = create_department("D-1")
    for path in ("/departments/add", f"/departments/edit/{row.id}"):
        with outside():
            answer = admin.post(path, data={**typed, "version": "1"})
        assert answer.status_code == 422
        assert any("earlier than" in said for said in alerts(answer.text))
        back = Form(answer.text).sent
        assert {name: back[name][0] for name in typed} == typed
    assert reloaded(row).code == "D-1"


# Trap 6: instants with microseconds that cannot be saved untouched.


def test_plain_fab_cannot_save_an_untouched_instant(laboratory: Laboratory) -> None:
    visitor = laboratory.visitor("admin")
    page = visitor.get("/allcases/edit/1").text
    shown = re.search(r'name="opened" type="text" value="([^"]*)"', page)
    assert shown is not None
    assert shown[1] == "2026-03-01 08:30:15.123456"
    again = visitor.post("/allcases/edit/1", {"title": "case of north", "opened": shown[1], "office": "1"})
    assert again.status == 200
    assert "Not a valid datetime value." in again.text


def _editable() -> list[tuple[Resource, str]]:
    """Every resource whose rows somebody may change on a generated form, and a role that may."""
    found = []
    for resource in resources().values():
        role = next((role for role in ROLES if (UPDATE, resource.name) in grants(role)), "")
        if resource.permits(UPDATE) and role:
            found.append((resource, role))
    return found


def test_every_form_of_ours_can_be_saved_untouched_and_then_changes_nothing(lite: Flask, sign_in: Enter) -> None:
    parent = create_department("D-1", valid_from=date(2026, 1, 1))
    create_department("D-2", parent_id=parent.id)
    _item("1", lead_id=parent.id, support=[parent])
    tried = set()
    for resource, role in _editable():
        row = db.session.execute(select(resource.entity).order_by(resource.entity.id.desc())).scalars().first()
        if row is None:
            continue
        if role not in tried:
            create_person(role)
        number, version = row.id, row.version
        client = sign_in(role)
        with outside():
            form = Form(client.get(f"/{resource.slug}/edit/{number}").text)
            answer = client.post(form.action, data=form.sent)
        assert answer.status_code == 302, (resource.name, alerts(answer.text))
        assert db.session.get(resource.entity, number, populate_existing=True).version == version, resource.name
        tried |= {role, resource.name}
    assert {"Department", "ResponsibilityItem", "CalendarDay", "DictionaryEntry", "Parameter", "User"} <= tried


def test_days_and_instants_are_asked_by_the_browsers_own_fields(lite: Flask, sign_in: Enter) -> None:
    create_person("command_centre")
    client = sign_in("command_centre")
    with outside():
        form = Form(client.get("/tickets/add").text)
        answer = client.post("/tickets/add", data={"title": "", "reported_at": "2026-03-01T08:30:15"})
    assert form.kinds["reported_at"] == "datetime-local"
    assert Form(answer.text).sent["reported_at"] == ["2026-03-01T08:30:15"]
    create_person("district_admin")
    with outside():
        form = Form(sign_in("district_admin").get("/departments/add").text)
    assert (form.kinds["valid_from"], form.kinds["valid_to"]) == ("date", "date")


def test_a_stored_instant_survives_its_own_field(lite: Flask) -> None:
    column, reading = Moment("Reported"), Reading(origin=Origin.FORM)
    stored = datetime(2026, 3, 1, 0, 30, 15, 123456, tzinfo=UTC)
    typed = column.typed(stored, reading)
    assert typed == "2026-03-01T08:30:15"
    assert column.read(typed, reading) == datetime(2026, 3, 1, 0, 30, 15, tzinfo=UTC)


# Trap 7: nothing chosen is called ``__None``.


def test_plain_fab_shows_and_sends_a_blank_relation_as_none(laboratory: Laboratory) -> None:
    page = laboratory.visitor("admin").get("/allcases/add").text
    assert '<option selected value="__None">__None</option>' in page


def test_our_blank_links_are_sent_as_nothing_and_shown_as_a_dash(lite: Flask, sign_in: Enter) -> None:
    for resource in resources().values():
        role = next((role for role in ROLES if (CREATE, resource.name) in grants(role)), "")
        if not resource.permits(CREATE) or not role:
            continue
        if db.session.execute(select(resources()["User"].entity).filter_by(username=role)).first() is None:
            create_person(role)
        with outside():
            page = sign_in(role).get(f"/{resource.slug}/add").text
        assert "__None" not in page
        sent = Form(page).sent
        assert not [value for name in resource.links.keys() & resource.written for value in sent[name] if value], resource.name


def test_a_blank_link_is_stored_as_nothing_and_an_invented_one_is_refused(app: Flask, admin: FlaskClient) -> None:
    top = create_department("D-0")
    row = create_department("D-1", parent_id=top.id)
    with outside():
        refused = admin.post(f"/departments/edit/{row.id}", data={"version": "1", "parent": "__None"})
        assert refused.status_code == 422
        assert "“__None” is not a record of “Parent unit”" in refused.text
    assert reloaded(row).parent_id == top.id
    with outside():
        assert admin.post(f"/departments/edit/{row.id}", data={"version": "1", "parent": ""}).status_code == 302
        shown = admin.get(f"/departments/show/{row.id}").text
    assert reloaded(row).parent_id is None
    assert re.search(r"<dt>Parent unit</dt><dd><span class=\"quiet\">—</span></dd>", shown)
    assert db.session.execute(select(Department.code).where(Department.parent_id.is_(None)).order_by(Department.code)).scalars().all() == [
        "D-0",
        "D-1",
    ]
