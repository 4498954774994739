"""Schedules at the door: dates foreseen before saving, started and paused by their keeper alone, read by who may, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.languages import words
from app.core.runs import Run
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.recurrence import TimeRule
from app.domain.recurrence_sentence import said
from app.entities.account import Account
from app.entities.schedule import Schedule
from app.services.scheduling import plan
from tests.people import create_person, reloaded
from tests.web.doors import program

SignIn = Callable[..., FlaskClient]
NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
FORM = {
    "code": "monthly",
    "name_zh": "月度绩效评价表",
    "name_en": "Monthly scorecards",
    "report": "scorecard",
    "scope": "whole",
    "period_rule": "last_month",
    "formats": "xlsx+pdf",
    "languages": "zh,en",
    "kind": "working_day",
    "nth": "3",
    "months": "every",
    "shift": "none",
    "at": "09:00",
    "zone": "Asia/Shanghai",
    "condition": "published",
    "wait_days": "10",
    "catch_up": "each",
    "to_owner": "1",
    "route": "inbox",
    "keep_days": "1095",
    "enabled": "1",
}


@pytest.fixture
def keeper(lite: Flask) -> Account:
    """The evaluator who keeps the schedule; another one, an auditor, an administrator and a street-town's clerk are there, too."""
    for role, name in (("evaluator", "evan"), ("auditor", "audrey"), ("district_admin", "dina"), ("street_town", "clerk")):
        create_person(role, None, name)
    return create_person("evaluator", None, "eva")


def create_schedule(keeper: Account, **values: Any) -> Schedule:
    usual = {name: FORM[name] for name in ("code", "name_zh", "name_en", "report", "kind", "at", "condition")}
    with stopped_at(NOW), acting_as(SYSTEM), transaction() as session:
        row = Schedule(**{**usual, "nth": 3, "to_owner": True, **values}, owner_id=keeper.id)
        session.add(row)
        session.flush()
        return row


def runs() -> list[Run]:
    db.session.expire_all()
    return list(db.session.execute(select(Run).where(Run.schedule_id.is_not(None)).order_by(Run.id)).scalars())


def test_the_next_dates_stand_in_the_form_before_anything_is_saved(keeper: Account, sign_in: SignIn) -> None:
    browser = sign_in("eva")
    with stopped_at(NOW):
        page = browser.get("/schedules/add").text
        assert "1st working day of the month, 09:00 (Asia/Shanghai)" in page and "1 Apr 2026 (Wed) 09:00" in page
        part = browser.post("/schedules/preview", data=FORM, headers={"X-Part": "times"}).text
    assert "<html" not in part and "3rd working day of the month, 09:00 (Asia/Shanghai)" in part
    for date, period in (
        ("3 Apr 2026 (Fri) 09:00", "March 2026"),
        ("8 May 2026 (Fri) 09:00", "April 2026"),
        ("3 Sep 2026 (Thu) 09:00", "August 2026"),
    ):
        assert date in part and f"for {period}" in part
    assert part.count("<li>") == 6
    assert db.session.execute(select(Schedule)).first() is None


def test_a_year_without_a_holiday_notice_is_flagged_in_the_preview(keeper: Account, sign_in: SignIn) -> None:
    with stopped_at(datetime(2026, 11, 20, tzinfo=UTC)):
        part = sign_in("eva").post("/schedules/preview", data=FORM, headers={"X-Part": "times"}).text
    lines = part.split("<li>")[1:]
    assert ["2027 has no holiday notice yet" in line for line in lines] == [False, True, True, True, True, True]


def test_without_a_script_the_form_comes_back_whole_with_its_dates(keeper: Account, sign_in: SignIn) -> None:
    with stopped_at(NOW):
        page = sign_in("eva").post("/schedules/preview", data={**FORM, "addresses": "half@typed"}).text
        row = create_schedule(keeper)
        changed = sign_in("eva").post(f"/schedules/preview?pk={row.id}", data={**FORM, "version": "1", "at": "10:30"}).text
    assert "<html" in page and 'value="月度绩效评价表"' in page and "half@typed" in page and "3 Apr 2026 (Fri) 09:00" in page
    assert f'action="/schedules/edit/{row.id}"' in changed and 'name="version" value="1"' in changed and "3 Apr 2026 (Fri) 10:30" in changed
    assert reloaded(row).at == "09:00"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": "cron", "cron": "0 25 * * *"}, "“25” does not fit the cron field “hour”."),
        ({"kind": "cron", "cron": ""}, "Write a cron expression."),
        ({"nth": "40"}, "31"),
        ({"nth": "24"}, "The number must be between 1 and 23; it is 24."),
        ({"at": "9 am"}, "is not a time of day"),
        ({"zone": "Asia/Nowhere"}, "“Asia/Nowhere” is not a time zone."),
    ],
)
def test_what_gives_no_dates_is_said_in_words(keeper: Account, sign_in: SignIn, typed: dict[str, str], sentence: str) -> None:
    answer = sign_in("eva").post("/schedules/preview", data={**FORM, **typed}, headers={"X-Part": "times"})
    text = answer.text
    assert answer.status_code == 200 and sentence in text and "No dates yet" in text
    refused = sign_in("eva").post("/schedules/add", data={**FORM, **typed})
    assert refused.status_code == 422 and sentence in refused.text


def test_what_does_not_matter_is_left_out_of_the_page(keeper: Account, sign_in: SignIn) -> None:
    row = create_schedule(keeper, condition="none")
    with stopped_at(NOW):
        page = sign_in("eva").get(f"/schedules/show/{row.id}").text
    assert "3rd working day of the month" in page and "No run yet" in page
    for label in ("Cron expression", "Weekday", "Days to wait at most", "To registered targets"):
        assert f"<dt>{label}</dt>" not in page


def test_a_run_by_hand_waits_like_any_other_and_says_why(keeper: Account, sign_in: SignIn) -> None:
    row, browser = create_schedule(keeper), sign_in("eva")
    with stopped_at(NOW):
        answer = browser.post(f"/schedules/run/{row.id}")
        assert answer.status_code == 302 and "run=" in answer.headers["Location"]
        browser.post(f"/schedules/run/{row.id}", data={"year": "2025", "part": "Q4", "cut": ""})
        page = browser.get(answer.headers["Location"]).text
    assert [(run.period, run.state, run.user_name) for run in runs()] == [("2026-02", "waiting", "Eva"), ("2025-Q4", "waiting", "Eva")]
    assert "Waits until the evaluation of 2026-02 is published" in page and "by hand" in page


def test_a_period_that_is_none_is_refused_in_words(keeper: Account, sign_in: SignIn) -> None:
    row, browser = create_schedule(keeper), sign_in("eva")
    with stopped_at(NOW):
        for period, sentence in (("2026-13", "is not a period"), ("2026-09", "has not begun")):
            answer = browser.post(f"/schedules/run/{row.id}", data={"period": period}, follow_redirects=True)
            assert sentence in answer.text
    assert runs() == []


def test_its_keeper_pauses_and_enables_it(keeper: Account, sign_in: SignIn) -> None:
    row, browser = create_schedule(keeper), sign_in("eva")
    with stopped_at(NOW):
        assert "is paused" in browser.post(f"/schedules/pause/{row.id}", follow_redirects=True).text
        assert not reloaded(row).enabled
        assert "none of these dates counts" in browser.get(f"/schedules/show/{row.id}").text
        assert "is enabled" in browser.post(f"/schedules/resume/{row.id}", follow_redirects=True).text
    assert reloaded(row).enabled and reloaded(row).planned_until == NOW


def test_another_evaluator_reads_it_and_changes_nothing_by_any_door(lite: Flask, keeper: Account, sign_in: SignIn) -> None:
    row, browser = create_schedule(keeper), sign_in("evan")
    page = browser.get(f"/schedules/show/{row.id}").text
    assert (
        "Monthly scorecards" in page
        and "/schedules/run/" not in page
        and "/schedules/pause/" not in page
        and "/schedules/delete/" not in page
    )
    assert browser.get(f"/schedules/edit/{row.id}").status_code == 403
    assert browser.post(f"/schedules/edit/{row.id}", data={**FORM, "version": "1", "at": "10:00"}).status_code == 403
    assert browser.post(f"/schedules/preview?pk={row.id}", data=FORM).status_code == 403
    for verb in ("run", "pause", "delete"):
        answer = browser.post(f"/schedules/{verb}/{row.id}", data={"version": "1"}, follow_redirects=True)
        assert "district administrator" in answer.text or "Your role does not allow this" in answer.text, verb
    rest = program(lite, "evan")
    assert rest.put(f"/api/v1/schedules/{row.id}", json={"version": 1, "at": "10:00"}).status_code == 403
    assert rest.delete(f"/api/v1/schedules/{row.id}?version=1").status_code == 403
    kept = reloaded(row)
    assert kept is not None and (kept.at, kept.enabled, kept.version) == ("09:00", True, 1)
    assert runs() == []


def test_the_clock_that_plans_is_nobody_who_changed_it(keeper: Account) -> None:
    row = create_schedule(keeper)
    with stopped_at(datetime(2026, 4, 3, 1, 0, tzinfo=UTC)):
        assert plan() == 1
    assert (reloaded(row).changed_at, reloaded(row).version) == (NOW, 1)


def test_an_administrator_may_change_what_others_keep(keeper: Account, sign_in: SignIn) -> None:
    row, browser = create_schedule(keeper), sign_in("dina")
    with stopped_at(NOW):
        browser.post(f"/schedules/pause/{row.id}")
        assert browser.post(f"/schedules/run/{row.id}").status_code == 302
    assert not reloaded(row).enabled and len(runs()) == 1
    assert reloaded(row).owner_id == keeper.id


def test_an_auditor_reads_and_a_street_town_does_not_even_that(keeper: Account, sign_in: SignIn) -> None:
    row, auditor, clerk = create_schedule(keeper), sign_in("audrey"), sign_in("clerk")
    page = auditor.get(f"/schedules/show/{row.id}")
    assert page.status_code == 200 and "/schedules/run/" not in page.text and "/schedules/edit/" not in page.text
    for path in (f"/schedules/run/{row.id}", f"/schedules/pause/{row.id}", "/schedules/preview"):
        assert auditor.post(path, headers={"Accept": "application/json"}).status_code == 403
        assert clerk.post(path, headers={"Accept": "application/json"}).status_code == 403
    assert clerk.get(f"/schedules/show/{row.id}", headers={"Accept": "application/json"}).status_code == 403
    assert runs() == []


def test_the_run_of_another_schedule_is_not_shown(keeper: Account, sign_in: SignIn) -> None:
    row, other, browser = create_schedule(keeper), create_schedule(keeper, code="other", name_en="Other one"), sign_in("eva")
    with stopped_at(NOW):
        browser.post(f"/schedules/run/{other.id}")
        page = browser.get(f"/schedules/show/{row.id}?run={runs()[0].id}")
        assert page.status_code == 200 and "No run yet" in page.text and 'id="run"' not in page.text
        assert browser.get(f"/schedules/show/{row.id}?run={'9' * 40}").status_code == 200


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (TimeRule("working_day", 3), "每月第3个工作日 09:00（Asia/Shanghai）"),
        (TimeRule("working_day", 1, months="quarter"), "每季度首月第1个工作日 09:00（Asia/Shanghai）"),
        (TimeRule("last_working_day", 1), "每月最后一个工作日 09:00（Asia/Shanghai）"),
        (TimeRule("last_working_day", 2), "每月倒数第2个工作日 09:00（Asia/Shanghai）"),
        (TimeRule("month_day", 31), "每月最后一天 09:00（Asia/Shanghai）"),
        (TimeRule("month_day", 30), "每月30日（不足则为最后一天） 09:00（Asia/Shanghai）"),
        (TimeRule("month_day", 5, shift="next", months="half"), "每年1月和7月5日（遇休息日顺延至下一工作日） 09:00（Asia/Shanghai）"),
        (TimeRule("weekly", weekday=0, shift="skip"), "每周一（休息日不执行） 09:00（Asia/Shanghai）"),
        (TimeRule("daily", shift="skip"), "每个工作日 09:00（Asia/Shanghai）"),
    ],
)
def test_a_rule_is_said_in_chinese_as_an_office_would(rule: TimeRule, sentence: str) -> None:
    assert words("zh").phrase(said(rule)) == sentence
