"""Several tickets moved at once: each on its own, and whatever is refused keeps nobody else back."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core.acting import acting_as
from app.core.db import db
from app.core.languages import words
from app.crud.columns import Origin, Reading
from app.domain.refusals import Refused
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.services.batch_moves import MOST, Outcome, Pick, move_all
from tests.services.casework import Office, create_office


def pick(*tickets: Ticket) -> list[Pick]:
    """The tickets as they stand now."""
    db.session.expire_all()
    return [Pick(ticket.id, db.session.get(Ticket, ticket.id).version) for ticket in tickets]


def together(office: Office, name: str, action: str, picks: list[Pick], **raw: Any) -> Outcome:
    """Somebody makes one move on all of them, as a form would."""
    with office.now(), acting_as(office.actor(name)):
        outcome = move_all(action, picks, raw, Reading(origin=Origin.FORM))
    db.session.expire_all()
    return outcome


def stages(*tickets: Ticket) -> list[str]:
    """Where they stand."""
    db.session.expire_all()
    return [db.session.get(Ticket, ticket.id).stage for ticket in tickets]


def codes(outcome: Outcome) -> dict[int, str]:
    """Why which ticket was refused."""
    return {line.ticket_id: line.refused.code for line in outcome.refused}


def dispatched(office: Office, count: int) -> list[Ticket]:
    """So many tickets on their way to the street-town."""
    tickets = [office.register(f"事项{number}") for number in range(count)]
    for ticket in tickets:
        office.do("duty", ticket, "dispatch", unit=office.street.id)
    return tickets


def test_several_tickets_are_signed_each_with_its_own_event(app: Flask) -> None:
    office = create_office()
    tickets = dispatched(office, 3)
    outcome = together(office, "clerk", "sign", pick(*tickets))
    assert (outcome.done, outcome.refused) == ([ticket.number for ticket in tickets], [])
    assert stages(*tickets) == ["signed"] * 3
    signed = select(func.count(TicketEvent.id)).where(TicketEvent.action == "sign", TicketEvent.user_name == "Clerk")
    assert db.session.execute(signed).scalar_one() == 3


def test_what_is_refused_keeps_nobody_else_back(app: Flask) -> None:
    office = create_office()
    first, stale, elsewhere, last = dispatched(office, 4)
    foreign = office.register("水部街道事项", street_town=office.other_street.id)
    picks = pick(first, stale, elsewhere, foreign, last)
    office.do("duty", stale, "redirect", unit=office.parks.id, reason="改派园林部门处理。")
    office.do("duty", stale, "redirect", unit=office.street.id, reason="仍由街道处理为宜。")
    office.do("chief", elsewhere, "sign")
    outcome = together(office, "clerk", "sign", picks)
    assert outcome.done == [first.number, last.number]
    assert codes(outcome) == {stale.id: "changed-meanwhile", elsewhere.id: "changed-meanwhile", foreign.id: "not-found"}
    assert {line.ticket_id: line.number for line in outcome.refused}[foreign.id] == ""
    assert stages(first, stale, elsewhere, foreign, last) == ["signed", "dispatched", "signed", "reported", "signed"]


def test_a_move_in_the_wrong_stage_is_refused_with_the_stage(app: Flask) -> None:
    office = create_office()
    signed, handled = dispatched(office, 2)
    office.do("clerk", signed, "sign")
    office.do("clerk", handled, "sign")
    office.do("clerk", handled, "start")
    outcome = together(office, "clerk", "start", pick(signed, handled))
    assert outcome.done == [signed.number]
    (line,) = outcome.refused
    assert line.number == handled.number
    assert words("en").phrase(line.refused.phrase) == "This is not possible in the stage “Handling”; it is possible in Signed."


def test_several_tickets_go_to_one_unit(app: Flask) -> None:
    office = create_office()
    tickets = [office.register("甲"), office.register("乙")]
    outcome = together(office, "duty", "dispatch", pick(*tickets), unit=str(office.parks.id))
    assert len(outcome.done) == 2
    assert {db.session.get(Ticket, ticket.id).unit_id for ticket in tickets} == {office.parks.id}


def test_a_sub_centre_takes_on_its_own_and_gives_nothing_to_others(app: Flask) -> None:
    office = create_office()
    ticket = office.register()
    refused = together(office, "clerk", "dispatch", pick(ticket), unit=str(office.parks.id))
    assert codes(refused) == {ticket.id: "own-unit-only"}
    assert together(office, "clerk", "dispatch", pick(ticket), unit=str(office.street.id)).done == [ticket.number]


def test_only_what_is_over_is_archived(app: Flask) -> None:
    office = create_office()
    old = office.to_evaluating(office.register())
    office.later(days=30)
    fresh = office.to_evaluating(office.register())
    outcome = together(office, "duty", "archive", pick(old, fresh))
    assert outcome.done == [old.number]
    assert codes(outcome) == {fresh.id: "ratings-open"}
    assert stages(old, fresh) == ["archived", "evaluating"]


def test_nobody_takes_the_review_of_the_own_work(app: Flask) -> None:
    office = create_office()
    own, other = office.to_completed(office.register()), office.to_completed(office.register())
    office.do("duty", own, "take_review")
    office.do("duty", own, "fail_review", reason="缺少处置后照片，请补充。")
    office.do("clerk", own, "escalate", reason="需由指挥中心协调解决。")
    for action, said in (("sign", {}), ("start", {}), ("claim_done", {"result": "solved", "note": "已协调解决完毕。"})):
        office.do("duty", own, action, **said)
    office.do("reviewer", own, "complete", opinion="经指挥中心协调，已经办结。")
    outcome = together(office, "duty", "take_review", pick(own, other))
    assert outcome.done == [other.number]
    assert codes(outcome) == {own.id: "own-work"}


@pytest.mark.parametrize(
    ("action", "count", "raw", "code"),
    [
        ("void", 1, {}, "not-together"),
        ("nothing", 1, {}, "not-together"),
        ("sign", 0, {}, "nothing-picked"),
        ("sign", MOST + 1, {}, "too-many"),
        ("dispatch", 1, {}, "required"),
        ("dispatch", 1, {"unit": ""}, "required"),
    ],
)
def test_what_makes_no_sense_for_all_is_refused_before_anything_is_done(
    lite: Flask, action: str, count: int, raw: dict[str, str], code: str
) -> None:
    office = create_office()
    ticket = office.register()
    picks = [*pick(ticket), *(Pick(9_000 + number, 1) for number in range(count))][:count]
    with pytest.raises(Refused) as refused:
        together(office, "duty", action, picks, **raw)
    assert refused.value.code == code
    assert stages(ticket) == ["reported"]


def test_a_ticket_ticked_twice_is_moved_once(lite: Flask) -> None:
    office = create_office()
    (ticket,) = dispatched(office, 1)
    outcome = together(office, "clerk", "sign", pick(ticket, ticket))
    assert (outcome.done, outcome.refused) == ([ticket.number], [])
