"""The desk in a real browser: worked off by keys, several rows at once, on a phone, without scripts, and kept up to date."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.core.acting import acting_as
from app.core.db import db
from app.domain.actors import SYSTEM
from app.entities.ticket import Ticket
from tests.browser.conftest import WIDTHS
from tests.browser.office import FrontOffice, front_office
from tests.people import PASSWORD


def dispatched(day: FrontOffice, count: int, unit: Any = None) -> list[Ticket]:
    """Tickets on their way to the street-town."""
    tickets = [day.office.register(f"事项{number}") for number in range(count)]
    for ticket in tickets:
        day.office.do("duty", ticket, "dispatch", unit=(unit or day.office.street).id)
        day.office.later(minutes=1)
    db.session.rollback()
    return tickets


def stage(ticket: Ticket) -> str:
    """Where a ticket stands."""
    db.session.rollback()
    with acting_as(SYSTEM):
        return db.session.get_one(Ticket, ticket.id, populate_existing=True).stage


def desk(day: FrontOffice, name: str, queue: str) -> Page:
    """Somebody opens a queue, and the page is looked over."""
    day.window(name)
    return day.windows[name].open(f"/?queue={queue}")


def focused(page: Page) -> str:
    """The words of what has the focus."""
    return str(page.evaluate("document.activeElement.textContent"))


def test_a_queue_is_worked_off_by_keys_alone(lite: Flask, chromium: Browser) -> None:
    with front_office(lite, chromium, "en") as day:
        first, second, third = dispatched(day, 3)
        page = desk(day, "clerk", "to_sign")
        page.keyboard.press("j")
        assert focused(page) == first.number
        page.keyboard.press("j")
        page.keyboard.press("k")
        with page.expect_navigation():
            page.keyboard.press("s")
        page.wait_for_function("number => document.activeElement.textContent === number", arg=second.number)
        assert [stage(ticket) for ticket in (first, second, third)] == ["signed", "dispatched", "dispatched"]
        expect(page.locator(".toast")).to_contain_text(f"Sign: {first.number} is done")
        with page.expect_navigation():
            page.keyboard.press("2")
        assert page.locator("#queue-title").inner_text() == "In hand"
        page.keyboard.press("j")
        with page.expect_navigation():
            page.keyboard.press("h")
        assert stage(first) == "handling"
        with page.expect_navigation():
            page.keyboard.press("1")
        page.keyboard.press("j")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert f"/tickets/show/{second.id}" in page.url


@pytest.mark.parametrize("language", ["zh", "en"])
def test_several_rows_are_ticked_by_keys_and_asked_about_once(lite: Flask, chromium: Browser, language: str) -> None:
    with front_office(lite, chromium, language) as day:
        tickets = dispatched(day, 3)
        page = desk(day, "clerk", "to_sign")
        bar = page.locator("[data-bulk]")
        assert not bar.is_visible()
        for key in ("j", "x", "j", "x"):
            page.keyboard.press(key)
        assert "2" in bar.locator("[data-bulk-count]").inner_text()
        page.keyboard.press("Escape")
        assert not bar.is_visible()
        page.locator("[data-tick-all]").check()
        day.office.do("chief", tickets[1], "sign")
        db.session.rollback()
        bar.locator("button[name=action]").click()
        dialog = page.locator("#modal-confirm[open]")
        assert "3" in dialog.locator("h2").inner_text()
        assert dialog.locator("p").inner_text()
        assert [stage(ticket) for ticket in tickets] == ["dispatched", "signed", "dispatched"]
        with page.expect_navigation():
            dialog.locator("[data-yes]").click()
        day.windows["clerk"].look_over()
        assert [stage(ticket) for ticket in tickets] == ["signed"] * 3
        assert page.locator("table tbody tr").count() == 1
        assert tickets[1].number in page.locator("table tbody tr").inner_text()
        with page.expect_navigation():
            page.locator("a.btn-primary").click()
        assert page.locator(".empty").is_visible()


def test_only_rows_that_a_move_fits_are_sent(lite: Flask, chromium: Browser) -> None:
    with front_office(lite, chromium, "en") as day:
        tickets = dispatched(day, 2, day.office.parks)
        for ticket in tickets:
            day.office.do("gardener", ticket, "sign")
        day.office.do("gardener", tickets[0], "start")
        db.session.rollback()
        page = desk(day, "gardener", "in_hand")
        assert page.locator(".tick input[name=row]").count() == 1
        page.locator("[data-tick-all]").check()
        page.locator("[data-bulk] button[name=action]").click()
        with page.expect_navigation():
            page.locator("#modal-confirm[open] [data-yes]").click()
        assert stage(tickets[1]) == "handling"
        assert page.locator("#queue-title").inner_text() == "In hand"


def test_several_are_dispatched_to_a_unit_that_is_searched_for(lite: Flask, chromium: Browser) -> None:
    with front_office(lite, chromium, "en") as day:
        tickets = [day.office.register("甲"), day.office.register("乙")]
        db.session.rollback()
        page = desk(day, "duty", "to_dispatch")
        page.locator("[data-tick-all]").check()
        page.locator("#desk-unit").press_sequentially("Department D-1")
        page.locator("[data-bulk] li[role=option]").first.click()
        page.locator("[data-bulk] button[name=action]").click()
        with page.expect_navigation():
            page.locator("#modal-confirm[open] [data-yes]").click()
        assert [stage(ticket) for ticket in tickets] == ["dispatched"] * 2


def test_counts_are_renewed_while_somebody_looks(lite: Flask, chromium: Browser) -> None:
    with front_office(lite, chromium, "en") as day:
        dispatched(day, 1)
        page = day.window("clerk")
        page.clock.install()
        page.goto(f"{day.address}/?queue=to_sign")
        shown = page.locator("[data-count=to_sign]")
        assert shown.all_inner_texts() == ["1", "1", "1"]
        assert not page.locator("[data-changed]").is_visible()
        dispatched(day, 1)
        page.clock.fast_forward(61_000)
        page.wait_for_function("() => document.querySelector('[data-count=to_sign]').textContent === '2'")
        assert shown.all_inner_texts() == ["2", "2", "2"]
        with page.expect_navigation():
            page.locator("[data-changed]").click()
        assert page.locator("[data-rows] tbody tr").count() == 2


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", list(WIDTHS))
def test_the_desk_fits_for_everybody(lite: Flask, chromium: Browser, language: str, width: int) -> None:
    with front_office(lite, chromium, language, width) as day:
        dispatched(day, 3)
        day.office.to_called(day.office.register("洪山桥头夜间渣土车抛洒路面，附近居民反映强烈，要求尽快处置"), day.office.police)
        day.office.register("五四路人行道地砖破损绊倒行人", urgency="at_once")
        day.office.later(hours=3)
        db.session.rollback()
        for name in ("duty", "clerk", "gardener", "viewer"):
            day.window(name)
            page = day.windows[name].open("/")
            for link in page.locator(".queues a").evaluate_all("links => links.map(link => link.getAttribute('href'))"):
                day.windows[name].open(link)
        if width < 768:
            page = desk(day, "clerk", "to_sign")
            box = page.locator(".desk-verb button").first.bounding_box()
            assert box is not None and box["height"] >= 44
            with page.expect_navigation():
                page.locator(".desk-verb button").first.click()
            page.locator(".toast").wait_for()  # put in a moment after the page, so that it is spoken


def test_the_desk_works_without_scripts(lite: Flask, chromium: Browser) -> None:
    with front_office(lite, chromium, "en") as day:
        first, second, third = dispatched(day, 3)
        context = chromium.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{day.address}/login/")
        page.fill("input[name=username]", "clerk")
        page.fill("input[name=password]", PASSWORD)
        page.locator("main button[type=submit]").last.click()
        page.goto(f"{day.address}/?queue=to_sign")
        row = page.locator(f"#row-{first.id}")
        row.hover()
        row.locator("button[name=one]").click()
        assert stage(first) == "signed"
        for ticket in (second, third):
            page.locator(f"#row-{ticket.id} input[name=row]").check()
        page.locator("[data-bulk] button[name=action]").click()
        assert [stage(ticket) for ticket in (second, third)] == ["signed"] * 2
        context.close()
