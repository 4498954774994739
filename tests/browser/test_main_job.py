"""The main job through the browser: from a month's figures down to a ticket, up to the files, and master data on the way."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.browser.conftest import WIDTHS, Come, Visitor
from tests.importing.files import sheet_rows, workbook

both = pytest.mark.parametrize("language", ["zh", "en"])
every_width = pytest.mark.parametrize("width", list(WIDTHS))


def _newest(visitor: Visitor) -> str:
    visitor.open("/evaluations/list/")
    return visitor.link("[data-rows] tbody a[href^='/evaluations/']")


def _counts(text: str) -> int:
    return int(re.sub(r"\D", "", text))


@both
@every_width
def test_from_a_ranking_to_a_unit_to_a_figure_to_its_tickets(come: Come, language: str, width: int) -> None:
    visitor = come("evaluator", language, width)
    visitor.open(_newest(visitor))
    page = visitor.page
    ranked = page.locator("table.scored a.row-link")
    assert ranked.count() >= 10
    name = ranked.first.inner_text()
    ranked.first.click()
    page.wait_for_load_state()
    visitor.look_over()
    assert name in page.locator("h1").inner_text()
    figure = page.locator("table[data-rows] td a[href*='verdict=hit']").first
    wanted = _counts(figure.inner_text())
    figure.click()
    page.wait_for_load_state()
    visitor.look_over()
    assert _counts(page.locator(".stage-tabs a[aria-current] .count").inner_text()) == wanted
    rows = page.locator("table[data-rows] tbody tr").count()
    assert rows == min(wanted, 50)
    number = page.locator("table[data-rows] a.row-link").first.inner_text()
    page.locator("table[data-rows] a.row-link").first.click()
    page.wait_for_load_state()
    visitor.look_over()
    assert number in (page.locator(".page-head").text_content() or "")


@both
def test_the_scorecards_come_as_workbook_and_as_pdf(come: Come, language: str, tmp_path: Path) -> None:
    visitor = come("evaluator", language)
    period = visitor.open(_newest(visitor)).url.rstrip("/").rpartition("/")[2]
    page = visitor.page
    for ending in ("xlsx", "pdf"):
        page.locator("summary", has=page.locator(".fa-file-export")).click()
        with page.expect_download() as coming:
            page.locator(f"a[href*='{period}.{ending}']").first.click()
        target = tmp_path / f"card.{ending}"
        coming.value.save_as(target)
        assert coming.value.suggested_filename == f"scorecard-{period}.{language}.{ending}"
        page.reload()
    sheets = load_workbook(tmp_path / "card.xlsx").sheetnames
    assert len(sheets) >= 4
    text = "".join(sheet.extract_text() for sheet in PdfReader(tmp_path / "card.pdf").pages[:3])
    assert ("鼓楼" if language == "zh" else "Gulou") in text


@both
def test_a_month_is_computed_and_published_with_a_question_in_between(come: Come, language: str) -> None:
    visitor = come("evaluator", language)
    month = {"zh": "2026-04", "en": "2026-03"}[language]  # months in which the demo district has tickets that nobody has evaluated
    page = visitor.open("/evaluations/list/")
    page.locator("summary.main-action").click()
    page.locator("input[name=year]").fill(month[:4])
    page.locator("select[name=part]").select_option(month[5:])
    with page.expect_navigation():
        page.locator("form[action$='/compute'] button[type=submit]").click()
    assert page.url.endswith(f"/evaluations/{month}")
    visitor.look_over()
    page.locator("form[action$='/preliminary'] button").click()
    page.locator("#modal-confirm [data-no]").click()
    assert page.locator("form[action$='/preliminary']").count() == 1
    page.locator("form[action$='/preliminary'] button").click()
    with page.expect_navigation():
        page.locator("#modal-confirm [data-yes]").click()
    visitor.look_over()
    assert page.locator("form[action$='/preliminary']").count() == 0


def _await_state(page: Any, selector: str) -> None:
    page.locator(selector).first.wait_for(timeout=60_000)


@both
@every_width
def test_a_workbook_is_checked_its_good_rows_written_and_the_batch_undone(come: Come, language: str, width: int, tmp_path: Path) -> None:
    visitor = come("district", language, width)
    marker = f"{language}{width}"
    rows = [
        ["编码", "名称（中文）", "名称（英文）", "类型"],
        [f"W-{marker}-1", f"一号单位{marker}", "Unit one", "责任部门"],
        [f"W-{marker}-2", "", "Unit two", "责任部门"],
        [f"W-{marker}-3", f"三号单位{marker}", "Unit three", "没有这种"],
    ]
    page = visitor.open("/departments/import")
    page.set_input_files("input[type=file]", workbook(tmp_path / "单位.xlsx", rows))
    page.locator("form[data-upload] button[type=submit]").click()
    _await_state(page, "input[name=mode]")
    visitor.look_over()
    assert page.locator("input[name=mode][value=all]").is_disabled()
    reasons = page.locator("td.wide").all_inner_texts()
    assert len(reasons) == 2
    with page.expect_download() as coming:
        page.locator("a[href$='/marked']").click()
    coming.value.save_as(tmp_path / "marked.xlsx")
    said = {str(value) for row in sheet_rows(tmp_path / "marked.xlsx") for value in row if value}
    assert f"W-{marker}-2" in said
    page.locator("form[action$='/write'] button[type=submit]").click()
    _await_state(page, "form[action$='/undo'] button")
    visitor.look_over()
    page.goto(f"{visitor.address}/departments/list/?q=W-{marker}")
    assert page.locator("[data-rows] tbody tr").count() == 1
    page.go_back()
    page.locator("form[action$='/undo'] button").click()
    page.locator("#modal-confirm [data-yes]").click()
    _await_state(page, "[data-outcome] .fa-rotate-left")
    visitor.look_over()
    page.goto(f"{visitor.address}/departments/list/?q=W-{marker}")
    assert page.locator("[data-rows] tbody tr").count() == 0


@both
@every_width
def test_a_form_keeps_what_was_typed_and_saves_it_once_it_is_right(come: Come, language: str, width: int) -> None:
    visitor = come("district", language, width)
    code = f"F-{language}{width}"
    page = visitor.open("/departments/add")
    page.fill("#f-name_zh", "区河长制办公室")
    page.locator(".save-bar button").first.click()
    page.wait_for_load_state()
    visitor.look_over()
    assert page.locator("[data-errors] li").count() >= 1
    assert page.locator("#f-name_zh").input_value() == "区河长制办公室"
    page.fill("#f-code", code)
    if page.locator("select#f-kind").count():
        page.select_option("select#f-kind", "department")
    else:
        page.locator("input[name=kind][value=department]").check(force=True)
    page.keyboard.press("Control+s")
    page.wait_for_url("**/departments/show/**")
    visitor.look_over()
    assert code in page.locator("main").inner_text()
    page.locator("form[action*='/delete/'] button").click()
    with page.expect_navigation():
        page.locator("#modal-confirm [data-yes]").click()
    page.goto(f"{visitor.address}/departments/list/?q={code}")
    assert page.locator("[data-rows] tbody tr").count() == 0


@both
def test_a_list_is_filtered_saved_and_walked_by_keyboard(come: Come, language: str) -> None:
    visitor = come("evaluator", language)
    page = visitor.open("/tickets/list/")
    page.locator("[data-filter-add='street_town']").click()
    page.locator("#filter-dialog [data-part=value] input").first.wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("路灯")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    visitor.look_over()
    assert page.locator("[data-rows] tbody tr").count() >= 1
    page.keyboard.press("j")
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/tickets/show/" in page.url
    page.keyboard.press("?")
    assert page.locator("#modal-keys").is_visible()
