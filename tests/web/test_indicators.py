"""The page of indicators: every definition for everybody, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.languages import words
from app.domain.attribution import TIME_ROLES
from app.domain.case_words import WORDS
from app.domain.indicators import all_indicators
from app.web.roles import ROLES
from tests.people import create_person

Enter = Callable[..., FlaskClient]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_definition_is_shown_with_its_names_and_parts(lite: Flask, sign_in: Enter, language: str) -> None:
    create_person("viewer")
    page = unescape(sign_in("viewer", language).get("/indicators/").get_data(as_text=True))
    writer = words(language)
    for measure in all_indicators().values():
        assert f'id="{measure.code}"' in page
        for text in (measure.name, measure.numerator, measure.denominator, measure.clock, measure.basis):
            assert writer(text) in page, measure.code
        assert words("zh")(measure.name) in page and words("en")(measure.name) in page


def test_every_role_may_read_them(lite: Flask, sign_in: Enter) -> None:
    for role in ROLES:
        create_person(role)
        assert sign_in(role).get("/indicators/").status_code == 200, role


def test_worked_examples_are_written_in_the_readers_language(lite: Flask, sign_in: Enter) -> None:
    create_person("viewer")
    assert "事项 | 上报 2026-09-01" in sign_in("viewer", "zh").get("/indicators/").get_data(as_text=True)
    assert "case | reported 2026-09-01" in sign_in("viewer", "en").get("/indicators/").get_data(as_text=True)


def test_the_page_says_where_a_figure_is_in_force(lite: Flask, sign_in: Enter) -> None:
    create_person("viewer")
    page = sign_in("viewer").get("/indicators/").get_data(as_text=True)
    assert "Department scorecard 1: 10.00 points, no figure: weight spread over the other lines" in page
    assert "Street-town scorecard 1: shown, not scored" in page


def test_every_time_role_has_its_words() -> None:
    assert {measure.time_role for measure in all_indicators().values()} <= set(TIME_ROLES)


def test_every_word_of_worked_examples_is_explained_in_both_languages(lite: Flask, sign_in: Enter) -> None:
    create_person("viewer")
    for language in ("zh", "en"):
        page = unescape(sign_in("viewer", language).get("/indicators/").get_data(as_text=True))
        rows = page.split('id="vocabulary"', 1)[1]
        assert [word for word in WORDS if word not in rows] == []
        assert "satisfied" in rows if language == "en" else "基本满意" in rows
