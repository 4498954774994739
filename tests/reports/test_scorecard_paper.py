"""The scorecard on paper, read back: cover, rankings, a page per unit, honest words where something is missing."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest

from app.core.languages import words
from app.domain.evaluation import STATES
from app.domain.scorecard import Scorecard
from reports.definitions.scorecard import figures, labels, sentences
from reports.printing import render
from reports.voice import voice
from tests.reports import specimens


@pytest.fixture(scope="module")
def english(printed: dict[str, Path]) -> pypdf.PdfReader:
    return pypdf.PdfReader(printed["pdf:en"])


@pytest.fixture(scope="module")
def pages(english: pypdf.PdfReader) -> list[str]:
    return [re.sub(r"\s+", " ", page.extract_text()) for page in english.pages]


def small(tmp_path: Path, **changes: object) -> str:
    card = replace(specimens.scorecard(tickets=300, departments=8), **changes)  # type: ignore[arg-type]
    reader = pypdf.PdfReader(render(card, "scorecard", "pdf", ["en"], tmp_path / "a.pdf"))
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def test_the_cover_says_what_it_is_and_can_be_signed(pages: list[str]) -> None:
    for wanted in (
        "Preliminary list",
        "Gulou District, Fuzhou",
        "October 2026",
        "Scheme version 3",
        "Responsibility list 2026-3",
        "Working calendar 2026-3",
        "Data as of 4 Nov 2026, 09:00",
        "Scan to verify",
        "axis from",
        "Prepared by:",
        "Issued by:",
        "Seal 8f3a 21c7 5d90 e4b6",
        "computed 4 Nov 2026, 09:38",
        "Demo data (generated)",
        f"Page 1 of {len(pages)}",
    ):
        assert wanted in pages[0], wanted


def test_the_outline_leads_to_every_group_and_unit(card: Scorecard, english: pypdf.PdfReader) -> None:
    titles = [entry.title for part in english.outline for entry in (part if isinstance(part, list) else [part])]
    ranked = [f"{unit.rank} {unit.names.en}" for unit in card.groups[0].units]
    assert [title for title in titles if title in ranked] == ranked
    assert {"Departments", "Definitions", "Notes and data quality"} <= set(titles)
    assert len(titles) == 4 + sum(len(group.units) for group in card.groups)


def test_each_unit_of_normal_name_has_exactly_one_page(card: Scorecard, pages: list[str]) -> None:
    for unit in card.groups[0].units:
        heads = [page for page in pages if f"{unit.names.en} Total score" in page and "Where the points went" in page]
        assert len(heads) == 1, unit.names.en


def test_a_units_page_shows_every_line_with_n_over_d(card: Scorecard, pages: list[str]) -> None:
    group = card.groups[0]
    for unit in group.units:
        [page] = [page for page in pages if f"{unit.names.en} Total score" in page and "Where the points went" in page]
        assert str(unit.score) in page and f"Rank of {len(group.units)}" in page
        for score in unit.lines.values():
            if score.d:
                assert f"{score.n}/{score.d}" in page
            else:
                assert "does not apply" in page and "n/a" in page


def test_small_change_and_median_come_from_the_scorecard(card: Scorecard) -> None:
    group = card.groups[0]
    unit = group.units[0]
    score = unit.lines["DONE"]
    assert score.rate is not None and score.previous is not None
    line = next(line for line in group.lines if line.code == "DONE")
    assert figures.change(line, score) == (score.rate - score.previous) * 100
    rates = sorted(other.lines["DONE"].rate for other in group.units if other.lines["DONE"].rate is not None)
    assert figures.standing(card, group).medians["DONE"] == (rates[4] + rates[5]) / 2


def test_the_axis_always_begins_below_the_lowest_value() -> None:
    for lowest in range(0, 10001, 7):
        start = figures.axis_start(Decimal(lowest) / 100, Decimal(100))  # type: ignore[arg-type]
        assert 0 <= start < 100 and start <= lowest / 100


def test_without_earlier_evaluations_the_page_says_so(tmp_path: Path) -> None:
    card = specimens.scorecard(tickets=300, departments=8, months=0)
    text = small(tmp_path, groups=card.groups)
    assert text.count("No earlier evaluation of this unit is on record") == sum(len(group.units) for group in card.groups)
    assert "quartile band" not in text


def test_every_state_is_named_in_both_languages(card: Scorecard) -> None:
    assert set(labels.STATES) == set(STATES)
    for state in STATES:
        for language in ("zh", "en"):
            assert sentences.state(replace(card, state=state, revision=2), voice([language])).strip()
    assert "Revision 2" in sentences.state(replace(card, revision=2), voice(["en"]))


def test_a_provisional_paper_says_that_it_is_not_published(tmp_path: Path) -> None:
    text = small(tmp_path, state="computed", published_at=None)
    assert "Provisional, not published" in text and "Computed 4 Nov 2026" in text


def test_without_an_address_there_is_nothing_to_scan(tmp_path: Path) -> None:
    assert "Scan to verify" not in small(tmp_path, url="", demo=False)


def test_notes_and_checks_are_printed(pages: list[str]) -> None:
    text = " ".join(pages[-3:])
    for wanted in ("no due times", "Completed without an opinion", "They count as completed", specimens.HASH, "Left out of the figures"):
        assert wanted in text, wanted


def test_sentences_about_strengths_and_weak_spots_follow_the_figures(card: Scorecard) -> None:
    group = card.groups[0]
    standing = figures.standing(card, group)
    for unit in group.units:
        for told in sentences.strengths(standing, unit, words("en")):
            assert "better than the median" in told
        weak = sentences.weak_spots(standing, unit, words("en"))
        worst = max(s.lost for s in unit.lines.values() if s.lost is not None)
        assert f"cost {words('en').decimal(worst)} points" in weak[0]


def test_units_apart_are_listed_not_ranked(pages: list[str]) -> None:
    text = " ".join(pages[:6])
    assert "Listed apart 2 units" in text and "Service Centre No. 40 No work fell due" in text


def test_hostile_names_print_as_text_and_embed_nothing(printed: dict[str, Path]) -> None:
    reader = pypdf.PdfReader(printed["pdf:zh"])
    text = "".join(page.extract_text() for page in reader.pages).replace("\n", "")
    assert "𠮷田路管理处（𰻝）" in text and '<img src="file:///etc/passwd"' in text
    data = printed["pdf:zh"].read_bytes()
    assert b"/Subtype /Image" not in data and b"Helvetica" not in data and b"root:" not in data


def test_chinese_paper_is_searchable_in_chinese(printed: dict[str, Path]) -> None:
    text = "".join(page.extract_text() for page in pypdf.PdfReader(printed["pdf:zh"]).pages)
    assert text.count("温泉街道") >= 3 and "福州市鼓楼区" in text
