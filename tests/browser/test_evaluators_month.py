"""An evaluator's month in a real browser: computed, held back, published, appealed twice, final, exported, corrected, exported again."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from playwright.sync_api import Browser, FilePayload, Page
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.db import db
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.entities.appeal import Appeal
from app.entities.assignment_round import AssignmentRound
from app.entities.ticket import Ticket
from tests.browser.office import FrontOffice, front_office
from tests.services.cycle import MARCH, Cycle, states
from tests.services.month_of_tickets import city

PAGE = f"/evaluations/{MARCH}"
PROOF: FilePayload = {"name": "停机通知.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}


def _spoil(cycle: Cycle, opinion: str) -> None:
    with transaction() as session, acting_as(SYSTEM):
        session.get_one(Ticket, cycle.ticket("A").id).opinion = opinion


def _late_signature(cycle: Cycle) -> None:
    with transaction() as session, acting_as(SYSTEM):
        rounds = session.execute(select(AssignmentRound).where(AssignmentRound.ticket_id == cycle.ticket("I").id)).scalars().all()
        first = min(rounds, key=lambda one: one.ordinal)
        first.signed_at = first.dispatched_at


def _open(month: FrontOffice, name: str, path: str) -> Page:
    month.window(name)
    return month.windows[name].open(path)


def _confirmed(month: FrontOffice, name: str, action: str) -> Page:
    """Press the button of the form that leads to ``action``, and say yes to what it asks."""
    page = month.window(name)
    with page.expect_navigation():
        page.locator(f"form[action$='{action}'] button[type=submit]").click()
        page.locator("#modal-confirm[open] [data-yes]").click()
    assert page.locator(".alert-danger").count() == 0, page.locator("#main").inner_text()[:1500]
    month.windows[name].look_over()
    return page


def _compute(month: FrontOffice) -> Page:
    page = _open(month, "eva", "/evaluations/list/")
    page.locator("summary.main-action").click()
    form = page.locator("form[action$='/evaluations/compute']")
    form.locator("[name=year]").fill("2026")
    form.locator("[name=part]").select_option("03")
    with page.expect_navigation():
        form.locator("button[type=submit]").click()
    assert page.url.endswith(PAGE)
    month.windows["eva"].look_over()
    return page


def _file(month: FrontOffice, name: str, unit: str, line: str, tickets: list[int]) -> int:
    """From the unit's own scorecard, through its menu, to the form."""
    page = _open(month, name, f"{PAGE}/{unit}")
    page.locator("summary", has=page.locator(".fa-gavel")).click()
    page.locator(f"a[href$='/appeals/file/{MARCH}/{line}']").click()
    page.wait_for_load_state()
    month.windows[name].look_over()
    for ticket in tickets:
        page.locator(f"input[name=tickets][value='{ticket}']").check()
    page.locator("textarea[name=text]").fill("当日系统停机，签收无法提交。")
    page.locator("input[name=file]").set_input_files(PROOF)
    with page.expect_navigation():
        page.locator("form[data-guarded] button[type=submit]").click()
    month.windows[name].look_over()
    with acting_as(SYSTEM):
        db.session.rollback()
        return max(db.session.execute(select(Appeal.id)).scalars())


def _heard(month: FrontOffice, name: str, appeal: int, verdict: str) -> None:
    page = _open(month, name, f"/appeals/show/{appeal}")
    form = page.locator("form[action$='/hear']")
    form.locator(f"label:has(input[name=verdict][value={verdict}])").click()
    if verdict == "upheld":
        form.locator("select[name=reason]").select_option("system_fault")
    form.locator("textarea[name=opinion]").fill("经核查。")
    with page.expect_navigation():
        form.locator("button[type=submit]").click()
        page.locator("#modal-confirm[open] [data-yes]").click()
    assert page.locator("[data-errors]").count() == 0, page.locator("#main").inner_text()[:1500]
    month.windows[name].look_over()


def _exported(month: FrontOffice, name: str, ending: str, target: Path) -> Path:
    page = _open(month, name, PAGE)
    page.locator("summary", has=page.locator(".fa-file-export")).click()
    with page.expect_download() as coming:
        page.locator(f"a[href*='{MARCH}.{ending}']").first.click()
    coming.value.save_as(target)
    page.reload()
    return target


def _verified(month: FrontOffice, name: str, path: Path) -> str:
    page = month.window(name)
    page.goto(f"{month.address}/verify/?lang={month.language}")
    page.locator("input[name=file]").set_input_files(str(path))
    with page.expect_navigation():
        page.locator("form button[type=submit]").click()
    month.windows[name].look_over()
    return page.locator("main").inner_text()


SAID = {
    "zh": {"genuine": "真实", "superseded": "已被取代", "altered": "已被改动", "why": "为何不能发布终榜"},
    "en": {"genuine": "Genuine", "superseded": "superseded", "altered": "Altered", "why": "Why the final list cannot be published yet"},
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_evaluators_whole_month(lite: Flask, chromium: Browser, language: str, tmp_path: Path) -> None:
    cycle, said = Cycle(), SAID[language]
    with front_office(lite, chromium, language, at_work=cycle.office) as month:
        _spoil(cycle, " ")
        page = _compute(month)
        assert page.locator(f"form[action$='{PAGE}/preliminary']").count() == 0, "the gate is closed"
        page.locator(f"a[href*='{PAGE}/checks/no_opinion']").click()
        page.wait_for_load_state()
        month.windows["eva"].look_over()
        assert page.locator("tbody tr").count() == 1
        _spoil(cycle, "已处置完毕。")
        _compute(month)
        _confirmed(month, "eva", f"{PAGE}/preliminary")
        assert states() == [(1, "preliminary")]
        page = _open(month, "eva", PAGE)
        page.set_viewport_size({"width": 390, "height": 844})  # the step under way is the widest of the rail
        month.windows["eva"].look_over()
        page.set_viewport_size({"width": 1440, "height": 900})

        cycle.office.at = city("04-07 09:00")
        first = _file(month, "clerk", "street_town/S-1", "DONE_OT", [cycle.ticket("D").id])
        second = _file(month, "head", "department/D-1", "DONE_OT", [cycle.ticket("J").id])
        page = _open(month, "eva", PAGE)
        assert said["why"] in page.locator("aside").inner_text()
        for name in ("eva", "evan", "director"):
            _heard(month, name, first, "upheld")
            _heard(month, name, second, "rejected")
        assert page.locator(f"form[action$='{PAGE}/final']").count() == 0, "the window is still open"

        cycle.office.at = city("04-10 09:00")
        _open(month, "eva", PAGE)
        _confirmed(month, "eva", f"{PAGE}/final")
        assert states() == [(1, "superseded"), (2, "final")]
        assert cycle.counted("S-1", "DONE_OT") == (6, 11, 1)
        book = _exported(month, "eva", "xlsx", tmp_path / "final.xlsx")
        again = _exported(month, "eva", "xlsx", tmp_path / "again.xlsx")
        paper = _exported(month, "eva", "pdf", tmp_path / "final.pdf")
        assert book.read_bytes() == again.read_bytes()
        assert said["genuine"] in _verified(month, "eva", paper)
        changed = load_workbook(book)
        changed.save(tmp_path / "altered.xlsx")
        assert said["altered"] in _verified(month, "eva", tmp_path / "altered.xlsx")

        _late_signature(cycle)
        cycle.office.at = city("05-06 10:00")
        page = _open(month, "evan", PAGE)
        page.locator("summary", has=page.locator(".fa-pen-to-square")).click()
        page.locator("textarea[name=reason]").fill("I 的签收记录补录。")
        with page.expect_navigation():
            page.locator("form[action$='/restate'] button[type=submit]").click()
        month.windows["evan"].look_over()
        page = _open(month, "evan", f"{PAGE}/difference?revision=3")
        assert cycle.month.tickets["I"].number in page.locator("main").inner_text()
        _open(month, "evan", f"{PAGE}?revision=3")
        _confirmed(month, "evan", "/restatement/publish")
        assert states() == [(1, "superseded"), (2, "superseded"), (3, "final")]
        corrected = _exported(month, "evan", "xlsx", tmp_path / "corrected.xlsx")
        assert corrected.read_bytes() != book.read_bytes()
        assert said["superseded"] in _verified(month, "evan", book)
        page = _open(month, "clerk", f"{PAGE}?revision=1")
        assert page.locator(".alert-warning").count() == 1, "the preliminary list stays readable, and says that it was superseded"
