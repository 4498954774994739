"""Webhooks and group chats: real HTTP to a receiver that stands in for the program or the gateway, and what it says against a message."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from app.core.clock import stopped_at
from app.core.post import Trouble
from app.delivery import Settings, routes
from app.delivery.chat import words_of
from app.domain.refusals import Refused
from tests.delivery.parcels import PARCEL, enclosure, parcel
from tests.delivery.receiver import Receiver, receiving

SECRET = "a-key-of-enough-letters"
INSIDE = Settings(secret=SECRET, allow_private=True, patience=5)
PLAIN = Settings(allow_private=True, patience=5)
BOTS = {
    "wecom": ("/cgi-bin/webhook/send?key=abc-123", b'{"errcode":0,"errmsg":"ok"}'),
    "dingtalk": ("/robot/send?access_token=abc123", b'{"errcode":0,"errmsg":"ok"}'),
    "feishu": ("/open-apis/bot/v2/hook/abc-123", b'{"code":0,"data":{},"msg":"success"}'),
}


def said(receiver: Receiver) -> dict[str, object]:
    """The last message as JSON."""
    found: dict[str, object] = json.loads(receiver.posts[-1].body)
    return found


# --- webhook ------------------------------------------------------------------------------------------------


def test_a_webhook_is_told_what_is_ready_and_its_signature_verifies(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"scores")
    file = enclosure(tmp_path / "a", "绩效评价表.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    with receiving() as receiver, stopped_at(PARCEL.written_at):
        receiver.answer = b"taken"
        answer = routes()["webhook"].send(parcel(f"{receiver.url}/in?from=house", [file]), INSIDE)
    assert answer == "200 taken"
    (got,) = receiver.posts
    assert got.path == "/in?from=house"
    assert got.headers["webhook-id"] == PARCEL.message_id
    assert got.headers["webhook-timestamp"] == "1791939600"  # 2026-10-14 01:00 UTC
    signed = b"frontline.files.7.abc@frontline.test.1791939600." + got.body
    expected = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
    assert got.headers["webhook-signature"] == f"v1,{expected}"
    message = json.loads(got.body)
    assert message["id"] == PARCEL.message_id and message["data"]["subject"] == PARCEL.subject
    assert message["data"]["files"] == [
        {"name": file.name, "media_type": file.media_type, "size": 6, "sha256": hashlib.sha256(b"scores").hexdigest()}
    ]


def test_a_key_in_the_usual_form_is_used_as_every_library_does() -> None:
    key = b"0123456789abcdef01234567"
    settings = Settings(secret="whsec_" + base64.b64encode(key).decode(), allow_private=True, patience=5)
    with receiving() as receiver:
        routes()["webhook"].send(parcel(f"{receiver.url}/"), settings)
    (got,) = receiver.posts
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert got.headers["webhook-signature"] == f"v1,{expected}"


def test_a_webhook_without_a_key_is_not_registered() -> None:
    check = routes()["webhook"].check
    for settings in (Settings(), Settings(secret="short"), Settings(secret="whsec_no base64 here")):
        with pytest.raises(Refused) as refused:
            check("https://program.example/in", settings)
        assert refused.value.field == "secret"
    check("https://program.example/in", INSIDE)
    with pytest.raises(Refused) as refused:
        check("program.example/in", INSIDE)
    assert refused.value.field == "address"


# --- group chats --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", BOTS)
def test_a_group_reads_the_subject_the_words_and_the_link(code: str) -> None:
    address, answer = BOTS[code]
    with receiving() as receiver:
        receiver.answer = answer
        assert routes()[code].send(parcel(receiver.url + address), PLAIN).startswith("0 ")
    (got,) = receiver.posts
    assert got.path == address
    message = said(receiver)
    text = message["content"]["text"] if code == "feishu" else message["text"]["content"]
    assert text.replace("\r\n", "\n") == f"{PARCEL.subject}\n{PARCEL.text}"


@pytest.mark.parametrize(
    ("code", "answer", "lasting"),
    [
        ("wecom", b'{"errcode":93000,"errmsg":"invalid webhook url"}', True),
        ("wecom", b'{"errcode":45009,"errmsg":"api freq out of limit"}', False),
        ("dingtalk", b'{"errcode":310000,"errmsg":"sign not match"}', True),
        ("dingtalk", b'{"errcode":130101,"errmsg":"send too fast"}', False),
        ("feishu", b'{"code":19021,"msg":"sign match fail or timestamp is not within one hour"}', True),
        ("feishu", b'{"code":11232,"msg":"frequency limited"}', False),
    ],
)
def test_a_robot_that_says_no_in_the_body_of_a_200_has_not_delivered(code: str, answer: bytes, lasting: bool) -> None:
    address, _ = BOTS[code]
    with receiving() as receiver:
        receiver.answer = answer
        with pytest.raises(Trouble) as trouble:
            routes()[code].send(parcel(receiver.url + address), PLAIN)
    assert (trouble.value.lasting, trouble.value.server) == (lasting, False)
    number, words = (json.loads(answer)[name] for name in (("code", "msg") if code == "feishu" else ("errcode", "errmsg")))
    assert trouble.value.answer == f"{number} {words}"


@pytest.mark.parametrize("code", BOTS)
@pytest.mark.parametrize("answer", [b"<html>busy</html>", b"", b"[]", b'{"ok":true}'])
def test_a_gateway_whose_answer_nobody_understands_is_asked_again(code: str, answer: bytes) -> None:
    with receiving() as receiver:
        receiver.answer = answer
        with pytest.raises(Trouble) as trouble:
            routes()[code].send(parcel(receiver.url + BOTS[code][0]), PLAIN)
    assert (trouble.value.code, trouble.value.lasting) == ("later", False)


@pytest.mark.parametrize("code", BOTS)
def test_a_gateway_that_sends_us_elsewhere_is_not_followed(code: str) -> None:
    with receiving() as other, receiving() as receiver:
        receiver.status, receiver.headers = 307, {"Location": f"{other.url}/"}
        with pytest.raises(Trouble) as trouble:
            routes()[code].send(parcel(receiver.url + BOTS[code][0]), PLAIN)
        assert trouble.value.code == "redirected" and other.posts == []


def test_dingtalk_is_signed_where_the_group_asks_for_it() -> None:
    with receiving() as receiver, stopped_at(PARCEL.written_at):
        receiver.answer = b'{"errcode":0}'
        routes()["dingtalk"].send(parcel(receiver.url + BOTS["dingtalk"][0]), Settings(secret="SECabc", allow_private=True, patience=5))
    query = parse_qs(urlsplit(receiver.posts[0].path).query)
    assert query["access_token"] == ["abc123"] and query["timestamp"] == ["1791939600000"]
    expected = hmac.new(b"SECabc", b"1791939600000\nSECabc", hashlib.sha256).digest()
    assert base64.b64decode(query["sign"][0]) == expected


def test_feishu_is_signed_where_the_group_asks_for_it() -> None:
    with receiving() as receiver, stopped_at(PARCEL.written_at):
        receiver.answer = b'{"code":0}'
        routes()["feishu"].send(parcel(receiver.url + BOTS["feishu"][0]), Settings(secret="abc", allow_private=True, patience=5))
    message = said(receiver)
    assert message["timestamp"] == "1791939600"
    assert base64.b64decode(str(message["sign"])) == hmac.new(b"1791939600\nabc", b"", hashlib.sha256).digest()


@pytest.mark.parametrize("code", BOTS)
def test_a_robot_lives_at_its_chat_and_nowhere_else(code: str) -> None:
    address, _ = BOTS[code]
    route = routes()[code]
    home = {"wecom": "https://qyapi.weixin.qq.com", "dingtalk": "https://oapi.dingtalk.com", "feishu": "https://open.feishu.cn"}[code]
    route.check(home + address, Settings())
    for wrong in ("https://evil.example" + address, home.replace("https", "http") + address, home + ":8443" + address, home + "/other"):
        with pytest.raises(Refused) as refused:
            route.check(wrong, Settings())
        assert refused.value.field == "address"
    for keyless in ("/cgi-bin/webhook/send", "/robot/send", "/open-apis/bot/v2/hook/"):
        with pytest.raises(Refused):
            route.check(home + keyless, Settings())
    route.check("http://gateway.gov.internal" + address, PLAIN)
    with receiving() as receiver:
        with pytest.raises(Trouble) as trouble:
            route.send(parcel(receiver.url + address), Settings(patience=5))
        assert trouble.value.lasting and receiver.posts == []


def test_a_long_text_is_cut_to_what_the_chat_takes_and_the_link_stays() -> None:
    long = parcel("", text="绩效评价表已生成。" * 200)
    cut = words_of(long, 2048)
    assert len(long.subject.encode()) + 2 + len(cut.encode()) <= 2048
    assert cut.startswith("绩效评价表已生成。") and cut.endswith("…\nhttp://frontline.test/my-files/")
    assert words_of(PARCEL, 2048) == PARCEL.text
    with receiving() as receiver:
        receiver.answer = BOTS["wecom"][1]
        routes()["wecom"].send(parcel(receiver.url + BOTS["wecom"][0], text=long.text), PLAIN)
    assert len(str(said(receiver)["text"]["content"]).encode()) <= 2048  # type: ignore[index]


def test_keys_do_not_reach_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"), receiving() as receiver:
        receiver.answer = b'{"errcode":0}'
        routes()["wecom"].send(parcel(receiver.url + BOTS["wecom"][0]), PLAIN)
        with pytest.raises(Trouble):
            routes()["dingtalk"].send(parcel(receiver.url + "/robot/send?access_token=not!fit"), PLAIN)
    assert "abc-123" not in caplog.text and "not!fit" not in caplog.text


def test_every_route_is_named_and_can_refuse_an_address() -> None:
    assert set(routes()) == {"mail", "wecom", "dingtalk", "feishu", "webhook", "folder"}
    for route in routes().values():
        assert route.name
        with pytest.raises(Refused) as refused:
            route.check("", INSIDE)
        assert refused.value.field == "address"
