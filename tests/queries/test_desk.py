"""The desk's queues: each holds exactly what the table of moves lets its owner do, for everybody, along a whole life."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from zlib import crc32

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.db import db
from app.domain.machine import Offer
from app.entities.ticket import Ticket
from app.queries.desk import QUEUES, WORK, counts, listed, nearest, queues_of, viewer_of
from app.services.progress import offered
from tests.services.casework import Office, create_office

SHARE = int(os.environ.get("FRONTLINE_TRUST_DESKS", "4"))
"""After every move so many-th of the people are asked, besides whoever made it; `make trust` asks them all."""
PEOPLE = ("duty", "reviewer", "clerk", "chief", "neighbour", "gardener", "head", "officer", "captain", "viewer")


def _possible(*actions: str) -> Callable[[set[str]], bool]:
    return lambda found: not found.isdisjoint(actions)


MIRRORED: dict[str, Callable[[set[str]], bool]] = {
    "to_dispatch": _possible("dispatch"),
    "returns": _possible("approve_return"),
    "requests": _possible("approve_extension", "approve_suspension"),
    "to_sign": _possible("sign"),
    "call_returns": _possible("accept_call_return"),
    "to_review": _possible("take_review"),
    "reviewing": _possible("pass_review"),
    "to_rate": _possible("rate_department", "rate_street_town"),
    "orders": _possible("answer_order"),
}
"""Queues that hold a ticket exactly when one of these moves is possible."""


def desk(office: Office, name: str) -> dict[str, set[str]]:
    """The numbers of the tickets in each of somebody's queues; what is counted is compared with what is listed."""
    db.session.expire_all()
    actor = office.actor(name)
    with office.now(), acting_as(actor):
        viewer = viewer_of(actor, office.at)
        counted = counts(db.session(), viewer, queues_of(viewer))
        found = {}
        for queue in queues_of(viewer):
            rows = listed(db.session(), viewer, queue).rows
            assert counted.tickets[queue.code] == len(rows), (name, queue.code)
            overdue = [ticket.number for ticket, clock in rows if queue.is_due and clock is not None and clock < office.at]
            assert counted.late[queue.code] == (len(overdue) if queue.group == WORK else 0), (name, queue.code)
            found[queue.code] = {ticket.number for ticket, _ in rows}
    return found


def holding(office: Office, name: str) -> dict[str, set[str]]:
    """The same without the queues that are empty."""
    return {code: numbers for code, numbers in desk(office, name).items() if numbers}


def possible(office: Office, name: str, ticket: Ticket) -> set[str]:
    """What the machine lets somebody do with a ticket right now; nothing where it is not theirs to see."""
    actor = office.actor(name)
    with office.now(), acting_as(actor):
        row = db.session.execute(select(Ticket).where(Ticket.id == ticket.id)).scalar_one_or_none()
        offers: list[Offer] = offered(db.session(), row, actor) if row is not None else []
    return {offer.move.action for offer in offers if offer.refused is None}


def agree(office: Office, *tickets: Ticket, people: Sequence[str] = PEOPLE) -> None:
    """Every mirrored queue of everybody holds exactly the tickets on which its moves are possible."""
    for name in people:
        queues = desk(office, name)
        for ticket in tickets:
            can = possible(office, name, ticket)
            for code, holds in MIRRORED.items():
                assert (ticket.number in queues.get(code, set())) == holds(can), (name, code, ticket.stage, sorted(can))


def test_queues_and_the_table_of_moves_agree_along_a_whole_life(app: Flask) -> None:
    office = create_office()
    ticket = office.register()

    def went(name: str, action: str, **said: object) -> None:
        office.later(minutes=5).do(name, ticket, action, **said)
        asked = [one for one in PEOPLE if one == name or crc32(f"{one} after {action}".encode()) % SHARE == 0]
        agree(office, ticket, people=asked)

    agree(office, ticket)
    went("duty", "dispatch", unit=office.police.id)
    went("officer", "request_return", reason="not_our_duty", note="不属于公安职责，属城管事项。")
    went("duty", "reject_return", note="属于贵单位职责范围。")
    went("officer", "sign")
    went("officer", "request_return", reason="not_our_duty", note="仍认为不属于公安职责。")
    went("duty", "approve_return", unit=office.street.id)
    went("clerk", "sign")
    went("clerk", "start")
    went("clerk", "request_extension", wanted_at=office.at + timedelta(days=7), reason="需订购净化设备配件。")
    went("duty", "approve_extension")
    went("duty", "supervise", note="请说明进展情况。", reply_by=office.at + timedelta(hours=5))
    went("clerk", "answer_order", answer="已安排人员现场处置。")
    parks, police = f"1.{office.parks.id}", f"1.{office.police.id}"
    went(
        "clerk", "call", lead=office.parks.id, support=[office.police.id], reason="no_power", appointment_at=office.at + timedelta(hours=2)
    )
    went("gardener", "sign_call")
    went("officer", "return_call", reason="not_our_duty", note="此事无需公安到场。")
    went("clerk", "reject_call_return", part=police, note="需要维持秩序。")
    went("officer", "respond")
    went("gardener", "report_in")
    went("clerk", "conclude", opinion="由园林部门牵头整改，公安协助。")
    went("clerk", "request_suspension", reason="parts", until=office.at + timedelta(days=2), note="等待配件到货。")
    went("duty", "approve_suspension")
    went("clerk", "resume")
    went("gardener", "finish", note="已更换滤芯。")
    went("clerk", "withdraw_call", part=police, reason="不再需要到场。")
    went("clerk", "claim_done", result="solved", note="净化器更换完毕。")
    went("chief", "complete", opinion="现场复核，油烟达标，市民认可。")
    went("reviewer", "take_review")
    went("reviewer", "pass_review", checks=["evidence"])
    went("clerk", "rate_department", part=parks, arrival="on_time", effect="solved")
    went("gardener", "rate_street_town", accuracy="accurate")
    went("duty", "archive", waiver="市民暂时无法联系。")
    went("duty", "reopen", reason="市民反映问题复发。")
    agree(office, ticket)


def test_each_person_finds_a_ticket_in_exactly_these_queues(app: Flask) -> None:
    office = create_office()
    ticket = office.register()
    mine = {ticket.number}

    def stands(name: str, *codes: str) -> None:
        assert holding(office, name) == dict.fromkeys(codes, mine), (name, holding(office, name))

    stands("duty", "to_dispatch")
    stands("clerk", "to_dispatch")
    stands("neighbour")
    stands("gardener")
    office.later(minutes=3).do("duty", ticket, "dispatch", unit=office.street.id)
    stands("duty", "due_soon", "due_today")
    stands("clerk", "to_sign", "due_soon", "due_today")
    office.later(minutes=60)
    stands("clerk", "to_sign", "overdue")
    stands("viewer", "overdue")
    office.do("clerk", ticket, "sign")
    stands("clerk", "in_hand")
    office.do("clerk", ticket, "start")
    office.do("clerk", ticket, "call", lead=office.parks.id, reason="no_power", appointment_at=office.at + timedelta(hours=4))
    stands("clerk", "in_hand", "waiting")
    stands("head", "called", "due_soon", "due_today")
    stands("captain")
    stands("neighbour")
    office.later(minutes=90)
    stands("head", "called", "overdue")
    office.do("head", ticket, "respond")
    office.later(minutes=10).do("gardener", ticket, "report_in")
    office.do("clerk", ticket, "conclude", opinion="由园林部门牵头处理完毕。")
    stands("clerk", "in_hand", "waiting")
    office.do("gardener", ticket, "finish", note="已修剪完毕并清运。")
    stands("gardener")
    stands("clerk", "in_hand")
    office.do("clerk", ticket, "request_suspension", reason="parts", until=office.at + timedelta(days=2), note="等待配件到货。")
    stands("duty", "requests")
    stands("clerk", "in_hand", "waiting")
    office.do("duty", ticket, "approve_suspension")
    stands("duty", "suspended")
    stands("clerk", "suspended")
    office.do("clerk", ticket, "resume")
    office.do("clerk", ticket, "claim_done", result="solved", note="已全部处置完毕。")
    stands("clerk", "to_verify", "waiting")
    office.do("chief", ticket, "complete", opinion="现场复核，市民认可处置结果。")
    stands("duty", "to_review")
    stands("chief")
    office.do("reviewer", ticket, "take_review")
    stands("reviewer", "reviewing")
    office.do("reviewer", ticket, "pass_review")
    stands("clerk", "to_rate")
    stands("head", "to_rate")
    stands("duty")
    office.later(days=30)
    stands("duty", "to_archive")
    stands("clerk")
    office.do("duty", ticket, "archive")
    for name in PEOPLE:
        stands(name)


def test_what_was_escalated_is_signed_and_verified_by_the_centre(app: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    office.do("clerk", ticket, "escalate", reason="权责不清，需由指挥中心协调。")
    assert set(holding(office, "duty")) == {"to_sign", "due_soon", "due_today", "backstops"}
    assert set(holding(office, "clerk")) == {"due_soon", "due_today", "backstops"}
    office.do("duty", ticket, "sign")
    office.do("duty", ticket, "start")
    assert "in_hand" in holding(office, "duty")
    office.do("duty", ticket, "claim_done", result="explained", note="已向市民解释说明。")
    assert {"to_verify", "backstops"} <= set(holding(office, "reviewer"))
    office.do("reviewer", ticket, "complete", opinion="经指挥中心协调，已答复市民。")
    agree(office, ticket)


def test_nobody_reviews_what_he_has_handled_himself(app: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    office.do("clerk", ticket, "escalate", reason="权责不清，需由指挥中心协调。")
    office.do("duty", ticket, "sign")
    office.do("duty", ticket, "start")
    office.do("duty", ticket, "claim_done", result="explained", note="已向市民解释说明。")
    office.do("duty", ticket, "complete", opinion="经指挥中心协调，已答复市民。")
    assert "to_review" not in holding(office, "duty")
    assert holding(office, "reviewer")["to_review"] == {ticket.number}


def test_nobody_finds_a_foreign_ticket_in_any_queue(app: Flask) -> None:
    office = create_office()
    own = office.to_called(office.register("温泉街道事项"))
    foreign = office.register("水部街道事项", street_town=office.other_street.id)
    office.do("duty", foreign, "dispatch", unit=office.other_street.id)
    office.later(days=9)
    for name in ("clerk", "chief", "gardener"):
        assert set().union(*desk(office, name).values()) == {own.number}, name
    assert set().union(*desk(office, "neighbour").values()) == {foreign.number}
    assert set().union(*desk(office, "officer").values()) == set()
    assert set().union(*desk(office, "viewer").values()) == {own.number, foreign.number}


def test_void_and_merged_tickets_stand_in_no_queue(app: Flask) -> None:
    office = create_office()
    kept, void, merged = office.register("原件"), office.register("误登"), office.register("重复")
    office.do("duty", void, "void", reason="test", note="测试登记，予以作废。")
    office.do("duty", merged, "merge", into=kept.id)
    assert holding(office, "duty") == {"to_dispatch": {kept.number}}


def test_a_queue_is_read_by_its_clock(app: Flask) -> None:
    office = create_office()
    slow = office.register("限期件")
    office.do("duty", slow, "dispatch", unit=office.parks.id)
    office.later(minutes=5)
    quick = office.register("紧急件", urgency="at_once")
    office.do("duty", quick, "dispatch", unit=office.parks.id)
    for ticket in (slow, quick):
        office.do("gardener", ticket, "sign")
    actor = office.actor("gardener")
    with office.now(), acting_as(actor):
        viewer = viewer_of(actor, office.at)
        queue = next(queue for queue in queues_of(viewer) if queue.code == "in_hand")
        rows = listed(db.session(), viewer, queue).rows
        assert [ticket.title for ticket, _ in rows] == ["紧急件", "限期件"]
        assert [clock for _, clock in rows] == sorted(ticket.next_due_at for ticket, _ in rows)
        first = listed(db.session(), viewer, queue, 0, 1)
        second = listed(db.session(), viewer, queue, 1, 1)
    assert (first.more, second.more) == (True, False)
    assert [listed.rows[0][0].title for listed in (first, second)] == ["紧急件", "限期件"]


def test_a_stage_is_counted_with_its_late_ones(app: Flask) -> None:
    office = create_office()
    for _ in range(2):
        office.do("duty", office.register(), "dispatch", unit=office.street.id)
    office.register()
    office.later(hours=3)
    actor = office.actor("viewer")
    with office.now(), acting_as(actor):
        viewer = viewer_of(actor, office.at)
        found = counts(db.session(), viewer, queues_of(viewer))
    assert dict(found.stages) == {"reported": 1, "dispatched": 2}
    assert found.late_stages["dispatched"] == found.tickets["overdue"] == 2
    assert found.late_stages["reported"] == 0


def test_the_clocks_about_to_run_out_follow_two_that_have_just_done_so(app: Flask) -> None:
    office = create_office()
    for number in range(6):
        office.do("duty", office.register(f"事项{number}"), "dispatch", unit=office.street.id)
        office.later(minutes=3)
    actor = office.actor("clerk")
    with office.now(), acting_as(actor):
        viewer = viewer_of(actor, office.at)
        shown = [ticket.title for ticket, _ in nearest(db.session(), viewer, most=4)]
        fewer = [ticket.title for ticket, _ in nearest(db.session(), viewer, most=4, late=1)]
        everything = [ticket.title for ticket, _ in nearest(db.session(), viewer, most=9)]
    # dispatched 18, 15, 12, 9, 6 and 3 minutes ago, to be signed within 10
    assert everything == [f"事项{number}" for number in range(6)]
    assert shown == ["事项1", "事项2", "事项3", "事项4"]
    assert fewer == ["事项2", "事项3", "事项4", "事项5"]


@pytest.mark.parametrize("name", PEOPLE)
def test_who_reads_only_has_no_queue_to_work_off(lite: Flask, name: str) -> None:
    office = create_office()
    viewer = viewer_of(office.actor(name), office.at)
    work = [queue.code for queue in queues_of(viewer) if queue.group == "work"]
    assert (work == []) == (name == "viewer")


def test_every_queue_is_somebodys(lite: Flask) -> None:
    office = create_office()
    found = {queue.code for name in PEOPLE for queue in queues_of(viewer_of(office.actor(name), office.at))}
    assert found == {queue.code for queue in QUEUES}
