"""Who hears of which move, in whose words; never the one who made it, and never a word of a blind rating."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import select

from app.core.db import db
from app.core.languages import words
from app.core.phrases import from_json
from app.domain.moves import BY_ACTION
from app.domain.tellings import TELLINGS
from app.entities.account import Account
from app.entities.notice import Notice
from app.entities.ticket import Ticket
from app.services.notices import silently
from app.services.recomputation import ACTION
from tests.services.casework import create_office

CLERKS, GARDENERS, OFFICERS, CENTRE = {"clerk", "chief"}, {"gardener", "head"}, {"officer", "captain"}, {"duty", "reviewer"}


def at(text: str) -> datetime:
    """A moment of the city's clock."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


class Ear:
    """Listens: what was told since it last asked."""

    def __init__(self) -> None:
        self.heard: set[int] = set()

    def __call__(self) -> dict[str, set[str]]:
        """Names by kind of notice."""
        found: dict[str, set[str]] = {}
        db.session.expire_all()
        for notice, name in db.session.execute(select(Notice, Account.username).join(Account, Account.id == Notice.user_id)):
            if notice.id not in self.heard:
                found.setdefault(notice.kind, set()).add(name)
                self.heard.add(notice.id)
        return found


def said(kind: str, name: str, language: str = "en") -> str:
    """The newest notice of a kind to somebody, in words."""
    owner = select(Account.id).where(Account.username == name).scalar_subquery()
    statement = select(Notice).where(Notice.kind == kind, Notice.user_id == owner).order_by(Notice.id.desc()).limit(1)
    notice = db.session.execute(statement).scalar_one()
    phrase = from_json(notice.text)
    assert phrase is not None
    return words(language).phrase(phrase)


def test_assignment_and_returns_are_told_to_whoever_gets_loses_or_decides(app: Flask) -> None:
    office, ear = create_office(), Ear()
    ticket = office.register()
    assert ear() == {}
    office.do("duty", ticket, "dispatch", unit=office.police.id)
    assert ear() == {"dispatched": OFFICERS}
    assert said("dispatched", "officer") == f"{ticket.number} “夜市油烟扰民” was dispatched to you; sign for it. Due 2 Mar 2026, 09:10"
    office.do("officer", ticket, "sign")
    assert ear() == {}
    office.do("officer", ticket, "request_return", reason="not_our_duty", note="不属于公安职责，属城管事项。")
    assert ear() == {"return_asked": CENTRE}
    assert said("return_asked", "reviewer") == (
        f"Department D-2 asks to return {ticket.number} “夜市油烟扰民”; decide on it. Due 2 Mar 2026, 15:00"  # 3 h before noon, 1 h after
    )
    office.do("duty", ticket, "reject_return", note="属于贵单位职责。")
    assert ear() == {"return_decided": OFFICERS}
    office.do("officer", ticket, "request_return", reason="other_lead", note="责任清单另有规定。")
    office.do("duty", ticket, "approve_return", unit=office.parks.id)
    assert ear() == {"return_asked": CENTRE, "return_decided": OFFICERS, "dispatched": GARDENERS}
    office.do("duty", ticket, "redirect", unit=office.street.id, reason="改由属地处置。")
    assert ear() == {"redirected": GARDENERS, "dispatched": CLERKS}
    assert said("redirected", "head") == f"{ticket.number} “夜市油烟扰民” was given to Street-town S-1; it is no longer yours"


def test_whoever_made_the_move_is_not_told_of_it(app: Flask) -> None:
    office, ear = create_office(), Ear()
    ticket = office.register()
    office.do("clerk", ticket, "dispatch", unit=office.street.id)
    assert ear() == {"dispatched": {"chief"}}
    office.do("chief", ticket, "sign")
    office.do("chief", ticket, "start")
    office.do("clerk", ticket, "escalate", reason="涉及多区，街镇无法协调。")
    assert ear() == {"dispatched": CENTRE}


def test_a_call_is_told_to_departments_and_their_answers_to_the_caller(app: Flask) -> None:
    office, ear = create_office(), Ear()
    ticket = office.to_handling(office.register())
    ear()
    office.do("clerk", ticket, "call", lead=office.parks.id, support=[office.police.id], reason="no_power",
              appointment_at=at("2026-03-02T10:30"))  # fmt: skip
    assert ear() == {"called": GARDENERS | OFFICERS}
    assert said("called", "captain").endswith("report in by the appointed time. Due 2 Mar 2026, 10:30")
    parks, police = f"1.{office.parks.id}", f"1.{office.police.id}"
    office.do("gardener", ticket, "sign_call", part=parks)
    assert ear() == {}
    office.do("gardener", ticket, "respond", part=parks)
    assert ear() == {"responded": CLERKS}
    assert said("responded", "chief") == f"Department D-1 takes your call on {ticket.number} “夜市油烟扰民”"
    office.do("officer", ticket, "return_call", part=police, reason="not_our_duty", note="不属于公安职责。")
    assert ear() == {"call_returned": CLERKS}
    office.do("clerk", ticket, "reject_call_return", part=police, note="需要维持秩序。")
    assert ear() == {"call_upheld": OFFICERS}
    office.do("officer", ticket, "return_call", part=police, reason="not_our_duty", note="确不属于公安职责。")
    office.do("clerk", ticket, "accept_call_return", part=police)
    assert ear() == {"call_returned": CLERKS, "call_released": OFFICERS}
    office.do("gardener", ticket, "report_in", part=parks, person="林工")
    assert ear() == {"reported_in": CLERKS}
    office.do("gardener", ticket, "finish", part=parks, note="已修剪完毕。")
    assert ear() == {"part_done": CLERKS}


def test_absence_and_withdrawal_are_told_to_the_department(app: Flask) -> None:
    office, ear = create_office(), Ear()
    ticket = office.to_called(office.register(), office.police)
    ear()
    office.later(hours=2).do("clerk", ticket, "mark_absent", part=f"1.{office.parks.id}")
    assert ear() == {"absent": GARDENERS}
    office.do("clerk", ticket, "withdraw_call", part=f"1.{office.police.id}", reason="已自行解决。")
    assert ear() == {"call_withdrawn": OFFICERS}


def test_requests_go_to_the_centre_and_decisions_to_the_holder(app: Flask) -> None:
    office, ear = create_office(), Ear()
    ticket = office.to_handling(office.register(), office.parks, "gardener")
    ear()
    office.do("gardener", ticket, "request_extension", wanted_at=at("2026-03-06T09:00"), reason="需订购配件，申请延期。")
    assert ear() == {"extension_asked": CENTRE}
    office.do("duty", ticket, "approve_extension")
    assert ear() == {"extension_decided": GARDENERS}
    assert said("extension_decided", "head") == f"More time was granted for {ticket.number} “夜市油烟扰民”. Due 6 Mar 2026, 09:00"
    office.do("gardener", ticket, "request_suspension", reason="parts", until=at("2026-03-04T09:00"), note="等待配件到货。")
    assert ear() == {"suspension_asked": CENTRE}
    office.do("duty", ticket, "approve_suspension")
    assert ear() == {"suspension_decided": GARDENERS}
    office.at = at("2026-03-04T09:00")
    office.do("clock", ticket, "resume_on_time")
    assert ear() == {"resumed": GARDENERS}


def test_an_order_is_told_to_the_unit_and_its_answer_to_whoever_ordered(app: Flask) -> None:
    office, ear = create_office(), Ear()
    ticket = office.to_called(office.register())
    ear()
    office.do("chief", ticket, "supervise", unit=office.parks.id, note="请立即到场。")
    assert ear() == {"order": GARDENERS}
    office.do("duty", ticket, "supervise", note="请说明进展。")
    assert ear() == {"order": CLERKS}
    office.do("gardener", ticket, "answer_order", answer="十分钟内到场。")
    assert ear() == {"order_answered": CLERKS}
    office.do("clerk", ticket, "answer_order", answer="已呼叫园林部门。")
    assert ear() == {"order_answered": CENTRE}


def test_claims_rework_ratings_and_reopening(app: Flask) -> None:
    office, ear = create_office(), Ear()
    ticket = office.to_called(office.register())
    office.do("gardener", ticket, "report_in")
    office.do("clerk", ticket, "conclude", opinion="由园林部门修剪，街道负责清运。")
    office.do("gardener", ticket, "finish", note="已修剪完毕。")
    ear()
    office.do("clerk", ticket, "claim_done", result="solved", note="已处置完毕。")
    assert ear() == {"to_verify": {"chief"}}
    office.do("chief", ticket, "reject_claim", reason="现场仍有残留。")
    assert ear() == {"claim_rejected": {"clerk"}}
    office.do("clerk", ticket, "claim_done", result="solved", note="已再次处置。")
    office.do("chief", ticket, "complete", opinion="现场复核，已处置到位。")
    ear()
    office.do("reviewer", ticket, "take_review")
    assert ear() == {}
    office.do("reviewer", ticket, "fail_review", reason="缺少处置后照片，请补充。")
    assert ear() == {"rework": CLERKS}
    office.do("clerk", ticket, "claim_done", result="solved", note="已补充照片。")
    office.do("chief", ticket, "complete", opinion="照片齐全，予以办结。")
    ear()
    office.do("reviewer", ticket, "take_review")
    office.do("reviewer", ticket, "pass_review")
    assert ear() == {"rating_asked": CLERKS | GARDENERS}

    part = f"1.{office.parks.id}"
    office.do("clerk", ticket, "rate_department", part=part, arrival="late", effect="unsolved", comment="到场后未处置。")
    office.do("gardener", ticket, "rate_street_town", part=part, accuracy="not_ours", comment="此事与园林无关。")
    assert ear() == {}
    everything = " ".join(str(notice.text) for notice in db.session.execute(select(Notice)).scalars())
    assert not any(word in everything for word in ("unsolved", "未处置", "not_ours", "与园林无关"))

    office.do("duty", ticket, "archive", waiver="市民已当面表示满意。")
    assert ear() == {}
    office.later(days=1).do("duty", ticket, "reopen", reason="市民反映油烟再次出现。")
    assert ear() == {"reopened": CLERKS}


def test_a_merge_names_the_other_ticket_to_whoever_worked_on_this_one(app: Flask) -> None:
    office, ear = create_office(), Ear()
    whole, part = office.register("夜市油烟"), office.to_called(office.register("夜市噪声"), office.police)
    office.do("clerk", part, "withdraw_call", part=f"1.{office.police.id}", reason="已自行解决。")
    office.do("clerk", part, "withdraw_call", part=f"1.{office.parks.id}", reason="已自行解决。")
    ear()
    office.do("duty", part, "merge", into=whole.id)
    assert ear() == {"merged": CLERKS}
    assert said("merged", "clerk") == f"{part.number} “夜市噪声” was merged into {whole.number}"
    office.do("duty", part, "restore", reason="并案有误，予以恢复。")
    assert ear() == {"restored": CLERKS}
    office.do("duty", part, "void", reason="duplicate", note="重复登记，作废。")
    assert ear() == {"voided": CLERKS}


def test_whoever_works_on_a_ticket_has_read_what_he_was_told_of_it(app: Flask) -> None:
    office = create_office()
    first, second = office.register("事项一"), office.register("事项二")
    for ticket in (first, second):
        office.do("duty", ticket, "dispatch", unit=office.street.id)
    office.later(minutes=3).do("clerk", first, "sign")
    rows = db.session.execute(select(Account.username, Notice.ticket_id, Notice.read_at).join(Account, Account.id == Notice.user_id))
    read = {(name, ticket): moment for name, ticket, moment in rows}
    assert read == {
        ("clerk", first.id): office.at,
        ("clerk", second.id): None,
        ("chief", first.id): None,
        ("chief", second.id): None,
    }


def test_every_action_that_tells_is_a_move_of_the_table_and_no_rating_is(lite: Flask) -> None:
    assert set(TELLINGS) - set(BY_ACTION) <= {ACTION}
    assert not {action for action in TELLINGS if action.startswith(("rate", "annul", "follow"))}


def test_the_past_is_repeated_silently(app: Flask) -> None:
    office, ear = create_office(), Ear()
    with silently():
        office.to_completed(office.register())
    assert ear() == {}
    office.later(days=1)
    ticket = db.session.execute(select(Ticket)).scalar_one()
    office.do("reviewer", ticket, "take_review")
    office.later(minutes=1).do("reviewer", ticket, "fail_review", reason="缺少处置后照片，请补充。")
    assert ear() == {"rework": CLERKS}
