"""REST doors of generated tables: the same rules, refusals and locks as the screens."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from tests.conftest import outside
from tests.people import PASSWORD, create_department, create_person


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """A program that has signed in as district administrator."""
    create_person("district_admin")
    client = app.test_client()
    with outside():
        token = client.post("/api/v1/security/login", json={"username": "district_admin", "password": PASSWORD}).json["access_token"]
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def test_a_record_is_created_read_changed_and_deleted(admin: FlaskClient) -> None:
    with outside():
        made = admin.post("/api/v1/departments/", json={"code": "D-7", "name_zh": "区园林中心", "kind": "department"})
        assert made.status_code == 201
        number = made.json["id"]
        assert admin.get(f"/api/v1/departments/{number}").json["result"]["name_zh"] == "区园林中心"
        changed = admin.put(f"/api/v1/departments/{number}", json={"name_en": "Parks Centre", "version": 1})
        assert changed.json["result"]["name_en"] == "Parks Centre"
        assert changed.json["result"]["version"] == 2
        assert admin.delete(f"/api/v1/departments/{number}?version=2").status_code == 200
        assert admin.get(f"/api/v1/departments/{number}").status_code == 404


def test_who_saves_an_old_version_is_refused(admin: FlaskClient) -> None:
    row = create_department()
    with outside():
        assert admin.put(f"/api/v1/departments/{row.id}", json={"name_en": "First", "version": 1}).status_code == 200
        second = admin.put(f"/api/v1/departments/{row.id}", json={"name_en": "Second", "version": 1})
        assert second.status_code == 409
        assert admin.get(f"/api/v1/departments/{row.id}").json["result"]["name_en"] == "First"


def test_a_link_to_nothing_is_refused_in_words(admin: FlaskClient) -> None:
    body = {"code": "C-9", "name_zh": "社区", "street_town": 0}
    with outside():
        refused = admin.post("/api/v1/communities/", json=body)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "street_town")


def test_what_is_not_known_is_named_field_by_field(admin: FlaskClient) -> None:
    with outside():
        refused = admin.post("/api/v1/departments/", json={"code": "D-9", "name_zh": "部门", "colour": "red", "created_by_id": 7})
    assert refused.status_code == 422
    assert [(error["field"], error["code"]) for error in refused.json["errors"]] == [
        ("colour", "unknown-field"),
        ("created_by_id", "unknown-field"),
    ]


@pytest.mark.parametrize(
    ("failure", "status"), [(OperationalError("", {}, Exception("database is locked")), 503), (ZeroDivisionError("secret"), 500)]
)
def test_a_failure_beneath_is_answered_in_words_and_without_its_cause(
    admin: FlaskClient, monkeypatch: pytest.MonkeyPatch, failure: Exception, status: int
) -> None:
    def fails(*_arguments: object, **_options: object) -> None:
        raise failure

    monkeypatch.setattr("app.crud.writing.add", fails)
    with outside():
        answer = admin.post("/api/v1/departments/", json={"code": "D-9", "name_zh": "部门"})
    assert answer.status_code == status
    assert answer.json["message"] and "secret" not in answer.text and "locked" not in answer.text
    assert ("Retry-After" in answer.headers) == (status == 503)
