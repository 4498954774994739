"""Ledgers of tickets: mapped, joined to master data, checked in one pass, taken as a whole or in part, and taken back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.languages import speaking, words
from app.core.runs import Silent
from app.core.transaction import transaction
from app.crud.columns import Origin, Reading
from app.crud.importing.batches import ALL, GOOD, Desk
from app.crud.tables import Alias, Change
from app.domain.actors import Actor
from app.domain.refusals import Refused
from app.entities.assignment_round import AssignmentRound
from app.entities.channel import Channel
from app.entities.department import Department
from app.entities.matter import Matter
from app.entities.source_system import SourceSystem
from app.entities.street_town import StreetTown
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.services.evaluation import publish
from app.services.progress import move
from tests.importing.conftest import Bring
from tests.importing.files import is_chinese, sheet_rows
from tests.people import create_community, create_department, create_street_town

GOOD_ROW: dict[str, Any] = {
    "来源单号": "G-00",
    "标题": "路灯不亮",
    "描述": "门口路灯不亮",
    "性质": "求助",
    "事项类别": "市政设施",
    "街镇": "东街道",
    "社区": "甲社区",
    "经度": 119.3,
    "纬度": 26.08,
    "渠道": "随手拍",
    "主动发现": "否",
    "承办单位": "城管局",
    "上报时间": datetime(2026, 3, 2, 9, 0),
    "签收时间": datetime(2026, 3, 2, 9, 8),
    "期限": datetime(2026, 3, 9, 9, 0),
    "办结时间": datetime(2026, 3, 5, 17, 30),
    "按期办结": None,
    "超期办结": None,
    "联系电话": "13900001234",
}

BAD: list[tuple[str, dict[str, Any], str]] = [
    ("来源单号", {"来源单号": None}, "the source's number is missing"),
    ("来源单号", {"来源单号": "9" * 81}, "“Source no.” has 81 characters; at most 80 fit"),
    ("来源单号", {"来源单号": "G-00"}, "the same ticket stands in row 2 already"),
    ("标题", {"标题": None}, "“Title” is missing"),
    ("标题", {"标题": "长" * 201}, "“Title” has 201 characters; at most 200 fit"),
    ("标题", {"标题": "#N/A"}, "the cell shows the error #N/A instead of a value"),
    ("性质", {"性质": "闲聊"}, "“闲聊” is not one of the possible values: "),
    ("街镇", {"街镇": "东街", "社区": None}, "There is no Street-town “东街”; similar: 东街道 (S-1). Add it first, or"),
    ("渠道", {"渠道": "飞鸽传书"}, "There is no Channel “飞鸽传书”. Add it first, or import with “create missing master data”."),
    ("社区", {"社区": "乙社区"}, "the community “乙社区” belongs to “西街道”, not to “东街道”"),
    ("承办单位", {"承办单位": "执法队"}, "“执法队” could be 执法队 (D-2), 执法队 (D-3); write the code to say which"),
    ("承办单位", {"承办单位": None}, "“Signed” is given, but no handling unit"),
    ("经度", {"经度": "东经119度"}, "“东经119度” is not a number"),
    ("纬度", {"纬度": 119.3}, "“119.3” is not a coordinate; are longitude and latitude exchanged?"),
    ("纬度", {"纬度": None}, "“Latitude” is missing"),
    ("主动发现", {"主动发现": "或许"}, "“或许” is neither yes nor no"),
    ("上报时间", {"上报时间": None, "办结时间": None}, "the time of the report is missing"),
    ("上报时间", {"上报时间": "前天上午"}, "“前天上午” is not a valid date and time; write it as 2026-11-24 09:15"),
    ("上报时间", {"上报时间": datetime(2099, 1, 1)}, "“Reported” 2099-01-01 00:00 lies in the future"),
    ("办结时间", {"签收时间": datetime(2026, 3, 6, 9, 0)}, "“Completed” 2026-03-05 17:30 is earlier than “Signed” 2026-03-06 09:00"),
    ("期限", {"期限": "2026年3月1日 8:00"}, "“Due” 2026-03-01 08:00 is earlier than “Reported” 2026-03-02 09:00"),
    ("期限", {"期限": datetime(2999, 1, 1)}, "“Due” 2999-01-01 00:00 lies more than twenty years ahead"),
    ("办结时间", {"办结时间": "2026/3/1 8:00"}, "“Completed” 2026-03-01 08:00 is earlier than “Reported” 2026-03-02 09:00"),
    ("按期办结", {"按期办结": "也许"}, "“也许” is neither yes nor no"),
    ("按期办结", {"按期办结": "是", "超期办结": "是"}, "the ticket is marked both in time and overdue"),
    ("按期办结", {"按期办结": "否", "超期办结": "是"}, "the ticket is marked otherwise than its times say"),
    ("联系电话", {"联系电话": "123"}, "“123” is not a telephone number"),
]


@pytest.fixture
def ground(house: Flask) -> None:
    """What the rows speak of."""
    east, west = create_street_town("S-1", name_zh="东街道"), create_street_town("S-2", name_zh="西街道")
    create_community("C-1", east, name_zh="甲社区")
    create_community("C-2", west, name_zh="乙社区")
    create_department("D-1", name_zh="城管局")
    create_department("D-2", name_zh="执法队")
    create_department("D-3", name_zh="执法队")
    with transaction() as session:
        session.add(Channel(code="K-1", name_zh="随手拍"))
        session.add(Matter(code="M-1", name_zh="市政设施", level=1))


def rows_of(*changes: dict[str, Any]) -> list[list[Any]]:
    """The captions, and one row per change to the good one."""
    return [list(GOOD_ROW), *([{**GOOD_ROW, **change}[name] for name in GOOD_ROW] for change in changes)]


def bad_rows() -> list[list[Any]]:
    return rows_of({}, *({"来源单号": f"B-{number:02d}", **fault} for number, (_, fault, _) in enumerate(BAD, start=1)))


def ticket(session: Session, source_no: str) -> Ticket:
    session.expire_all()
    return session.execute(select(Ticket).where(Ticket.source_no == source_no)).scalar_one()


def number_of(session: Session, entity: Any) -> int:
    return session.execute(select(func.count(entity.id))).scalar_one()


@pytest.mark.usefixtures("ground")
def test_more_than_twenty_kinds_of_bad_rows_get_a_sentence_each(lite: Flask, bring: Bring, session: Session) -> None:
    said = bring("Ticket", bad_rows()).said()
    assert len(said) == len(BAD)
    assert sorted(said) == [(row, column) for row, (column, _, _) in enumerate(BAD, start=3)]
    for place, (_, _, sentence) in zip(sorted(said), BAD, strict=True):
        assert said[place].startswith(sentence)
    assert len(set(said.values())) > 20
    assert number_of(session, Ticket) == 0


@pytest.mark.usefixtures("ground")
def test_chinese_owners_read_them_in_chinese_beside_the_cells(lite: Flask, bring: Bring, tmp_path: Path) -> None:
    with speaking("zh"):
        brought = bring("Ticket", bad_rows())
    said = brought.said("zh")
    assert [sentence for sentence in said.values() if not is_chinese(sentence)] == []
    marked = sheet_rows(brought.marked(tmp_path / "marked.xlsx"))
    assert marked[0][-1] == words("zh")("Problems")
    for (row, column), sentence in said.items():
        assert marked[row - 1][-1] == f"{column}: {sentence}"


@pytest.mark.usefixtures("ground")
def test_a_file_with_bad_rows_is_refused_or_its_good_rows_are_taken(app: Flask, bring: Bring, session: Session) -> None:
    with pytest.raises(Refused) as refused:
        bring("Ticket", bad_rows(), ALL)
    assert words("en").phrase(refused.value.phrase) == f"{len(BAD)} rows cannot be taken, so nothing was written."
    assert number_of(session, Ticket) == number_of(session, AssignmentRound) == number_of(session, TicketEvent) == 0
    assert bring("Ticket", bad_rows(), GOOD).counts == (1, 0, 0, len(BAD))
    assert session.execute(select(Ticket.source_no)).scalars().all() == ["G-00"]


@pytest.mark.usefixtures("ground")
def test_a_row_becomes_a_ticket_with_its_round_and_its_history(lite: Flask, bring: Bring, session: Session) -> None:
    bring("Ticket", rows_of({}), ALL)
    found = ticket(session, "G-00")
    assert (found.number, found.title, found.stage, found.nature) == ("OWN-G-00", "路灯不亮", "archived", "help")
    links = (found.street_town, found.community, found.matter, found.channel, found.unit)
    assert [link.code if link else None for link in links] == ["S-1", "C-1", "M-1", "K-1", "D-1"]
    assert found.reported_at.isoformat() == "2026-03-02T01:00:00+00:00"  # nine o'clock in the city
    turn = session.execute(select(AssignmentRound).where(AssignmentRound.ticket_id == found.id)).scalar_one()
    assert (turn.signed_at.isoformat(), turn.due_at, turn.completed_at) == ("2026-03-02T01:08:00+00:00", found.due_at, found.completed_at)
    events = session.execute(select(TicketEvent.action, TicketEvent.happened_at).order_by(TicketEvent.happened_at)).all()
    assert [tuple(event) for event in events] == [
        ("report", found.reported_at),
        ("sign", turn.signed_at),
        ("complete", found.completed_at),
    ]
    assert set(found.unknown) >= {"dispatched", "rating", "calls", "contacts", "extensions", "suspensions", "follow_ups"}
    assert not {"signed", "due", "completed"} & set(found.unknown)


@pytest.mark.usefixtures("ground")
def test_a_flag_without_a_time_is_an_outcome_and_its_moment_stays_unknown(lite: Flask, bring: Bring, session: Session) -> None:
    silent = {"签收时间": None, "期限": None, "办结时间": None}
    yes = {**silent, "来源单号": "1", "按期办结": "是", "超期办结": "否"}
    late = {**silent, "来源单号": "2", "按期办结": "否", "超期办结": "是"}
    neither = {**silent, "来源单号": "3", "按期办结": "否", "超期办结": "否"}
    bring("Ticket", rows_of(yes, late, neither), ALL)
    outcomes = {no: (ticket(session, no).completed, ticket(session, no).on_time, ticket(session, no).completed_at) for no in "123"}
    assert outcomes == {"1": (True, True, None), "2": (True, False, None), "3": (False, None, None)}
    assert ["completed" in ticket(session, no).unknown for no in "123"] == [True, True, False]


@pytest.mark.usefixtures("ground")
def test_the_same_ledger_again_changes_nothing_and_a_corrected_row_changes_itself(app: Flask, bring: Bring, session: Session) -> None:
    rows = rows_of({}, {"来源单号": "G-01"})
    bring("Ticket", rows, ALL)
    before, log = ticket(session, "G-00").changed_at, number_of(session, Change)
    again = bring("Ticket", rows, ALL)
    assert again.counts == (0, 0, 2, 0)
    assert (ticket(session, "G-00").changed_at, ticket(session, "G-00").version, number_of(session, Change)) == (before, 1, log)
    corrected = bring("Ticket", rows_of({}, {"来源单号": "G-01", "标题": "路灯倒了", "承办单位": "D-2"}), ALL)
    assert corrected.counts == (0, 1, 1, 0)
    found = ticket(session, "G-01")
    assert (found.title, found.unit.code if found.unit else "", found.rounds, found.version) == ("路灯倒了", "D-2", 1, 2)
    assert number_of(session, AssignmentRound) == 2


PINGSHAN = ["REC_ID", "CREATE_TIME", "SUB_TYPE_NAME", "EVENT_TYPE_ID", "EVENT_TYPE_NAME", "MAIN_TYPE_ID", "MAIN_TYPE_NAME", "SUB_TYPE_ID"]
PINGSHAN += ["STREET_ID", "STREET_NAME", "COMMUNITY_ID", "COMMUNITY_NAME", "DISPOSE_UNIT_ID", "DISPOSE_UNIT_NAME", "EVENT_SRC_NAME"]
PINGSHAN += ["INTIME_ARCHIVE_NUM", "OVERTIME_ARCHIVE_NUM", "EVENT_PROPERTY_NAME", "OCCUR_PLACE"]


def pingshan(number: int, at: str, unit: str, name: str) -> list[Any]:
    head = [str(number), at, "游商", "5", "市容", "178", "占道", "602", "101", "东山街道", "9101", "东山社区", unit, name]
    return [*head, "12345", "1", "0", "投诉", "-"]


def test_missing_master_data_is_made_on_request_and_otherwise_refused(app: Flask, bring: Bring, session: Session) -> None:
    rows = [PINGSHAN, pingshan(1, "2018-09-03 08:00:00", "13", "综合执法队"), pingshan(2, "2018-10-25 08:00:00", "13", "综合执法队（新）")]
    refused = bring("Ticket", rows, mapping="pingshan")
    assert refused.counts == (0, 0, 0, 2)
    assert {column for _, column in refused.said()} >= {"STREET_NAME", "DISPOSE_UNIT_NAME", "SUB_TYPE_NAME"}
    brought = bring("Ticket", rows, ALL, mapping="pingshan", create_missing=True)
    assert brought.counts == (2, 0, 0, 0)
    unit = session.execute(select(Department)).scalar_one()
    assert unit.name_zh == "综合执法队（新）"  # one code is one unit, under its newest name
    former = session.execute(select(Alias.name, Alias.valid_to).where(Alias.row_id == unit.id, Alias.kind == "former")).one()
    assert (former[0], former[1].isoformat()) == ("综合执法队", "2018-10-24")
    matter = session.execute(select(Matter).where(Matter.name_zh == "游商")).scalar_one()
    assert [matter.level, matter.parent.name_zh, matter.parent.parent.name_zh] == [3, "占道", "市容"]
    assert bring("Ticket", rows, ALL, mapping="pingshan", create_missing=True).counts == (0, 0, 2, 0)


def test_one_name_under_two_codes_stays_two_units(lite: Flask, bring: Bring, session: Session) -> None:
    rows = [PINGSHAN, pingshan(1, "2018-09-03 08:00:00", "13", "执法队"), pingshan(2, "2018-09-04 08:00:00", "14", "执法队")]
    bring("Ticket", rows, ALL, mapping="pingshan", create_missing=True)
    assert session.execute(select(Department.name_zh)).scalars().all() == ["执法队", "执法队"]
    assert ticket(session, "1").unit_id != ticket(session, "2").unit_id


def test_an_undone_ledger_takes_its_master_data_with_it(app: Flask, bring: Bring, desk: Desk, session: Session) -> None:
    rows = [PINGSHAN, pingshan(1, "2018-09-03 08:00:00", "13", "综合执法队")]
    brought = bring("Ticket", rows, ALL, mapping="pingshan", create_missing=True)
    desk.undo(brought.number, Silent())
    counts = {
        entity.__name__: number_of(session, entity) for entity in (Ticket, AssignmentRound, TicketEvent, Department, StreetTown, Alias)
    }
    assert set(counts.values()) == {0}, counts
    assert brought.batch.state == "undone"
    assert bring("Ticket", rows, ALL, mapping="pingshan", create_missing=True).counts == (1, 0, 0, 0)


@pytest.mark.usefixtures("ground")
def test_undoing_a_correction_brings_the_earlier_ticket_back(lite: Flask, bring: Bring, desk: Desk, session: Session) -> None:
    bring("Ticket", rows_of({}), ALL)
    before = ticket(session, "G-00")
    kept = (before.title, before.unit_id, before.completed_at, before.longitude, before.fingerprint)
    correction = bring("Ticket", rows_of({"标题": "别的", "承办单位": "D-3", "办结时间": None, "经度": None, "纬度": None}), ALL)
    assert ticket(session, "G-00").title == "别的"
    desk.undo(correction.number, Silent())
    after = ticket(session, "G-00")
    assert (after.title, after.unit_id, after.completed_at, after.longitude, after.fingerprint) == kept
    turns = session.execute(select(AssignmentRound.unit_id, AssignmentRound.completed_at)).all()
    assert [tuple(turn) for turn in turns] == [(kept[1], kept[2])]


@pytest.mark.usefixtures("ground")
def test_tickets_that_a_published_evaluation_counts_are_not_undone(lite: Flask, bring: Bring, desk: Desk, session: Session) -> None:
    brought = bring("Ticket", rows_of({}), ALL)
    found = ticket(session, "G-00")
    publish("2026-03")
    with pytest.raises(Refused) as refused:
        desk.undo(brought.number, Silent())
    said = "The published evaluation of 2026-03 counts tickets of this import. Nothing was undone."
    assert words("en").phrase(refused.value.phrase) == said
    assert ticket(session, "G-00").id == found.id


@pytest.mark.usefixtures("ground")
def test_a_ticket_that_was_worked_on_here_since_is_not_replaced_by_a_file(app: Flask, bring: Bring, session: Session) -> None:
    rows = rows_of({}, {"来源单号": "G-01"})
    bring("Ticket", rows, ALL)
    found = ticket(session, "G-01")
    officer = Actor(None, "officer", frozenset({"command_centre"}), sees_all=True)
    move(found.id, "follow_up", found.version, {"reached": True, "comment": "市民满意。"}, Reading(origin=Origin.API), actor=officer)
    assert bring("Ticket", rows, ALL).counts == (0, 0, 2, 0)
    again = bring("Ticket", rows_of({"标题": "路灯倒了"}, {"来源单号": "G-01", "标题": "路灯倒了"}), GOOD)
    assert again.counts == (0, 1, 0, 1)
    assert again.said() == {(3, "来源单号"): "this ticket was registered or handled here; a file does not replace it"}
    assert [ticket(session, number).title for number in ("G-00", "G-01")] == ["路灯倒了", "路灯不亮"]


@pytest.mark.usefixtures("ground")
def test_a_ticket_registered_here_is_not_replaced_by_a_file(lite: Flask, bring: Bring, session: Session) -> None:
    with transaction() as inner:
        own = inner.execute(select(SourceSystem.id).where(SourceSystem.code == "OWN")).scalar_one()
        inner.add(Ticket(number="2026-1", source_id=own, source_no="G-00", title="手工登记", reported_at=now()))
    brought = bring("Ticket", rows_of({}))
    assert brought.said() == {(2, "来源单号"): "this ticket was registered or handled here; a file does not replace it"}


def test_a_file_without_what_identifies_its_tickets_is_refused_at_once(lite: Flask, bring: Bring) -> None:
    with pytest.raises(Refused) as refused:
        bring("Ticket", [["标题", "街镇"], ["路灯", "东街道"]])
    said = words("en").phrase(refused.value.phrase)
    assert "“来源单号”, “上报时间”" in said
    assert is_chinese(words("zh").phrase(refused.value.phrase))


def test_a_mapping_nobody_knows_is_refused_with_those_there_are(lite: Flask, bring: Bring) -> None:
    with pytest.raises(Refused) as refused:
        bring("Ticket", rows_of({}), mapping="atlantis")
    assert "Shipped: baltimore, hotline12345, nyc, own, pingshan." in words("en").phrase(refused.value.phrase)
