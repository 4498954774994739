"""One ticket through its whole life, on both databases: nine stages, two departments, and everything that can happen on the way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.db import db
from app.crud.columns import Origin, Reading
from app.domain.actors import Actor
from app.domain.refusals import Refused
from app.domain.workflow import STAGES
from app.entities.assignment_round import AssignmentRound
from app.entities.called_unit import CalledUnit
from app.entities.rating import Rating
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.services.progress import move
from tests.services.casework import create_office


def at(text: str) -> datetime:
    """A moment of the city's clock."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def test_a_ticket_lives_through_all_nine_stages_and_comes_back(app: Flask) -> None:
    office = create_office()
    office.at = at("2026-02-12T14:00")  # Thursday before the make-up Saturday 14 February
    ticket = office.register()

    # 分发 to a department that gives it back, decided by the centre: a second round begins
    office.later(minutes=3).do("duty", ticket, "dispatch", unit=office.police.id)
    office.later(minutes=4).do("officer", ticket, "sign")
    office.later(minutes=10).do("officer", ticket, "request_return", reason="not_our_duty", note="不属于公安职责，属城管事项。")
    office.later(minutes=30).do("duty", ticket, "approve_return", unit=office.street.id)
    office.later(minutes=6).do("clerk", ticket, "sign")
    office.later(minutes=10).do("clerk", ticket, "start")
    office.do("clerk", ticket, "contact", note="已电话联系市民，告知受理。")

    # 呼叫 two departments; one comes late
    office.do("clerk", ticket, "call", lead=office.parks.id, support=[office.police.id], reason="no_power",
              appointment_at=at("2026-02-12T16:30"))  # fmt: skip
    office.later(minutes=5).do("gardener", ticket, "sign_call")
    office.later(minutes=15).do("gardener", ticket, "respond")
    office.later(minutes=30).do("officer", ticket, "respond", note="派员到场。")
    office.at = at("2026-02-12T16:28")
    office.do("gardener", ticket, "report_in", person="林工")
    assert db.session.get(Ticket, ticket.id).stage == "consulting"
    office.at = at("2026-02-12T16:48")
    office.do("officer", ticket, "report_in", person="陈警官")
    office.do("officer", ticket, "give_opinion", opinion="协助维持秩序。")
    office.later(minutes=20).do("clerk", ticket, "conclude", opinion="由园林部门牵头整改，公安协助维持秩序。", participants="林工、陈警官")
    assert db.session.get(Ticket, ticket.id).stage == "handling"

    # 延期 asked before due and granted; 挂起 over the make-up Saturday
    first_due = _turn(ticket, 2).due_at
    office.later(minutes=10).do("clerk", ticket, "request_extension", wanted_at=at("2026-02-24T17:00"), reason="需订购净化设备配件。")
    office.later(minutes=10).do("duty", ticket, "approve_extension")
    assert _turn(ticket, 2).due_at == at("2026-02-24T17:00") > first_due
    office.at = at("2026-02-13T14:00")
    office.do("clerk", ticket, "request_suspension", reason="parts", until=at("2026-02-14T16:00"), note="等待配件到货。")
    office.do("duty", ticket, "approve_suspension")
    with pytest.raises(Refused, match="suspended"):
        office.do("clerk", ticket, "claim_done", result="solved", note="已完成整改。")
    office.at = at("2026-02-14T16:00")
    office.do("clock", ticket, "resume_on_time")
    # 4 h on Friday afternoon, 4 + 2 h on the make-up Saturday; from Tuesday 17:00: 1 h, Wednesday 8 h, Thursday 1 h
    assert _turn(ticket, 2).due_at == at("2026-02-26T09:00")

    # 办结, 返工, 办结 again, 审核, 评价
    office.later(minutes=30).do("gardener", ticket, "finish", note="已更换滤芯。")
    office.do("officer", ticket, "finish", note="秩序正常。")
    office.do("clerk", ticket, "claim_done", result="solved", note="净化器更换完毕。")
    office.later(minutes=20).do("chief", ticket, "complete", opinion="现场复核，油烟达标，市民认可。")
    assert db.session.get(Ticket, ticket.id).stage == "completed"
    office.at = at("2026-02-24T09:00")
    office.do("reviewer", ticket, "take_review")
    office.do("reviewer", ticket, "fail_review", reason="缺少处置后照片，请补充并复测。")
    assert db.session.get(Ticket, ticket.id).reworks == 1
    office.later(hours=2).do("clerk", ticket, "claim_done", result="solved", note="已补充照片并复测。")
    office.do("chief", ticket, "complete", opinion="复测合格，照片齐全，予以办结。")
    office.later(hours=1).do("reviewer", ticket, "take_review")
    office.do("reviewer", ticket, "pass_review", checks=["evidence", "opinion"])
    parts = db.session.execute(select(CalledUnit).order_by(CalledUnit.id)).scalars().all()
    assert [part.arrival for part in parts] == ["on_time", "late"]

    # three evaluations; the units are blind to each other until both have spoken
    parks, police = (f"1.{unit.id}" for unit in (office.parks, office.police))
    office.later(hours=1).do("clerk", ticket, "rate_department", part=parks, arrival="on_time", effect="solved")
    assert _rating("street_department", office.parks.id).revealed_at is None
    office.do("gardener", ticket, "rate_street_town", part=parks, accuracy="accurate")
    assert _rating("street_department", office.parks.id).revealed_at is not None
    office.do("clerk", ticket, "rate_department", part=police, arrival="late", effect="partly")
    with pytest.raises(Refused, match="not accurate"):
        office.do("officer", ticket, "rate_street_town", part=police, accuracy="not_ours")
    office.do("officer", ticket, "rate_street_town", part=police, accuracy="not_ours", comment="此事无需警力。")
    with office.now():
        citizen = Actor(None, "citizen", frozenset({"citizen"}))
        move(ticket.id, "rate_publicly", None, {"satisfaction": "satisfied"}, Reading(origin=Origin.API), actor=citizen)
    office.do("duty", ticket, "archive")
    db.session.expire_all()
    assert db.session.get(Ticket, ticket.id).stage == "archived"
    assert db.session.get(Ticket, ticket.id).rating == "satisfied"
    seen = {event.to_stage for event in db.session.execute(select(TicketEvent)).scalars()}
    assert seen >= {stage.code for stage in STAGES}

    # 重办: a new round, the old one keeps what it had
    office.later(days=2).do("duty", ticket, "reopen", reason="市民反映油烟再次出现。")
    fresh = db.session.get(Ticket, ticket.id)
    assert (fresh.stage, fresh.rounds, fresh.reopenings, fresh.completed_at) == ("handling", 3, 1, None)
    assert _turn(ticket, 2).completed_at is not None and _turn(ticket, 2).reworks == 2
    versions = [e.version for e in db.session.execute(select(TicketEvent).order_by(TicketEvent.id)).scalars()]
    assert versions == list(range(1, fresh.version + 1))


def _turn(ticket: Ticket, ordinal: int) -> AssignmentRound:
    db.session.expire_all()
    statement = select(AssignmentRound).where(AssignmentRound.ticket_id == ticket.id, AssignmentRound.ordinal == ordinal)
    return db.session.execute(statement).scalar_one()


def _rating(kind: str, unit_id: int) -> Rating:
    db.session.expire_all()
    column = Rating.rated_id if kind == "street_department" else Rating.rater_id
    return db.session.execute(select(Rating).where(Rating.kind == kind, column == unit_id)).scalar_one()
