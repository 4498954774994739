"""The ticket doors for programs: who may, who sees, who was faster, and what is said about messages that cannot be understood."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.domain.moves import needs_of
from tests.api.programs import TICKETS, Programs, create_programs
from tests.conftest import outside


@pytest.fixture
def desk(app: Flask) -> Programs:
    """Everybody's programs, on both databases."""
    return create_programs(app)


@pytest.fixture
def lite_desk(lite: Flask) -> Programs:
    """Everybody's programs, where no SQL is at stake."""
    return create_programs(lite)


def _codes(answer: Any) -> list[tuple[str, str]]:
    return [(error["field"], error["code"]) for error in answer.json["errors"]]


# --- making ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_registered_ticket_says_where_it_is_found(desk: Programs, slash: str) -> None:
    body = {"title": "路灯不亮", "street_town": desk.office.street.label(), "reporter_phone": "13912345678"}
    made = desk.post("duty", slash, body)
    assert made.status_code == 201
    assert (made.json["number"], made.json["version"]) == ("GL20260302-0001", 1)
    assert made.headers["Location"] == "/api/v1/tickets/GL20260302-0001"
    with outside():
        read = desk.client("duty").get(made.headers["Location"])
    assert (read.json["id"], read.json["facts"]["title"]) == (made.json["id"], "路灯不亮")
    assert read.headers["ETag"] == '"1"'
    by_id = desk.get("duty", f"/{made.json['id']}")
    assert by_id.json["result"]["number"] == "GL20260302-0001"


def test_who_reports_is_masked_everywhere(lite_desk: Programs) -> None:
    made = lite_desk.post("duty", "", {"title": "路灯不亮", "reporter_name": "林小明", "reporter_phone": "13912345678"})
    number = made.json["number"]
    for text in (made.text, lite_desk.get("duty", f"/{number}").text, lite_desk.get("duty", f"/{number}/events").text):
        assert "13912345678" not in text
        assert "林小明" not in text


def test_a_department_registers_nothing_and_a_street_town_only_at_home(lite_desk: Programs) -> None:
    assert lite_desk.post("gardener", "", {"title": "路灯不亮"}).status_code == 403
    away = lite_desk.post("clerk", "", {"title": "路灯不亮", "street_town": lite_desk.office.other_street.id})
    assert (away.status_code, _codes(away)) == (422, [("street_town", "foreign-territory")])


# --- reading -----------------------------------------------------------------------------------------------


def test_what_may_be_done_is_offered_with_everything_it_needs(desk: Programs) -> None:
    number = desk.register()
    offered = {move["action"]: move for move in desk.state("duty", number)["allowed_moves"]}
    needs = {need["name"]: need for need in offered["dispatch"]["needs"]}
    assert needs["unit"] == {"name": "unit", "label": "Unit", "kind": "unit", "required": True, "among": "/api/v1/units/"}
    voiding = {need["name"]: need for need in offered["void"]["needs"]}
    assert {option["value"] for option in voiding["reason"]["options"]} == {"test", "duplicate", "withdrawn", "malicious", "outside"}
    assert voiding["note"]["least"] == needs_of("void")["note"].least > 0
    with outside():
        units = desk.client("duty").get(needs["unit"]["among"]).json["result"]
    police = next(unit for unit in units if unit["code"] == desk.office.police.code)
    sent = desk.does("duty", number, "dispatch", unit=police["id"])
    assert sent["facts"]["unit"]["id"] == desk.office.police.id
    assert [move["action"] for move in desk.state("viewer", number)["allowed_moves"]] == []
    assert "sign" in {move["action"] for move in desk.state("officer", number)["allowed_moves"]}


def test_what_cannot_be_done_yet_says_why_and_trying_says_the_same(lite_desk: Programs) -> None:
    number = lite_desk.register()
    lite_desk.does("duty", number, "dispatch", unit=lite_desk.office.police.id)
    lite_desk.does("officer", number, "sign")
    lite_desk.does("officer", number, "request_return", reason="not_our_duty", note="不属于公安职责。")
    waiting = {move["action"]: move for move in lite_desk.state("officer", number)["not_yet"]}
    tried = lite_desk.tries("officer", number, "start")
    assert tried.status_code == 422
    assert (waiting["start"]["code"], waiting["start"]["reason"]) == ("return-open", tried.json["message"])


def test_moves_about_a_called_department_name_it(lite_desk: Programs) -> None:
    office = lite_desk.office
    ticket = office.register()
    office.to_called(ticket, office.police)
    parts = {f"1.{unit.id}" for unit in (office.parks, office.police)}
    offered = lite_desk.state("clerk", ticket.number)["allowed_moves"]
    assert {move["part"] for move in offered if move["action"] == "withdraw_call"} == parts
    assert {move["part"] for move in lite_desk.state("gardener", ticket.number)["allowed_moves"] if "part" in move} == {
        f"1.{office.parks.id}"
    }


def test_a_foreign_ticket_is_answered_like_a_missing_one(desk: Programs) -> None:
    number = desk.register()
    desk.does("duty", number, "dispatch", unit=desk.office.street.id)
    body = {"action": "sign", "version": 2}
    for path in ("", "/events", "/calls", "/ratings"):
        foreign, missing = desk.get("neighbour", f"/{number}{path}"), desk.get("neighbour", f"/GL20260302-9999{path}")
        assert (foreign.status_code, foreign.json) == (missing.status_code, missing.json) == (404, missing.json)
    for path in ("/moves", "/calls", "/ratings", "/calls/1/units/D-1/moves"):
        foreign, missing = desk.post("neighbour", f"/{number}{path}", body), desk.post("neighbour", f"/GL20260302-9999{path}", body)
        assert (foreign.status_code, foreign.json) == (missing.status_code, missing.json) == (404, missing.json)
    assert desk.state("clerk", number)["version"] == 2


def test_who_may_not_is_told_so_before_anything_about_the_ticket(lite_desk: Programs) -> None:
    number = lite_desk.register()
    body = {"action": "void", "version": 1, "reason": "test", "note": "测试工单，作废。"}
    for path in (number, "GL20260302-9999"):
        refused = lite_desk.post("viewer", f"/{path}/moves", body)
        assert (refused.status_code, _codes(refused)) == (403, [("", "not-allowed")])
    # the right kind of person, but another's move
    refused = lite_desk.post("clerk", f"/{number}/moves", {**body, "version": 77})
    assert refused.status_code == 403
    assert "ticket" not in refused.json


# --- moving ------------------------------------------------------------------------------------------------


def test_the_loser_of_a_race_is_shown_how_the_ticket_stands_now(desk: Programs) -> None:
    number = desk.register()
    seen = desk.state("duty", number)["version"]
    first = desk.post("duty", f"/{number}/moves", {"action": "dispatch", "version": seen, "unit": desk.office.street.id})
    second = desk.post("reviewer", f"/{number}/moves", {"action": "dispatch", "version": seen, "unit": desk.office.police.id})
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json["ticket"]["stage"]["code"] == "dispatched"
    assert second.json["ticket"]["facts"]["unit"]["id"] == desk.office.street.id
    assert second.json["ticket"]["version"] == seen + 1 == first.json["ticket"]["version"]
    assert second.json["errors"][0]["code"] in ("changed-meanwhile", "wrong-stage")


def test_a_stale_version_is_refused_even_where_the_stage_would_allow_it(lite_desk: Programs) -> None:
    office = lite_desk.office
    ticket = office.register()
    office.to_handling(ticket)
    seen = lite_desk.state("clerk", ticket.number)["version"]
    assert lite_desk.tries("chief", ticket.number, "note", note="已联系物业。").status_code == 200
    late = lite_desk.post("clerk", f"/{ticket.number}/moves", {"action": "note", "version": seen, "note": "已到现场。"})
    assert (late.status_code, _codes(late)) == (409, [("", "changed-meanwhile")])
    assert late.json["ticket"]["version"] == seen + 1
    again = {"action": "note", "version": late.json["ticket"]["version"], "note": "已到现场。"}
    assert lite_desk.post("clerk", f"/{ticket.number}/moves", again).status_code == 200


def test_the_version_may_come_as_a_tag_and_must_come(lite_desk: Programs) -> None:
    number = lite_desk.register()
    body = {"action": "dispatch", "unit": lite_desk.office.street.id}
    missing = lite_desk.post("duty", f"/{number}/moves", body)
    assert (missing.status_code, _codes(missing)) == (428, [("", "version-missing")])
    for version in (True, "one", -1, 1.5, 10**40, [1], {"a": 1}, ""):
        refused = lite_desk.post("duty", f"/{number}/moves", {**body, "version": version})
        assert refused.status_code in (422, 428), version
    assert lite_desk.post("duty", f"/{number}/moves", body, headers={"If-Match": '"1"'}).status_code == 200


UNREADABLE = ["", "{", "[]", "1", "null", '"x"', "{" * 100_000, '{"a":' * 100_000, "\x00", '{"action": "sign", "version": 1']


@pytest.mark.parametrize("path", ["", "/", "/{no}/moves", "/{no}/calls", "/{no}/ratings", "/{no}/calls/1/units/D-1/moves"])
def test_what_is_no_json_object_is_refused_in_words(lite_desk: Programs, path: str) -> None:
    address = TICKETS + path.format(no=lite_desk.register())
    for body in UNREADABLE:
        with outside():
            refused = lite_desk.client("clerk").post(address, data=body, content_type="application/json")
        assert (refused.status_code, refused.json["message"]) == (400, "Send a JSON object."), body[:20]


WRONG: list[tuple[dict[str, Any], int, list[tuple[str, str]]]] = [
    ({"action": "fly"}, 404, [("", "unknown-move")]),
    ({}, 422, [("action", "required")]),
    ({"action": 7}, 422, [("action", "required")]),
    ({"action": ["dispatch"]}, 422, [("action", "required")]),
    ({"action": "dispatch"}, 422, [("unit", "required")]),
    ({"action": "dispatch", "unit": None}, 422, [("unit", "required")]),
    ({"action": "dispatch", "unit": 10**30}, 422, [("unit", "not-a-link")]),
    ({"action": "dispatch", "unit": 987654}, 422, [("unit", "not-found")]),
    ({"action": "dispatch", "unit": "no such unit"}, 422, [("unit", "no-such-record")]),
    ({"action": "dispatch", "unit": {"id": 1}}, 422, [("unit", "no-such-record")]),
    ({"action": "dispatch", "unit": True}, 422, [("unit", "no-such-record")]),
    ({"action": "dispatch", "unit": "S-1", "due_at": "soon"}, 422, [("due_at", "not-a-moment")]),
    ({"action": "dispatch", "unit": "S-1", "due_at": 7}, 422, [("due_at", "not-a-moment")]),
    ({"action": "dispatch", "unit": "S-1", "note": {"a": 1}}, 422, [("note", "not-text")]),
    ({"action": "dispatch", "unit": "S-1", "note": "x" * 2001}, 422, [("note", "too-long")]),
    ({"action": "dispatch", "unit": "S-1", "colour": "red"}, 422, [("colour", "unknown-field")]),
    ({"action": "dispatch", "unit": "S-1", "part": "1.1"}, 422, [("part", "unknown-field")]),
    ({"action": "withdraw_call", "part": "9.9", "reason": "已自行处置。"}, 404, [("", "no-part")]),
    ({"action": "dispatch", "unit": "S-1", "part": 1.1}, 422, [("part", "not-a-part")]),
    ({"action": "void", "reason": "because", "note": "x"}, 422, [("reason", "not-an-option"), ("note", "rule")]),
    ({"action": "dispatch", "unit": 0}, 422, [("unit", "not-a-link")]),
    ({"action": "merge", "into": "GL20260302-0099"}, 422, [("into", "no-such-record")]),
    ({"action": "merge", "into": 987654}, 422, [("into", "not-found")]),
    ({"action": "merge", "into": "\x00"}, 422, [("into", "no-such-record")]),
    ({"action": "rate_publicly", "satisfaction": "satisfied"}, 403, [("", "not-allowed")]),
    ({"action": "archive_on_time"}, 403, [("", "not-allowed")]),
    ({"action": "approve_return"}, 409, [("", "wrong-stage")]),
]


def test_each_wrong_thing_is_named_with_its_field_and_its_reason(desk: Programs) -> None:
    number = desk.register()
    for said, status, errors in WRONG:
        refused = desk.post("duty", f"/{number}/moves", {"version": 1, **said})
        assert (refused.status_code, _codes(refused)) == (status, errors), (said, refused.text)
        assert all(error["message"] for error in refused.json["errors"])
        assert ("ticket" in refused.json) == (status == 409)
    assert desk.state("duty", number)["version"] == 1


def test_units_words_and_moments_may_be_said_as_people_say_them(lite_desk: Programs) -> None:
    number, office = lite_desk.register(), lite_desk.office
    moved = lite_desk.does("duty", number, "dispatch", unit=office.street.name_zh, due_at="2026-03-04 17:00", note="尽快\u0000处置")
    assert moved["facts"]["unit"]["id"] == office.street.id
    assert moved["facts"]["due_at"] == "2026-03-04T09:00:00Z"
    assert moved["timeline"][-1]["details"]["note"] == "尽快处置"
    offered = {move["action"]: move for move in moved["allowed_moves"]}
    label = next(need["options"][0]["label"] for need in offered["void"]["needs"] if need["name"] == "reason")
    assert lite_desk.does("duty", number, "void", reason=label, note="测试工单，作废处理。")["ended"] == "voided"


def test_another_ticket_is_named_by_its_number(lite_desk: Programs) -> None:
    first, second = lite_desk.register(), lite_desk.register()
    merged = lite_desk.does("duty", second, "merge", into=first)
    assert (merged["ended"], merged["facts"]["merged_into"]["text"]) == ("merged", first)
    refused = lite_desk.tries("duty", second, "dispatch", unit="S-1")
    assert (refused.status_code, refused.json["ticket"]["ended"]) == (409, "merged")


def test_the_doors_beneath_a_ticket_know_calls_units_and_whose_rating_it_is(lite_desk: Programs) -> None:
    office = lite_desk.office
    ticket = office.register()
    office.to_called(ticket, office.police)
    version = lite_desk.state("gardener", ticket.number)["version"]
    body = {"action": "sign_call", "version": version}
    for path, status in ((f"2/units/{office.parks.code}", 404), ("1/units/D-99", 404), ("1/units/%00", 404), (f"1/units/{'9' * 40}", 404)):
        assert lite_desk.post("gardener", f"/{ticket.number}/calls/{path}/moves", body).status_code == status, path
    foreign = lite_desk.post("gardener", f"/{ticket.number}/calls/1/units/{office.police.code}/moves", body)
    assert foreign.status_code == 403
    signed = lite_desk.post("gardener", f"/{ticket.number}/calls/1/units/{office.parks.id}/moves", body)
    assert signed.status_code == 200
    early = lite_desk.post("gardener", f"/{ticket.number}/ratings", {"version": version + 1, "accuracy": "accurate"})
    assert (early.status_code, _codes(early)) == (403, [("", "not-yours")])


def test_who_has_several_ratings_to_give_is_asked_which(lite_desk: Programs) -> None:
    office = lite_desk.office
    ticket = office.register()
    office.to_called(ticket, office.police)
    for name in ("gardener", "officer"):
        office.later(minutes=5).do(name, ticket, "respond")
        office.do(name, ticket, "report_in")
        office.do(name, ticket, "finish", note="已处置完毕。")
    office.do("clerk", ticket, "conclude", opinion="各部门按分工处置到位即可。")
    office.later(hours=1).do("clerk", ticket, "complete", opinion="已清理完毕并现场复核无异味。", result="solved")
    office.to_evaluating(ticket)
    version = lite_desk.state("clerk", ticket.number)["version"]
    body = {"version": version, "arrival": "on_time", "effect": "solved"}
    asked = lite_desk.post("clerk", f"/{ticket.number}/ratings", body)
    assert (asked.status_code, _codes(asked)) == (422, [("part", "which-part")])
    told = lite_desk.post("clerk", f"/{ticket.number}/ratings", {**body, "part": f"1.{office.police.id}"})
    assert told.status_code == 201
    left = lite_desk.post("clerk", f"/{ticket.number}/ratings", {**body, "version": version + 1})
    assert (left.status_code, left.json["happening"]["details"]["unit"]) == (201, office.parks.id)


def test_answers_come_in_the_language_of_whoever_asks(lite_desk: Programs) -> None:
    number = lite_desk.register()
    english = lite_desk.state("duty", number)
    with outside():
        browser_language = lite_desk.client("duty")
        browser_language.post("/language/zh")
        chinese = browser_language.get(f"{TICKETS}/{number}").json
    assert (english["stage"]["name"], chinese["stage"]["name"]) == ("Reported", "上报")
