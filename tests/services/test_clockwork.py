"""What time itself does to tickets: what nobody decided lapses, suspensions end, rating windows close; once, whoever sweeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.refusals import Refused
from app.entities.assignment_round import AssignmentRound
from app.entities.called_unit import CalledUnit
from app.entities.rating import Rating
from app.entities.suspension import Suspension
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.services.clockwork import Swept, sweep
from tests.services.casework import Office, create_office


def at(text: str) -> datetime:
    """A moment of the city's clock."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def swept(office: Office) -> Swept:
    """A sweep in the present of the office."""
    db.session.expire_all()
    with office.now():
        found = sweep()
    db.session.expire_all()
    return found


def actions(ticket: Ticket) -> list[str]:
    """Everything that happened to a ticket."""
    return list(db.session.execute(select(TicketEvent.action).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)).scalars())


def test_a_return_that_nobody_decides_lapses_when_its_time_is_over_and_not_before(app: Flask) -> None:
    office = create_office()
    ticket = office.to_signed(office.register())
    office.do("clerk", ticket, "request_return", reason="not_our_duty", note="不属于本街道职责。")
    due = db.session.execute(select(AssignmentRound.return_due_at)).scalar_one()
    office.at = due - timedelta(seconds=1)
    assert swept(office) == Swept(0, 0)
    office.at = due
    assert swept(office) == Swept(1, 0)
    turn = db.session.execute(select(AssignmentRound)).scalar_one()
    assert turn.returned == "lapsed"
    assert db.session.get(Ticket, ticket.id).returns in (0, None)
    assert swept(office) == Swept(0, 0)
    assert actions(ticket).count("lapse_return") == 1


def test_the_return_of_a_call_lapses_for_each_department_by_itself(app: Flask) -> None:
    office = create_office()
    ticket = office.to_called(office.register(), office.police)
    office.later(minutes=5).do("gardener", ticket, "return_call", reason="not_our_duty", note="不属于园林职责。")
    office.later(minutes=30).do("officer", ticket, "return_call", reason="not_our_duty", note="不属于公安职责。")
    first, second = db.session.execute(select(CalledUnit.return_due_at).order_by(CalledUnit.id)).scalars()
    office.at = first
    assert swept(office) == Swept(1, 0)
    assert list(db.session.execute(select(CalledUnit.returned).order_by(CalledUnit.id)).scalars()) == ["lapsed", "open"]
    office.at = second
    assert swept(office) == Swept(1, 0)
    assert actions(ticket).count("lapse_call_return") == 2


def test_a_suspension_ends_at_its_promised_time_even_when_the_sweep_comes_later(app: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    before = db.session.execute(select(AssignmentRound.due_at)).scalar_one()
    assert before == at("2026-03-05T09:00")  # three working days from Monday 09:00
    office.at = at("2026-03-02T14:00")
    office.do("clerk", ticket, "request_suspension", reason="parts", until=at("2026-03-03T16:00"), note="等待配件到货。")
    office.do("duty", ticket, "approve_suspension")
    office.at = at("2026-03-03T15:59")
    assert swept(office) == Swept(0, 0)
    office.at = at("2026-03-04T08:00")
    assert swept(office) == Swept(1, 0)
    # 4 working hours on Monday and 6 on Tuesday stood still: Thursday 09:00 moves to Friday 11:00
    assert db.session.execute(select(AssignmentRound.due_at)).scalar_one() == at("2026-03-06T11:00")
    assert db.session.get(Ticket, ticket.id).suspended is False
    assert swept(office) == Swept(0, 0)


def test_a_rating_window_that_ends_archives_the_ticket_and_counts_what_is_missing(app: Flask) -> None:
    office = create_office()
    ticket = office.to_called(office.register())
    office.later(minutes=20).do("gardener", ticket, "report_in")
    office.do("clerk", ticket, "conclude", opinion="由园林部门修剪，街道负责清运。")
    office.later(hours=1).do("gardener", ticket, "finish", note="已修剪完毕。")
    office.do("clerk", ticket, "complete", opinion="现场复核，已处置到位。", result="solved")
    office.to_evaluating(db.session.get(Ticket, ticket.id))
    office.at = db.session.get(Ticket, ticket.id).window_ends_at - timedelta(minutes=1)
    assert swept(office) == Swept(0, 0)
    office.later(minutes=1)
    assert swept(office) == Swept(1, 0)
    assert db.session.get(Ticket, ticket.id).stage == "archived"
    assert set(db.session.execute(select(Rating.state)).scalars()) == {"missed"}


def test_an_unsolved_backstop_stays_and_is_not_tried_again_every_minute(app: Flask) -> None:
    office = create_office()
    ticket = office.register()
    office.do("duty", ticket, "backstop", reason="无人认领，由属地兜底。")
    office.later(minutes=2).do("clerk", ticket, "sign")
    office.do("clerk", ticket, "start")
    office.later(hours=1).do("clerk", ticket, "complete", opinion="暂无法解决，已向市民说明。", result="unsolved")
    office.to_evaluating(db.session.get(Ticket, ticket.id))
    office.later(days=20)
    assert swept(office) == Swept(0, 0)
    assert db.session.get(Ticket, ticket.id).stage == "evaluating"


def test_a_void_ticket_is_left_alone(app: Flask) -> None:
    office = create_office()
    ticket = office.to_signed(office.register())
    office.do("clerk", ticket, "request_return", reason="not_our_duty", note="不属于本街道职责。")
    office.do("duty", ticket, "void", reason="test", note="测试数据，作废。")
    office.later(days=3)
    assert swept(office) == Swept(0, 0)
    office.do("duty", ticket, "restore", reason="误作废，予以恢复。")
    assert swept(office) == Swept(1, 0)


def test_sweepers_at_the_same_moment_make_each_move_once(app: Flask) -> None:
    office = create_office()
    tickets = [office.to_signed(office.register(f"事项{number}")) for number in range(6)]
    for ticket in tickets:
        office.do("clerk", ticket, "request_return", reason="not_our_duty", note="不属于本街道职责。")
    office.later(days=2)
    db.session.remove()
    found: list[Swept] = []
    failed: list[BaseException] = []
    start = Barrier(3)

    def work() -> None:
        with app.app_context(), acting_as(SYSTEM), stopped_at(office.at):
            try:
                start.wait(20)
                found.append(sweep())
            except BaseException as error:  # noqa: BLE001 - whatever it is, the test must see it
                failed.append(error)
            finally:
                db.session.remove()

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    assert sum(each.made for each in found) == len(tickets)
    lapsed = select(func.count(TicketEvent.id)).where(TicketEvent.action == "lapse_return")
    assert db.session.execute(lapsed).scalar_one() == len(tickets)


def test_nobody_but_the_clock_makes_its_moves(lite: Flask) -> None:
    office = create_office()
    ticket = office.to_signed(office.register())
    office.do("clerk", ticket, "request_return", reason="not_our_duty", note="不属于本街道职责。")
    office.later(days=2)
    with pytest.raises(Refused) as refused:
        office.do("duty", ticket, "lapse_return")
    assert refused.value.status == 403


def test_a_row_that_breaks_the_clock_keeps_no_other_ticket_from_its_move(lite: Flask) -> None:
    office = create_office()
    poisoned, sound = office.to_handling(office.register()), office.to_handling(office.register())
    for ticket in (poisoned, sound):
        until = office.at + timedelta(hours=2)
        office.do("clerk", ticket, "request_suspension", reason="parts", until=until, note="等待配件到货")
        office.do("duty", ticket, "approve_suspension")
    with transaction() as session:
        pause = session.execute(select(Suspension).where(Suspension.ticket_id == poisoned.id)).scalar_one()
        pause.from_at = None  # no door writes this; a hand in the database does
    office.later(hours=3)
    with office.now(), pytest.raises(AssertionError):
        sweep()
    db.session.expire_all()
    assert [db.session.get_one(Ticket, t.id).suspended for t in (poisoned, sound)] == [True, False]
