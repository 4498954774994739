"""Scheme versions at the door: read in words, proved on saving, compared, copied and approved by those who may."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.db import db
from app.entities.scheme import Scheme
from app.entities.scheme_case import SchemeCase
from app.entities.scheme_line import SchemeLine
from app.entities.scheme_version import SchemeVersion
from app.services.schemes import copy_version
from tests.people import create_person, reloaded

Enter = Callable[..., FlaskClient]


def version_of(code: str, number: int = 1) -> SchemeVersion:
    """A version by its scheme's code."""
    found = select(SchemeVersion).join(Scheme).where(Scheme.code == code, SchemeVersion.number == number)
    return db.session.execute(found).scalar_one()


def part(entity: type, version: SchemeVersion, **values: object) -> object:
    """A line or a case of a version."""
    conditions = [getattr(entity, name) == value for name, value in values.items()]
    return db.session.execute(select(entity).where(entity.scheme_version == version, *conditions)).scalar_one()  # type: ignore[attr-defined]


def text(answer: object) -> str:
    """An answer's page, as its reader sees it."""
    return unescape(answer.get_data(as_text=True))  # type: ignore[attr-defined]


def test_a_version_is_read_in_words_with_what_its_cases_say(lite: Flask, sign_in: Enter) -> None:
    create_person("auditor")
    page = text(sign_in("auditor").get(f"/scheme-versions/show/{version_of('STREET').id}"))
    assert "Of these, completed by the cut-off ÷ Fell due in the period" in page
    assert "Weight × (1 − rate)" in page and "10 of 100: 9.00 points" in page
    assert page.count("Passed") == 5 and "All come out" in page
    assert "Approve" not in page.split("<main", 1)[1].split("Golden cases", 1)[0].replace("Approved", "")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_saving_a_line_runs_the_cases_and_says_what_came_of_it(lite: Flask, sign_in: Enter, language: str) -> None:
    create_person("evaluator")
    draft = copy_version(version_of("DEPT").id)
    line = part(SchemeLine, draft, indicator="RESP")
    client = sign_in("evaluator", language)
    form = {
        "version": line.version,  # type: ignore[attr-defined]
        "scheme_version": draft.id,
        "position": "10",
        "code": "RESP",
        "indicator": "RESP",
        "section": "basic",
        "weight": "14",
        "shape": "rate",
        "na_policy": "redistribute",
        "appeal": "both",
    }
    page = text(client.post(f"/scheme-lines/edit/{line.id}", data=form, follow_redirects=True))  # type: ignore[attr-defined]
    expected = "4 of 4 golden cases fail" if language == "en" else "99.00"
    assert expected in page
    assert ("The weights add up to 99.00, the full marks are 100.00." if language == "en" else "99.00") in page


def test_saving_a_case_says_what_was_expected_and_what_came_out(lite: Flask, sign_in: Enter) -> None:
    create_person("evaluator")
    draft = copy_version(version_of("DEPT").id)
    case = part(SchemeCase, draft, number=2)
    form = {"version": case.version, "scheme_version": draft.id, "number": "2", "title_zh": "响应", "title_en": "Response", "line": "RESP"}  # type: ignore[attr-defined]
    client = sign_in("evaluator")
    page = text(
        client.post(f"/scheme-cases/edit/{case.id}", data={**form, "given": "RESP = 911/972", "expected": "93.73"}, follow_redirects=True)  # type: ignore[attr-defined]
    )
    assert "1 of 4 golden cases fail: “Response”: expected 93.73, got 93.72" in page
    assert "Not possible yet" in page


def test_a_draft_is_copied_compared_and_approved_at_the_door(app: Flask, sign_in: Enter) -> None:
    create_person("evaluator")
    client, first = sign_in("evaluator"), version_of("DEPT")
    made = text(client.post(f"/scheme-versions/copy/{first.id}", follow_redirects=True))
    assert "Draft Department scorecard 2 was made" in made
    draft = version_of("DEPT", 2)
    assert "Both versions have the same lines, weights and rules." in text(client.get(f"/scheme-versions/differences/{draft.id}"))
    empty = client.post(f"/scheme-versions/approve/{draft.id}", data={"version": draft.version, "basis": ""}, follow_redirects=True)
    assert "Say by which decision the version is approved." in text(empty)
    said = {"version": reloaded(draft).version, "basis": "鼓考〔2026〕9号"}
    done = text(client.post(f"/scheme-versions/approve/{draft.id}", data=said, follow_redirects=True))
    assert "“Department scorecard 2” is approved" in done and "鼓考〔2026〕9号" in done
    assert reloaded(draft).approved_by != ""


def test_an_approved_version_offers_no_button_that_would_be_refused(lite: Flask, sign_in: Enter) -> None:
    create_person("evaluator")
    client, approved = sign_in("evaluator"), version_of("DEPT")
    draft = copy_version(approved.id)
    line, case = part(SchemeLine, approved, code="RESP"), part(SchemeCase, approved, number=2)
    why = "The scheme version “Department scorecard 1” is approved and is not changed any more. Make a new version."
    for address in (f"scheme-versions/{{}}/{approved.id}", f"scheme-lines/{{}}/{line.id}", f"scheme-cases/{{}}/{case.id}"):  # type: ignore[attr-defined]
        page = text(client.get("/" + address.format("show")))
        assert why in page, address
        for verb in ("edit", "delete"):
            assert f'"/{address.format(verb)}"' not in page, (address, verb)
    assert "New version from it" in text(client.get(f"/scheme-versions/show/{approved.id}"))
    open_page = text(client.get(f"/scheme-versions/show/{draft.id}"))
    assert f'"/scheme-versions/edit/{draft.id}"' in open_page and f'"/scheme-versions/delete/{draft.id}"' in open_page
    assert "Make a new version." not in open_page


def test_what_a_version_changes_is_said_in_words(lite: Flask, sign_in: Enter) -> None:
    create_person("evaluator")
    draft = copy_version(version_of("DEPT").id)
    line = part(SchemeLine, draft, indicator="RESP")
    form = {"version": line.version, "scheme_version": draft.id, "position": "10", "code": "RESP", "indicator": "RESP", "section": "basic"}  # type: ignore[attr-defined]
    form |= {"weight": "15", "shape": "deduction", "params": "T=95, k=0.5, floor=5", "na_policy": "full", "appeal": "both"}
    client = sign_in("evaluator")
    client.post(f"/scheme-lines/edit/{line.id}", data=form)  # type: ignore[attr-defined]
    page = text(client.get(f"/scheme-versions/differences/{draft.id}"))
    assert "Weight × rate" in page and "0.5 per percentage point below 95" in page
    assert "Full marks" in page and "Weight spread over the other lines" in page


def test_only_evaluators_approve(lite: Flask, sign_in: Enter) -> None:
    draft = copy_version(version_of("DEPT").id)
    for role in ("auditor", "command_centre", "district_admin", "viewer"):
        create_person(role)
        answer = sign_in(role).post(f"/scheme-versions/approve/{draft.id}", data={"version": draft.version, "basis": "x"})
        assert answer.status_code in (302, 403)
    assert reloaded(draft).state == "draft"
