"""The evaluation's cycle over REST: the same verbs, refusals with codes, and rows that stay with whom they belong to."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.clock import stopped_at
from app.core.db import db
from app.services.proofs import Upload
from tests.conftest import outside
from tests.services.cycle import Cycle, states
from tests.services.month_of_tickets import city
from tests.services.test_appeals import PDF
from tests.web.doors import program

MARCH = "/api/v1/scorecards/2026-03"


@pytest.fixture
def cycle(app: Flask) -> Cycle:
    return Cycle()


class Desk:
    """Somebody's program, at the office's hour."""

    def __init__(self, app: Flask, cycle: Cycle, name: str) -> None:
        self.cycle = cycle
        with stopped_at(cycle.office.at):
            self.client: FlaskClient = program(app, name)

    def __call__(self, method: str, path: str, **sent: Any) -> Any:
        db.session.rollback()
        with stopped_at(self.cycle.office.at), outside():
            return self.client.open(f"{MARCH}{path}", method=method, json=sent if method == "POST" else None)


def test_a_months_cycle_is_walked_by_programs(app: Flask, cycle: Cycle) -> None:
    eva = Desk(app, cycle, "eva")
    answer = eva("POST", "/preliminary")
    assert (answer.status_code, answer.json["state"], answer.json["revision"]) == (200, "preliminary", 1), answer.text
    number = cycle.ticket("D").number
    clerk = Desk(app, cycle, "clerk")
    filed = clerk("POST", "/appeals", line="DONE_OT", kind="dispute", text="系统停机", tickets=[number])
    assert (filed.status_code, filed.json["tickets"], filed.json["score"][0] < filed.json["score"][1]) == (201, [number], True), filed.text
    appeal = f"/appeals/{filed.json['id']}/opinions"
    said = {"verdict": "upheld", "opinion": "属实", "reason": "system_fault"}
    for name, node in (("eva", "check"), ("evan", "review"), ("director", "lead")):
        heard = Desk(app, cycle, name)("POST", appeal, node=node, **said)
        assert heard.status_code == 200, heard.text
    assert heard.json["state"] == "upheld"
    refused = eva("POST", "/final")
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (409, "window")
    cycle.office.at = city("04-10 09:00")
    eva = Desk(app, cycle, "eva")
    assert eva("POST", "/final").json["state"] == "final"
    assert states() == [(1, "superseded"), (2, "final")]
    told = eva("GET", "/difference").json
    assert [(duty["ticket"], duty["kind"]) for duty in told["duties"]] == [(number, "excluded")]
    assert eva("POST", "/restatement").json["errors"][0]["field"] == "reason"
    assert eva("POST", "/restatement", reason="补录").json["state"] == "computed"
    assert eva("POST", "/restatement/publish").json["errors"][0]["code"] == "no-difference"
    assert eva("DELETE", "/restatement").json["state"] == "final"


def test_programs_are_refused_with_codes_and_by_role(app: Flask, cycle: Cycle) -> None:
    clerk, eva = Desk(app, cycle, "clerk"), Desk(app, cycle, "eva")
    for path in ("/preliminary", "/final", "/restatement"):
        assert clerk("POST", path).status_code == 403, path
    eva("POST", "/preliminary")
    foreign = cycle.ticket("F").number  # of the parks and the police, in the street-town's territory
    wrong = {"no-ticket": ["GL-NONE"], "not-contestable": [foreign], "none-named": []}
    for code, tickets in wrong.items():
        answer = clerk("POST", "/appeals", line="DONE_OT", kind="dispute", text="系统停机", tickets=tickets)
        assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, code)
    assert clerk("POST", "/appeals", line=7, kind="dispute", text="x").json["errors"][0]["code"] == "not-a-text"
    assert eva("POST", "/appeals", line="DONE_OT", kind="dispute", text="x", tickets=[]).status_code == 403
    filed = clerk("POST", "/appeals", line="DONE_OT", kind="dispute", text="系统停机", tickets=[cycle.ticket("D").number]).json["id"]
    neighbour, head = Desk(app, cycle, "neighbour"), Desk(app, cycle, "head")
    assert neighbour("GET", "/appeals").json["result"] == head("GET", "/appeals").json["result"] == []
    assert [one["id"] for one in clerk("GET", "/appeals").json["result"]] == [filed]
    assert neighbour("POST", f"/appeals/{filed}/withdrawal").status_code == 404
    assert clerk("POST", f"/appeals/{filed}/opinions", node="check", verdict="upheld", opinion="x").status_code == 403
    assert clerk("POST", f"/appeals/{filed}/withdrawal").json["state"] == "withdrawn"


def test_proofs_are_read_beneath_the_appeal_by_those_who_may_read_it(app: Flask, cycle: Cycle) -> None:
    cycle.preliminary()
    uploads = [Upload("停机通知.pdf", BytesIO(PDF))]
    appeal = cycle.appeal("clerk", "DONE_OT", "D", storage=app.config["STORAGE"], uploads=uploads).id
    other = cycle.appeal("head", "DONE_OT", "J").id
    clerk, eva, head = (Desk(app, cycle, name) for name in ("clerk", "eva", "head"))
    (told,) = clerk("GET", f"/appeals/{appeal}/proofs").json["result"]
    assert (told["name"], told["media_type"], told["size"]) == ("停机通知.pdf", "application/pdf", len(PDF))
    assert told["sha256"] == sha256(PDF).hexdigest()
    for reader in (clerk, eva):
        answer = reader("GET", f"/appeals/{appeal}/proofs/{told['id']}")
        assert (answer.status_code, answer.data) == (200, PDF)
    assert eva("GET", f"/appeals/{other}/proofs").json["result"] == []
    assert eva("GET", f"/appeals/{other}/proofs/{told['id']}").status_code == 404
    for path in (f"/appeals/{appeal}/proofs", f"/appeals/{appeal}/proofs/{told['id']}"):
        assert head("GET", path).status_code == 404
    with outside():
        elsewhere = eva.client.get(f"/api/v1/scorecards/2026-02/appeals/{appeal}/proofs")
    assert elsewhere.status_code == 404
