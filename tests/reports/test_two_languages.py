"""The paper and sheets at their tightest: two languages side by side, or a district without a name yet."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pypdf

from app.domain.scorecard import Names, Scorecard
from reports.definitions.scorecard import group_pages, group_sheet, sentences
from reports.definitions.scorecard.group_grid import PER_LINE, SPARE, Grid
from reports.printing import render
from reports.render import fonts, tables
from reports.render.typesetting import CONTENT, HEADER
from reports.voice import voice
from tests.reports import specimens

BOTH = voice(["zh", "en"])


def test_every_unit_has_one_page_in_two_languages(tmp_path: Path) -> None:
    card = specimens.scorecard(tickets=300, departments=8)
    reader = pypdf.PdfReader(render(card, "scorecard", "pdf", ["zh", "en"], tmp_path / "a.pdf"))
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]
    first = next(index for index, page in enumerate(pages) if "Where the points went" in page)
    units = sum(len(group.units) for group in card.groups)
    for page in pages[first : first + units]:
        assert "Where the points went" in page and "Weak spots" in page


def test_no_word_of_a_bilingual_ranking_is_wider_than_its_column(card: Scorecard) -> None:
    for group in card.groups:
        table = group_pages.places(group, tuple(group.lines), BOTH)
        scale = tables.smaller(table, CONTENT)
        for column, room in zip(table.columns, tables.widths(table, CONTENT), strict=True):
            for word in re.findall(r"[A-Za-z-]+", column.title):
                assert fonts.width(word, fonts.STRONG, HEADER * scale) <= room - 8, word


def test_an_indicators_columns_print_on_one_page(card: Scorecard) -> None:
    grid = Grid(card.groups[1], "Departments")
    sheet = group_sheet.sheet(card, grid, BOTH)
    assert sheet.column_breaks and 50 <= sheet.scale <= 100
    assert all((column - SPARE - 1) % PER_LINE == 0 for column in sheet.column_breaks)


def test_a_district_without_a_name_leaves_no_gap(card: Scorecard) -> None:
    unnamed = replace(card, district=Names("", ""), demo=False)
    assert sentences.title(unnamed, voice(["en"])) == "Front-line disposal scorecard"
    assert sentences.origin(unnamed, voice(["en"])) == card.product.en
