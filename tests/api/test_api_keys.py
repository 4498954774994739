"""API keys: made with the password, shown once, and worth nothing once anything they stand on is gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.clock import now, stopped_at
from app.core.db import db
from app.core.transaction import transaction
from app.crud.tables import Change
from app.entities.account import Account, Role
from app.entities.api_key import ApiKey
from app.services.sign_in import change_own_password, reset_password
from tests.conftest import outside
from tests.people import PASSWORD, create_person, reloaded

Enter = Callable[[str], FlaskClient]
LIST = "/api/v1/departments/"


def make(browser: FlaskClient, name: str = "热线接口", **values: str) -> str:
    """A key's secret, read off the page that shows it."""
    with outside():
        page = browser.post("/api-keys/", data={"name": name, "days": "90", "password": PASSWORD, **values})
    assert page.status_code == 201, page.text[:3000]
    return page.text.partition('id="secret">')[2].partition("<")[0]


def asks(app: Flask, headers: dict[str, str], path: str = LIST) -> Any:
    """A program with these headers and nothing else."""
    with outside():
        return app.test_client().get(path, headers=headers)


def status(app: Flask, secret: str) -> int:
    """What a program with this key is answered."""
    return int(asks(app, {"Authorization": f"ApiKey {secret}"}).status_code)


def test_a_key_opens_the_doors_of_its_owner_in_any_of_three_headers(app: Flask, sign_in: Enter) -> None:
    create_person("evaluator")
    secret = make(sign_in("evaluator"))
    for headers in ({"Authorization": f"ApiKey {secret}"}, {"X-API-Key": secret}, {"Authorization": f"Bearer {secret}"}):
        assert asks(app, headers).status_code == 200
    refused = asks(app, {"X-API-Key": secret}, "/api/v1/users/")
    assert refused.status_code in (403, 404)
    with outside():
        assert app.test_client().post(LIST, json={"code": "D-9", "name_zh": "部门"}, headers={"X-API-Key": secret}).status_code == 403
        assert app.test_client().get("/api-keys/", headers={"X-API-Key": secret}).status_code in (302, 401)


def test_who_comes_with_a_key_is_named_in_the_change_log(lite: Flask, sign_in: Enter) -> None:
    account = create_person("district_admin")
    secret = make(sign_in("district_admin"))
    with outside():
        made = lite.test_client().post(LIST, json={"code": "D-9", "name_zh": "部门"}, headers={"X-API-Key": secret})
    assert made.status_code == 201
    line = db.session.execute(select(Change).where(Change.entity == "Department")).scalar_one()
    assert (line.user_id, line.action) == (account.id, "create")


def test_the_secret_is_kept_nowhere_and_shown_once(lite: Flask, sign_in: Enter) -> None:
    create_person("evaluator")
    browser = sign_in("evaluator")
    secret = make(browser)
    assert len(secret) > 40
    row = db.session.execute(select(ApiKey)).scalar_one()
    assert secret not in (row.key_hash, row.lookup_hash) and secret.startswith(row.key_prefix)
    with outside():
        page = browser.get("/api-keys/").text
    assert secret not in page and row.key_prefix in page
    logged = [str(change.changes) + change.row_label for change in db.session.execute(select(Change)).scalars()]
    assert not [line for line in logged if secret in line or row.key_hash in line]


def test_making_and_revoking_stand_in_the_change_log(app: Flask, sign_in: Enter) -> None:
    account = create_person("evaluator")
    browser = sign_in("evaluator")
    secret = make(browser)
    key = db.session.execute(select(ApiKey)).scalar_one()
    with outside():
        assert browser.post(f"/api-keys/{key.id}/revoke").status_code == 302
    assert status(app, secret) == 401
    lines = db.session.execute(select(Change).where(Change.entity == "ApiKey").order_by(Change.id)).scalars().all()
    assert [(line.action, line.user_id) for line in lines] == [("create", account.id), ("update", account.id)]
    assert list(lines[1].changes) == ["revoked_on"]
    with outside():
        page = browser.get("/api-keys/").text
    assert "Revoked" in page


def test_a_key_ends_with_its_time(app: Flask, sign_in: Enter) -> None:
    create_person("evaluator")
    secret = make(sign_in("evaluator"), days="30")
    with stopped_at(now() + timedelta(days=29, hours=23)):
        assert status(app, secret) == 200
    with stopped_at(now() + timedelta(days=30, hours=1)):
        assert status(app, secret) == 401


def _resets(account: Account) -> None:
    reset_password(account.id)


def _changes(account: Account) -> None:
    change_own_password(account.id, PASSWORD, "Another-horse-8", failures=5, minutes=15)


def _deactivates(account: Account) -> None:
    with transaction() as session:
        session.get_one(Account, account.id).active = False


@pytest.mark.parametrize("ending", [_resets, _changes, _deactivates])
def test_a_key_ends_with_its_password_and_with_its_account_for_good(app: Flask, sign_in: Enter, ending: Callable[[Account], None]) -> None:
    account = create_person("evaluator")
    secret = make(sign_in("evaluator"))
    version = reloaded(account).version
    ending(account)
    assert status(app, secret) == 401
    assert reloaded(account).version - version in (0, 1)
    with transaction() as session:
        session.get_one(Account, account.id).active = True
    assert status(app, secret) == 401


def test_a_key_opens_nothing_once_its_owner_may_have_none(lite: Flask, sign_in: Enter) -> None:
    account = create_person("evaluator")
    secret = make(sign_in("evaluator"))
    assert status(lite, secret) == 200
    with transaction() as session:
        session.get_one(Account, account.id).roles = [session.execute(select(Role).where(Role.name == "viewer")).scalar_one()]
    assert status(lite, secret) == 401


def test_signing_out_of_one_browser_leaves_programs_alone_and_everywhere_ends_all(app: Flask, sign_in: Enter) -> None:
    create_person("evaluator")
    first = sign_in("evaluator")
    secret = make(first)
    with outside():
        first.post("/logout/")
    assert status(app, secret) == 200
    here, elsewhere = sign_in("evaluator"), sign_in("evaluator")
    with outside():
        assert here.post("/api-keys/end-all").status_code == 302
        assert here.get("/api-keys/").status_code == 200
        assert elsewhere.get("/api-keys/").status_code == 302
    assert status(app, secret) == 401


def test_nobody_makes_a_key_at_an_unlocked_desk(lite: Flask, sign_in: Enter) -> None:
    create_person("evaluator")
    browser = sign_in("evaluator")
    for _ in range(5):
        with outside():
            page = browser.post("/api-keys/", data={"name": "热线接口", "days": "90", "password": "wrong"})
        assert page.status_code == 422 and "The present password is not right." in page.text
    assert "热线接口" in page.text  # what was typed is still there
    with outside():
        assert browser.get("/api-keys/").status_code == 302  # the fifth failure locked the account and ended its sessions
    assert db.session.execute(select(ApiKey)).first() is None


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("name", "x" * 81), ("days", "9999"), ("days", "x"), ("days", "-30")])
def test_a_key_needs_a_name_and_an_end(lite: Flask, sign_in: Enter, field: str, value: str) -> None:
    create_person("evaluator")
    browser = sign_in("evaluator")
    with outside():
        page = browser.post("/api-keys/", data={"name": "热线接口", "days": "90", "password": PASSWORD, field: value})
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert db.session.execute(select(ApiKey)).first() is None


def test_keys_of_others_are_neither_seen_nor_revoked(lite: Flask, sign_in: Enter) -> None:
    create_person("evaluator", username="owner")
    create_person("evaluator", username="other")
    secret = make(sign_in("owner"), "owners-key")
    key = db.session.execute(select(ApiKey)).scalar_one()
    browser = sign_in("other")
    with outside():
        assert "owners-key" not in browser.get("/api-keys/").text
        assert browser.post(f"/api-keys/{key.id}/revoke").status_code == 404
    assert status(lite, secret) == 200


def test_the_last_use_is_remembered(app: Flask, sign_in: Enter) -> None:
    create_person("evaluator")
    secret = make(sign_in("evaluator"))
    moment = now() + timedelta(days=1)
    with stopped_at(moment):
        assert status(app, secret) == 200
    db.session.expire_all()
    used = db.session.execute(select(ApiKey.last_used_on)).scalar_one()
    assert used == moment.replace(tzinfo=None)


@pytest.mark.parametrize("said", ["", "flk_", "flk_00000000_x", "x" * 5000, "flk_é", "Bearer", "' OR 1=1 --"])
def test_a_wrong_key_is_refused_in_words(lite: Flask, said: str) -> None:
    answer = asks(lite, {"X-API-Key": said})
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (401, "not-signed-in")
    assert answer.json["message"]


def test_whoever_guesses_keys_is_slowed_down(lite: Flask, sign_in: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    create_person("evaluator")
    secret = make(sign_in("evaluator"))
    monkeypatch.setitem(lite.config, "AUTH_RATE_LIMIT", "7 per minute")
    answers = [status(lite, f"flk_0000000{n % 10}_guess") for n in range(9)]
    assert answers == [401] * 7 + [429] * 2
    assert status(lite, secret) == 429
    monkeypatch.undo()
    assert status(lite, secret) == 200


@pytest.mark.parametrize("token", ["x", "a.b.c", "e30.e30.e30", "Bearer x", "…"])
def test_a_bad_token_is_not_signed_in_like_none_at_all(lite: Flask, token: str) -> None:
    for headers in ({"Authorization": f"Bearer {token}".encode().decode("latin-1")}, {}):
        answer = asks(lite, headers)
        assert (answer.status_code, answer.json["errors"][0]["code"]) == (401, "not-signed-in")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
