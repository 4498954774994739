"""Plain FAB's traps at sign-in, in its roles and at uploads, each shown in the laboratory and shown repaired in the house."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.core.db import db
from app.core.storage import digest_of
from app.crud.tables import ImportBatch
from app.factory import create_app
from app.web.roles import ROLES, fab_roles, grants
from tests.conftest import Browser, outside
from tests.importing.files import workbook
from tests.people import PASSWORD, create_person
from tests.plainfab.laboratory import Laboratory
from tests.web.doors import program
from tests.web.papers import alerts

Enter = Callable[..., FlaskClient]


# Trap 9: programs may guess passwords as fast as they like, and a reset password ends no session.


def test_plain_fab_limits_the_form_but_not_the_programs_sign_in(laboratory: Laboratory) -> None:
    wrong = {"username": "admin", "password": "wrong", "provider": "db"}
    assert {laboratory.visitor().post("/login/", wrong).status for _ in range(12)} == {302, 429}
    assert {laboratory.visitor().post("/api/v1/security/login", wrong).status for _ in range(15)} == {401}
    right = laboratory.visitor().post("/api/v1/security/login", {**wrong, "password": "plain-password"})
    assert right.status == 200  # and so many failures have locked nothing


def test_plain_fab_keeps_the_sessions_of_somebody_whose_password_was_reset(laboratory: Laboratory) -> None:
    thief = laboratory.visitor("north")
    token = laboratory.visitor().post("/api/v1/security/login", {"username": "clerk", "password": "plain-password", "provider": "db"})
    try:
        for name in ("north", "clerk"):
            assert laboratory.visitor("admin").get(f"/bench/reset/{name}/a-new-one").status == 200
        assert thief.get("/bench/guarded").status == 200
        bearer = {"Authorization": f"Bearer {token.json['access_token']}"}
        assert laboratory.visitor().ask("GET", "/api/v1/cases/_info", headers=bearer).status != 401
    finally:
        for name in ("north", "clerk"):
            laboratory.visitor("admin").get(f"/bench/reset/{name}/plain-password")


@pytest.fixture
def strict(lite: Flask) -> Flask:
    """A house on the same database that allows six attempts a minute."""
    kept = {name: lite.config[name] for name in ("SQLALCHEMY_DATABASE_URI", "HOME", "STORAGE")}
    app = create_app({**kept, "TESTING": True, "WTF_CSRF_ENABLED": False, "AUTH_RATE_LIMIT": "6 per minute", "LOGIN_FAILURES": 1000})
    app.test_client_class = Browser
    return app


def test_our_house_limits_both_doors_by_address(strict: Flask) -> None:
    create_person("viewer")
    for path, options in (("/login/", "data"), ("/api/v1/security/login", "json")):
        said = [strict.test_client().post(path, **{options: {"username": "viewer", "password": "wrong"}}) for _ in range(8)]
        assert [answer.status_code for answer in said] == [401] * 6 + [429] * 2
        assert "请一分钟后再试" in (said[-1].json["message"] if options == "json" else said[-1].text)
        right = strict.test_client().post(path, **{options: {"username": "viewer", "password": PASSWORD}})
        assert right.status_code == 429
    assert strict.test_client().get("/login/").status_code == 200


def test_a_reset_ends_every_session_and_token_of_that_person_and_of_nobody_else(lite: Flask, sign_in: Enter) -> None:
    victim, other = create_person("auditor"), create_person("viewer")
    create_person("security_admin")
    browser, bystander, reader = sign_in("auditor"), sign_in("viewer"), program(lite, "auditor")
    with outside():
        answer = lite.test_client().post("/api/v1/security/login", json={"username": "auditor", "password": PASSWORD, "refresh": True})
        assert browser.get("/changes/").status_code == 200
        assert reader.get("/api/v1/departments/").status_code == 200
        shown = sign_in("security_admin").post(f"/accounts/reset/{victim.id}")
        fresh = re.search(r"\b[a-h][A-H][2-9]-[A-Za-z0-9]{12}\b", shown.text)
        assert fresh is not None, shown.text[-2000:]
        assert browser.get("/changes/").headers["Location"].startswith("/login/")
        assert reader.get("/api/v1/departments/").status_code == 401
        renewing = {"Authorization": f"Bearer {answer.json['refresh_token']}"}
        assert lite.test_client().post("/api/v1/security/refresh", headers=renewing).status_code == 401
        assert bystander.get("/departments/list/").status_code == 200
        for password, status in ((PASSWORD, 401), (fresh[0], 302)):
            assert lite.test_client().post("/login/", data={"username": "auditor", "password": password}).status_code == status
    assert other.id != victim.id


# Trap 18: roles are matched by how a name begins.


def test_plain_fab_opens_every_view_whose_name_begins_like_a_granted_one(laboratory: Laboratory) -> None:
    clerk = laboratory.visitor("clerk")
    assert clerk.get("/officeview/list/").status == 200
    assert clerk.get("/officeviewsecret/list/").status == 200  # only OfficeView was granted


def test_our_grants_open_exactly_what_they_name(lite: Flask) -> None:
    opens: Callable[..., bool] = lite.appbuilder.sm._has_access_builtin_roles  # type: ignore[attr-defined]
    accounts: dict[str, Any] = {role: create_person(role).roles[0] for role in ROLES}
    assert lite.config["FAB_ROLES"] == fab_roles()
    for role, found in accounts.items():
        for verb, subject in grants(role):
            assert opens(found, f"can_{verb}", subject)
            for near in (
                (f"can_{verb}s", subject),
                (f"can_{verb}", f"{subject}Secret"),
                (f"xcan_{verb}", subject),
                (f"can_{verb}", f"X{subject}"),
            ):
                assert not opens(found, *near), (role, near)
    assert not opens(accounts["viewer"], "can_create", "Ticket")
    assert not opens(accounts["viewer"], "can_read", "Accountxown")  # the dot in “Account.own” is a dot


# Trap 26: uploads lose Chinese names, and their content is believed to be what they are called.


def test_plain_fab_loses_chinese_names_and_believes_endings(laboratory: Laboratory) -> None:
    assert laboratory.experiments["chinese_upload"] == {"kept": ".xlsx"}
    assert laboratory.experiments["disguised_upload"] == {"allowed": True, "kept": "MZ a program"}


@pytest.fixture
def keeper(lite: Flask, sign_in: Enter) -> FlaskClient:
    """A browser of the district administrator, who may import."""
    create_person("district_admin")
    return sign_in("district_admin")


def _bring(client: FlaskClient, content: bytes, name: str) -> Any:
    with outside():
        return client.post("/departments/import", data={"file": (BytesIO(content), name)})


def test_an_uploaded_file_keeps_its_name_and_lies_under_the_hash_of_its_bytes(lite: Flask, keeper: FlaskClient, tmp_path: Path) -> None:
    file = workbook(tmp_path / "x.xlsx", [["code", "name_zh"], ["D-1", "区园林中心"]])
    content, name = file.read_bytes(), "部门名单（第二版）.xlsx"
    first, second = _bring(keeper, content, name), _bring(keeper, content, "../../etc/名单.xlsx")
    batches = db.session.execute(select(ImportBatch).order_by(ImportBatch.id)).scalars().all()
    assert [answer.headers["Location"] for answer in (first, second)] == [f"/imports/{batch.id}" for batch in batches]
    assert batches[0].file_name == name
    kept = lite.config["STORAGE"].path(batches[0].file_digest)
    assert kept.name == digest_of(file) == batches[1].file_digest
    assert kept.read_bytes() == content
    assert not [path for path in Path(lite.config["HOME"]).rglob("*") if "名单" in path.name]
    with outside():
        page = keeper.get(f"/imports/{batches[0].id}").text
        back = keeper.get(f"/imports/{batches[0].id}/original")
    assert name in page
    assert back.data == content
    assert "filename*=UTF-8''%E9%83%A8%E9%97%A8%E5%90%8D%E5%8D%95" in back.headers["Content-Disposition"]
    assert back.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00 a program", "名单.xlsx"),
        (b"code,name_zh\nD-1,x\n", "名单.xlsx"),
        (b"<html><script>alert(1)</script></html>", "名单.xlsx"),
        (b"PK\x03\x04 not a workbook", "名单.xlsx"),
        (b"PK\x03\x04 not a workbook", "名单.csv"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "名单.csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "名单.xls"),
        (b"code,name_zh\nD-1,x\n", "名单.html"),
        (b"code,name_zh\nD-1,x\n", "名单"),
        (b"", "名单.csv"),
    ],
)
def test_a_file_is_judged_by_its_content_and_not_by_its_ending(lite: Flask, keeper: FlaskClient, content: bytes, name: str) -> None:
    answer = _bring(keeper, content, name)
    assert answer.status_code == 422
    assert len(alerts(answer.text)) == 1
    assert db.session.execute(select(func.count(ImportBatch.id))).scalar_one() == 0
