"""Whom the clock warns, when, and how the warning climbs: by the seeded rules, over days of a stopped clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.languages import words
from app.core.phrases import from_json
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.entities.account import Account
from app.entities.assignment_round import AssignmentRound
from app.entities.calendar_day import CalendarDay
from app.entities.mail import Mail
from app.entities.notice import Notice
from app.entities.staff_profile import StaffProfile
from app.entities.ticket import Ticket
from app.services.clockwork import sweep
from app.services.reminders import remind
from tests.services.casework import Office, create_office

Told = list[tuple[str, str, str]]


def at(text: str) -> datetime:
    """A moment of the city's clock."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def told(office: Office, language: str = "en") -> Told:
    """Sweep now; who is told by which rule and in which words, new ones only."""
    db.session.expire_all()
    before = set(db.session.execute(select(Notice.id)).scalars())
    with office.now():
        remind()
    rows = db.session.execute(
        select(Notice, Account.username).join(Account, Account.id == Notice.user_id).where(Notice.id.not_in(before)).order_by(Notice.id)
    )
    return [(name, notice.key.partition("|")[0], words(language).phrase(from_json(notice.text))) for notice, name in rows]


def who(found: Told) -> dict[str, set[str]]:
    """Names by rule."""
    return {rule: {name for name, code, _ in found if code == rule} for _, rule, _ in found}


def test_an_unsigned_ticket_is_noticed_at_ten_minutes_by_the_unit_and_at_forty_by_the_centre(app: Flask) -> None:
    office = create_office()
    ticket = office.register()
    office.do("duty", ticket, "dispatch", unit=office.street.id)
    assert told(office.later(minutes=9, seconds=59)) == []
    found = told(office.later(seconds=1))
    assert who(found) == {"unsigned-handlers": {"clerk", "chief"}}
    assert told(office.later(minutes=29)) == []
    found = told(office.later(minutes=1))
    assert who(found) == {"unsigned-centre": {"duty", "reviewer"}}
    assert found[0][2] == f"Street-town S-1 has not signed {ticket.number} “夜市油烟扰民”. Due 2 Mar 2026, 09:10"
    office.do("clerk", ticket, "sign")
    assert told(office.later(hours=1)) == []


def test_an_overdue_ticket_climbs_from_the_handlers_to_the_lead_to_the_centre(app: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register(), office.parks, "gardener")
    assert db.session.execute(select(AssignmentRound.due_at)).scalar_one() == at("2026-03-05T09:00")
    climb = {
        "2026-03-04T14:59": {},
        "2026-03-04T15:00": {"due-soon": {"gardener", "head"}},  # 4 working hours ahead
        "2026-03-05T09:00": {"due-now": {"gardener", "head"}},
        "2026-03-05T09:09": {},
        "2026-03-05T09:10": {"overdue-handlers": {"gardener", "head"}},
        "2026-03-05T14:59": {},
        "2026-03-05T15:00": {"overdue-lead": {"head"}},  # 3 h before noon, 1 h after the break
        "2026-03-06T08:59": {},
        "2026-03-06T09:00": {"overdue-centre": {"duty", "reviewer"}},
        "2026-03-09T09:00": {},
    }
    for moment, expected in climb.items():
        office.at = at(moment)
        assert who(told(office)) == expected, moment
    office.do("gardener", ticket, "claim_done", result="solved", note="已处置完毕。")
    assert who(told(office.later(hours=1))) == {}


def test_whoever_has_no_lead_is_reminded_in_the_leads_stead(app: Flask) -> None:
    office = create_office()
    office.to_handling(office.register())
    office.at = at("2026-03-05T15:00")
    assert who(told(office))["overdue-lead"] == {"clerk", "chief"}


def test_a_suspension_over_the_make_up_saturday_puts_the_whole_chain_off(app: Flask) -> None:
    office = create_office()
    assert date(2026, 2, 14) in set(db.session.execute(select(CalendarDay.day)).scalars())  # the make-up Saturday is loaded
    office.at = at("2026-02-11T09:00")  # Wednesday; three working days lead to the make-up Saturday 14 February, 09:00
    ticket = office.to_handling(office.register(), office.parks, "gardener")
    assert db.session.execute(select(AssignmentRound.due_at)).scalar_one() == at("2026-02-14T09:00")
    office.at = at("2026-02-13T14:00")
    office.do("gardener", ticket, "request_suspension", reason="parts", until=at("2026-02-14T16:00"), note="等待配件到货。")
    office.do("duty", ticket, "approve_suspension")
    for moment in ("2026-02-13T16:00", "2026-02-14T09:30", "2026-02-14T15:59"):
        office.at = at(moment)
        assert told(office) == [], moment
    office.at = at("2026-02-14T16:00")
    with office.now():
        assert sweep().made == 1
    # 4 h on Friday and 6 h on Saturday stood still: 09:00 on Saturday becomes 11:00 on Tuesday 24 February, after the holidays
    assert db.session.execute(select(AssignmentRound.due_at)).scalar_one() == at("2026-02-24T11:00")
    steps = {
        "2026-02-14T16:00": {},
        "2026-02-14T16:59": {},
        "2026-02-14T17:00": {"due-soon": {"gardener", "head"}},  # 1 h on Saturday, 3 h on Tuesday
        "2026-02-20T12:00": {},
        "2026-02-24T11:00": {"due-now": {"gardener", "head"}},
        "2026-02-24T17:00": {"overdue-handlers": {"gardener", "head"}, "overdue-lead": {"head"}},
        "2026-02-25T11:00": {"overdue-centre": {"duty", "reviewer"}},
    }
    for moment, expected in steps.items():
        office.at = at(moment)
        assert who(told(office)) == expected, moment


def test_an_extension_is_another_occurrence_and_is_told_anew(app: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register(), office.parks, "gardener")
    office.at = at("2026-03-04T16:00")
    assert who(told(office)) == {"due-soon": {"gardener", "head"}}
    office.do("gardener", ticket, "request_extension", wanted_at=at("2026-03-06T09:00"), reason="需订购配件，申请延期。")
    office.do("duty", ticket, "approve_extension")
    assert told(office) == []
    office.at = at("2026-03-05T16:00")
    assert who(told(office)) == {"due-soon": {"gardener", "head"}}


def test_an_unanswered_call_reaches_the_department_its_lead_and_the_street_town(app: Flask) -> None:
    office = create_office()
    ticket = office.to_called(office.register(), office.police)  # called at 09:12, to be answered within 2 hours
    office.later(minutes=30).do("officer", ticket, "respond")
    office.at = at("2026-03-02T11:12")
    found = told(office)
    assert who(found) == {"call-handlers": {"gardener", "head"}}
    office.at = at("2026-03-02T15:12")
    found = told(office)
    assert who(found) == {"call-lead": {"head"}, "call-street": {"clerk", "chief"}}
    assert {text for _, _, text in found} == {
        f"Department D-1 has not answered the call on {ticket.number} “夜市油烟扰民”. Due 2 Mar 2026, 11:12"
    }


def test_whoever_asks_to_return_a_call_has_answered_and_the_street_town_must_decide(app: Flask) -> None:
    office = create_office()
    ticket = office.to_called(office.register())
    office.later(minutes=10).do("gardener", ticket, "return_call", reason="not_our_duty", note="不属于园林职责。")  # 09:22
    office.at = at("2026-03-02T10:21")
    assert told(office) == []
    office.at = at("2026-03-02T10:22")
    assert who(told(office)) == {"undecided-call": {"clerk", "chief"}}
    office.at = at("2026-03-02T11:30")
    assert told(office) == []


def test_requests_and_claims_and_orders_and_ratings_are_brought_to_mind(app: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register(), office.parks, "gardener")
    office.do("gardener", ticket, "request_extension", wanted_at=at("2026-03-06T09:00"), reason="需订购配件，申请延期。")  # 09:07
    office.do("duty", ticket, "supervise", note="请说明为何尚未到场。", reply_by=at("2026-03-02T16:00"))
    office.at = at("2026-03-02T11:07")
    assert who(told(office)) == {"undecided": {"duty", "reviewer"}}
    office.do("duty", ticket, "approve_extension")
    office.at = at("2026-03-02T16:00")
    assert who(told(office)) == {"order-handlers": {"gardener", "head"}}
    office.at = at("2026-03-03T10:00")
    found = told(office, "zh")
    assert who(found) == {"order-lead": {"head"}}
    office.do("gardener", ticket, "answer_order", answer="已到场，正在处置。")
    office.do("gardener", ticket, "claim_done", result="solved", note="已处置完毕。")
    office.at = at("2026-03-03T15:59")
    assert told(office) == []
    office.at = at("2026-03-03T16:00")
    assert who(told(office)) == {"unverified": {"clerk", "chief"}}


def test_mutual_ratings_are_asked_for_again_before_their_window_closes_and_only_of_whoever_owes_one(app: Flask) -> None:
    office = create_office()
    ticket = office.to_called(office.register())
    office.later(minutes=20).do("gardener", ticket, "report_in")
    office.do("clerk", ticket, "conclude", opinion="由园林部门修剪，街道负责清运。")
    office.later(hours=1).do("gardener", ticket, "finish", note="已修剪完毕。")
    office.do("clerk", ticket, "complete", opinion="现场复核，已处置到位。", result="solved")
    office.to_evaluating(db.session.get(Ticket, ticket.id))  # Monday 11:32; three working days: Thursday 11:32
    office.do("clerk", ticket, "rate_department", part=f"1.{office.parks.id}", arrival="late", effect="unsolved")
    office.at = at("2026-03-04T11:31")
    assert told(office) == []
    office.at = at("2026-03-04T11:32")
    found = told(office)
    assert who(found) == {"unrated": {"gardener", "head"}}
    assert "unsolved" not in str(found) and "late" not in str(found)


@pytest.mark.parametrize("end", ["void", "archive"])
def test_what_has_ended_reminds_nobody(app: Flask, end: str) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    if end == "void":
        office.do("duty", ticket, "void", reason="test", note="测试数据，作废。")
    else:
        office.do("clerk", ticket, "complete", opinion="已清理完毕并现场复核无异味。", result="solved")
        office.to_evaluating(db.session.get(Ticket, ticket.id))
        office.do("duty", ticket, "archive", waiver="市民已当面表示满意。")
    for days in (1, 3, 4, 8):
        assert told(office.later(days=days)) == []


def test_people_who_left_or_only_read_are_not_reminded(app: Flask) -> None:
    office = create_office()
    office.to_handling(office.register())
    with transaction() as session:
        session.get(Account, office.people["chief"].id).active = False
        profile = session.execute(select(StaffProfile).where(StaffProfile.account_id == office.people["viewer"].id)).scalar_one()
        profile.unit_id = office.street.id
        neighbour = session.execute(select(StaffProfile).where(StaffProfile.account_id == office.people["neighbour"].id)).scalar_one()
        neighbour.stationed_id = office.street.id
    office.at = at("2026-03-05T09:00")
    assert who(told(office))["due-now"] == {"clerk", "neighbour"}


def test_two_sweepers_at_the_same_moment_tell_everybody_once(app: Flask) -> None:
    office = create_office()
    for number in range(8):
        office.to_handling(office.register(f"事项{number}"), office.parks, "gardener")
    office.at = at("2026-03-06T12:00")
    db.session.remove()
    failed: list[BaseException] = []
    start = Barrier(3)

    def work() -> None:
        with app.app_context(), acting_as(SYSTEM), stopped_at(office.at):
            try:
                start.wait(20)
                remind()
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
    kinds = select(Notice.kind, func.count(Notice.id)).where(Notice.kind.in_(("due", "overdue"))).group_by(Notice.kind)
    counts = {row[0]: row[1] for row in db.session.execute(kinds)}
    assert counts == {"due": 8 * 2, "overdue": 8 * (2 + 1 + 2)}  # handlers, lead, centre
    assert db.session.execute(select(func.count(Mail.id))).scalar_one() == 0
    office.at += timedelta(minutes=1)
    assert told(office) == []
