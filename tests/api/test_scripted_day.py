"""One ticket through its whole life over REST alone, on both databases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask

from app.domain.workflow import STAGES
from tests.api.programs import Programs, at, create_programs


def test_a_ticket_lives_through_all_nine_stages_over_rest_alone(app: Flask) -> None:
    desk = create_programs(app)
    office = desk.office
    parks, police = f"1.{office.parks.id}", f"1.{office.police.id}"
    office.at = at("2026-02-12T14:00")  # Thursday before the make-up Saturday 14 February
    number = desk.register(address="温泉支路 112 号", reporter_phone="13912345678")
    _goes_back_and_is_called(desk, number)

    # 延期 asked before due and granted; 挂起 over the make-up Saturday
    office.later(minutes=10)
    desk.does("clerk", number, "request_extension", wanted_at="2026-02-24T17:00:00+08:00", reason="需订购净化设备配件。")
    asked = desk.state("duty", number)
    assert {"approve_extension", "reject_extension"} <= {move["action"] for move in asked["allowed_moves"]}
    granted = desk.does("duty", number, "approve_extension")
    assert _due(granted) == at("2026-02-24T17:00")
    office.at = at("2026-02-13T14:00")
    desk.does("clerk", number, "request_suspension", reason="parts", until="2026-02-14 16:00", note="等待配件到货。")
    paused = desk.does("duty", number, "approve_suspension")
    assert _handling(paused)["state"]["code"] == "paused"
    refused = desk.tries("clerk", number, "claim_done", result="solved", note="已完成整改。")
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "suspended")
    office.at = at("2026-02-14T16:00")
    resumed = desk.does("clerk", number, "resume")
    # 4 h on Friday afternoon, 4 + 2 h on the make-up Saturday; from Tuesday 17:00: 1 h, Wednesday 8 h, Thursday 1 h
    assert _due(resumed) == at("2026-02-26T09:00")

    _is_done_reworked_and_reviewed(desk, number)

    # three evaluations; the units are blind to each other until both have spoken
    office.later(hours=1)
    rated = _rates(desk, "clerk", number, part=parks, arrival="on_time", effect="solved")
    assert rated["happening"]["action"] == "rate_department"
    seen = desk.get("gardener", f"/{number}/ratings").json["result"]
    assert [rating["kind"] for rating in seen if rating["rater"]] == ["department_street"]
    _rates(desk, "gardener", number, accuracy="accurate")
    seen = desk.get("gardener", f"/{number}/ratings").json["result"]
    assert {rating["kind"]: rating["effect"] for rating in seen}["street_department"] == "solved"
    _rates(desk, "clerk", number, part=police, arrival="late", effect="partly")
    _rates(desk, "officer", number, part=police, accuracy="not_ours", comment="此事无需警力。")
    answered = desk.does("duty", number, "follow_up", reached=True, satisfaction="satisfied", solved="solved")
    assert answered["facts"]["rating"] == "satisfied"
    archived = desk.does("duty", number, "archive")
    assert (archived["stage"]["code"], archived["stage"]["zh"]) == ("archived", "归档")
    events = desk.get("viewer", f"/{number}/events").json["result"]
    assert {event["to_stage"] for event in events} >= {stage.code for stage in STAGES}
    assert [event["version"] for event in events] == list(range(1, archived["version"] + 1))

    # 重办: a new round
    office.later(days=2)
    fresh = desk.does("duty", number, "reopen", reason="市民反映油烟再次出现。")
    assert (fresh["stage"]["code"], len(fresh["rounds"]), fresh["facts"]["reopenings"]) == ("handling", 3, 1)
    assert fresh["rounds"][1]["completed_at"] is not None


def _goes_back_and_is_called(desk: Programs, number: str) -> None:
    """分发 to a department that gives it back, a second round, 呼叫 of two departments of which one comes late, 协商."""
    office = desk.office
    office.later(minutes=3)
    desk.does("duty", number, "dispatch", unit=office.police.code)
    office.later(minutes=4)
    desk.does("officer", number, "sign")
    office.later(minutes=10)
    desk.does("officer", number, "request_return", reason="not_our_duty", note="不属于公安职责，属城管事项。")
    office.later(minutes=30)
    desk.does("duty", number, "approve_return", unit=office.street.id)
    office.later(minutes=6)
    desk.does("clerk", number, "sign")
    office.later(minutes=10)
    desk.does("clerk", number, "start")
    desk.does("clerk", number, "contact", note="已电话联系市民，告知受理。")
    call = {"lead": office.parks.code, "support": [office.police.code], "reason": "no_power", "appointment_at": "2026-02-12T16:30"}
    version = desk.state("clerk", number)["version"]
    called = desk.post("clerk", f"/{number}/calls", {**call, "version": version})
    assert (called.status_code, called.json["ticket"]["stage"]["code"]) == (201, "called")
    office.later(minutes=5)
    desk.does("gardener", number, "sign_call")
    office.later(minutes=15)
    desk.does("gardener", number, "respond")
    office.later(minutes=30)
    desk.does("officer", number, "respond", note="派员到场。")
    office.at = at("2026-02-12T16:28")
    assert _reports_in(desk, "gardener", number, office.parks.code, "林工") == "consulting"
    office.at = at("2026-02-12T16:48")
    _reports_in(desk, "officer", number, str(office.police.id), "陈警官")
    units = desk.get("clerk", f"/{number}/calls").json["result"][0]["units"]
    assert [(unit["part"], unit["arrival"]) for unit in units] == [
        (f"1.{office.parks.id}", "on_time"),
        (f"1.{office.police.id}", "late"),
    ]
    desk.does("officer", number, "give_opinion", opinion="协助维持秩序。")
    office.later(minutes=20)
    concluded = desk.does("clerk", number, "conclude", opinion="由园林部门牵头整改，公安协助维持秩序。", participants="林工、陈警官")
    assert concluded["stage"]["code"] == "handling"


def _reports_in(desk: Programs, name: str, number: str, unit: str, person: str) -> str:
    version = desk.state(name, number)["version"]
    body = {"action": "report_in", "version": version, "person": person}
    answer = desk.post(name, f"/{number}/calls/1/units/{unit}/moves", body)
    assert answer.status_code == 200, answer.text
    return str(answer.json["happening"]["to"]["code"])


def _is_done_reworked_and_reviewed(desk: Programs, number: str) -> None:
    """办结, 返工, 办结 again, 审核."""
    office = desk.office
    office.later(minutes=30)
    desk.does("gardener", number, "finish", note="已更换滤芯。")
    desk.does("officer", number, "finish", note="秩序正常。")
    desk.does("clerk", number, "claim_done", result="solved", note="净化器更换完毕。")
    office.later(minutes=20)
    desk.does("chief", number, "complete", opinion="现场复核，油烟达标，市民认可。")
    office.at = at("2026-02-24T09:00")
    desk.does("reviewer", number, "take_review")
    back = desk.does("reviewer", number, "fail_review", reason="缺少处置后照片，请补充并复测。")
    assert (back["stage"]["code"], back["facts"]["reworks"]) == ("handling", 1)
    office.later(hours=2)
    desk.does("clerk", number, "claim_done", result="solved", note="已补充照片并复测。")
    desk.does("chief", number, "complete", opinion="复测合格，照片齐全，予以办结。")
    office.later(hours=1)
    desk.does("reviewer", number, "take_review")
    passed = desk.does("reviewer", number, "pass_review", checks=["evidence", "opinion"])
    assert passed["stage"]["code"] == "evaluating"


def _rates(desk: Programs, name: str, number: str, **said: Any) -> dict[str, Any]:
    version = desk.state(name, number)["version"]
    answer = desk.post(name, f"/{number}/ratings", {"version": version, **said})
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def _due(ticket: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(_handling(ticket)["due_at"])


def _handling(ticket: dict[str, Any]) -> dict[str, Any]:
    """The clock of the present round's handling."""
    return next(clock for clock in ticket["clocks"] if clock["clock"] == "handle" and clock["current"])
