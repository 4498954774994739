"""Plain FAB's traps at the REST doors, each shown in the laboratory and shown repaired in the house."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.transaction import transaction
from app.crud.resource import resources
from app.entities.staff_profile import StaffProfile
from tests.people import create_department, create_person, reloaded
from tests.plainfab.laboratory import Laboratory
from tests.web.doors import program


@pytest.fixture
def admin(lite: Flask) -> FlaskClient:
    """A program of the district administrator."""
    create_person("district_admin")
    return program(lite, "district_admin")


def _asked(client: FlaskClient, path: str, rison: str) -> tuple[int, dict]:
    answer = client.get(f"{path}?q={quote(rison)}")
    return answer.status_code, answer.json


# Reliability §3: filters default to every column.


def test_plain_fab_gives_away_an_unlisted_telephone_number_by_filtering(laboratory: Laboratory) -> None:
    visitor = laboratory.visitor("north")
    assert "phone" not in visitor.get("/api/v1/cases/").text
    found = ""
    for _ in range(11):
        for digit in "0123456789":
            if visitor.get(f"/api/v1/cases/?q=(filters:!((col:phone,opr:sw,value:'{found}{digit}'),(col:title,opr:ct,value:south)))").json[
                "count"
            ]:
                found += digit
                break
    assert found == "13922220002"


def test_our_lists_refuse_filters_on_columns_that_are_not_offered(lite: Flask) -> None:
    create_person("auditor")
    client = program(lite, "auditor")
    for column in ("phone", "created_by_id", "version", "nothing", "__class__", "account.password", ""):
        status, answer = _asked(client, "/api/v1/staff/", f"(filters:!((col:'{column}',opr:sw,value:'1')))")
        assert status == 400
        assert "cannot be filtered" in answer["message"]


def test_a_personal_column_can_neither_be_filtered_nor_ordered_nor_searched(lite: Flask) -> None:
    create_person("auditor")
    client = program(lite, "auditor")
    assert _asked(client, "/api/v1/tickets/", "(filters:!((col:reporter_phone,opr:ct,value:'1')))")[0] == 400
    assert _asked(client, "/api/v1/tickets/", "(order_column:reporter_phone,order_direction:asc)")[0] == 400
    for resource in resources().values():
        personal = {name for name, column in resource.fields.items() if column.personal}
        assert not personal & {*resource.filtered, *resource.searched}


def test_personal_values_leave_the_house_masked(lite: Flask) -> None:
    account = create_person("street_town").id
    with transaction() as session:
        profile = session.execute(select(StaffProfile).where(StaffProfile.account_id == account)).scalar_one()
        profile.phone = "13912345678"
        number = profile.id
    create_person("auditor")
    client = program(lite, "auditor")
    assert client.get(f"/api/v1/staff/{number}").json["result"]["phone"] == "139****5678"
    assert "13912345678" not in client.get("/api/v1/staff/").text


# Trap 10: any column can be set.


def test_plain_fab_lets_programs_give_a_row_to_somebody_else(laboratory: Laboratory) -> None:
    answer = laboratory.visitor("north").put("/api/v1/wholecases/1", {"office": 2, "changed_by": "nobody at all"})
    assert answer.status == 200
    assert laboratory.rows("SELECT office_id, changed_by FROM cases WHERE id = 1") == [(2, "nobody at all")]


def test_our_programs_may_set_declared_columns_only(admin: FlaskClient) -> None:
    row = create_department()
    for column in ("id", "type", "created_by_id", "changed_by_id", "created_at", "changed_at", "name_key", "nothing"):
        answer = admin.put(f"/api/v1/departments/{row.id}", json={column: 1, "version": 1})
        assert answer.status_code == 422
        assert answer.json["errors"][0]["field"] == column
        assert admin.post("/api/v1/departments/", json={"code": "D-9", "name_zh": "九", column: 1}).status_code == 422
    assert reloaded(row).version == 1


def test_a_fixed_column_is_set_once(admin: FlaskClient) -> None:
    made = admin.post("/api/v1/dictionaries/", json={"dictionary": "nature", "code": "NEW", "name_zh": "新"})
    assert made.status_code == 201, made.text
    answer = admin.put(f"/api/v1/dictionaries/{made.json['id']}", json={"code": "OTHER", "version": 1})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["code"] == "fixed"


# Trap 11: the second writer silently wins.


def test_plain_fab_loses_the_first_of_two_changes(laboratory: Laboratory) -> None:
    visitor = laboratory.visitor("north")
    assert visitor.put("/api/v1/wholecases/1", {"size": 1}).status == 200
    assert visitor.put("/api/v1/wholecases/1", {"size": 2}).status == 200
    assert laboratory.rows("SELECT size FROM cases WHERE id = 1") == [(2,)]


def test_our_programs_must_say_which_version_they_saw(admin: FlaskClient) -> None:
    row = create_department()
    path = f"/api/v1/departments/{row.id}"
    for body in ({"position": 7}, {"position": 7, "version": "one"}, {"position": 7, "version": True}, {"position": 7, "version": -1}):
        assert admin.put(path, json=body).status_code == 428
    assert admin.put(path, json={"position": 7}, headers={"If-Match": '"1"'}).status_code == 200
    stale = admin.put(path, json={"position": 8}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json["errors"][0]["code"]) == (409, "changed-meanwhile")
    assert admin.delete(path).status_code == 428
    assert admin.delete(f"{path}?version=1").status_code == 409
    assert reloaded(row).position == 7


# Reliability §3: a relation listed without a leaf, and natural primary keys.


def test_plain_fab_serialises_the_whole_related_row(laboratory: Laboratory) -> None:
    assert "13900000002" in laboratory.visitor("north").get("/api/v1/wholecases/").text


def test_our_links_are_a_number_and_a_name(admin: FlaskClient) -> None:
    parent = create_department("D-TOP", name_zh="上级")
    child = create_department("D-LOW", parent_id=parent.id)
    expected = {"id": parent.id, "text": "Department D-TOP"}
    assert admin.get(f"/api/v1/departments/{child.id}").json["result"]["parent"] == expected
    rows = admin.get("/api/v1/departments/").json["result"]
    assert [row["parent"] for row in rows] == [expected, None]


def test_plain_fab_overwrites_a_row_when_its_natural_key_is_posted(laboratory: Laboratory) -> None:
    assert laboratory.visitor("north").post("/api/v1/words/", {"code": "hot", "text": "mine now"}).status == 201
    assert laboratory.rows("SELECT * FROM word") == [("hot", "mine now")]


def test_posting_a_natural_key_that_exists_is_refused(admin: FlaskClient) -> None:
    row = create_department("D-1", name_zh="原名")
    answer = admin.post("/api/v1/departments/", json={"code": "D-1", "name_zh": "别名"})
    assert answer.status_code == 422
    assert answer.json["errors"][0] == {"field": "code", "code": "taken", "message": "“D-1” is already used by “Department D-1”"}
    assert reloaded(row).name_zh == "原名"
    for resource in resources().values():
        assert [column.name for column in resource.entity.__table__.primary_key] == ["id"]
        assert "id" not in resource.written


# Trap 4: what the database says is told to everybody.


def test_plain_fab_answers_a_taken_value_with_a_failure(laboratory: Laboratory) -> None:
    answer = laboratory.visitor("north").post("/api/v1/cases/", {"title": "case of south", "opened": "2026-01-01T00:00:00"})
    assert (answer.status, answer.json) == (500, {"message": "Fatal error"})
    answer = laboratory.visitor("north").put("/api/v1/wholecases/1", {"title": "case of south"})
    assert "UNIQUE constraint failed" in answer.text
    assert "UPDATE cases SET" in answer.text


def test_our_refusals_never_speak_sql(app: Flask) -> None:
    create_person("district_admin")
    admin = program(app, "district_admin")
    create_department("D-1")
    answers = [
        admin.post("/api/v1/departments/", json={"code": "D-1", "name_zh": "重"}),
        admin.post("/api/v1/street-towns/", json={"code": "D-1", "name_zh": "重"}),
        admin.post("/api/v1/departments/", json={"code": "D-2", "name_zh": "二", "parent": 999}),
        admin.post("/api/v1/departments/", json={"code": "D-3" * 30, "name_zh": "三"}),
        admin.post("/api/v1/calendar/", json={"day": "2026-02-30", "kind": "off"}),
        admin.post("/api/v1/scheme-versions/", json={}),
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 422, 403]
    for answer in answers:
        assert not {"INSERT", "UPDATE", "constraint", "psycopg", "sqlite"} & set(answer.text.replace('"', " ").replace("_", " ").split())
    assert answers[1].json["message"] == "“D-1” is already used by “Department D-1”"


def test_every_wrong_column_is_named_at_once(admin: FlaskClient) -> None:
    answer = admin.post("/api/v1/departments/", json={"code": "no good", "position": "many", "kind": "unheard", "valid_from": "soon"})
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json["errors"]} == {"code", "name_zh", "position", "kind", "valid_from"}
    assert answer.json["message"] == "5 entries need correction"
