"""A scripted day in a real browser: one ticket through all nine stages, with everything that can happen on the way, and back again."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.db import db
from app.domain.actors import SYSTEM
from app.domain.workflow import STAGES
from app.entities.assignment_round import AssignmentRound
from app.entities.called_unit import CalledUnit
from app.entities.rating import Rating
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from tests.browser.office import FrontOffice, at, fill, front_office


def _ticket() -> Ticket:
    db.session.rollback()
    db.session.expire_all()
    with acting_as(SYSTEM):
        return db.session.execute(select(Ticket)).scalars().one()


def _register(day: FrontOffice) -> int:
    page = day.window("duty")
    page.goto(f"{day.address}/tickets/add")
    form = page.locator("form[data-guarded]")
    fill(page, form, "title", "夜市油烟扰民")
    fill(page, form, "urgency", "quickly")
    fill(page, form, "street_town", "S-1")
    fill(page, form, "address", "温泉支路 112 号")
    with page.expect_navigation():
        form.locator("button[type=submit]").first.click()
    day.windows["duty"].look_over()
    return _ticket().id


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_ticket_lives_its_whole_life_through_the_page(lite: Flask, chromium: Browser, language: str) -> None:
    with front_office(lite, chromium, language) as day:
        office = day.office
        parks, police, street = (f"1.{office.parks.id}", f"1.{office.police.id}", office.street)
        named = {unit: (unit.name_zh if language == "zh" else unit.name_en) for unit in (office.parks, office.police, street)}
        office.at = at("2026-02-12T14:00")
        ticket = _register(day)

        # 分发 · 退单 · second round · 签收 · 处置
        office.later(minutes=3)
        day.press("duty", ticket, "dispatch", unit=named[office.police])
        office.later(minutes=4)
        day.press("officer", ticket, "sign")
        office.later(minutes=10)
        day.press("officer", ticket, "request_return", reason="not_our_duty", note="不属于公安职责。")
        office.later(minutes=30)
        day.press("duty", ticket, "approve_return", unit=named[street])
        office.later(minutes=6)
        day.press("clerk", ticket, "sign")
        office.later(minutes=5)
        day.press("clerk", ticket, "start")
        day.press("clerk", ticket, "contact", note="已电话联系市民。")

        # 呼叫 two departments · 报到 on time and late · 协商
        day.press(
            "clerk",
            ticket,
            "call",
            lead=named[office.parks],
            support=[named[office.police]],
            reason="no_power",
            appointment_at=at("2026-02-12T16:30"),
        )
        office.later(minutes=5)
        day.press("gardener", ticket, "sign_call", parks)
        office.later(minutes=15)
        day.press("gardener", ticket, "respond", parks)
        office.later(minutes=30)
        day.press("officer", ticket, "respond", police)
        office.at = at("2026-02-12T16:28")
        day.press("gardener", ticket, "report_in", parks, person="林工")
        office.at = at("2026-02-12T16:48")
        day.press("officer", ticket, "report_in", police, person="陈警官")
        day.press("officer", ticket, "give_opinion", police, opinion="协助维持秩序。")
        office.later(minutes=20)
        day.press("clerk", ticket, "conclude", opinion="由园林部门牵头整改，公安协助维持秩序。")
        assert _ticket().stage == "handling"

        # 延期 · 挂起 over the make-up Saturday of 14 February
        office.later(minutes=10)
        day.press("clerk", ticket, "request_extension", wanted_at=at("2026-02-24T17:00"), reason="需订购配件。")
        day.press("duty", ticket, "approve_extension")
        office.at = at("2026-02-13T14:00")
        day.press("clerk", ticket, "request_suspension", reason="parts", until=at("2026-02-14T16:00"), note="等待配件。")
        day.press("duty", ticket, "approve_suspension")
        office.at = at("2026-02-14T16:00")
        day.press("clerk", ticket, "resume")
        db.session.rollback()
        turn = db.session.execute(select(AssignmentRound).where(AssignmentRound.ordinal == 2)).scalar_one()
        assert turn.due_at == at("2026-02-26T09:00")  # ten working hours stood still: 4 on Friday, 6 on the make-up Saturday

        # 办结 · 返工 · 办结 · 审核
        office.later(minutes=30)
        day.press("gardener", ticket, "finish", parks, note="已更换滤芯。")
        day.press("officer", ticket, "finish", police, note="秩序正常。")
        day.press("clerk", ticket, "claim_done", result="solved", note="净化器更换完毕。")
        office.later(minutes=20)
        day.press("chief", ticket, "complete", opinion="现场复核，油烟达标，市民认可。")
        office.at = at("2026-02-24T09:00")
        day.press("reviewer", ticket, "take_review")
        day.press("reviewer", ticket, "fail_review", reason="缺少处置后照片。")
        office.later(hours=2)
        day.press("clerk", ticket, "claim_done", result="solved", note="已补充照片。")
        day.press("chief", ticket, "complete", opinion="复测合格，照片齐全，予以办结。")
        office.later(hours=1)
        day.press("reviewer", ticket, "take_review")
        day.press("reviewer", ticket, "pass_review", checks=["evidence", "opinion"])

        # three evaluations: blind until both have spoken
        day.press("clerk", ticket, "rate_department", parks, arrival="on_time", effect="solved", comment="配合到位")
        assert "配合到位" not in day.ticket("gardener", ticket).locator("#main").inner_text()
        day.press("gardener", ticket, "rate_street_town", parks, accuracy="accurate")
        assert "配合到位" in day.ticket("gardener", ticket).locator("#main").inner_text()
        day.press("clerk", ticket, "rate_department", police, arrival="late", effect="partly")
        day.press("officer", ticket, "rate_street_town", police, accuracy="partly", comment="无需警力到场")
        _citizen_rates(day)
        day.press("duty", ticket, "archive")

        done = _ticket()
        assert (done.stage, done.rating, done.rounds, done.reworks) == ("archived", "satisfied", 2, 1)
        parts = db.session.execute(select(CalledUnit).order_by(CalledUnit.id)).scalars().all()
        assert [(part.arrival, part.effect, part.accuracy) for part in parts] == [
            ("on_time", "solved", "accurate"),
            ("late", "partly", "partly"),
        ]
        reached = {event.to_stage for event in db.session.execute(select(TicketEvent)).scalars()}
        assert reached >= {stage.code for stage in STAGES}

        # 重办
        office.later(days=2)
        page = day.press("duty", ticket, "reopen", reason="市民反映再次出现。")
        assert _ticket().stage == "handling" and _ticket().rounds == 3
        rail = page.locator("main").inner_text()
        assert all((stage.zh if language == "zh" else stage.name) in rail for stage in STAGES)


def _citizen_rates(day: FrontOffice) -> None:
    """Somebody who is nobody opens the link and answers."""
    db.session.rollback()
    with acting_as(SYSTEM):
        token = db.session.execute(select(Rating.token).where(Rating.kind == "public", Rating.state == "open")).scalar_one()
    context = day.chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    answer = page.goto(f"{day.address}/rate/{token}")
    assert answer is not None and answer.status == 200
    form = page.locator("form:has([name=satisfaction])")
    fill(page, form, "satisfaction", "satisfied")
    with page.expect_navigation():
        form.locator("button[type=submit]").click()
    assert page.locator("h1").count() == 1
    context.close()
