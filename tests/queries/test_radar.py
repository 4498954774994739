"""What the radar reads is what was really done: tickets walked through the services show the signs, and others do not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.acting import acting_as
from app.core.db import db
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.period import month_of
from app.domain.radar import all_signs
from app.domain.radar.base import Thresholds
from app.domain.refusals import NotFound
from app.entities.parameter import Parameter
from app.entities.ticket import Ticket
from app.queries.radar import sweep, thresholds_of
from tests.conftest import outside
from tests.people import create_person
from tests.services.casework import Office, create_office
from tests.web.doors import program

MARCH = month_of("2026-03")
PHONE = "13812345678"


def seen(office: Office, code: str, at: datetime | None = None, limits: Thresholds | None = None) -> list[tuple[str, int]]:
    """The tickets and units on a sign's list, as the system reads it now."""
    db.session.expire_all()
    with acting_as(SYSTEM):
        material = sweep(db.session(), MARCH, at or office.at)
        return [(one.ticket_no, one.unit_id) for one in all_signs()[code].seen_in(material, limits)]


def test_a_quick_signature_without_work_is_seen_and_one_with_a_note_is_not(app: Flask) -> None:
    office = create_office()
    idle, noted = office.to_signed(office.register("一")), office.to_signed(office.register("二"))
    office.later(minutes=20).do("clerk", noted, "note", note="已电话联系物业核实。")
    assert seen(office, "sign_idle") == []
    # Two working days of eight hours each: from Monday morning until Wednesday.
    office.later(days=2)
    assert seen(office, "sign_idle") == [(idle.number, office.street.id)]
    office.do("clerk", idle, "start")
    assert seen(office, "sign_idle") == [(idle.number, office.street.id)]
    assert seen(office, "sign_idle", limits={"idle": 40}) == []


def test_a_call_withdrawn_at_its_limit_is_told_of_the_street_town_that_withdrew_it(app: Flask) -> None:
    office = create_office()
    early, late = office.to_called(office.register("早")), office.to_called(office.register("晚"))
    part = f"1.{office.parks.id}"
    office.later(minutes=1).do("clerk", early, "withdraw_call", part=part, reason="现场已自行解决。")
    with acting_as(SYSTEM):
        limits = {p.ticket_id: p.response_due_at for p in sweep(db.session(), MARCH, office.at).parts}
    assert limits[early.id] is not None
    office.at = limits[early.id] + timedelta(minutes=10)
    office.do("clerk", late, "withdraw_call", part=part, reason="现场已自行解决。")
    assert seen(office, "call_withdrawn") == [(late.number, office.street.id)]


def test_a_ticket_given_back_by_two_units_is_ping_pong(app: Flask) -> None:
    office = create_office()
    ticket, once = office.register("一"), office.register("二")
    for unit, who, other in ((office.street, "clerk", office.parks), (office.parks, "gardener", None)):
        if unit is office.street:
            office.to_signed(ticket)
        else:
            office.later(minutes=2).do(who, ticket, "sign")
        office.later(minutes=5).do(who, ticket, "request_return", reason="not_our_duty", note="不属于本单位职责范围。")
        office.later(minutes=5).do("duty", ticket, "approve_return", **({"unit": other.id} if other else {}))
    office.to_signed(once)
    office.later(minutes=5).do("clerk", once, "request_return", reason="not_our_duty", note="不属于本单位职责范围。")
    assert sorted(seen(office, "ping_pong")) == sorted([(ticket.number, office.street.id), (ticket.number, office.parks.id)])


def test_one_telephone_that_rates_many_is_seen_and_never_told(app: Flask, sign_in: Callable[[str], FlaskClient]) -> None:
    office = create_office()
    tickets = [office.register(f"事项 {n}", reporter_phone=PHONE if n else "13900000000") for n in range(3)]
    for ticket in tickets:
        office.to_evaluating(ticket)
        office.later(minutes=5).do("duty", ticket, "follow_up", reached=True, solved="solved", satisfaction="satisfied")
    expected = [(ticket.number, office.street.id) for ticket in tickets[1:]]
    assert seen(office, "one_phone", limits={"tickets": 2}) == expected
    assert seen(office, "one_phone") == []
    with transaction() as session:
        found = session.query(Parameter).filter_by(code="radar.one_phone.tickets").one()
        found.value = "2"
    create_person("evaluator", None, "judge")
    with outside():
        page = sign_in("judge").get("/radar/2026-03/one_phone?lang=en").get_data(as_text=True)
    assert tickets[1].number in page and tickets[0].number not in page
    assert "138****5678" in page and PHONE not in page


def test_bare_extensions_are_told_of_the_unit_whose_round_it_was(app: Flask) -> None:
    office = create_office()
    reasons = ("需要协调", "需要协调", "等待自来水公司九月停水检修后更换管件")
    tickets = [office.to_handling(office.register(f"事项 {n}")) for n in range(3)]
    for ticket, reason in zip(tickets, reasons, strict=True):
        with acting_as(SYSTEM):
            due = db.session.get(Ticket, ticket.id).due_at
        office.do("clerk", ticket, "request_extension", reason=reason, wanted_at=due + timedelta(days=1))
    expected = [(ticket.number, office.street.id) for ticket in tickets[:2]]
    assert seen(office, "bare_extensions", limits={"least": 2}) == expected
    assert seen(office, "bare_extensions") == []


def test_another_month_shows_nothing_and_a_unit_reads_nothing(app: Flask) -> None:
    office = create_office()
    ticket = office.to_signed(office.register("一"))
    office.later(days=3)
    with acting_as(SYSTEM):
        april = sweep(db.session(), month_of("2026-04"), office.at + timedelta(days=60))
        assert all(not sign.seen_in(april) for sign in all_signs().values())
    assert ticket.number
    with acting_as(office.actor("clerk")), pytest.raises(NotFound):
        sweep(db.session(), MARCH, office.at)


def test_thresholds_are_the_districts_own(lite: Flask) -> None:
    sign = all_signs()["just_in_time"]
    assert thresholds_of(sign) == {"minutes": 15, "least": 3}
    with transaction() as session:
        session.query(Parameter).filter_by(code="radar.just_in_time.minutes").one().value = "45"
    assert thresholds_of(sign) == {"minutes": 45, "least": 3}


@pytest.mark.parametrize(
    ("role", "status"), [("evaluator", 200), ("command_centre", 200), ("auditor", 200), ("street_town", 403), ("department_lead", 403)]
)
def test_who_is_assessed_does_not_open_the_radar(lite: Flask, sign_in: Callable[[str], FlaskClient], role: str, status: int) -> None:
    office = create_office()
    units = {"street_town": office.street, "department_lead": office.parks, "command_centre": office.centre}
    create_person(role, units.get(role), "visitor")
    with outside():
        browser = sign_in("visitor")
        for path in ("/radar/2026-03", "/radar/2026-03/ping_pong"):
            answer = browser.get(path)
            assert answer.status_code == status or (status == 403 and answer.status_code == 302)
            assert (b"data-rows" in answer.data or b"empty" in answer.data) == (status == 200)


def test_programs_read_the_same_lists_under_the_same_rights(lite: Flask) -> None:
    office = create_office()
    ticket = office.register("一", reporter_phone=PHONE)
    office.to_signed(ticket)
    office.later(days=3)
    create_person("evaluator", None, "judge")
    with office.now(), outside():
        answer = program(lite, "judge").get("/api/v1/radar/2026-03")
        assert program(lite, "clerk").get("/api/v1/radar/2026-03").status_code == 403
        assert program(lite, "judge").get("/api/v1/radar/2026-13").status_code in (400, 404, 422)
    signs = {sign["code"]: sign for sign in answer.json["signs"]}
    assert list(signs) == list(all_signs())
    (found,) = signs["sign_idle"]["findings"]
    assert (found["ticket"], found["unit"]) == (ticket.number, office.street.code)
    assert signs["sign_idle"]["thresholds"] == {"quick": 10, "idle": 16}
    assert PHONE not in answer.get_data(as_text=True)
