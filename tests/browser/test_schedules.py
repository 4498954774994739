"""An evaluator's schedule in a real browser: foreseen, run at once, watched, announced, opened, received; and why it waited."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.domain.actors import SYSTEM
from app.jobs.worker import work_once
from app.services.evaluation import compute
from app.services.scheduling import plan
from tests.browser.office import FrontOffice, front_office
from tests.services.cycle import CLOSED, MARCH, Cycle
from tests.services.month_of_tickets import city

SAID = {
    "zh": {
        "rule": "每月第3个工作日 09:00（Asia/Shanghai）",
        "dates": ["2026-04-03（周五） 09:00", "2026-05-08（周五） 09:00"],
        "period": "2026年3月",
        "waits": "尚未计算",
        "done": "完成",
        "received": "2026-04-03 11:00",
        "waited": "此前曾等待",
    },
    "en": {
        "rule": "3rd working day of the month, 09:00 (Asia/Shanghai)",
        "dates": ["3 Apr 2026 (Fri) 09:00", "8 May 2026 (Fri) 09:00"],
        "period": "March 2026",
        "waits": "not computed yet",
        "done": "Done",
        "received": "3 Apr 2026, 11:00",
        "waited": "Before that it waited",
    },
}


def _open(month: FrontOffice, name: str, path: str) -> Page:
    month.window(name)
    return month.windows[name].open(path)


def _write_down(month: FrontOffice, language: str) -> Page:
    """The form: what is made, when, for whom; its next dates stand there before anything is saved."""
    page = _open(month, "eva", "/schedules/list/")
    page.locator("a[href$='/schedules/add']").first.click()
    page.wait_for_load_state()
    form = page.locator("form[data-matters]")
    form.locator("[name=code]").fill("monthly")
    form.locator("[name=name_zh]").fill("月度绩效评价表")
    form.locator("[name=name_en]").fill("Monthly scorecards")
    form.locator("[name=report]").select_option("scorecard")
    form.locator("[name=languages]").select_option("zh,en")
    assert not form.locator("[name=cron]").is_visible()
    assert not form.locator("[name=weekday]").is_visible()
    form.locator("[name=nth]").fill("3")
    times = page.locator("[data-foresight-times]")
    times.locator("p.strong", has_text=SAID[language]["rule"]).wait_for()
    shown = times.inner_text()
    for date in SAID[language]["dates"]:
        assert date in shown, shown
    assert SAID[language]["period"] in shown
    assert times.locator("li").count() == 6
    form.locator("[name=condition]").select_option("published")
    form.locator("[name=leads]").select_option("street_town")
    month.windows["eva"].look_over()
    with page.expect_navigation():
        page.locator(".save-bar button[type=submit]").first.click()
    assert page.locator("[data-errors]").count() == 0, page.locator("#main").inner_text()[:1500]
    month.windows["eva"].look_over()
    assert SAID[language]["rule"] in page.locator("#main").inner_text()
    return page


def _planned(cycle: Cycle, at: str) -> None:
    """The clock looks at the schedules."""
    cycle.office.at = city(at)
    db.session.rollback()
    with stopped_at(cycle.office.at), acting_as(SYSTEM):
        plan()
    db.session.rollback()


def _worked(app: Flask, cycle: Cycle) -> None:
    """A worker does what waits, while the page looks on."""
    db.session.rollback()
    with stopped_at(cycle.office.at):
        while work_once(app):
            pass
    db.session.rollback()


def _run_now(month: FrontOffice) -> Page:
    """Press the button, say yes, and find the run under way."""
    page = _open(month, "eva", "/schedules/show/1")
    with page.expect_navigation():
        page.locator("#run-now").click()
        page.locator("#modal-confirm[open] [data-yes]").click()
    month.windows["eva"].look_over()
    page.locator("[data-progress] progress").wait_for()
    return page


def _taken(month: FrontOffice, folder: Path) -> list[str]:
    """The clerk hears of it at the bell, takes every file and confirms; every file can be opened."""
    page = _open(month, "clerk", "/inbox/")
    page.locator("a[href*='/inbox/'][href$='/open']").first.click()
    page.wait_for_load_state()
    assert "/my-files/" in page.url, page.url
    month.windows["clerk"].look_over()
    names = []
    for link in page.locator("a[href*='/my-files/'][href$='/file']").all():
        with page.expect_download() as coming:
            link.click()
        names.append(coming.value.suggested_filename)
        target = folder / f"{len(names)}-{names[-1]}"
        coming.value.save_as(target)
        if target.suffix == ".xlsx":
            assert load_workbook(target, read_only=True).sheetnames
        else:
            assert len(PdfReader(target).pages) > 2
    with page.expect_navigation():
        page.locator("form[action$='/confirm'] button").first.click()
    month.windows["clerk"].look_over()
    return names


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_evaluators_schedule_from_writing_down_to_received(lite: Flask, chromium: Browser, language: str, tmp_path: Path) -> None:
    cycle, said = Cycle(), SAID[language]
    cycle.office.at = city("04-01 10:00")
    with front_office(lite, chromium, language, at_work=cycle.office) as month:
        _write_down(month, language)

        _planned(cycle, "04-03 09:00")
        page = _open(month, "eva", "/schedules/show/1")
        assert said["waits"] in page.locator("#run").inner_text(), "the page says what it waits for"
        cycle.does("eva", compute, MARCH, at=CLOSED)
        cycle.preliminary()
        _planned(cycle, "04-03 10:05")
        _worked(lite, cycle)

        cycle.office.at = city("04-03 11:00")
        page = _run_now(month)
        _worked(lite, cycle)
        page.locator("#run .tone-ok", has_text=said["done"]).first.wait_for()  # the page has loaded itself again
        month.windows["eva"].look_over()
        shown = page.locator("#run").inner_text()
        for ending in ("zh.xlsx", "zh.pdf", "en.xlsx", "en.pdf"):
            assert f"scorecard-{MARCH}.{ending}" in shown, shown
        assert page.locator("[data-bell-count]:not([hidden])").count(), "the bell has something to tell"

        names = _taken(month, tmp_path)
        assert len(names) >= 4
        page = _open(month, "eva", "/schedules/show/1")
        row = page.locator("table.recipients tr", has_text="Clerk")
        assert said["received"] in row.inner_text(), row.inner_text()
        assert "Clerk" in page.locator("#run table").first.inner_text(), "and who has taken which file"

        page.locator("table[data-rows] tbody tr").last.locator("a.row-link").click()
        page.wait_for_load_state()
        month.windows["eva"].look_over()
        assert said["waited"] in page.locator("#run").inner_text(), "why last month's run waited stays readable"
