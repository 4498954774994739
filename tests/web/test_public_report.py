"""The public form on both databases: without an account a matter is reported once, looked up by its code, and nothing hostile works."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core.clock import stopped_at
from app.core.db import db
from app.core.transaction import transaction
from app.entities.attachment import Attachment
from app.entities.parameter import Parameter
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from tests.conftest import outside
from tests.services.casework import Office, create_office

GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
SAID = {
    "lang": "en",
    "description": "路灯不亮，晚上看不见路。\n<script>alert(1)</script>",
    "address": "温泉支路9号",
    "street_town": "S-1",
    "reporter_name": "王小明",
    "reporter_phone": "13812345678",
}


@pytest.fixture
def office(request: pytest.FixtureRequest) -> Office:
    """Street-towns to choose from."""
    request.getfixturevalue("app" if "app" in request.fixturenames else "lite")
    return create_office()


@pytest.fixture
def slow(lite: Flask) -> Iterator[None]:
    """An installation that lets one address report twice an hour."""
    before = lite.config["PUBLIC_REPORTS"]
    lite.config["PUBLIC_REPORTS"] = "2 per hour"
    yield
    lite.config["PUBLIC_REPORTS"] = before


def opened(app: Flask, office: Office, lang: str = "en") -> str:
    """A fresh form's pass."""
    with office.now(), outside():
        page = app.test_client().get(f"/report/?lang={lang}")
    assert page.status_code == 200
    return re.search(r'name="pass" value="([^"]+)"', page.text)[1]


def sent(app: Flask, office: Office, form_pass: str, **change: Any) -> Any:
    with office.now(), outside():
        return app.test_client().post("/report/", data={**SAID, "pass": form_pass, **change}, content_type="multipart/form-data")


def tickets() -> int:
    return int(db.session.execute(select(func.count()).select_from(Ticket)).scalar_one())


def test_a_citizen_reports_and_looks_the_matter_up(app: Flask, office: Office) -> None:
    done = sent(app, office, opened(app, office), file=(io.BytesIO(GIF), "路灯.gif"))
    assert done.status_code == 201, done.text[:2000]
    ticket = db.session.execute(select(Ticket)).scalar_one()
    assert ticket.number in done.text and ticket.lookup_code in done.text
    assert (ticket.channel.code, ticket.source.code, ticket.street_town.code) == ("WEB_FORM", "WEB_FORM", "S-1")
    assert (ticket.title, ticket.reporter_phone) == ("路灯不亮，晚上看不见路", "13812345678")
    assert db.session.execute(select(Attachment.name)).scalar_one() == "路灯.gif"
    assert {event.user_name for event in db.session.execute(select(TicketEvent)).scalars()} == {"citizen"}
    with office.now(), outside():
        found = app.test_client().post("/public/", data={"number": ticket.number, "code": ticket.lookup_code, "lang": "en"})
    assert found.status_code == 200 and "路灯不亮" in found.text


def test_a_button_pressed_twice_is_one_report_with_one_answer(app: Flask, office: Office) -> None:
    form_pass = opened(app, office)
    first, again = sent(app, office, form_pass), sent(app, office, form_pass)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.text == again.text
    assert tickets() == 1
    assert sent(app, office, opened(app, office)).status_code == 201
    assert tickets() == 2


MISTAKES = [
    ({"description": " "}, "description", "Say what the matter is"),
    ({"description": "。。。"}, "description", "Say what the matter is"),
    ({"description": "长" * 2001}, "description", "at most 2,000"),
    ({"address": ""}, "address", "Say where it is"),
    ({"street_town": "S-99"}, "street_town", "S-99"),
    ({"reporter_phone": "<b>me</b>"}, "reporter_phone", "not a telephone number"),
    ({"reporter_name": "王" * 61}, "reporter_name", "60"),
    ({"file": (io.BytesIO(b"MZ\x90\x00"), "lamp.jpg")}, "file", "lamp.jpg"),
    ({"file": [(io.BytesIO(GIF), f"{n}.gif") for n in range(4)]}, "file", "At most 3 photographs"),
]


@pytest.mark.parametrize(("change", "field", "words"), MISTAKES, ids=[f"{field}-{n}" for n, (_, field, _) in enumerate(MISTAKES)])
def test_a_mistake_is_marked_at_its_field_and_nothing_typed_is_lost(
    lite: Flask, office: Office, change: dict[str, Any], field: str, words: str
) -> None:
    form_pass = opened(lite, office)
    page = sent(lite, office, form_pass, **change)
    assert page.status_code == 422
    marked = re.search(rf'id="{field}-error"><span>([^<]*)', page.text)
    assert marked and words in marked[1], page.text[-4000:]
    kept = {**SAID, **{name: text for name, text in change.items() if name != "file"}}
    assert f'value="{form_pass}"' in page.text
    for name in ("address", "reporter_name"):
        assert f'value="{kept[name]}"' in page.text
    assert ("Choose the photographs again" in page.text) == (field == "file")
    assert "<script>alert" not in page.text and "<b>me" not in page.text
    assert tickets() == 0


@pytest.mark.parametrize("form_pass", ["", "x", "IjEi.aaaa.bbbb", "\x00"])
def test_a_form_that_did_not_come_from_here_is_given_back_renewed(lite: Flask, office: Office, form_pass: str) -> None:
    page = sent(lite, office, form_pass)
    assert page.status_code == 400
    assert "温泉支路9号" in page.text and 'name="pass" value="' in page.text
    assert tickets() == 0


def test_one_address_reports_only_so_often_but_a_retry_costs_nothing(lite: Flask, office: Office, slow: None) -> None:
    with lite.app_context():
        lite.appbuilder.sm.limiter.limiter.storage.reset()
    passes = [opened(lite, office) for _ in range(3)]
    answers = [sent(lite, office, passes[0]), sent(lite, office, passes[0]), sent(lite, office, passes[1]), sent(lite, office, passes[2])]
    assert [answer.status_code for answer in answers] == [201, 200, 201, 429]
    assert tickets() == 2
    lite.appbuilder.sm.limiter.limiter.storage.reset()


def test_a_closed_form_is_not_offered_and_takes_nothing(lite: Flask, office: Office) -> None:
    form_pass = opened(lite, office)
    with outside():
        assert "/report/" in lite.test_client().get("/public/").text
    with transaction() as session:
        session.execute(select(Parameter).where(Parameter.code == "public_report")).scalar_one().value = "0"
    assert sent(lite, office, form_pass).status_code == 404
    with outside():
        assert lite.test_client().get("/report/").status_code == 404
        assert "/report/" not in lite.test_client().get("/public/").text
    assert tickets() == 0


def test_both_languages_and_no_script(lite: Flask, office: Office) -> None:
    with stopped_at(office.at), outside():
        pages = {lang: lite.test_client().get(f"/report/?lang={lang}") for lang in ("zh", "en")}
    assert 'lang="zh-CN"' in pages["zh"].text and "街道S-1" in pages["zh"].text
    assert "Street-town S-1" in pages["en"].text and "Report a matter" in pages["en"].text
    for page in pages.values():
        assert "<script" not in page.text and "Set-Cookie" not in page.headers
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
