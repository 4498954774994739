"""Gateways hand in signed messages: each form has a sample and a malformed twin; copies and forgeries are refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.channels.message_mapping import message_mappings
from app.core.db import db
from app.core.transaction import transaction
from app.crud.tables import Change
from app.entities.channel import Channel
from app.entities.intake_source import IntakeSource
from app.entities.source_system import SourceSystem
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from tests.conftest import outside
from tests.people import create_person
from tests.services.casework import MORNING, Office, create_office

SECRET = "a-key-of-twenty-chars"

SAMPLES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "plain": (
        "WECHAT",
        {
            "id": "p-1",
            "text": "路灯不亮。晚上很黑",
            "address": "温泉支路9号",
            "name": "王小明",
            "phone": "13812345678",
            "time": "2026-03-02T08:30:00",
        },
        {
            "source_no": "p-1",
            "title": "路灯不亮",
            "address": "温泉支路9号",
            "reporter_name": "王小明",
            "reporter_phone": "13812345678",
            "minute": 30,
        },
    ),
    "wechat": (
        "WECHAT",
        {"ToUserName": "gh_1", "MsgType": "text", "MsgId": 23456789012345678, "Content": "井盖破损", "CreateTime": 1772412300},
        {"source_no": "23456789012345678", "title": "井盖破损", "minute": 45},
    ),
    "weibo": (
        "WEIBO",
        {
            "idstr": "5139",
            "text": "@区政府 占道经营太吵",
            "created_at": "Mon Mar 02 08:50:00 +0800 2026",
            "user": {"screen_name": "榕城小林"},
            "geo": None,
        },
        {"source_no": "5139", "title": "@区政府 占道经营太吵", "reporter_name": "榕城小林", "minute": 50},
    ),
    "sms": (
        "SMS",
        {"msg_id": "s9", "mobile": "13912345678", "content": "五四路积水", "receive_time": "2026-03-02 08:40:00"},
        {"source_no": "s9", "title": "五四路积水", "reporter_phone": "13912345678", "minute": 40},
    ),
}
TWINS: dict[str, tuple[dict[str, Any], str]] = {
    "plain": ({"time": "yesterday"}, "time"),
    "wechat": ({"Content": ""}, "Content"),
    "weibo": ({"text": {"html": "x"}}, "text"),
    "sms": ({"msg_id": None}, "msg_id"),
}


def create_sources(app: Flask) -> Office:
    """A gateway for every form."""
    office = create_office()
    with transaction() as session:
        source = session.execute(select(SourceSystem).where(SourceSystem.code == "COMMUNITY")).scalar_one()
        for code, (channel, _, _) in SAMPLES.items():
            counted = session.execute(select(Channel).where(Channel.code == channel)).scalar_one()
            session.add(IntakeSource(code=code, name_zh=code, mapping=code, channel=counted, source=source, secret=SECRET))
    return office


def signed(body: bytes, message_id: str, moment: Any, secret: str = SECRET) -> dict[str, str]:
    """By the specification's words, not by our own function."""
    stamp = str(int(moment.timestamp()))
    digest = hmac.new(secret.encode(), f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": "v1,AAAA v1," + base64.b64encode(digest).decode(),
        "Content-Type": "application/json",
        "Accept-Language": "en",
    }


def send(app: Flask, office: Office, source: str, message: Any, **change: Any) -> Any:
    body = message if isinstance(message, bytes) else json.dumps(message, ensure_ascii=False).encode()
    headers = signed(body, "m-1", change.pop("at", office.at), change.pop("secret", SECRET)) | change
    with office.now(), outside():
        return app.test_client().post(f"/api/v1/intake/{source}", data=body, headers={k: v for k, v in headers.items() if v is not None})


def tickets() -> int:
    return int(db.session.execute(select(func.count()).select_from(Ticket)).scalar_one())


def test_every_form_has_a_sample_and_a_twin() -> None:
    assert set(message_mappings()) == set(SAMPLES) == set(TWINS)


@pytest.mark.parametrize("form", sorted(SAMPLES))
def test_a_sample_becomes_a_ticket_in_its_own_channel(app: Flask, form: str) -> None:
    office = create_sources(app)
    channel, message, expected = SAMPLES[form]
    answer = send(app, office, form, message)
    assert answer.status_code == 201, answer.text
    ticket = db.session.execute(select(Ticket)).scalar_one()
    assert answer.json == {"number": ticket.number, "lookup_code": ticket.lookup_code, "registered": True}
    assert ticket.channel.code == channel
    assert ticket.reported_at.minute == expected["minute"]
    assert {name: getattr(ticket, name) for name in expected if name != "minute"} == {k: v for k, v in expected.items() if k != "minute"}
    event = db.session.execute(select(TicketEvent)).scalar_one()
    assert (event.user_name, event.user_id) == (form, None)


@pytest.mark.parametrize("form", sorted(SAMPLES))
def test_a_malformed_twin_is_refused_naming_its_place_and_nothing_is_registered(lite: Flask, form: str) -> None:
    office = create_sources(lite)
    change, place = TWINS[form]
    answer = send(lite, office, form, {**SAMPLES[form][1], **change})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [place]
    assert tickets() == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"\xff\xfe", b"[" * 5000])
def test_what_is_no_json_object_is_refused(lite: Flask, body: bytes) -> None:
    office = create_sources(lite)
    assert send(lite, office, "plain", body).status_code == 400
    assert tickets() == 0


def test_only_a_fresh_message_signed_with_the_sources_key_is_taken(app: Flask) -> None:
    office = create_sources(app)
    message = SAMPLES["sms"][1]
    late, early = office.at - timedelta(minutes=6), office.at + timedelta(minutes=6)
    refused = [
        send(app, office, "sms", message, secret="another-key-of-twenty"),
        send(app, office, "nobody", message),
        send(app, office, "sms", message, at=late),
        send(app, office, "sms", message, at=early),
        send(app, office, "sms", message, **{"webhook-id": "m-2"}),
        send(app, office, "sms", message, **{"webhook-timestamp": "1e9"}),
        send(app, office, "sms", message, **{"webhook-signature": None}),
        send(app, office, "sms", message, **{"webhook-signature": "v1,é"}),
        send(app, office, "sms", message, **{"webhook-id": None}),
    ]
    assert {answer.status_code for answer in refused} == {401}
    assert refused[0].json == refused[1].json, "which sources there are is nobody's business"
    assert tickets() == 0
    with transaction() as session:
        session.execute(select(IntakeSource).where(IntakeSource.code == "sms")).scalar_one().active = False
    assert send(app, office, "sms", message).status_code == 401
    assert send(app, office, "plain", SAMPLES["plain"][1], at=office.at - timedelta(minutes=4)).status_code == 201


def test_a_message_sent_again_and_copies_that_race_are_one_ticket(app: Flask) -> None:
    office = create_sources(app)
    start, found = threading.Barrier(4), []

    def again() -> None:
        with app.app_context():
            start.wait(20)
            answer = send(app, office, "weibo", SAMPLES["weibo"][1])
            found.append((answer.status_code, (answer.json or {}).get("number")))
            db.session.remove()

    threads = [threading.Thread(target=again) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 4
    assert len({number for status, number in found if status in (200, 201)}) == 1
    assert [status for status, _ in found].count(201) == 1 and {status for status, _ in found} <= {200, 201, 503}
    assert send(app, office, "weibo", SAMPLES["weibo"][1]).status_code == 200
    assert tickets() == 1


def test_the_future_and_a_wrong_number_of_degrees_are_refused(lite: Flask) -> None:
    office = create_sources(lite)
    message = SAMPLES["plain"][1]
    ahead = (MORNING + timedelta(hours=2)).isoformat()
    assert send(lite, office, "plain", {**message, "time": ahead}).status_code == 422
    assert send(lite, office, "plain", {**message, "latitude": 123, "longitude": 5}).status_code == 422
    assert send(lite, office, "plain", {**message, "matter": "nothing"}).json["errors"][0]["field"] == "matter"
    assert tickets() == 0


def test_a_key_is_long_and_shown_to_nobody_again(lite: Flask, sign_in: Any) -> None:
    create_sources(lite)
    create_person("system_admin")
    number = db.session.execute(select(IntakeSource.id).where(IntakeSource.code == "sms")).scalar_one()
    browser = sign_in("system_admin")
    with outside():
        pages = [
            browser.get(path).text for path in ("/intake-sources/list", f"/intake-sources/show/{number}", f"/intake-sources/edit/{number}")
        ]
        values = {"code": "x", "name_zh": "x", "name_en": "x", "mapping": "plain", "channel": "1", "source": "1", "secret": "short"}
        refused = browser.post("/intake-sources/add", data=values)
    assert not [page for page in pages if SECRET in page]
    assert "at least 16 characters" in refused.text
    logged = [str(change.changes) for change in db.session.execute(select(Change).where(Change.entity == "IntakeSource")).scalars()]
    assert logged and not [line for line in logged if SECRET in line]
