"""Tags follow the counts, and the draw for follow-up is the same for everybody who asks."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.db import db
from app.core.transaction import transaction
from app.domain.sampling import is_drawn
from app.domain.tags import HARD_AGE, is_hard
from app.entities.matter import Matter
from app.entities.notice import Notice
from app.entities.parameter import Parameter
from app.entities.ticket import Ticket
from app.queries.follow_up import count_to_follow_up, drawn, to_follow_up
from app.services.follow_up import tell_of_draw
from app.services.tagging import retag
from tests.services.casework import Office, create_office


def tagged(office: Office) -> dict[str, set[str]]:
    """Tag now; the titles that carry each tag, and no ticket has a new version by it."""
    db.session.expire_all()
    before = {row.id: (row.version, row.changed_at) for row in db.session.execute(select(Ticket)).scalars()}
    db.session.expire_all()
    with office.now():
        retag()
    db.session.expire_all()
    rows = db.session.execute(select(Ticket)).scalars().all()
    assert {row.id: (row.version, row.changed_at) for row in rows} == before
    names = ("frequent", "recurrent", "hard")
    return {name: {row.title for row in rows if getattr(row, name)} for name in names}


def parameter_is(code: str, value: str) -> None:
    """A decision of the district."""
    with transaction() as session:
        session.execute(select(Parameter).where(Parameter.code == code)).scalar_one().value = value


def create_matter(code: str) -> int:
    """A matter."""
    with transaction() as session:
        row = Matter(code=code, name_zh=f"事项{code}", name_en=f"Matter {code}")
        session.add(row)
        session.flush()
        return row.id


def test_a_matter_is_frequent_in_one_street_town_from_so_many_within_thirty_days(app: Flask) -> None:
    office = create_office()
    parameter_is("frequent_from", "3")
    noise, smoke = create_matter("M1"), create_matter("M2")
    office.register("a", matter=noise, address="一路1号")
    office.later(days=20)
    office.register("b", matter=noise, address="一路2号")
    office.register("elsewhere", matter=noise, street_town=office.other_street.id, address="一路3号")
    office.register("smoke", matter=smoke, address="一路4号")
    office.register("unsaid", address="一路5号")
    assert tagged(office)["frequent"] == set()
    office.register("c", matter=noise, address="一路6号")
    assert tagged(office)["frequent"] == {"a", "b", "c"}
    office.later(days=10, seconds=1)  # the first one is older than thirty days now
    assert tagged(office)["frequent"] == set()


def test_a_place_or_a_telephone_that_comes_again_is_recurrent(app: Flask) -> None:
    office = create_office()
    for number in range(3):
        office.register(f"place {number}", address="温泉支路 112 号")
        office.register(f"phone {number}", address=f"五四路 {number} 号", reporter_phone="13900000001")
        office.register(f"other street {number}", address=f"东街 {number} 号", street_town=office.other_street.id)
    office.register("same words, other street-town", address="温泉支路 112 号", street_town=office.other_street.id)
    office.register("no place", address="")
    office.register("no place either", address="")
    office.register("nor this one", address="")
    expected = {f"place {n}" for n in range(3)} | {f"phone {n}" for n in range(3)}
    assert tagged(office)["recurrent"] == expected
    void = db.session.execute(select(Ticket).where(Ticket.title == "place 0")).scalar_one()
    office.do("duty", void, "void", reason="duplicate", note="重复登记，作废。")
    # what was declared void counts no more; its own tag stays as it stood when it ended
    assert tagged(office)["recurrent"] == expected - {"place 1", "place 2"}


def test_what_was_called_upon_twice_or_waits_for_a_month_is_hard(app: Flask) -> None:
    office = create_office()
    twice = office.to_called(office.register("twice", address="甲路1号"))
    office.do("clerk", twice, "withdraw_call", part=f"1.{office.parks.id}", reason="已自行解决。")
    office.do("clerk", twice, "call", lead=office.police.id, reason="no_power", appointment_at=office.at + timedelta(hours=1))
    office.to_handling(office.register("once", address="乙路1号"))
    assert tagged(office)["hard"] == {"twice"}
    office.at = db.session.execute(select(Ticket.reported_at).where(Ticket.title == "once")).scalar_one() + HARD_AGE
    assert tagged(office)["hard"] == {"twice", "once"}


@given(returns=st.integers(0, 4), calls=st.integers(0, 4), rounds=st.integers(0, 5), days=st.integers(0, 60))
def test_one_of_four_signs_makes_a_ticket_hard(returns: int, calls: int, rounds: int, days: int) -> None:
    wanted = returns >= 2 or calls >= 2 or rounds >= 3 or days >= 30
    assert is_hard(returns=returns, calls=calls, rounds=rounds, age=timedelta(days=days)) == wanted


def test_the_draw_takes_about_its_share_and_all_or_none_at_the_ends() -> None:
    for share in (0, 1, 20, 50, 99, 100):
        found = sum(is_drawn(number, 1, share) for number in range(1, 10_001))
        assert abs(found - share * 100) <= 30, share
    assert not any(is_drawn(number, 1, 0) for number in range(1, 1000))
    assert all(is_drawn(number, 1, 100) for number in range(1, 1000))


def test_the_database_draws_the_same_tickets_as_the_rule(app: Flask) -> None:
    office = create_office()
    for number in range(40):
        office.register(f"{number}")
    for share in (0, 20, 50, 100):
        asked = set(db.session.execute(select(Ticket.id).where(drawn(share))).scalars())
        assert asked == {number for (number,) in db.session.execute(select(Ticket.id)) if is_drawn(number, 0, share)}


def test_whoever_completed_is_asked_once_a_round_and_the_unrated_first(app: Flask) -> None:
    office = create_office()
    parameter_is("follow_up_share", "100")
    first, second = office.to_completed(office.register("first")), office.register("second")
    assert [ticket.title for ticket in to_follow_up(db.session())] == ["first"]
    office.to_completed(second)
    office.do("duty", db.session.get(Ticket, first.id), "follow_up", reached="1", solved="solved", satisfaction="satisfied")
    assert [ticket.title for ticket in to_follow_up(db.session())] == ["second"]
    office.to_evaluating(db.session.get(Ticket, first.id))
    office.do("duty", first, "reopen", reason="市民反映油烟再次出现。")
    assert [ticket.title for ticket in to_follow_up(db.session())] == ["second"]
    office.do("clerk", first, "complete", opinion="再次清理完毕并复核。", result="solved")
    assert {ticket.title for ticket in to_follow_up(db.session())} == {"first", "second"}
    assert count_to_follow_up(db.session()) == 2
    with acting_as(office.actor("neighbour")):
        db.session.expire_all()
        assert to_follow_up(db.session()) == []
    parameter_is("follow_up_share", "0")
    assert count_to_follow_up(db.session()) == 0


def test_the_centre_hears_of_the_draw_once_a_day(app: Flask) -> None:
    office = create_office()
    parameter_is("follow_up_share", "100")
    office.to_completed(office.register())
    for _ in range(2):
        with office.now():
            assert tell_of_draw() == 1
    names = set(db.session.execute(select(Notice.user_id).where(Notice.kind == "follow_up")).scalars())
    assert names == {office.people["duty"].id, office.people["reviewer"].id}
    with office.later(days=1).now():
        tell_of_draw()
    assert len(db.session.execute(select(Notice).where(Notice.kind == "follow_up")).scalars().all()) == 4
