"""Signing in: the same lock at the form and for programs, sessions that end when they must, and where one lands afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.clock import stopped_at
from app.core.db import db
from app.core.transaction import transaction
from app.entities.account import Account
from app.services import sign_in as service
from tests.conftest import outside
from tests.people import PASSWORD, create_person, reloaded
from tests.web.doors import program
from tests.web.papers import alerts

Enter = Callable[..., FlaskClient]
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
FRESH = "Another-horse-8"


def _form(app: Flask, name: str, password: str, address: str = "/login/", client: FlaskClient | None = None) -> Any:
    with outside():
        return (client or app.test_client()).post(address, data={"username": name, "password": password})


def _api(app: Flask, name: str, password: str) -> Any:
    with outside():
        return app.test_client().post("/api/v1/security/login", json={"username": name, "password": password})


def _said(answer: Any) -> str:
    return answer.json["message"] if answer.is_json else alerts(answer.text)[0]


# The lock.


@pytest.mark.parametrize("order", ["form form form form form", "api api api api api", "form api form api api"])
def test_five_failures_at_whichever_door_lock_the_account_at_both(lite: Flask, order: str) -> None:
    create_person("viewer")
    doors = {"form": _form, "api": _api}
    with stopped_at(NOON):
        answers = [doors[door](lite, "viewer", "wrong") for door in order.split()]
        assert {answer.status_code for answer in answers} == {401}
        for door in doors.values():
            locked = door(lite, "viewer", PASSWORD)
            assert locked.status_code == 401
            assert _said(locked) == _said(door(lite, "nobody", PASSWORD))  # whoever guesses names learns nothing
            assert "15 分钟" in _said(locked)
    with stopped_at(NOON + timedelta(minutes=14, seconds=59)):
        assert _api(lite, "viewer", PASSWORD).status_code == 401
    with stopped_at(NOON + timedelta(minutes=15, seconds=1)):
        assert _api(lite, "viewer", PASSWORD).status_code == 200
        assert _form(lite, "viewer", PASSWORD).status_code == 302


def test_failures_of_long_ago_and_before_a_success_do_not_count(app: Flask) -> None:
    create_person("viewer")
    with stopped_at(NOON):
        for _ in range(4):
            _api(app, "viewer", "wrong")
    with stopped_at(NOON + timedelta(minutes=16)):
        for _ in range(4):
            _api(app, "viewer", "wrong")
        assert _api(app, "viewer", PASSWORD).status_code == 200
        for _ in range(4):
            _api(app, "viewer", "wrong")
        assert _api(app, "viewer", PASSWORD).status_code == 200


def test_the_user_name_and_the_e_mail_address_share_one_lock(lite: Flask) -> None:
    create_person("viewer")
    for name in ("viewer", "viewer@example.invalid", " viewer ", "viewer", "viewer@example.invalid"):
        assert _api(lite, name, "wrong").status_code == 401
    assert _api(lite, "viewer", PASSWORD).status_code == 401


def test_a_lock_of_one_account_is_no_lock_of_another(lite: Flask) -> None:
    create_person("viewer")
    create_person("auditor")
    for _ in range(6):
        _form(lite, "viewer", "wrong")
    assert _form(lite, "auditor", PASSWORD).status_code == 302


# Who is not there is answered like who is.


def test_an_inactive_or_unknown_account_is_answered_like_a_wrong_password(lite: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    create_person("viewer")
    account = create_person("auditor")
    with transaction() as session:
        session.merge(account).active = False
    compared: list[str] = []
    check = service.check_password_hash
    monkeypatch.setattr(service, "check_password_hash", lambda kept, given: compared.append(kept.split(":")[0]) or check(kept, given))
    for door in (_form, _api):
        answers = [door(lite, *tried) for tried in (("viewer", "wrong"), ("auditor", PASSWORD), ("nobody", PASSWORD), ("", ""))]
        with transaction() as session:
            session.execute(select(Account).where(Account.username == "viewer")).scalar_one().fail_login_count = 0
        assert {answer.status_code for answer in answers} == {401}
        assert len({_said(answer) for answer in answers}) == 1
    assert compared == ["scrypt"] * 8  # so the answer takes as long


@pytest.mark.parametrize("body", [None, [], {}, {"username": "viewer"}, {"username": ["viewer"], "password": 1}, "text"])
def test_a_program_that_sends_something_else_is_told_what_to_send(lite: Flask, body: Any) -> None:
    with outside():
        answer = lite.test_client().post("/api/v1/security/login", json=body)
    assert answer.status_code == 400
    assert "username" in answer.json["message"]


# Sessions and tokens that end.


def test_deactivating_somebody_ends_cookie_and_token_at_once(app: Flask, sign_in: Enter) -> None:
    account = create_person("auditor")
    browser, reader = sign_in("auditor"), program(app, "auditor")
    with transaction() as session:
        session.merge(account).active = False
    with outside():
        assert browser.get("/changes/").headers["Location"].startswith("/login/")
        assert reader.get("/api/v1/departments/").status_code == 401


def test_a_new_role_counts_from_the_next_request_on(app: Flask, sign_in: Enter) -> None:
    account = create_person("auditor")
    browser, reader = sign_in("auditor"), program(app, "auditor")
    with transaction() as session:
        session.merge(account).roles = list(create_person("viewer").roles)
    with outside():
        assert browser.get("/accounts/list/").status_code == 403
        assert reader.get("/api/v1/accounts/").status_code == 403


def test_changing_ones_own_password_ends_the_other_sessions_and_keeps_this_one(app: Flask, sign_in: Enter) -> None:
    account = create_person("viewer")
    here, there, reader = sign_in("viewer"), sign_in("viewer"), program(app, "viewer")
    refused = [
        ({"old": "wrong", "new": FRESH, "again": FRESH}, "The present password is not right."),
        ({"old": PASSWORD, "new": FRESH, "again": "other"}, "The two new passwords differ."),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "The new password is the present one."),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "A password needs 10 characters"),
        ({"old": PASSWORD, "new": "Viewer-viewer-8", "again": "Viewer-viewer-8"}, "must not contain the user name"),
        ({"old": PASSWORD, "new": "nocapitalsnodigits", "again": "nocapitalsnodigits"}, "three kinds"),
    ]
    with outside():
        for typed, sentence in refused:
            answer = here.post("/password/", data=typed)
            assert answer.status_code == 422
            assert sentence in answer.text
        assert there.get("/departments/list/").status_code == 200
        assert here.post("/password/", data={"old": PASSWORD, "new": FRESH, "again": FRESH}).status_code == 302
        assert here.get("/departments/list/").status_code == 200
        assert there.get("/departments/list/").status_code == 302
        assert reader.get("/api/v1/departments/").status_code == 401
    assert _api(app, "viewer", FRESH).status_code == 200
    assert _api(app, "viewer", PASSWORD).status_code == 401
    assert reloaded(account).session_version == 2


def test_signing_out_needs_a_press_and_forgets_everything_but_the_language(lite: Flask, sign_in: Enter) -> None:
    create_person("viewer")
    browser = sign_in("viewer", "en")
    with outside():
        assert browser.get("/logout/").status_code == 405
        assert browser.get("/departments/list/").status_code == 200
        assert browser.post("/logout/").headers["Location"] == "/login/"
        assert browser.get("/departments/list/").headers["Location"].startswith("/login/")
        assert '<html lang="en"' in browser.get("/login/").text


def test_signing_out_ends_copies_of_the_cookie_and_the_programs_tokens(lite: Flask, sign_in: Enter) -> None:
    create_person("viewer")
    browser, copy, reader = sign_in("viewer"), lite.test_client(), program(lite, "viewer")
    stolen = browser.get_cookie(lite.config["SESSION_COOKIE_NAME"])
    assert stolen is not None
    copy.set_cookie(lite.config["SESSION_COOKIE_NAME"], stolen.value)
    with outside():
        assert copy.get("/departments/list/").status_code == 200
        browser.post("/logout/")
        assert copy.get("/departments/list/").status_code == 302
        assert reader.get("/api/v1/departments/").status_code == 401


def test_the_present_password_cannot_be_guessed_at_an_unlocked_desk(app: Flask, sign_in: Enter) -> None:
    create_person("viewer")
    browser = sign_in("viewer")
    with stopped_at(NOON), outside():
        for _ in range(5):
            assert browser.post("/password/", data={"old": "wrong", "new": FRESH, "again": FRESH}).status_code == 422
        assert browser.post("/password/", data={"old": PASSWORD, "new": FRESH, "again": FRESH}).status_code == 302
        assert browser.get("/departments/list/").headers["Location"].startswith("/login/")
        assert _api(app, "viewer", PASSWORD).status_code == 401
    with stopped_at(NOON + timedelta(minutes=16)):
        assert _api(app, "viewer", PASSWORD).status_code == 200
        assert _api(app, "viewer", FRESH).status_code == 401


def test_a_session_ends_with_the_browser_unless_one_asks_to_stay(lite: Flask) -> None:
    create_person("viewer")
    for stay, kept in (("", False), ("1", True)):
        with outside():
            answer = lite.test_client().post("/login/", data={"username": "viewer", "password": PASSWORD, "stay": stay})
        (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("frontline=")]
        assert ("Expires=" in cookie) == kept
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


# Where one lands.


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/\t/evil.example",
        "/\r\nSet-Cookie: x=1",
        " https://evil.example",
        "\x00//evil.example",
        "http://localhost@evil.example/",
        "http://[",
    ],
)
def test_nobody_is_sent_out_of_the_house(lite: Flask, target: str) -> None:
    create_person("viewer")
    client = lite.test_client()
    for address in ("/login/", "/login/"):  # the second time somebody who is signed in already
        with outside():
            answer = client.post(address, query_string={"next": target}, data={"username": "viewer", "password": PASSWORD})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_one_lands_where_one_wanted_to_go(lite: Flask) -> None:
    create_person("viewer")
    client = lite.test_client()
    with outside():
        asked = client.get("/departments/list/?q=x")
        assert asked.status_code == 302
        answer = client.post(asked.headers["Location"], data={"username": "viewer", "password": PASSWORD})
    assert answer.headers["Location"].endswith("/departments/list/?q=x")


def test_a_button_pressed_after_the_session_ended_leads_to_the_first_page(lite: Flask) -> None:
    create_person("viewer")
    client = lite.test_client()
    with outside():
        asked = client.post("/evaluations/2026-09/publish")
        assert asked.status_code == 302
        answer = client.post(asked.headers["Location"], data={"username": "viewer", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


# The language.


def test_a_choice_of_language_is_kept_with_the_account(app: Flask) -> None:
    account = create_person("viewer")
    with transaction() as session:
        session.merge(account).language = "zh"
    first, second = app.test_client(), app.test_client()
    with outside():
        _form(app, "viewer", PASSWORD, client=first)
        assert '<html lang="zh-CN"' in first.get("/").text
        assert first.post("/language/en", data={"next": "/departments/list/"}).headers["Location"] == "/departments/list/"
        assert '<html lang="en"' in first.get("/").text
        second.get("/login/")  # a browser that was never here, and looks at the page first
        _form(app, "viewer", PASSWORD, client=second)
        assert '<html lang="en"' in second.get("/").text
        assert program(app, "viewer").get("/api/v1/departments/999").json["message"].startswith("There is no such record")
    assert reloaded(account).language == "en"


def test_a_language_chosen_at_the_door_is_the_one_inside(lite: Flask) -> None:
    create_person("viewer")  # whose language is English
    client = lite.test_client()
    with outside():
        client.post("/language/zh")
        _form(lite, "viewer", PASSWORD, client=client)
        assert '<html lang="zh-CN"' in client.get("/").text
        assert client.post("/language/xx").status_code == 302
        assert '<html lang="zh-CN"' in client.get("/").text


@pytest.mark.parametrize("target", ["//evil.example", "/\t/evil.example", "https://evil.example/", "/\\evil.example", ""])
def test_choosing_a_language_leads_nowhere_else(lite: Flask, sign_in: Enter, target: str) -> None:
    create_person("viewer")
    with outside():
        answer = sign_in("viewer").post("/language/en", data={"next": target})
    assert answer.headers["Location"] == "/"


def test_a_language_nobody_speaks_is_kept_nowhere(lite: Flask, sign_in: Enter) -> None:
    account = create_person("viewer")
    with outside():
        sign_in("viewer").post("/language/xx")
    assert reloaded(account).language == "en"
    assert db.session.execute(select(Account.language).distinct()).scalars().all() == ["en"]
