"""A ticket's page in a real browser: texts that survive a lost session, forms without scripts, one press that counts once, phones."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app.core.acting import acting_as
from app.core.db import db
from app.domain.actors import SYSTEM
from app.entities.ticket import Ticket
from tests.browser.conftest import WIDTHS
from tests.browser.office import FrontOffice, front_office
from tests.people import PASSWORD

SAID = "正在联系商户核实排烟管道。"


def version_of(ticket: Ticket) -> int:
    db.session.rollback()
    with acting_as(SYSTEM):
        return db.session.get_one(Ticket, ticket.id, populate_existing=True).version


def note_field(page: Page) -> object:
    return page.locator("#move-note textarea[name=note]")


def signed_in_again(day: FrontOffice, page: Page) -> None:
    page.fill("input[name=username]", "clerk")
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_text_survives_a_lost_session_and_is_forgotten_once_it_was_sent(lite: Flask, chromium: Browser) -> None:
    with front_office(lite, chromium, "en") as day:
        ticket = day.office.to_handling(day.office.register())
        page = day.ticket("clerk", ticket.id)
        before = version_of(ticket)
        page.locator("#open-note > summary").click()
        note_field(page).fill(SAID)
        page.wait_for_function("() => Object.keys(localStorage).some((name) => name.includes('draft-'))")
        assert "Kept in this browser" in page.locator("#move-note [data-draft-note]").inner_text()
        page.context.clear_cookies()
        with page.expect_navigation():
            page.locator("#move-note button[type=submit]").click()
        assert "/login/" in page.url
        signed_in_again(day, page)
        assert page.url.endswith(f"/tickets/show/{ticket.id}?open=note")
        assert version_of(ticket) == before
        assert note_field(page).input_value() == SAID
        assert page.locator("#open-note").get_attribute("open") is not None
        with page.expect_navigation():
            page.locator("#move-note button[type=submit]").click()
        assert version_of(ticket) == before + 1
        assert note_field(page).input_value() == ""
        assert not page.evaluate("() => Object.keys(localStorage).some((name) => name.includes('draft-'))")


def test_leaving_typed_text_behind_is_asked_about(lite: Flask, chromium: Browser) -> None:
    with front_office(lite, chromium, "en") as day:
        ticket = day.office.to_handling(day.office.register())
        page = day.ticket("clerk", ticket.id)
        asked: list[str] = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.goto(f"{day.address}/tickets/list/")
        assert not asked
        page.goto(f"{day.address}/tickets/show/{ticket.id}")
        page.locator("#open-note > summary").click()
        note_field(page).press_sequentially("正在联系")
        page.goto(f"{day.address}/tickets/list/")
        assert asked == ["beforeunload"]


def test_a_move_works_without_scripts(lite: Flask, chromium: Browser) -> None:
    with front_office(lite, chromium, "zh") as day:
        ticket = day.office.to_signed(day.office.register())
        context = chromium.new_context(viewport={"width": 390, "height": WIDTHS[390]}, java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{day.address}/login/")
        signed_in_again(day, page)
        page.goto(f"{day.address}/tickets/show/{ticket.id}")
        with page.expect_navigation():
            page.locator(".move-bar button[form=move-start]").click()
        page.locator("#open-note > summary").click()
        note_field(page).fill(SAID)
        with page.expect_navigation():
            page.locator("#move-note button[type=submit]").click()
        assert SAID in page.locator("#timeline").inner_text()
        context.close()


def test_pressing_twice_in_a_hurry_counts_once(lite: Flask, chromium: Browser) -> None:
    with front_office(lite, chromium, "en") as day:
        ticket = day.office.to_signed(day.office.register())
        before = version_of(ticket)
        page = day.ticket("clerk", ticket.id)
        with page.expect_navigation():
            page.locator("#move-start button[type=submit]").dblclick(no_wait_after=True)
        page.wait_for_load_state()
        assert page.locator("[data-errors]").count() == 0
        assert version_of(ticket) == before + 1


def test_grave_moves_name_the_thing_before_they_are_done(lite: Flask, chromium: Browser) -> None:
    with front_office(lite, chromium, "zh") as day:
        ticket = day.office.register()
        page = day.ticket("duty", ticket.id)
        page.locator(".more-moves > summary").click()
        page.locator("#open-void > summary").click()
        page.locator("#move-void select").select_option("duplicate")
        page.locator("#move-void textarea").fill("与另一张工单重复。")
        page.locator("#move-void button[type=submit]").click()
        dialog = page.locator("#modal-confirm")
        assert ticket.number in dialog.locator("h2").inner_text()
        dialog.locator("[data-no]").click()
        assert version_of(ticket) == 1
        page.locator("#move-void button[type=submit]").click()
        with page.expect_navigation():
            dialog.locator("[data-yes]").click()
        assert version_of(ticket) == 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_phone_the_main_move_stays_within_reach_and_nothing_leaves_the_screen(lite: Flask, chromium: Browser, language: str) -> None:
    with front_office(lite, chromium, language, 390) as day:
        ticket = day.office.to_called(day.office.register(), day.office.police)
        page = day.ticket("gardener", ticket.id)
        button = page.locator(".move-bar .btn-primary")
        box = button.bounding_box()
        assert box is not None and box["height"] >= 44 and box["y"] + box["height"] <= WIDTHS[390]
        small = page.evaluate(
            """() => [...document.querySelectorAll(".ticket-columns :is(button, summary, select, .choices > label), .move-bar .btn")]
              .map((each) => each.getBoundingClientRect()).filter((box) => box.height > 0 && box.height < 44).length"""
        )
        assert small == 0
        with page.expect_navigation():
            button.click()
        day.windows["gardener"].look_over()
        assert page.locator(".part-clocks .done").count() == 1


def test_n_leads_to_what_can_be_done_now(lite: Flask, chromium: Browser) -> None:
    with front_office(lite, chromium, "en") as day:
        ticket = day.office.to_handling(day.office.register())
        page = day.ticket("clerk", ticket.id)
        page.keyboard.press("n")
        assert page.evaluate("document.activeElement.id") == "f-claim_done-result"
        page.keyboard.press("n")
        assert page.evaluate("document.activeElement.id") == "f-claim_done-result"
