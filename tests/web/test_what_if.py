"""What if at the door: the form keeps what was typed, the comparison is read and taken along, and units see nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.core.clock import stopped_at
from app.core.db import db
from app.entities.evaluation import Evaluation
from app.entities.scheme import Scheme
from app.entities.scheme_version import SchemeVersion
from app.services.evaluation import compute, publish
from app.services.schemes import copy_version
from tests.conftest import outside
from tests.people import create_person
from tests.services.month_of_tickets import city, walk_the_month
from tests.web.doors import program

Enter = Callable[..., FlaskClient]


def draft() -> SchemeVersion:
    """A draft for street-towns, and March evaluated under the version in force."""
    walk_the_month()
    with stopped_at(city("04-20 09:00")):
        compute("2026-03")
    found = select(SchemeVersion).join(Scheme).where(Scheme.code == "STREET", SchemeVersion.number == 1)
    return copy_version(db.session.execute(found).scalar_one().id)


def text(answer: object) -> str:
    """An answer's page, as its reader sees it."""
    return unescape(answer.get_data(as_text=True))  # type: ignore[attr-defined]


def test_an_evaluator_tries_weights_and_reads_both_rankings(app: Flask, sign_in: Enter) -> None:
    version = draft()
    create_person("evaluator")
    client = sign_in("evaluator")
    form = text(client.get(f"/what-if/?version={version.id}"))
    assert 'name="weight.SAT" value="20"' in form and "Show the ranking" in form
    asked = f"/what-if/?version={version.id}&period=2026-03&weight.SAT=15&weight.DONE=15&go=1"
    page = text(client.get(asked))
    assert 'name="weight.SAT" value="15"' in page and "in the version: 20" in page
    assert "The ranking beside the provisional one" in page and "units change their place" in page
    assert "Score published" not in page and "it is not published, its figures may still change" in page
    assert "Counted anew: every figure of the version" in page
    assert db.session.execute(select(func.count(Evaluation.id))).scalar_one() == 1


def test_what_cannot_be_tried_is_said_and_nothing_typed_is_lost(lite: Flask, sign_in: Enter) -> None:
    version = draft()
    create_person("evaluator")
    answer = sign_in("evaluator").get(f"/what-if/?version={version.id}&period=2026-03&weight.SAT=15&go=1")
    assert answer.status_code == 422
    assert "The weights add up to 95.00, the full marks are 100.00." in text(answer)
    assert 'name="weight.SAT" value="15"' in text(answer)


def test_values_typed_for_one_version_are_not_tried_on_another(lite: Flask, sign_in: Enter) -> None:
    version = draft()
    create_person("evaluator")
    asked = f"/what-if/?version={version.id}&of=1&period=2026-03&weight.SAT=15&go=1"
    page = text(sign_in("evaluator").get(asked))
    assert 'name="weight.SAT" value="20"' in page and "No unit's points change." in page


def test_the_comparison_is_taken_along_as_a_workbook(lite: Flask, sign_in: Enter) -> None:
    version = draft()
    create_person("auditor")
    answer = sign_in("auditor").get(f"/what-if/file?version={version.id}&period=2026-03&weight.SAT=15&weight.DONE=15")
    book = load_workbook(BytesIO(answer.data))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][:6] == ("Unit", "Rank · provisional", "Rank · tried", "Score · provisional", "Score · tried", "Points gained or lost")
    ranked = [row for row in rows[1:] if row[1] is not None]
    assert ranked and all(float(row[5]) == pytest.approx(float(row[4]) - float(row[3])) for row in ranked)
    notes = [cell for row in book.worksheets[1].iter_rows(values_only=True) for cell in row]
    assert "Street-town scorecard 2 · DONE 10 → 15; SAT 20 → 15" in notes


def test_another_list_says_what_it_changes_and_what_it_does_not(lite: Flask, sign_in: Enter) -> None:
    version = draft()
    create_person("command_centre", None, "centre")
    page = text(sign_in("centre").get(f"/what-if/?version={version.id}&period=2026-03&list=2026-1&go=1"))
    assert "By the other list: who leads (0 rounds differ) and due times that came from the list (0 differ)." in page


def test_beside_a_list_that_is_out_the_page_says_published(lite: Flask, sign_in: Enter) -> None:
    version = draft()
    with stopped_at(city("04-20 10:00")):
        publish("2026-03")
    create_person("evaluator")
    page = text(sign_in("evaluator").get(f"/what-if/?version={version.id}&period=2026-03&go=1"))
    assert "The ranking beside the published one" in page and "Score published" in page and "provisional" not in page


def test_a_program_tries_the_same_and_gets_the_figures_of_the_page(app: Flask, sign_in: Enter) -> None:
    version = draft()
    create_person("evaluator")
    asked = f"version={version.id}&weight.SAT=15&weight.DONE=15"
    book = load_workbook(BytesIO(sign_in("evaluator").get(f"/what-if/file?{asked}&period=2026-03").data))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    with outside():
        told = program(app, "evaluator").get(f"/api/v1/what-ifs/2026-03?{asked}").json
    assert (told["period"], told["group"], told["provisional"], told["list"]) == ("2026-03", "street_town", True, None)
    assert [unit["names"]["en"] for unit in told["units"]] == [row[0] for row in rows[1:]]
    for unit, row in zip(told["units"], rows[1:], strict=True):
        points = [point for line in unit["lines"] for point in line["points"]]
        found = [*unit["rank"], *unit["score"], unit["gained"], *points]
        assert [one if one is None else float(one) for one in found] == [one if one is None else float(one) for one in row[1:]]
    moved = {line["line"]: line["points"] for line in told["units"][0]["lines"]}
    assert moved["SAT"][0] != moved["SAT"][1] and moved["DONE"][0] != moved["DONE"][1]
    assert db.session.execute(select(func.count(Evaluation.id))).scalar_one() == 1


def test_programs_are_told_what_cannot_be_tried(lite: Flask) -> None:
    version = draft()
    create_person("evaluator")
    base = "/api/v1/what-ifs/2026-03"
    with outside():
        client, other = program(lite, "evaluator"), program(lite, "viewer")
        wrong = client.get(f"{base}?version={version.id}&weight.SAT=15")
        assert (wrong.status_code, wrong.json["message"]) == (422, "The weights add up to 95.00, the full marks are 100.00.")
        assert client.get(base).json["errors"][0]["field"] == "version"
        assert client.get(f"{base}?version=999999").status_code == 404
        assert client.get(f"/api/v1/what-ifs/1999-01?version={version.id}").status_code == 404
        assert other.get(f"{base}?version={version.id}").status_code == 403
        assert lite.test_client().get(base).status_code == 401


@pytest.mark.parametrize("role", ["viewer", "district_admin", "system_admin"])
def test_nobody_else_tries_anything(lite: Flask, sign_in: Enter, role: str) -> None:
    create_person(role)
    client = sign_in(role)
    assert client.get("/what-if/").status_code in (302, 403)
    assert "What if" not in text(client.get("/", follow_redirects=True))


@pytest.mark.parametrize(
    "asked",
    [
        "version=999999",
        "version=x&period=2026-03&go=1",
        "version=1&period=1999-01&go=1",
        "version=1&period=%00&go=1",
        "version=1&list=none&go=1",
    ],
)
def test_an_address_that_leads_nowhere_is_answered_in_words(lite: Flask, sign_in: Enter, asked: str) -> None:
    draft()
    create_person("evaluator")
    assert sign_in("evaluator").get(f"/what-if/?{asked}").status_code in (200, 404, 422)
