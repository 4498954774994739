"""Forms: what is typed is kept, what is wrong is said where it stands, and what is saved is what was meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.core.db import db
from app.core.runs import Silent
from app.core.transaction import transaction
from app.crud.aliases import aliases_of
from app.crud.importing.undoing import undo
from app.crud.tables import Change, ImportBatch
from app.domain.refusals import Refused
from app.entities.department import Department
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.entities.ticket import Ticket
from tests.conftest import outside
from tests.people import create_department, create_person, create_street_town, reloaded
from tests.web.papers import Form, alerts, words_of

Enter = Callable[..., FlaskClient]
GOOD = {"code": "D-9", "name_zh": "区园林中心", "kind": "department"}


@pytest.fixture
def admin(request: pytest.FixtureRequest, sign_in: Enter) -> FlaskClient:
    """A browser of the district administrator."""
    create_person("district_admin")
    return sign_in("district_admin")


def _post(client: FlaskClient, address: str, typed: Any, **options: Any) -> Any:
    with outside():
        return client.post(address, data=typed, **options)


def _list_version() -> int:
    with transaction() as session:
        version = ResponsibilityList(code="2026-1", name_zh="清单", effective_from=date(2026, 1, 1))
        session.add(version)
    return int(version.id)


def _departments() -> list[str]:
    db.session.expire_all()
    return list(db.session.execute(select(Department.code).order_by(Department.code)).scalars())


# What is wrong.


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("code", "", "“Code” is missing"),
        ("code", "没有代码", "“没有代码” is not a code: use letters, digits, dot, dash and underscore"),
        ("code", "D" * 41, "“Code” has 41 characters; at most 40 fit"),
        ("name_zh", " \t ", "“Name” is missing"),
        ("kind", "unheard", "“unheard” is not one of the possible values"),
        ("position", "many", "“many” is not a whole number"),
        ("position", "10000", "“Position in lists” must lie between 0 and 9999; “10000” does not"),
        ("position", "1.5", "“1.5” is not a whole number"),
        ("valid_from", "2026-02-30", "“2026-02-30” is not a valid date; write it as 2026-11-24"),
        ("valid_from", "0001-01-01", "“0001-01-01” is not a valid date"),
        ("parent", "abc", "“abc” is not a record of “Parent unit”"),
        ("parent", "999999", "“Parent unit”: the chosen record is no longer there"),
        ("parent", "9" * 30, "is not a record of “Parent unit”"),
    ],
)
def test_a_bad_value_is_named_beside_its_field_and_everything_typed_is_kept(
    lite: Flask, admin: FlaskClient, name: str, value: str, sentence: str
) -> None:
    typed = {**GOOD, "name_en": "Parks <Centre> & “Co”", "short_zh": "园林", name: value}
    answer = _post(admin, "/departments/add", typed)
    assert answer.status_code == 422
    (summary,) = alerts(answer.text)
    assert sentence in summary
    field = re.search(
        rf'<div class="field[^"]*has-error[^"]*" data-field>(?:(?!data-field).)*id="f-{name}".*?id="f-{name}-error"[^>]*>(.*?)</p>',
        answer.text,
        re.S,
    )
    assert field is not None
    assert sentence in words_of(field[1])
    assert answer.text.count('aria-invalid="true"') == 1
    back = Form(answer.text).sent
    kept = {key: text for key, text in typed.items() if key not in ("kind", "parent")}  # those two are chosen, not typed
    assert {key: back[key][0] for key in kept} == kept
    assert _departments() == []


def test_everything_that_is_wrong_is_said_at_once(lite: Flask, admin: FlaskClient) -> None:
    answer = _post(admin, "/departments/add", {"code": "", "name_zh": "", "kind": "", "position": "x", "valid_to": "soon"})
    (summary,) = alerts(answer.text)
    assert summary.startswith("5 entries need correction; everything else is kept")
    assert _departments() == []


def test_aliases_that_are_wrong_refuse_the_record_with_them(app: Flask, admin: FlaskClient) -> None:
    typed = {**GOOD, "alias-name": ["旧名", "老名"], "alias-kind": ["former", "short"], "alias-language": ["zh", "zh"]}
    wrong = {**typed, "alias-from": ["2020-01-01", "soon"], "alias-to": ["2019-01-01", ""]}
    answer = _post(admin, "/departments/add", wrong)
    assert answer.status_code == 422
    (summary,) = alerts(answer.text)
    assert "Other names, line 2: “soon” is not a valid date" in summary
    assert "Other names, line 1: the last day" in summary
    assert Form(answer.text).sent["alias-name"][:2] == ["旧名", "老名"]
    assert _departments() == []
    assert _post(admin, "/departments/add", {**typed, "alias-from": ["2020-01-01", ""], "alias-to": ["2021-01-01", ""]}).status_code == 302
    row = db.session.execute(select(Department)).scalar_one()
    assert [(a.name, a.kind) for a in aliases_of(db.session(), row)] == [("老名", "short"), ("旧名", "former")]


def test_markup_that_was_typed_stays_text(lite: Flask, admin: FlaskClient) -> None:
    hostile = '"><script>alert(1)</script>'
    answer = _post(admin, "/departments/add", {**GOOD, "name_zh": hostile, "name_en": "{{ 7*7 }} %(label)s", "code": ""})
    assert "<script>alert" not in answer.text
    assert Form(answer.text).sent["name_zh"] == [hostile]
    assert _post(admin, "/departments/add", {**GOOD, "name_zh": hostile, "name_en": "{{ 7*7 }} %(label)s"}).status_code == 302
    with outside():
        page = admin.get("/departments/list/").text
    assert "<script>alert" not in page
    assert "{{ 7*7 }} %(label)s" in words_of(page)


# What is right.


def test_a_saved_record_is_shown_or_the_list_is_as_its_maker_wished(lite: Flask, admin: FlaskClient) -> None:
    made = _post(admin, "/departments/add", GOOD)
    row = db.session.execute(select(Department)).scalar_one()
    assert made.headers["Location"] == f"/departments/show/{row.id}"
    again = _post(admin, "/departments/add", {**GOOD, "code": "D-10", "then": "list"}, follow_redirects=True)
    assert again.request.path == "/departments/list/"
    assert "“区园林中心” was created" in again.text
    changed = _post(admin, f"/departments/edit/{row.id}", {"version": "1", "position": "3", "then": "list"}, follow_redirects=True)
    assert changed.request.path == "/departments/list/"
    assert "was saved" in changed.text
    assert (reloaded(row).position, row.name_zh) == (3, "区园林中心")  # columns the form did not send stay as they were


def test_only_declared_columns_are_taken_from_a_form(lite: Flask, admin: FlaskClient) -> None:
    row = create_department("D-1")
    invented = {
        "id": "99",
        "type": "street_town",
        "created_by_id": "1",
        "changed_by_id": "1",
        "name_key": "x",
        "label": "x",
        "__class__": "x",
    }
    assert _post(admin, f"/departments/edit/{row.id}", {"version": "1", "position": "3", **invented}).status_code == 302
    kept = reloaded(row)
    assert (kept.position, kept.type, kept.created_by_id, kept.name_key != "x") == (3, "department", None, True)


def test_a_fixed_value_cannot_be_changed_on_the_form_either(lite: Flask, sign_in: Enter) -> None:
    account = create_person("viewer")
    create_person("security_admin")
    client = sign_in("security_admin")
    with outside():
        form = Form(client.get(f"/accounts/edit/{account.id}").text)
    assert form.sent["username"] == ["viewer"]
    answer = _post(client, form.action, {**form.sent, "username": ["admin"]})
    assert answer.status_code == 422
    assert "“User name” cannot be changed after the record was created" in alerts(answer.text)[0]
    assert reloaded(account).username == "viewer"


# Links.


def test_a_link_is_picked_by_number_and_named_in_the_readers_language(app: Flask, admin: FlaskClient) -> None:
    lead, helper, third = (create_department(f"D-{n}", name_zh=f"单位{n}") for n in range(3))
    version = _list_version()
    with outside():
        found = admin.get("/departments/pick?q=Department D-1").json
    assert [(row["id"], row["text"], row["note"]) for row in found] == [(helper.id, "Department D-1", "D-1")]
    typed = {
        "list_version": str(version),
        "number": "",
        "name_zh": "占道",
        "lead": str(lead.id),
        "support": [str(helper.id), str(third.id), ""],
    }
    answer = _post(admin, "/responsibility-items/add", typed)
    assert answer.status_code == 422
    back = Form(answer.text)
    assert (back.sent["lead"], back.sent["support"]) == ([str(lead.id)], [str(helper.id), str(third.id)])
    assert {"Department D-1", "Department D-2"} <= {
        words_of(chip) for chip in re.findall(r'<span class="picked"><span>(.*?)</span>', answer.text)
    }
    assert re.search(r'role="combobox"[^>]*value="Department D-0"', answer.text)
    assert _post(admin, "/responsibility-items/add", {**back.sent, "number": ["7"]}).status_code == 302
    item = db.session.execute(select(ResponsibilityItem)).scalar_one()
    assert (item.lead_id, [unit.id for unit in item.support]) == (lead.id, [helper.id, third.id])
    assert _post(admin, f"/responsibility-items/edit/{item.id}", {"version": "1", "number": "7", "support": ""}).status_code == 302
    assert (reloaded(item).support, item.lead_id) == ([], lead.id)


def test_a_link_from_elsewhere_fills_the_new_form(lite: Flask, admin: FlaskClient) -> None:
    row = create_department("D-1")
    with outside():
        form = Form(admin.get(f"/departments/add?parent={row.id}&id=7&type=x&nothing=1").text)
        assert admin.get("/departments/add?parent=abc&position=x").status_code == 200
    assert form.sent["parent"] == [str(row.id)]
    assert "type" not in form.sent


def test_who_registers_at_a_street_town_does_so_there_whatever_the_form_says(app: Flask, sign_in: Enter) -> None:
    north, south = create_street_town("S-NORTH"), create_street_town("S-SOUTH")
    create_person("street_town", north)
    client = sign_in("street_town")
    answer = _post(client, "/tickets/add", {"title": "路灯不亮", "street_town": str(south.id)})
    assert answer.status_code == 422
    assert "your own street-town only" in alerts(answer.text)[0]
    assert _post(client, "/tickets/add", {"title": "路灯不亮", "street_town": ""}).status_code == 302
    assert db.session.execute(select(Ticket.street_town_id)).scalars().all() == [north.id]


# Deleting.


def test_a_delete_asks_first_happens_by_a_press_only_and_leaves_its_history(app: Flask, admin: FlaskClient) -> None:
    row = create_department("D-1", name_zh="旧单位")
    number = row.id
    with outside():
        page = admin.get(f"/departments/show/{number}").text
        assert admin.get(f"/departments/delete/{number}").status_code == 405
    asked = re.search(r'<form method="post" action="/departments/delete/\d+" data-confirm="([^"]*)" data-confirm-text="([^"]*)"', page)
    assert asked is not None
    assert asked[1] == "Delete “Department D-1”?"
    assert _departments() == ["D-1"]
    answer = _post(admin, f"/departments/delete/{number}", {"version": "1"}, follow_redirects=True)
    assert answer.request.path == "/departments/list/"
    assert "“Department D-1” was deleted" in answer.text
    assert _departments() == []
    last = (
        db.session.execute(select(Change).where(Change.row_id == number, Change.entity == "Department").order_by(Change.id.desc()))
        .scalars()
        .first()
    )
    assert last is not None
    assert (last.action, last.changes["name_zh"], last.user_name) == ("delete", ["旧单位", None], "District_Admin")


def test_a_record_in_use_says_so_before_anybody_tries_to_delete_it(lite: Flask, admin: FlaskClient) -> None:
    row = create_department("D-1")
    create_department("D-2", parent_id=row.id)
    with outside():
        page = words_of(admin.get(f"/departments/show/{row.id}").text)
    assert "Where it is used Departments · Parent unit 1" in page
    assert "A record in use cannot be deleted; end its validity instead." in page


def test_what_is_gone_or_never_was_is_a_sentence(lite: Flask, admin: FlaskClient) -> None:
    for address in ("/departments/show/999", "/departments/edit/999", "/departments/show/99999999999999"):
        with outside():
            assert admin.get(address).status_code == 404
    answer = _post(admin, "/departments/delete/999", {"version": "1"}, follow_redirects=True)
    assert "There is no such record, or it is not yours to see." in alerts(answer.text)[0]
    assert _post(admin, "/departments/edit/999", GOOD).status_code == 404


def test_an_item_of_an_approved_list_is_neither_deleted_nor_taken_back(app: Flask, admin: FlaskClient) -> None:
    version = _list_version()
    with transaction() as session:
        batch = ImportBatch(resource="ResponsibilityItem", file_name="items.xlsx", file_digest="", state="written")
        session.add(batch)
        session.flush()
        item = ResponsibilityItem(list_version_id=version, number="1", name_zh="项")
        session.add(item)
        session.flush()
        session.execute(update(Change).where(Change.entity == "ResponsibilityItem").values(batch_id=batch.id))
    with transaction() as session:
        session.get_one(ResponsibilityList, version).state = "approved"
    answer = _post(admin, f"/responsibility-items/delete/{item.id}", {"version": item.version}, follow_redirects=True)
    assert "is approved and is not changed any more" in answer.text
    with transaction() as session, pytest.raises(Refused, match="approved"):
        undo(session, session.get_one(ImportBatch, batch.id), Silent())
    assert db.session.get(ResponsibilityItem, item.id) is not None
