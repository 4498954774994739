"""Definitions in files say all that was frozen: what is left out, what stands without a figure, how figures round."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pypdf
import pytest

from app.core.languages import words
from app.domain.scorecard import Scorecard
from reports.definitions.scorecard.common_rules import common_rules, held_by
from reports.printing import render
from reports.voice import voice
from tests.reports import specimens

LANGUAGES = ("zh", "en")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_says_of_every_indicator_what_never_counts_and_how_it_rounds(
    card: Scorecard, printed: dict[str, Path], language: str
) -> None:
    speak = words(language)
    sheet = openpyxl.load_workbook(printed[f"xlsx:{language}"])[speak("Definitions")]
    rows = {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=4 + len(card.definitions))}
    heads = [cell.value for cell in sheet[4]]
    for one in card.definitions:
        for title, text in (("Left out", one.excludes), ("No figure", one.na_policy), ("Rounding", one.rounding)):
            assert text and rows[one.code][heads.index(speak(title))] == speak(text), (one.code, title)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_says_each_rule_once_with_those_it_holds_for(card: Scorecard, printed: dict[str, Path], language: str) -> None:
    text = squeezed("".join(page.extract_text() for page in pypdf.PdfReader(printed[f"pdf:{language}"]).pages))
    speak, rules = words(language), common_rules(card)
    assert {rule.about for rule in rules} == {"Left out", "No figure", "Rounding"}
    for rule in rules:
        assert text.count(squeezed(speak(rule.text) + held_by(rule, rules, voice([language])))) == 1, rule


def test_every_indicator_follows_exactly_one_rule_of_each_kind(card: Scorecard) -> None:
    rules = common_rules(card)
    for one in card.definitions:
        for about, text in (("Left out", one.excludes), ("No figure", one.na_policy), ("Rounding", one.rounding)):
            [rule] = [rule for rule in rules if rule.about == about and (one in rule.holders or not rule.holders)]
            assert rule.text == text


def test_a_rule_of_its_own_names_its_indicator_and_the_rest_are_all_but_it(card: Scorecard) -> None:
    odd = replace(card.definitions[0], excludes="Nothing fell due")
    rules = common_rules(replace(card, definitions=(odd, *card.definitions[1:])))
    told = {rule.text: held_by(rule, rules, voice(["en"])) for rule in rules if rule.about == "Left out"}
    assert told == {"Nothing fell due": odd.name, card.definitions[1].excludes: "all indicators but those named with other rules"}


def test_an_evaluation_that_froze_no_such_rules_prints_none(card: Scorecard, tmp_path: Path) -> None:
    """Evaluations of before these rules were frozen are printed as they are."""
    small = specimens.scorecard(tickets=200, departments=3)
    bare = replace(small, definitions=tuple(replace(one, excludes="", na_policy="", rounding="") for one in small.definitions))
    assert common_rules(bare) == []
    text = "".join(page.extract_text() for page in pypdf.PdfReader(render(bare, "scorecard", "pdf", ["en"], tmp_path / "a.pdf")).pages)
    assert "missing figures" not in text
    sheet = openpyxl.load_workbook(render(bare, "scorecard", "xlsx", ["en"], tmp_path / "a.xlsx"))["Definitions"]
    assert {sheet.cell(5, column).value for column in (7, 8, 9)} == {"—"}
