"""What a tester found open: keys handed to oneself, others' files, provisional results, masked values handed back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select

from app.core.db import db
from app.core.runs import Run
from app.core.transaction import transaction
from app.crud.tables import ImportBatch
from app.entities.account import Account
from app.entities.staff_profile import StaffProfile
from app.jobs.worker import work_once
from app.services.evaluation import compute, publish
from tests.conftest import outside
from tests.people import create_department, create_person, create_street_town
from tests.web.doors import create_ticket, program
from tests.web.papers import Form

Enter = Callable[..., FlaskClient]


def _roles(*names: str) -> list[int]:
    return [db.session.execute(select(Role.id).where(Role.name == name)).scalar_one() for name in names]


def _put(client: FlaskClient, address: str, row: Any, **values: Any) -> Any:
    with outside():
        version = client.get(f"{address}/{row.id}").json["result"]["version"]
        return client.put(f"{address}/{row.id}", json={"version": version, **values})


def test_nobody_hands_keys_to_oneself_nor_the_emergency_role_to_anybody(app: Flask) -> None:
    keeper, other = create_person("security_admin"), create_person("viewer")
    client = program(app, "security_admin")
    assert _put(client, "/api/v1/accounts", keeper, roles=_roles("security_admin", "evaluator")).status_code == 422
    for role in ("Admin", "Public"):
        assert _put(client, "/api/v1/accounts", other, roles=_roles("viewer", role)).status_code == 422
    assert _put(client, "/api/v1/accounts", other, roles=_roles("viewer", "evaluator")).status_code == 200
    assert _put(client, "/api/v1/accounts", keeper, active=False).status_code == 422
    assert _put(client, "/api/v1/accounts", keeper, first_name="Keeper").status_code == 200


def test_somebody_is_always_left_who_keeps_the_accounts(app: Flask) -> None:
    first, second = create_person("security_admin"), create_person("security_admin", username="second")
    client = program(app, "second")
    assert _put(client, "/api/v1/accounts", first, active=False).status_code == 200
    with transaction() as session:
        session.get_one(Account, second.id).roles = [session.execute(select(Role).where(Role.name == "viewer")).scalar_one()]
        session.get_one(Account, first.id).active = True
    client = program(app, "security_admin")
    assert "own" in _put(client, "/api/v1/accounts", first, active=False).json["message"]


def test_whoever_keeps_accounts_gives_people_their_unit(app: Flask) -> None:
    town = create_street_town("S-1")
    create_person("security_admin")
    newcomer = create_person("street_town")
    profile = db.session.execute(select(StaffProfile).where(StaffProfile.account_id == newcomer.id)).scalar_one()
    given = _put(program(app, "security_admin"), "/api/v1/staff", profile, unit=town.id)
    assert given.status_code == 200, given.text
    assert db.session.execute(select(StaffProfile.unit_id).where(StaffProfile.account_id == newcomer.id)).scalar_one() == town.id


def test_files_of_others_stay_with_those_who_could_have_brought_them(app: Flask, sign_in: Enter) -> None:
    for role in ("district_admin", "auditor", "evaluator", "system_admin"):
        create_person(role)
    file = "编码,名称（中文）,类型\nD-1,甲,责任部门\nD-2,,责任部门\n".encode()
    with outside():
        sign_in("district_admin").post("/departments/import", data={"file": (BytesIO(file), "单位.csv")})
    work_once(app)
    batch = db.session.execute(select(ImportBatch)).scalar_one()
    for role, wanted in {"district_admin": 200, "auditor": 404, "evaluator": 404, "system_admin": 404}.items():
        with outside():
            reader = sign_in(role)
            assert reader.get(f"/imports/{batch.id}").status_code == 200
            assert reader.get(f"/imports/{batch.id}/original").status_code == wanted, role
            assert reader.get(f"/imports/{batch.id}/marked").status_code == wanted, role
    with transaction() as session:
        run = session.execute(select(Run)).scalars().first()
        assert run is not None
        run.result = {"digest": batch.file_digest, "name": "x.csv"}
        number = run.id
    with outside():
        assert sign_in("district_admin").get(f"/runs/{number}/file").status_code == 200
        assert sign_in("auditor").get(f"/runs/{number}/file").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_the_name_of_an_export_travels_in_ascii_whatever_the_language(lite: Flask, sign_in: Enter, language: str, fmt: str) -> None:
    """PEP 3333: header values are latin-1; a server refuses others, Flask's test client does not."""
    create_person("district_admin")
    with outside():
        answer = sign_in("district_admin", language).get(f"/departments/export?fmt={fmt}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].isascii()
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"] or language == "en"


def test_who_is_assessed_sees_what_was_published_and_nothing_before(app: Flask, sign_in: Enter) -> None:
    town = create_street_town("S-1")
    ticket = create_ticket(town, reported_at=datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    assert ticket.id
    create_person("evaluator")
    create_person("street_town", town)
    compute("2026-03")
    db.session.rollback()
    with outside():
        assert sign_in("evaluator").get("/evaluations/2026-03").status_code == 200
        assert sign_in("street_town").get("/evaluations/2026-03").status_code == 404
        assert program(app, "street_town").get("/api/v1/scorecards/2026-03").status_code == 404
    publish("2026-03")
    db.session.rollback()
    with outside():
        assert sign_in("street_town").get("/evaluations/2026-03").status_code == 200


def test_a_masked_value_handed_back_changes_nothing(app: Flask) -> None:
    create_person("security_admin")
    worker = create_person("viewer")
    with transaction() as session:
        profile = session.execute(select(StaffProfile).where(StaffProfile.account_id == worker.id)).scalar_one()
        profile.phone = "13912345678"
    client = program(app, "security_admin")
    with outside():
        shown = client.get(f"/api/v1/staff/{profile.id}").json["result"]
        assert shown["phone"] == "139****5678"
        assert client.put(f"/api/v1/staff/{profile.id}", json={"version": shown["version"], "phone": shown["phone"]}).status_code == 200
    db.session.expire_all()
    assert db.session.get_one(StaffProfile, profile.id).phone == "13912345678"
    assert _put(client, "/api/v1/staff", profile, phone="13800000000").status_code == 200
    db.session.expire_all()
    assert db.session.get_one(StaffProfile, profile.id).phone == "13800000000"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_form_that_was_open_too_long_is_answered_in_a_sentence(lite: Flask, sign_in: Enter, language: str) -> None:
    create_person("district_admin")
    browser = sign_in("district_admin", language)
    lite.config["WTF_CSRF_ENABLED"] = True
    try:
        with outside():
            answer = browser.post("/departments/add", data={"code": "D-1", "csrf_token": "stale"})
    finally:
        lite.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400
    assert ("页面打开时间过长" in answer.text) if language == "zh" else ("open for too long" in answer.text)


def test_a_file_that_cannot_be_read_is_called_refused_and_not_being_checked(app: Flask, sign_in: Enter) -> None:
    create_person("district_admin")
    browser = sign_in("district_admin", "zh")
    with outside():
        browser.post("/departments/import", data={"file": (BytesIO("编码,名称（中文）\n".encode()), "空.csv")})
        work_once(app)
        batch = db.session.execute(select(ImportBatch)).scalar_one()
        said = browser.get(f"/imports/{batch.id}").text
    assert batch.state == "refused"
    assert "正在校验" not in said
    assert "没有数据行" in said


def test_half_a_name_in_a_picker_is_refused_and_not_dropped(lite: Flask, sign_in: Enter) -> None:
    create_person("district_admin")
    create_department("D-1")
    browser = sign_in("district_admin")
    with outside():
        answer = browser.post("/departments/add", data={"code": "D-2", "name_zh": "乙", "kind": "department", "parent": "不存在的单位"})
    assert answer.status_code == 422
    assert "“不存在的单位” is not a record of" in answer.text
    assert Form(answer.text).sent["code"] == ["D-2"]
