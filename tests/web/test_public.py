"""The public pages, on both databases: the right code opens its matter and nothing else, and nobody is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.db import db
from app.core.transaction import transaction
from app.entities.parameter import Parameter
from app.entities.rating import Rating
from app.entities.ticket import Ticket
from tests.conftest import outside
from tests.services.casework import Office, create_office
from tests.services.test_public_rating import public

OPINION = "经办人李雷已到场，联系市民13950291234确认，身份证35010219900307123X，邮箱a.b@example.com。<b>完毕</b>"
SECRET = ("13950291234", "35010219900307123X", "王小明", "13812345678", "李雷", "林工", "a.b@example.com", "Clerk", "Duty", "<b>完毕")


@pytest.fixture
def office(request: pytest.FixtureRequest) -> Office:
    """A ticket full of personal data that waits for its rating."""
    request.getfixturevalue("app" if "app" in request.fixturenames else "lite")
    made = create_office()
    ticket = made.register(
        "王小明13812345678反映<script>夜市</script>油烟扰民",
        reporter_name="王小明",
        reporter_phone="13812345678",
        address="温泉支路9号502室",
    )
    made.to_called(ticket)
    made.later(minutes=5).do("gardener", ticket, "respond")
    made.later(minutes=30).do("gardener", ticket, "report_in", person="林工")
    made.later(minutes=30).do("clerk", ticket, "conclude", opinion="由园林部门牵头整改。", participants="林工、李雷")
    made.do("gardener", ticket, "finish", note="已更换滤芯。")
    made.later(minutes=30).do("clerk", ticket, "complete", opinion=OPINION + "林工、王小明均认可。", result="solved")
    made.to_evaluating(db.session.get(Ticket, ticket.id))
    made.told["ticket"] = db.session.get(Ticket, ticket.id)
    return made


def look_up(client: FlaskClient, office: Office, number: str, code: str, **more: str) -> Any:
    with office.now(), outside():
        return client.post("/public/", data={"number": number, "code": code, "lang": "en", **more})


def words_of(answer: Any) -> str:
    """What a page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text))


def test_the_right_code_opens_the_matter_in_both_languages(app: Flask, office: Office) -> None:
    ticket = office.told["ticket"]
    page = look_up(app.test_client(), office, ticket.number, ticket.lookup_code)
    assert page.status_code == 200
    said = words_of(page)
    for word in (ticket.number, "Reported", "Dispatched", "Called", "Consulting", "Completed", "Evaluating", "Street-town S-1", "Solved"):
        assert word in said
    assert "2 Mar 2026, 09:00" in said
    zh = words_of(look_up(app.test_client(), office, ticket.number, ticket.lookup_code, lang="zh"))
    for word in ("街道S-1", "解决", "2026-03-02 09:00"):
        assert word in zh
    assert "Solved" not in zh


def test_a_matter_is_shown_without_any_person(app: Flask, office: Office) -> None:
    ticket = office.told["ticket"]
    token = public(ticket)[0].token
    with office.now(), outside():
        pages = [app.test_client().get(f"/rate/{token}?lang=en"), app.test_client().get(f"/rate/{token}?lang=zh")]
    pages.append(look_up(app.test_client(), office, ticket.number, ticket.lookup_code))
    for page in pages:
        assert page.status_code == 200
        assert "油烟扰民" in page.text
        assert not [secret for secret in SECRET if secret in page.text]
        assert "<script" not in page.text
        assert "&lt;script&gt;夜市" in page.text
        assert "温泉支路" not in page.text
        assert "林**、王**均认可" in page.text


@pytest.mark.parametrize("typed", ["{c}", " {l} ", "{a} {b}", "{a}-{b}", "\u3000{w}"])
def test_a_code_is_taken_as_people_type_it(lite: Flask, office: Office, typed: str) -> None:
    ticket = office.told["ticket"]
    code = ticket.lookup_code
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code)
    said = typed.format(c=code, l=code.lower(), a=code[:4], b=code[4:], w=wide)
    assert look_up(lite.test_client(), office, f" {ticket.number.lower()} ", said).status_code == 200


def test_a_wrong_code_looks_exactly_like_a_wrong_number(app: Flask, office: Office) -> None:
    ticket, other = office.told["ticket"], office.register("路灯不亮")
    assert len(other.lookup_code) == 8
    with transaction() as session:  # came from elsewhere: it has no code, and no code opens it
        session.get(Ticket, office.register("旧工单").id).lookup_code = ""
    bare = db.session.execute(select(Ticket.number).where(Ticket.lookup_code == "")).scalar_one()
    tried = [
        (ticket.number, other.lookup_code),
        (ticket.number, "AAAAAAAA"),
        (ticket.number, ""),
        (ticket.number, ticket.lookup_code + "A"),
        (ticket.number, ticket.lookup_code[:-1]),
        ("GL20260302-9999", ticket.lookup_code),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("\x00", "\x00"),
        ("", ""),
        (bare, ""),
        (bare, "--------"),
    ]
    answers = [look_up(app.test_client(), office, number, code) for number, code in tried]
    assert {answer.status_code for answer in answers} == {404}
    faces = {answer.text.replace(number, "-") for answer, (number, _) in zip(answers, tried, strict=True) if number.startswith("GL")}
    assert len(faces) == 1
    headers = {tuple(sorted(name for name, _ in answer.headers if name != "Content-Length")) for answer in answers}
    assert len(headers) == 1
    with office.now(), outside():
        client = app.test_client()
        rated = [client.post("/public/rate", data={"number": n, "code": c, "satisfaction": "satisfied"}).status_code for n, c in tried]
    assert set(rated) == {404}
    assert public(ticket)[0].state == "open"


def test_guessing_is_stopped_by_address_and_by_number(lite: Flask, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, other = office.told["ticket"], office.register("路灯不亮")
    monkeypatch.setitem(lite.config, "PUBLIC_MISSES", "3 per hour")
    monkeypatch.setitem(lite.config, "PUBLIC_NUMBER_MISSES", "5 per hour")

    def ask(address: str, number: str, code: str) -> int:
        with office.now(), outside():
            data = {"number": number, "code": code, "lang": "en"}
            return lite.test_client().post("/public/", data=data, environ_base={"REMOTE_ADDR": address}).status_code

    assert [ask("192.0.2.1", ticket.number, "WRONGONE") for _ in range(4)] == [404, 404, 404, 429]
    assert ask("192.0.2.1", other.number, other.lookup_code) == 429  # the address, whatever it asks
    assert ask("192.0.2.2", ticket.number, ticket.lookup_code) == 200
    assert [ask("192.0.2.3", ticket.number, "WRONGONE") for _ in range(2)] == [404, 404]
    assert ask("192.0.2.4", ticket.number, ticket.lookup_code) == 429  # the number, whoever asks
    assert ask("192.0.2.4", other.number, other.lookup_code) == 200
    house = [f"2001:db8::{end}" for end in ("1", "2", "ffff", "5")]  # one network, one guesser
    assert [ask(address, f"GL{n}", "X") for n, address in enumerate(house)] == [404, 404, 404, 429]


def test_links_are_not_guessed_for_long(lite: Flask, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(lite.config, "PUBLIC_MISSES", "3 per hour")
    token = public(office.told["ticket"])[0].token

    def ask(path: str, address: str) -> int:
        with office.now(), outside():
            return lite.test_client().get(path, environ_base={"REMOTE_ADDR": address}).status_code

    assert [ask(f"/rate/{'A' * 40}{n:03}", "198.51.100.1") for n in range(4)] == [404, 404, 404, 429]
    assert ask(f"/rate/{token}", "198.51.100.1") == 429
    assert [ask(f"/rate/{token}", "198.51.100.2") for _ in range(6)] == [200] * 6


def test_no_cookie_and_no_token_are_needed_and_nothing_is_indexed(lite: Flask, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(lite.config, "WTF_CSRF_ENABLED", True)
    ticket = office.told["ticket"]
    page = look_up(lite.test_client(), office, ticket.number, ticket.lookup_code)
    token = public(ticket)[0].token
    with office.now(), outside():
        first = lite.test_client().get("/public/")
        rated = lite.test_client().post(f"/rate/{token}", data={"satisfaction": "satisfied", "lang": "en"})
    assert (page.status_code, rated.status_code) == (200, 303)
    for answer in (page, first, rated):
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_page_speaks_as_asked_and_else_as_the_browser_prefers(lite: Flask) -> None:
    with outside():
        client = lite.test_client()
        assert '<html lang="zh-CN">' in client.get("/public/").text
        assert '<html lang="en">' in client.get("/public/", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
        assert '<html lang="zh-CN">' in client.get("/public/?lang=zh", headers={"Accept-Language": "en"}).text
        assert '<html lang="zh-CN">' in client.get("/public/?lang=xx").text


def test_a_matter_is_rated_where_it_was_looked_up(app: Flask, office: Office) -> None:
    ticket, client = office.told["ticket"], app.test_client()
    key = {"number": ticket.number, "code": ticket.lookup_code, "lang": "en"}
    with office.now(), outside():
        empty = client.post("/public/rate", data={**key, "comment": "辛苦了<img src=x onerror=alert(1)>"})
        assert empty.status_code == 422
        assert "is missing" in empty.text
        assert "辛苦了&lt;img src=x onerror=alert(1)&gt;" in empty.text
        assert client.post("/public/rate", data={**key, "satisfaction": "satisfied", "comment": "谢谢"}).location == "/rate/thanks?lang=en"
        assert client.post("/public/rate", data={**key, "satisfaction": "dissatisfied"}).status_code == 410
        page = client.post("/public/", data=key)
    assert "Satisfied" in words_of(page)
    assert 'name="satisfaction"' not in page.text
    assert (public(ticket)[0].satisfaction, public(ticket)[0].channel) == ("satisfied", "link")


def test_a_link_leads_to_a_form_once_and_then_to_one_calm_page(app: Flask, office: Office) -> None:
    ticket, client = office.told["ticket"], app.test_client()
    token = public(ticket)[0].token
    with office.now(), outside():
        form = client.get(f"/rate/{token}?by=qr&lang=en")
        assert form.status_code == 200
        assert 'name="by" value="qr"' in form.text
        wrong = client.post(f"/rate/{token}", data={"by": "qr", "lang": "en", "satisfaction": "", "comment": "慢"})
        assert wrong.status_code == 422
        assert ">慢</textarea>" in wrong.text
        sent = client.post(f"/rate/{token}", data={"by": "qr", "lang": "en", "satisfaction": "fair", "solved": "partly", "comment": "慢"})
        assert (sent.status_code, sent.location) == (303, "/rate/thanks?lang=en")
        assert client.get(sent.location).status_code == 200
        again = [client.get(f"/rate/{token}?lang=en"), client.post(f"/rate/{token}", data={"satisfaction": "satisfied", "lang": "en"})]
        unknown = client.get(f"/rate/{'A' * 43}?lang=en")
    assert [answer.status_code for answer in again] == [410, 410]
    assert unknown.status_code == 404
    assert all("油烟" not in answer.text for answer in (*again, unknown))
    given = public(ticket)[0]
    assert (given.satisfaction, given.effect, given.comment, given.channel) == ("fair", "partly", "慢", "qr")


def test_whoever_is_signed_in_rates_as_a_citizen_or_not_at_all(lite: Flask, office: Office, sign_in: Callable[[str], FlaskClient]) -> None:
    ticket, clerk = office.told["ticket"], sign_in("clerk")
    token = public(ticket)[0].token
    with office.now(), outside():
        assert clerk.post(f"/rate/{token}", data={"satisfaction": "satisfied"}).status_code == 303
    given = db.session.execute(select(Rating).where(Rating.ticket_id == ticket.id, Rating.kind == "public")).scalar_one()
    assert given.created_by_id != office.people["clerk"].id
    assert db.session.get(Ticket, ticket.id).changed_by_id is None


def test_a_merged_matter_goes_on_as_the_other_one(app: Flask, office: Office) -> None:
    whole = office.told["ticket"]
    part = office.register("同一处油烟")
    goal = office.register("油烟总单")
    office.do("duty", part, "merge", into=goal.id, note="同一事项，合并办理。")
    office.to_completed(db.session.get(Ticket, goal.id))
    page = look_up(app.test_client(), office, part.number, part.lookup_code)
    said = words_of(page)
    assert page.status_code == 200
    assert "joined to another one" in said
    assert "已清理完毕并现场复核无异味" in said
    assert "Solved" in said
    assert goal.number not in said
    assert "油烟总单" not in said
    assert 'name="satisfaction"' not in page.text
    assert whole.number not in said


def test_a_void_matter_says_so_and_nothing_more(app: Flask, office: Office) -> None:
    ticket = office.register("重复登记")
    office.do("duty", ticket, "void", reason="malicious", note="恶意骚扰，多次核实。")
    page = look_up(app.test_client(), office, ticket.number, ticket.lookup_code)
    assert page.status_code == 200
    assert "was closed and is not followed further" in words_of(page)
    assert "恶意" not in page.text
    assert "alicious" not in page.text
    assert "public-stages" not in page.text


def test_an_opinion_is_shown_when_the_matter_is_completed_and_not_before(lite: Flask, office: Office) -> None:
    ticket = office.to_handling(office.register("路灯不亮"))
    office.later(minutes=5).do("clerk", ticket, "claim_done", result="solved", note="已更换灯泡。")
    page = words_of(look_up(lite.test_client(), office, ticket.number, ticket.lookup_code))
    assert "Solved" not in page
    assert re.search(r"Handling 2 Mar 2026, \d\d:\d\d in progress", page)
    assert page.count("not yet") == 5


def test_stages_passed_before_a_reopening_are_ahead_again(lite: Flask, office: Office) -> None:
    ticket = office.told["ticket"]
    office.later(days=1).do("duty", ticket, "reopen", reason="市民反映油烟再次出现。")
    page = words_of(look_up(lite.test_client(), office, ticket.number, ticket.lookup_code))
    assert re.search(r"Completed not yet", page)
    assert re.search(r"Handling \d+ Mar 2026, \d\d:\d\d in progress", page)
    assert "What was done" not in page


def test_the_district_may_leave_the_unit_out(lite: Flask, office: Office) -> None:
    ticket = office.told["ticket"]
    with transaction() as session:
        session.execute(select(Parameter).where(Parameter.code == "public_unit")).scalar_one().value = "0"
    assert "Street-town S-1" not in look_up(lite.test_client(), office, ticket.number, ticket.lookup_code).text


def test_a_stage_has_the_day_it_was_reached_in_this_round(lite: Flask, office: Office) -> None:
    ticket = office.register("路灯不亮")
    office.to_handling(ticket, office.police, "officer")
    office.later(hours=1).do("officer", ticket, "request_return", reason="not_our_duty", note="不属于公安职责。")
    office.later(hours=1).do("duty", ticket, "approve_return", unit=office.street.id)
    page = words_of(look_up(lite.test_client(), office, ticket.number, ticket.lookup_code))
    assert re.search(r"Dispatched 2 Mar 2026, 13:54 in progress Signed not yet Handling not yet Called not yet", page)
    assert "Street-town S-1" in page
    office.later(minutes=5).do("clerk", ticket, "sign")
    office.later(minutes=5).do("clerk", ticket, "start")
    office.later(days=1).do("clerk", ticket, "complete", opinion="已更换灯泡并现场复核。", result="solved")
    page = words_of(look_up(lite.test_client(), office, ticket.number, ticket.lookup_code))
    assert "Signed 2 Mar 2026, 13:59 done Handling 2 Mar 2026, 14:04 done Called was not needed Consulting was not needed" in page
    assert "Completed 3 Mar 2026, 14:04 in progress Reviewing not yet" in page
