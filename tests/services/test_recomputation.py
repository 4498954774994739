"""A calendar changes under live tickets: notices come, typhoons close offices, and every due time that moves says so."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.db import db
from app.core.transaction import transaction
from app.entities.assignment_round import AssignmentRound
from app.entities.calendar_day import CalendarDay
from app.entities.calendar_year import CalendarYear
from app.entities.called_unit import CalledUnit
from app.entities.notice import Notice
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.entities.time_limit import TimeLimit
from app.queries.calendar import working_calendar
from app.services.recomputation import Recomputed, recompute_all
from tests.services.casework import Office, create_office


def at(text: str) -> datetime:
    """A moment of the city's clock."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def announce(kind: str, *days: str, year: int | None = None) -> None:
    """Enter days into the calendar; with ``year`` its notice counts as loaded. The 2027 notice of these tests is invented."""
    with transaction() as session:
        for day in days:
            session.add(CalendarDay(day=date.fromisoformat(day), kind=kind, name_zh="测试", name_en="Test"))
        if year is not None:
            session.add(CalendarYear(year=year, known=True, notice="invented for this test"))


def turn_of(ticket: Ticket, ordinal: int = 1) -> AssignmentRound:
    """A round as it is kept now."""
    db.session.expire_all()
    statement = select(AssignmentRound).where(AssignmentRound.ticket_id == ticket.id, AssignmentRound.ordinal == ordinal)
    return db.session.execute(statement).scalar_one()


def fresh(ticket: Ticket) -> Ticket:
    """The ticket as it is kept now."""
    db.session.expire_all()
    found = db.session.get(Ticket, ticket.id)
    assert found is not None
    return found


def events_of(ticket: Ticket) -> list[TicketEvent]:
    """Its timeline."""
    db.session.expire_all()
    return list(db.session.execute(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)).scalars())


def recomputed(office: Office) -> Recomputed:
    """What the job does, at the office's present time."""
    db.session.rollback()
    with office.now():
        return recompute_all()


def without_gaps(ticket: Ticket) -> bool:
    """Every version of the ticket has its event."""
    return [event.version for event in events_of(ticket)] == list(range(1, fresh(ticket).version + 1))


def test_when_the_notice_of_next_year_comes_provisional_due_times_are_told_anew(app: Flask) -> None:
    office = create_office()
    office.at = at("2026-12-30T10:00")
    ticket = office.register()  # "quickly": three working days, Monday to Friday as long as nobody knows better
    office.to_handling(ticket)
    assert (turn_of(ticket).due_at, turn_of(ticket).due_provisional) == (at("2027-01-04T10:00"), True)
    before = fresh(ticket).calendar_version

    announce("off", "2027-01-01", year=2027)
    office.later(hours=1)
    assert recomputed(office) == Recomputed(seen=1, changed=1)

    turn, now = turn_of(ticket), fresh(ticket)
    assert (turn.base_due_at, turn.due_at, turn.due_provisional) == (at("2027-01-05T10:00"), at("2027-01-05T10:00"), False)
    assert (now.due_at, now.due_provisional, now.next_due_at) == (at("2027-01-05T10:00"), False, at("2027-01-05T10:00"))
    assert now.calendar_version == working_calendar(db.session()).version != before
    event = events_of(ticket)[-1]
    assert (event.action, event.user_name, event.from_stage, event.to_stage) == ("recompute", "system", "handling", "handling")
    assert (event.details["old_due_at"], event.details["due_at"]) == ("2027-01-04T02:00:00+00:00", "2027-01-05T02:00:00+00:00")
    assert (event.details["calendar_before"], event.details["calendar"]) == (before, now.calendar_version)
    assert {clock["clock"] for clock in event.details["clocks"]} == {"handle", "ticket"}
    assert without_gaps(ticket)
    told = db.session.execute(select(Notice.kind).where(Notice.ticket_id == ticket.id)).scalars().all()
    assert "recomputed" in told

    assert recomputed(office) == Recomputed(seen=0, changed=0)
    assert len([e for e in events_of(ticket) if e.action == "recompute"]) == 1


def test_a_typhoon_moves_what_runs_through_it_and_replays_pauses_and_extensions(app: Flask) -> None:
    office = create_office()
    office.at = at("2026-07-06T10:00")  # a Monday
    paused, extended = office.register("台风前申报"), office.register("台风前延期")
    office.to_handling(paused)
    office.at = at("2026-07-06T10:00")
    office.to_handling(extended)
    office.at = at("2026-07-06T14:00")
    office.do("clerk", paused, "request_suspension", reason="parts", until=at("2026-07-07T16:00"), note="等待配件到货。")
    office.do("duty", paused, "approve_suspension")
    office.do("clerk", extended, "request_extension", wanted_at=at("2026-07-13T17:00"), reason="需要更多时间处理。")
    office.do("duty", extended, "approve_extension")
    office.at = at("2026-07-07T16:00")
    office.do("clock", paused, "resume_on_time")
    # Thursday 10:00 and ten working hours (Monday 4, Tuesday 6): Thursday 2 + 4, Friday 4
    assert turn_of(paused).due_at == at("2026-07-10T12:00")
    before = turn_of(paused).due_at

    announce("off", "2026-07-09")
    assert recomputed(office).changed == 2

    # start + 3 working days is Friday 10:00 now; ten working hours later: Friday 2 + 4, Monday 4
    assert turn_of(paused).base_due_at == at("2026-07-10T10:00")
    assert turn_of(paused).due_at == at("2026-07-13T12:00") > before
    assert turn_of(extended).base_due_at == at("2026-07-10T10:00")
    assert turn_of(extended).due_at == at("2026-07-13T17:00"), "a time that was granted stays"
    assert fresh(extended).due_at == at("2026-07-13T17:00")
    assert without_gaps(paused) and without_gaps(extended)
    assert recomputed(office) == Recomputed(0, 0)


def test_a_closure_inside_a_suspension_makes_the_suspension_shorter_in_working_time(app: Flask) -> None:
    office = create_office()
    office.at = at("2026-07-06T10:00")
    ticket = office.to_handling(office.register())
    office.at = at("2026-07-07T09:00")
    office.do("clerk", ticket, "request_suspension", reason="weather", until=at("2026-07-08T18:00"), note="台风来袭。")
    office.do("duty", ticket, "approve_suspension")
    office.at = at("2026-07-08T18:00")
    office.do("clock", ticket, "resume_on_time")
    assert turn_of(ticket).due_at == at("2026-07-13T09:00")  # Thursday 10:00 and 7 + 8 hours

    announce("off", "2026-07-08")
    assert recomputed(office).changed == 1
    # Friday 10:00 and only Tuesday's 7 hours: Friday 2 + 4, Monday 1; the day lost was a day on which the clock stood still
    assert turn_of(ticket).due_at == at("2026-07-13T09:00")
    assert turn_of(ticket).base_due_at == at("2026-07-10T10:00")
    assert "due_at" not in events_of(ticket)[-1].details


def test_a_called_department_gains_the_closed_day_too(app: Flask) -> None:
    office = create_office()
    office.at = at("2026-07-06T15:00")
    _limit(office, "respond", "3wh")
    ticket = office.to_called(office.register())
    part = _part(ticket)
    # called at 15:12: three working hours reach to Tuesday 08:12
    assert (part.due_at, part.response_due_at) == (at("2026-07-09T15:12"), at("2026-07-07T08:12"))

    announce("off", "2026-07-07")
    recomputed(office)
    part = _part(ticket)
    assert (part.due_at, part.response_due_at) == (at("2026-07-10T15:12"), at("2026-07-08T08:12"))
    clocks = events_of(ticket)[-1].details["clocks"]
    assert {(clock["clock"], clock["unit"]) for clock in clocks} >= {("finish", office.parks.id), ("respond", office.parks.id)}


def test_a_limit_that_was_changed_since_is_not_applied_to_what_ran_before(app: Flask) -> None:
    office = create_office()
    office.at = at("2026-07-06T15:00")
    _limit(office, "respond", "3wh")
    ticket = office.to_called(office.register())
    office.later(hours=1)
    _limit(office, "respond", "8wh")
    announce("off", "2026-07-07")
    recomputed(office)
    assert _part(ticket).response_due_at == at("2026-07-07T08:12")


@pytest.mark.parametrize("rest", ["claimed", "completed", "natural", "voided", "elsewhere"])
def test_what_no_longer_runs_or_does_not_ask_the_calendar_keeps_its_due_time(app: Flask, rest: str) -> None:
    office = create_office()
    office.at = at("2026-07-06T10:00")
    ticket = office.register()
    if rest == "natural":
        _limit(office, "handle", "5d", urgency="quickly")
    if rest == "completed":
        office.to_completed(ticket)
    else:
        office.to_handling(ticket)
    if rest == "claimed":
        office.do("clerk", ticket, "claim_done", result="solved", note="已完成整改。")
    if rest == "voided":
        office.do("duty", ticket, "void", reason="test", note="测试数据，作废。")
    before, version = turn_of(ticket).due_at, fresh(ticket).version
    announce("off", "2026-12-31" if rest == "elsewhere" else "2026-07-08")
    assert recomputed(office).changed == 0
    assert (turn_of(ticket).due_at, fresh(ticket).version) == (before, version)
    assert recomputed(office).seen == 0
    assert without_gaps(ticket)


def test_what_comes_back_from_verification_is_told_anew_then(app: Flask) -> None:
    office = create_office()
    office.at = at("2026-07-06T10:00")
    ticket = office.to_handling(office.register())
    office.do("clerk", ticket, "claim_done", result="solved", note="已完成整改。")
    announce("off", "2026-07-08")
    assert recomputed(office).changed == 0
    office.later(hours=1).do("chief", ticket, "reject_claim", reason="现场仍有油烟，请继续整改。")
    assert recomputed(office).changed == 1
    # Friday 10:00 now, and the hour (10:07 to 11:07) in which others looked
    assert turn_of(ticket).due_at == at("2026-07-10T11:00")


def test_the_same_calendar_tells_the_same_due_times_whatever_has_happened(app: Flask) -> None:
    """Replaying a long life against its own calendar finds nothing to change; only a year far away is new."""
    office = create_office()
    office.at = at("2026-07-06T10:00")
    ticket = office.to_signed(office.register(), office.parks, "gardener")
    office.later(minutes=30).do("gardener", ticket, "request_return", reason="not_our_duty", note="不属于本单位职责。")
    office.later(minutes=30).do("duty", ticket, "approve_return", unit=office.street.id)
    office.later(minutes=3).do("clerk", ticket, "sign")
    office.later(minutes=3).do("clerk", ticket, "start")
    office.do("clerk", ticket, "request_extension", wanted_at=at("2026-07-13T17:00"), reason="需订购净化设备配件。")
    office.later(hours=1).do("clerk", ticket, "request_suspension", reason="parts", until=at("2026-07-08T09:00"), note="等待配件到货。")
    office.do("duty", ticket, "approve_suspension")
    office.later(hours=1).do("duty", ticket, "approve_extension")
    office.at = at("2026-07-08T09:00")
    office.do("clock", ticket, "resume_on_time")
    office.later(hours=3).do("clerk", ticket, "claim_done", result="solved", note="已完成整改。")
    office.later(hours=4).do("chief", ticket, "reject_claim", reason="现场仍有油烟，请继续整改。")
    kept: tuple[Any, ...] = (turn_of(ticket, 2).due_at, fresh(ticket).due_at)
    announce("off", "2026-12-31")
    assert recomputed(office) == Recomputed(seen=1, changed=0)
    assert (turn_of(ticket, 2).due_at, fresh(ticket).due_at) == kept


def _limit(office: Office, clock: str, limit: str, urgency: str = "") -> None:
    """An admin changes a limit at the office's present time."""
    with office.now(), transaction() as session:
        row = session.execute(select(TimeLimit).where(TimeLimit.clock == clock, TimeLimit.urgency == urgency)).scalar_one()
        row.limit = limit


def _part(ticket: Ticket) -> CalledUnit:
    db.session.expire_all()
    return db.session.execute(select(CalledUnit)).scalar_one()
