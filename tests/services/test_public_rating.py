"""The citizen's rating, on both databases: one link per round, one rating per link, and none out of its time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.db import db
from app.core.languages import words
from app.crud.columns import Origin, Reading
from app.domain.refusals import NotFound, Refused, RefusedAll
from app.entities.rating import Rating
from app.entities.ticket import Ticket
from app.services.public_rating import Over, invitation, rate_by_code, rate_by_token
from tests.services.casework import Office, create_office


def public(ticket: Ticket) -> list[Rating]:
    db.session.expire_all()
    statement = select(Rating).where(Rating.ticket_id == ticket.id, Rating.kind == "public").order_by(Rating.id)
    return list(db.session.execute(statement).scalars())


def rate(office: Office, token: str, channel: str = "link", **said: str) -> None:
    with office.now():
        rate_by_token(token, said or {"satisfaction": "satisfied"}, Reading(origin=Origin.FORM, words=words("en")), channel)
    db.session.expire_all()


def opened(office: Office) -> tuple[Ticket, str]:
    ticket = office.to_evaluating(office.register())
    return ticket, public(ticket)[0].token


def test_the_link_comes_with_the_rating_and_the_units_have_none(app: Flask) -> None:
    office = create_office()
    ticket = office.to_called(office.register())
    office.later(minutes=5).do("gardener", ticket, "respond")
    office.later(minutes=30).do("gardener", ticket, "report_in", person="林工")
    office.later(minutes=30).do("clerk", ticket, "conclude", opinion="由园林部门牵头整改。", participants="林工")
    office.do("gardener", ticket, "finish", note="已更换滤芯。")
    office.later(minutes=30).do("clerk", ticket, "complete", opinion="已清理完毕并现场复核无异味。", result="solved")
    office.later(hours=1).do("reviewer", ticket, "take_review")
    office.do("reviewer", ticket, "pass_review", checks=["evidence", "opinion"])
    tokens = {rating.kind: rating.token for rating in db.session.execute(select(Rating)).scalars()}
    assert len(tokens["public"]) == 43
    assert tokens["street_department"] == tokens["department_street"] == ""
    other, token = opened(office)
    assert other.id != ticket.id
    assert token != tokens["public"]


def test_a_link_rates_once(app: Flask) -> None:
    office = create_office()
    ticket, token = opened(office)
    rate(office, token, "qr", satisfaction="basic", solved="partly", comment="  还有一点味道。 ")
    given = public(ticket)[0]
    assert (given.state, given.satisfaction, given.effect, given.comment) == ("given", "basic", "partly", "还有一点味道。")
    assert (given.channel, given.submitted_at) == ("qr", office.at)
    assert db.session.get(Ticket, ticket.id).rating == "basic"
    for attempt in (lambda: rate(office, token), lambda: invitation(token)):
        with pytest.raises(Over) as refused:
            attempt()
        assert refused.value.status == 410
    assert public(ticket)[0].satisfaction == "basic"


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 64, "A" * 5000, "' OR 1=1 --" + "A" * 30, "\x00" * 43])
def test_a_guessed_link_is_unknown(app: Flask, token: str) -> None:
    office = create_office()
    opened(office)
    with pytest.raises(NotFound):
        rate(office, token)
    with pytest.raises(NotFound):
        invitation(token)


def test_a_link_has_its_time(app: Flask) -> None:
    office = create_office()
    ticket, token = opened(office)
    due = public(ticket)[0].due_at
    assert due is not None
    office.at = due + timedelta(seconds=1)
    with pytest.raises(Over):
        rate(office, token)
    assert public(ticket)[0].state == "open"
    office.at = due
    rate(office, token)
    assert public(ticket)[0].state == "given"


def test_an_archived_ticket_is_not_rated_any_more(app: Flask) -> None:
    office = create_office()
    ticket, token = opened(office)
    office.do("duty", ticket, "archive", waiver="市民明确表示不评价。")
    with pytest.raises(Over):
        rate(office, token)
    assert public(ticket)[0].state == "missed"


def test_an_annulled_rating_is_not_given_again(app: Flask) -> None:
    office = create_office()
    ticket, token = opened(office)
    rate(office, token, satisfaction="dissatisfied")
    office.do("duty", ticket, "annul_rating", rating=public(ticket)[0].id, reason="经核实为他人误操作。")
    with pytest.raises(Over):
        rate(office, token)
    assert public(ticket)[0].state == "annulled"
    assert db.session.get(Ticket, ticket.id).rating == ""


def test_a_reopened_ticket_asks_with_a_new_link_and_the_old_one_is_dead(app: Flask) -> None:
    office = create_office()
    ticket, old = opened(office)
    office.later(days=1).do("duty", ticket, "reopen", reason="市民反映油烟再次出现。")
    with pytest.raises(Over):
        rate(office, old)
    office.later(hours=1).do("clerk", ticket, "complete", opinion="再次清理完毕并现场复核。", result="solved")
    office.later(hours=1).do("reviewer", ticket, "take_review")
    office.do("reviewer", ticket, "pass_review", checks=["evidence", "opinion"])
    first, second = public(ticket)
    assert (first.state, second.state) == ("missed", "open")
    assert second.round == first.round + 1
    assert second.token not in ("", old)
    with pytest.raises(Over):
        rate(office, old)
    assert public(ticket)[1].state == "open"
    rate(office, second.token)
    assert [rating.state for rating in public(ticket)] == ["missed", "given"]


def test_what_the_telephone_heard_counts_and_closes_the_link(app: Flask) -> None:
    office = create_office()
    ticket, token = opened(office)
    office.do("duty", ticket, "follow_up", reached=True, solved="solved", satisfaction="satisfied")
    assert (public(ticket)[0].state, public(ticket)[0].channel) == ("given", "follow_up")
    with pytest.raises(Over):
        rate(office, token, satisfaction="dissatisfied")


@pytest.mark.parametrize("said", [{"satisfaction": ""}, {"satisfaction": "wonderful"}, {"satisfaction": "satisfied", "solved": "x"}])
def test_a_rating_without_a_proper_answer_is_refused_at_its_field(app: Flask, said: dict[str, str]) -> None:
    office = create_office()
    ticket, token = opened(office)
    with pytest.raises(RefusedAll) as refused:
        rate(office, token, **said)
    assert [each.field for each in refused.value.refusals] == [next(name for name in reversed(said))]
    assert public(ticket)[0].state == "open"


def test_a_channel_that_is_not_one_is_a_link(lite: Flask) -> None:
    office = create_office()
    ticket, token = opened(office)
    rate(office, token, "screen")
    assert public(ticket)[0].channel == "link"


def test_number_and_code_rate_as_well_and_only_together(app: Flask) -> None:
    office = create_office()
    ticket, _ = opened(office)
    other = office.to_evaluating(office.register("路灯不亮"))
    reading = Reading(origin=Origin.FORM, words=words("en"))
    number, code = ticket.number, ticket.lookup_code
    with office.now():
        for wrong in ((number, other.lookup_code), (other.number, code), (number, ""), ("", code)):
            with pytest.raises(NotFound):
                rate_by_code(*wrong, {"satisfaction": "satisfied"}, reading)
        rate_by_code(f" {number.lower()} ", f"{code[:4].lower()} {code[4:]}", {"satisfaction": "fair"}, reading)
        with pytest.raises(Refused) as refused:
            rate_by_code(number, code, {"satisfaction": "satisfied"}, reading)
    assert refused.value.status == 410
    assert (public(ticket)[0].satisfaction, public(ticket)[0].channel) == ("fair", "link")
    assert public(other)[0].state == "open"
