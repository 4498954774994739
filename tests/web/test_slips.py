"""Slips for citizens: handed out by those who work the ticket, in both languages, with codes that lead to the public pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.db import db
from app.entities.ticket import Ticket
from app.web.qr import QUIET, qr_code
from tests.conftest import outside
from tests.services.casework import Office, create_office
from tests.services.test_public_rating import public


@pytest.fixture
def office(request: pytest.FixtureRequest) -> Office:
    """A ticket on which parks was called and that waits for its rating."""
    request.getfixturevalue("app" if "app" in request.fixturenames else "lite")
    made = create_office()
    ticket = made.to_called(made.register())
    made.later(minutes=5).do("gardener", ticket, "respond")
    made.later(minutes=30).do("gardener", ticket, "report_in", person="林工")
    made.later(minutes=30).do("clerk", ticket, "conclude", opinion="由园林部门牵头整改。", participants="林工")
    made.do("gardener", ticket, "finish", note="已更换滤芯。")
    made.later(minutes=30).do("clerk", ticket, "complete", opinion="已清理完毕并现场复核。", result="solved")
    made.told["ticket"] = made.to_evaluating(db.session.get(Ticket, ticket.id))
    return made


def test_the_slip_is_for_those_who_work_the_ticket(app: Flask, office: Office, sign_in: Callable[[str], FlaskClient]) -> None:
    ticket = office.told["ticket"]
    token, code = public(ticket)[0].token, ticket.lookup_code
    for name, status in {"clerk": 200, "duty": 200, "gardener": 200, "neighbour": 404, "officer": 404}.items():
        with office.now(), outside():
            page = sign_in(name).get(f"/slips/{ticket.id}")
        assert page.status_code == status, name
        assert (token in page.text) is (status == 200)
        assert (f"{code[:4]} {code[4:]}" in page.text) is (status == 200)
    with office.now(), outside():
        refused = sign_in("viewer").get(f"/slips/{ticket.id}")
        assert app.test_client().get(f"/slips/{ticket.id}").status_code == 302
    assert refused.status_code != 200
    assert token not in refused.text


def test_the_slip_speaks_both_languages_and_its_codes_lead_to_the_public_pages(
    lite: Flask, office: Office, sign_in: Callable[[str], FlaskClient]
) -> None:
    with office.now(), outside():
        page = sign_in("clerk").get(f"/slips/{office.told['ticket'].id}").text
        fresh = sign_in("duty").get(f"/slips/{office.register('路灯不亮').id}").text
    assert page.count('class="slip-code"') == 2
    assert fresh.count('class="slip-code"') == 1
    for word in ("Your matter", 'lang="zh-CN"', "http://frontline.test/public/"):
        assert word in page


def test_a_code_has_its_quiet_zone_and_three_finders() -> None:
    code = qr_code("http://frontline.test/rate/" + "A" * 43 + "?by=qr")
    drawn = {tuple(map(int, part.partition("h")[0].split())) for part in code.path.split("M")[1:]}
    inner = code.side - 2 * QUIET
    assert (inner - 17) % 4 == 0
    assert min(min(pair) for pair in drawn) == QUIET
    assert max(max(pair) for pair in drawn) == QUIET + inner - 1
    for x, y in ((0, 0), (inner - 7, 0), (0, inner - 7)):
        edge = {(QUIET + x + step, QUIET + y) for step in range(7)} | {(QUIET + x, QUIET + y + step) for step in range(7)}
        assert edge <= drawn
