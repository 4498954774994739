"""Every page of every role, in both languages, on a desk and on a phone."""

from __future__ import annotations

import re

import pytest

from app.demo.accounts import ACCOUNTS
from tests.browser.conftest import WIDTHS, Come

both = pytest.mark.parametrize("language", ["zh", "en"])
every_width = pytest.mark.parametrize("width", list(WIDTHS))
FOREIGN = {"zh": re.compile(r"\b[a-z]{4,} [a-z]{2,} [a-z]{2,}"), "en": re.compile(r"[\u4e00-\u9fff]")}


EVERYWHERE = [("district", language, width) for language in ("zh", "en") for width in WIDTHS]
ONCE = [(account.username, "zh" if place % 2 else "en", 1440) for place, account in enumerate(ACCOUNTS)]


@pytest.mark.parametrize(("username", "language", "width"), sorted({*EVERYWHERE, *ONCE}))
def test_every_page_in_the_navigation_opens_and_fits(come: Come, username: str, language: str, width: int) -> None:
    visitor = come(username, language, width)
    visitor.open("/")
    links = {link.get_attribute("href") or "" for link in visitor.page.locator("nav a[href^='/']").all()}
    assert len(links) >= (3 if width == 390 else 2)
    for link in sorted(links):
        visitor.open(link)


@both
@every_width
def test_a_record_of_every_table_opens_to_be_read_and_to_be_changed(come: Come, language: str, width: int) -> None:
    visitor = come("district", language, width)
    lists = ["departments", "street-towns", "communities", "responsibility-lists", "responsibility-items", "matters", "channels"]
    lists += ["source-systems", "calendar", "calendar-years", "dictionaries", "tickets"]
    for name in lists:
        page = visitor.open("/" + name + "/list/")
        links = page.locator("[data-rows] a[href*='/show/']")
        assert links.count(), name
        visitor.open(links.first.get_attribute("href") or "")
        change = page.locator("a.main-action[href*='/edit/']")
        if change.count():
            visitor.open(change.first.get_attribute("href") or "")


@every_width
def test_an_english_page_of_master_data_holds_no_chinese(come: Come, width: int) -> None:
    visitor = come("auditor", "en", width)
    for name in ("departments", "street-towns", "communities", "matters", "channels", "calendar"):
        page = visitor.open(f"/{name}/list/")
        said = [text for text in page.locator("main").inner_text().splitlines() if FOREIGN["en"].search(text)]
        assert not said, (name, said[:5])


@both
def test_the_sign_in_page_says_what_was_wrong_and_keeps_the_name(come: Come, language: str) -> None:
    visitor = come("viewer", language)
    page = visitor.page
    page.context.clear_cookies()
    page.goto(f"{visitor.address}/tickets/list/?q=%E8%B7%AF")
    assert "/login/" in page.url
    page.fill("input[name=username]", "viewer")
    page.fill("input[name=password]", "not it")
    page.locator("main button[type=submit]").last.click()
    assert page.locator("[role=alert]").inner_text().strip()
    assert page.locator("input[name=username]").input_value() == "viewer"
    page.fill("input[name=password]", "Walk-through-2026")
    page.locator("main button[type=submit]").last.click()
    page.wait_for_url("**/tickets/list/**")
    assert "q=" in page.url
