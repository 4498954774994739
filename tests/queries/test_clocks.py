"""The clocks of real tickets, moved by the services: each with its state, its minutes and its sentence, for page and program."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask

from app.core.acting import acting_as
from app.core.db import db
from app.core.languages import words
from app.domain.actors import SYSTEM
from app.entities.ticket import Ticket
from app.queries.clocks import ClockTold, clock_rows, clocks_told, leading
from app.services.progress import sit
from tests.services.casework import Office, create_office


def at(text: str) -> datetime:
    """A moment of the city's clock."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def clocks(office: Office, ticket: Ticket) -> dict[str, ClockTold]:
    """Every clock of the ticket at the office's present time, by key."""
    session = db.session()
    session.expire_all()
    with acting_as(SYSTEM):
        found = session.get(Ticket, ticket.id)
        assert found is not None
        sitting = sit(session, found)
        return {told.key: told for told in clocks_told(session, sitting.case, sitting.rules, office.at)}


def said(told: ClockTold) -> str:
    """The sentence in English."""
    return words("en").phrase(told.sentence)


def test_a_round_has_a_clock_for_signing_first_contact_and_handling(app: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())  # dispatched 09:00 on Monday 2 March, signed 09:02
    office.at = at("2026-03-02T16:00")
    found = clocks(office, ticket)
    assert list(found) == ["round.1.sign", "round.1.contact", "round.1.handle"]
    assert [told.state for told in found.values()] == ["met", "running", "running"]
    handle = found["round.1.handle"]
    assert (handle.total, handle.counted, handle.left, handle.limit) == (1440, 300, 1140, "3wd")
    assert said(handle) == "Counted 5 h of 3 working days (8 h each); due 5 Mar 2026, 09:00."
    assert said(found["round.1.sign"]) == "Done on 2 Mar 2026, 09:02, in time: counted 2 min of 10 minutes; due 2 Mar 2026, 09:10."
    assert found["round.1.contact"].left == 17 * 60
    assert [told.key for told in leading(list(found.values()))] == ["round.1.handle", "round.1.contact", "round.1.sign"]


def test_a_suspension_over_a_make_up_saturday_is_explained_with_who_granted_it(app: Flask) -> None:
    office = create_office()
    office.at = at("2026-02-12T14:00")
    ticket = office.to_handling(office.register())
    office.at = at("2026-02-13T14:00")
    office.do("clerk", ticket, "request_suspension", reason="parts", until=at("2026-02-14T16:00"), note="等待配件到货。")
    office.do("duty", ticket, "approve_suspension")
    office.at = at("2026-02-14T09:00")
    told = clocks(office, ticket)["round.1.handle"]
    # Thursday 4, Friday 4 counted; Friday 4 and Saturday 1 stood still; due Tuesday 24th 14:00 and 5 working hours
    assert (told.state, told.counted, told.paused, told.left) == ("paused", 480, 300, 960)
    assert told.expected_at == at("2026-02-25T09:00")
    assert "14 Feb 2026 is a make-up working day and counts" in said(told)
    office.at = at("2026-02-14T16:00")
    office.do("clock", ticket, "resume_on_time")
    told = clocks(office, ticket)["round.1.handle"]
    assert (told.state, told.counted, told.paused, told.left) == ("running", 480, 600, 960)
    assert "paused 1 d 2 h by suspension no. 1, granted by Duty" in said(told)
    assert "due moved from 24 Feb 2026, 14:00 to 25 Feb 2026, 16:00" in said(told)


def test_called_departments_have_clocks_of_their_own_and_keep_them_when_they_are_done(app: Flask) -> None:
    office = create_office()
    ticket = office.to_called(office.register(), office.police)  # called 09:12, to come at 10:12
    parks, police = f"part.1.{office.parks.id}", f"part.1.{office.police.id}"
    office.at = at("2026-03-02T09:20")
    office.do("gardener", ticket, "respond")
    office.at = at("2026-03-02T10:30")
    office.do("gardener", ticket, "report_in", person="林工")
    office.do("gardener", ticket, "finish", note="已更换滤芯。")
    office.at = at("2026-03-02T11:30")
    found = clocks(office, ticket)
    states = {key: told.state for key, told in found.items()}
    assert [states[f"{parks}.{clock}"] for clock in ("call_sign", "respond", "arrive", "finish")] == ["met", "met", "missed", "met"]
    assert [states[f"{police}.{clock}"] for clock in ("call_sign", "respond", "arrive", "finish")] == [
        "missed",
        "missed",
        "missed",
        "running",
    ]
    assert (found[f"{parks}.finish"].current, found[f"{police}.finish"].current) == (False, True)
    assert said(found[f"{parks}.arrive"]).endswith("in time until 2 Mar 2026, 10:22; came at 2 Mar 2026, 10:30, 8 min after that.")
    assert said(found[f"{police}.respond"]).startswith("Overdue by 18 min: all of 2 working hours is used up")
    assert found[f"{police}.respond"].unit.zh == office.police.name_zh


def test_a_returned_round_counts_for_nobody_and_an_open_return_has_its_clock(app: Flask) -> None:
    office = create_office()
    ticket = office.to_signed(office.register(), office.parks, "gardener")
    office.later(minutes=10).do("gardener", ticket, "request_return", reason="not_our_duty", note="不属于本单位职责。")
    open_return = clocks(office, ticket)["round.1.return_decide"]
    assert (open_return.state, open_return.due_at, open_return.limit) == ("running", at("2026-03-02T15:12"), "4wh")
    office.later(minutes=30).do("duty", ticket, "approve_return", unit=office.street.id)
    found = clocks(office, ticket)
    assert (found["round.1.handle"].state, found["round.1.handle"].current) == ("over", False)
    assert said(found["round.1.handle"]).startswith("Given back on 2 Mar 2026, 09:12, with approval, after 12 min of 3 working days")
    assert found["round.2.handle"].state == "running"
    whole = found["ticket.ticket"]
    assert (whole.due_at, found["round.2.handle"].due_at) == (at("2026-03-05T09:00"), at("2026-03-05T09:42"))


def test_a_claim_waits_for_verification_and_a_rejected_one_is_a_pause(app: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    office.at = at("2026-03-02T11:00")
    office.do("clerk", ticket, "claim_done", result="solved", note="已完成整改。")
    assert said(clocks(office, ticket)["round.1.handle"]).startswith("Claimed to be done on 2 Mar 2026, 11:00, in time: counted 2 h of 3")
    office.at = at("2026-03-02T17:00")
    office.do("chief", ticket, "reject_claim", reason="现场仍有油烟，请继续整改。")
    told = clocks(office, ticket)["round.1.handle"]
    assert (told.state, told.counted, told.paused, told.due_at) == ("running", 120, 240, at("2026-03-05T15:00"))
    assert "paused 4 h by verification and review from 2 Mar 2026, 11:00 to 2 Mar 2026, 17:00" in said(told)


def test_the_rating_window_says_until_when_and_never_whether_somebody_has_rated(app: Flask) -> None:
    office = create_office()
    ticket = office.to_called(office.register())
    office.later(minutes=20).do("gardener", ticket, "report_in", person="林工")
    office.do("gardener", ticket, "finish", note="已更换滤芯。")
    office.do("clerk", ticket, "conclude", opinion="由园林部门牵头整改，街道复核。", participants="林工")
    office.do("clerk", ticket, "complete", opinion="现场复核，油烟达标，市民认可。", result="solved")
    office.to_evaluating(db.session.get(Ticket, ticket.id))
    before = {k: (t.state, said(t)) for k, t in clocks(office, ticket).items() if k.startswith("rating")}
    assert before["rating.rate_unit"][0] == before["rating.rate_citizen"][0] == "running"
    office.do("clerk", ticket, "rate_department", part=f"1.{office.parks.id}", arrival="on_time", effect="solved")
    assert {k: (t.state, said(t)) for k, t in clocks(office, ticket).items() if k.startswith("rating")} == before
    office.later(days=30)
    assert clocks(office, ticket)["rating.rate_unit"].state == "over"


def test_a_supervision_order_has_its_clock(app: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    office.do("duty", ticket, "supervise", note="请加快办理并回复进展。")
    told = clocks(office, ticket)["order.1.supervise"]
    assert (told.state, told.limit, told.due_at) == ("running", "1wd", at("2026-03-03T09:07"))
    office.later(hours=1).do("clerk", ticket, "answer_order", answer="已安排人员今日下午到场。")
    assert clocks(office, ticket)["order.1.supervise"].state == "met"


def test_a_void_ticket_stops_every_clock_at_that_moment(app: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    office.at = at("2026-03-02T11:00")
    office.do("duty", ticket, "void", reason="test", note="测试数据，作废。")
    office.later(days=20)
    told = clocks(office, ticket)["round.1.handle"]
    assert (told.state, told.counted, told.overdue) == ("over", 120, 0)


def test_a_reopened_ticket_starts_a_new_clock_and_the_old_one_keeps_its_end(app: Flask) -> None:
    office = create_office()
    ticket = office.to_evaluating(office.register())
    office.do("duty", ticket, "archive", waiver="市民当面表示无需评价。")
    office.later(days=1).do("duty", ticket, "reopen", reason="市民反映油烟再次出现。")
    found = clocks(office, ticket)
    assert (found["round.1.handle"].state, found["round.2.handle"].state) == ("met", "running")
    assert found["round.2.handle"].started_at == office.at
    assert "round.2.sign" not in found


def test_programs_read_minutes_and_the_sentence_in_their_language(app: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    rows = {row["key"]: row for row in clock_rows(clocks(office, ticket).values(), words("en"))}
    handle = rows["round.1.handle"]
    assert handle["minutes"] == {"total": 1440, "counted": 7, "paused": 0, "left": 1433, "spare": 0, "overdue": 0}
    assert (handle["state"]["code"], handle["due_at"], handle["unit"]["id"]) == ("running", "2026-03-05T01:00:00Z", office.street.id)
    assert handle["sentence"].startswith("Counted 7 min of 3 working days")
