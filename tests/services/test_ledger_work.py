"""A ticket that came from a ledger while it was open is worked on here like any other, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.db import db
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.history import RoundHistory, TicketHistory
from app.domain.refusals import Refused
from app.domain.workflow import ALL_STAGES
from app.entities.assignment_round import AssignmentRound
from app.entities.source_system import SourceSystem
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.services.ledger import Entry, record
from app.services.progress import offered
from tests.services.casework import MORNING, Office, create_office

REPORTED = MORNING - timedelta(hours=20)
DUE = MORNING + timedelta(days=2)


def bring(office: Office, stage: str, *, unit: int | None = None, signed: datetime | None = None, done: datetime | None = None) -> Ticket:
    """A ticket as a ledger tells it: its stage, and the round of its unit where the ledger names one."""
    rounds = (RoundHistory(1, unit, REPORTED, signed, False, DUE, done),) if unit else ()
    history = TicketHistory(
        source_no=f"{stage}-{unit}",
        title="路灯不亮",
        reported_at=REPORTED,
        stage=stage,
        urgency="quickly",
        street_town_id=office.street.id,
        due_at=DUE,
        completed_at=done,
        result="solved" if done else "",
        opinion="已修复。" if done else "",
        rounds=rounds,
    )
    with office.now(), acting_as(SYSTEM), transaction() as session:
        source = SourceSystem(code=f"S-{stage}-{unit}"[:36], name_zh="外部系统")
        session.add(source)
        session.flush()
        (made,) = record(session, [Entry(f"L-{stage}-{unit}", source.id, history, "f" * 64)])
    return db.session.get_one(Ticket, made)


def stage_of(ticket: Ticket) -> str:
    db.session.expire_all()
    return db.session.get_one(Ticket, ticket.id).stage


def close(office: Office, ticket: Ticket) -> None:
    """From handling to the archive."""
    office.later(hours=1).do("clerk", ticket, "complete", opinion="现场复核，路灯已修复。", result="solved")
    office.later(hours=1).do("reviewer", ticket, "take_review")
    office.do("reviewer", ticket, "pass_review", checks=["evidence"])
    office.later(days=8).do("clock", ticket, "archive_on_time")
    assert stage_of(ticket) == "archived"


@pytest.mark.parametrize("stage", ["dispatched", "signed", "handling", "called", "consulting"])
def test_an_open_ticket_of_a_ledger_goes_on_to_the_archive(app: Flask, stage: str) -> None:
    office = create_office()
    ticket = bring(office, stage, unit=office.street.id, signed=None if stage == "dispatched" else REPORTED + timedelta(minutes=8))
    assert ticket.next_clock == ("sign" if stage == "dispatched" else "handle") and ticket.next_due_at == DUE
    assert len(ticket.lookup_code) == 8 and ticket.ended == ""
    turn = db.session.execute(select(AssignmentRound).where(AssignmentRound.ticket_id == ticket.id)).scalar_one()
    assert (turn.kind, turn.base_due_at) == ("dispatch", DUE)
    if stage == "dispatched":
        office.do("clerk", ticket, "sign")
    if stage in ("dispatched", "signed"):
        office.later(minutes=5).do("clerk", ticket, "start")
    assert stage_of(ticket) == "handling", "a call that the ledger does not hold cannot be answered"
    close(office, ticket)
    events = db.session.execute(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)).scalars().all()
    versions = [event.version for event in events if event.version]
    assert versions == list(range(2, db.session.get_one(Ticket, ticket.id).version + 1)), "moves go on after the import, without gaps"


def test_one_that_was_only_reported_is_dispatched(app: Flask) -> None:
    office = create_office()
    ticket = bring(office, "reported")
    assert (ticket.next_clock, ticket.next_due_at) == ("", None)
    office.to_handling(ticket)
    close(office, ticket)


def test_one_whose_unit_the_ledger_does_not_name_is_redirected_first(app: Flask) -> None:
    office = create_office()
    ticket = bring(office, "handling")
    with pytest.raises(Refused) as refused:
        office.do("chief", ticket, "complete", opinion="现场复核，路灯已修复。", result="solved")
    assert (refused.value.code, refused.value.status) == ("no-round", 409)
    office.do("duty", ticket, "redirect", unit=office.street.id, reason="来源未注明承办单位。")
    office.later(minutes=5).do("clerk", ticket, "sign")
    office.later(minutes=5).do("clerk", ticket, "start")
    close(office, ticket)


@pytest.mark.parametrize("known", [True, False])
def test_one_that_is_done_is_reviewed_followed_up_and_opened_again(app: Flask, known: bool) -> None:
    office = create_office()
    unit = office.parks.id if known else None
    ticket = bring(office, "completed", unit=unit, signed=REPORTED if known else None, done=MORNING - timedelta(hours=1))
    office.do("reviewer", ticket, "take_review")
    office.do("reviewer", ticket, "pass_review", checks=["evidence"])
    office.later(hours=1).do("duty", ticket, "follow_up", reached=True, solved="solved", satisfaction="satisfied")
    office.do("duty", ticket, "archive")
    assert stage_of(ticket) == "archived"
    if not known:
        with pytest.raises(Refused) as refused:
            office.do("duty", ticket, "reopen", reason="市民反映问题再次出现。")
        assert refused.value.field == "unit"
    office.do("duty", ticket, "reopen", reason="市民反映问题再次出现。", **({} if known else {"unit": office.parks.id}))
    assert stage_of(ticket) == ("handling" if known else "dispatched")


@pytest.mark.parametrize("stage", [stage.code for stage in ALL_STAGES])
@pytest.mark.parametrize("named", [True, False])
def test_what_may_be_done_with_it_is_offered_to_everybody(lite: Flask, stage: str, named: bool) -> None:
    office = create_office()
    done = MORNING - timedelta(hours=1) if stage in ("completed", "reviewing", "evaluating", "archived") else None
    ticket = bring(office, stage, unit=office.street.id if named else None, done=done)
    for name in ("duty", "reviewer", "clerk", "chief", "gardener", "head", "viewer", "clock"):
        actor = office.actor(name)
        with acting_as(actor):
            found = offered(db.session(), ticket, actor, MORNING)
        assert name != "viewer" or not found
