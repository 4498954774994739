"""Ways around the rules that were open once: each is closed at the service, whatever door somebody comes through."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.transaction import transaction
from app.crud.columns import Origin, Reading
from app.domain.actors import SYSTEM
from app.domain.refusals import Refused, RefusedAll
from app.entities.rating import Rating
from app.entities.staff_profile import StaffProfile
from app.entities.ticket import Ticket
from app.entities.unit import Unit
from app.queries.desk import viewer_of
from app.queries.standing import rating_awaited
from app.services.progress import move
from tests.services.casework import Office, create_office


def refusal(office: Office, name: str, ticket: Ticket, action: str, **said: object) -> str:
    """Why somebody may not; fails where he may."""
    with pytest.raises(Refused) as refused:
        office.do(name, ticket, action, **said)
    found = refused.value
    return found.refusals[0].code if isinstance(found, RefusedAll) else found.code


def station(office: Office, name: str, unit: Unit) -> None:
    """Somebody sits at another unit from now on."""
    with transaction() as session, acting_as(SYSTEM):
        mine = select(StaffProfile).where(StaffProfile.account_id == office.people[name].id)
        session.execute(mine).scalar_one().stationed_id = unit.id


def close(office: Office, unit: Unit) -> None:
    """A unit ended yesterday."""
    with transaction() as session, acting_as(SYSTEM):
        session.get_one(Unit, unit.id).valid_to = (office.at - timedelta(days=1)).date()


def called_and_reviewed(office: Office) -> Ticket:
    """A ticket on which parks helped the street-town, open for ratings."""
    ticket = office.to_called(office.register())
    office.do("head", ticket, "report_in")
    office.do("head", ticket, "finish", note="已经修好")
    office.do("clerk", ticket, "conclude", opinion="会商一致同意由园林部门清理。")
    office.do("clerk", ticket, "complete", opinion="已清理完毕并现场复核无异味。", result="solved")
    return office.to_evaluating(ticket)


# --- a suspension never outlives the round it was granted in ----------------------------------------------------


def test_a_suspension_is_not_granted_while_a_return_is_undecided(lite: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register(), office.parks, "gardener")
    wish = {"reason": "parts", "until": office.at + timedelta(days=2), "note": "等待材料到货"}
    office.do("gardener", ticket, "request_suspension", **wish)
    office.do("gardener", ticket, "request_return", reason="not_our_duty", note="不属本部门职责")
    assert refusal(office, "duty", ticket, "approve_suspension") == "return-open"
    office.do("duty", ticket, "approve_return", unit=office.police.id)
    office.do("officer", ticket, "sign")
    assert office.do("officer", ticket, "start").case.suspended is False


def test_who_wants_to_return_a_ticket_does_not_ask_to_suspend_it(lite: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register(), office.parks, "gardener")
    office.do("gardener", ticket, "request_return", reason="not_our_duty", note="不属本部门职责")
    wish = {"reason": "parts", "until": office.at + timedelta(days=2), "note": "等待材料到货"}
    assert refusal(office, "gardener", ticket, "request_suspension", **wish) == "return-open"


# --- nobody rates the own unit ----------------------------------------------------------------------------------


def test_an_officer_stationed_at_the_street_town_does_not_rate_the_own_department_in_its_name(lite: Flask) -> None:
    office = create_office()
    station(office, "gardener", office.street)
    ticket = called_and_reviewed(office)
    assert refusal(office, "gardener", ticket, "rate_department", arrival="on_time", effect="solved") == "nothing-to-rate"
    office.do("gardener", ticket, "rate_street_town", accuracy="accurate")
    office.do("clerk", ticket, "rate_department", arrival="on_time", effect="solved")


def test_an_officer_stationed_at_the_street_town_is_blind_to_its_rating_of_the_own_department(lite: Flask) -> None:
    office = create_office()
    station(office, "gardener", office.street)
    ticket = called_and_reviewed(office)
    office.do("clerk", ticket, "rate_department", arrival="on_time", effect="unsolved")
    kinds = select(Rating.kind).where(Rating.ticket_id == ticket.id, Rating.kind != "public")
    with acting_as(office.actor("gardener")):
        assert db.session.execute(kinds).scalars().all() == ["department_street"]
    office.do("gardener", ticket, "rate_street_town", accuracy="accurate")
    with acting_as(office.actor("gardener")):
        assert sorted(db.session.execute(kinds).scalars()) == ["department_street", "street_department"]


def test_the_desk_does_not_ask_a_stationed_officer_to_rate_the_own_department(lite: Flask) -> None:
    office = create_office()
    station(office, "gardener", office.street)
    ticket = called_and_reviewed(office)
    office.do("head", ticket, "rate_street_town", accuracy="accurate")

    def waiting(name: str) -> list[int]:
        with office.now(), acting_as(office.actor(name)):
            wanted = rating_awaited(viewer_of(office.actor(name), office.at))
            return list(db.session.execute(select(Ticket.id).where(wanted)).scalars())

    assert waiting("gardener") == []
    assert waiting("clerk") == [ticket.id]


# --- what has ended gets no work ------------------------------------------------------------------------------


def test_a_ticket_is_not_reopened_at_a_unit_that_has_ended(lite: Flask) -> None:
    office = create_office()
    ticket = office.to_evaluating(office.register())
    close(office, office.street)
    assert refusal(office, "duty", ticket, "reopen", reason="问题又出现了") == "not-valid"
    office.do("duty", ticket, "reopen", reason="问题又出现了", unit=office.parks.id)


def test_a_street_town_that_has_ended_is_nobodys_backstop(lite: Flask) -> None:
    office = create_office()
    ticket = office.register()
    close(office, office.street)
    assert refusal(office, "duty", ticket, "backstop", reason="无主事项") == "not-valid"


# --- moments that nobody means ----------------------------------------------------------------------------------


def test_no_move_speaks_of_a_time_farther_ahead_than_three_years(lite: Flask) -> None:
    office = create_office()
    ticket = office.register()
    assert refusal(office, "duty", ticket, "dispatch", unit=office.street.id, due_at="2999-12-31T00:00:00Z") == "too-far"
    office.do("duty", ticket, "dispatch", unit=office.street.id, due_at=office.at + timedelta(days=3 * 365))


def test_an_order_is_not_to_be_answered_before_it_was_given(lite: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    words = {"note": "限期说明进展情况", "reply_by": office.at - timedelta(minutes=1)}
    assert refusal(office, "duty", ticket, "supervise", **words) == "due-past"


def test_a_report_from_before_the_office_had_telephones_is_a_typing_error(lite: Flask) -> None:
    office = create_office()
    with pytest.raises(RefusedAll) as refused:
        office.register(reported_at="1926-11-24T09:00:00Z")
    assert [(one.field, one.code) for one in refused.value.refusals] == [("reported_at", "long-ago")]


# --- two tickets at once ----------------------------------------------------------------------------------------


def test_two_tickets_are_not_merged_into_each_other_at_the_same_moment(app: Flask) -> None:
    """The second merge waits for the first to be written, and then sees that its aim is gone."""
    office = create_office()
    one, other = office.register().id, office.register().id
    actor, moment = office.actor("duty"), office.at
    first_is_in, may_end = Event(), Event()
    told: dict[str, str] = {}

    def merge(name: str, source: int, into: int, hold: bool) -> None:
        with app.app_context(), stopped_at(moment), acting_as(actor):
            try:
                with transaction():
                    move(source, "merge", None, {"into": into, "note": "重复件"}, Reading(origin=Origin.API))
                    if hold:
                        first_is_in.set()
                        may_end.wait(20)
                told[name] = "merged"
            except Refused as refused:
                told[name] = refused.refusals[0].code if isinstance(refused, RefusedAll) else refused.code

    first = Thread(target=merge, args=("first", one, other, True))
    second = Thread(target=merge, args=("second", other, one, False))
    first.start()
    assert first_is_in.wait(20)
    second.start()
    second.join(0.5)
    may_end.set()
    first.join(20)
    second.join(20)
    assert told == {"first": "merged", "second": "ended"}


def test_a_move_tells_the_version_that_it_made_itself(app: Flask) -> None:
    office = create_office()
    ticket = office.register()
    dispatched = office.do("duty", ticket, "dispatch", unit=office.street.id)
    signed = office.do("clerk", ticket, "sign")
    assert (dispatched.version, signed.version) == (2, 3), "whoever is told of a later move's version would press on what he has not seen"
