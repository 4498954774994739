"""One evaluation, three files: every score, rate, n and d reads the same in the PDF, the workbook and the JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from reports.definitions.scorecard.group_grid import FIRST_ROW, SPARE


@pytest.fixture(scope="module")
def data(printed: dict[str, Path]) -> Any:
    return json.loads(printed["json:en"].read_text("utf-8"))


def ranked(data: Any, group: Any) -> list[Any]:
    """The ranked units of a group, best first."""
    found = [unit for unit in data["units"] if unit["group"] == group["code"] and unit["rank"] is not None]
    assert len(found) == group["ranked"]
    return found


def test_the_workbook_shows_the_figures_of_the_json(data: Any, printed: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(printed["xlsx:en"], data_only=True)
    for group in data["groups"]:
        sheet = book[group["names"]["en"]]
        for row, unit in enumerate(ranked(data, group), start=FIRST_ROW):
            cells = [cell.value for cell in sheet[row]]
            assert (cells[0], cells[2], f"{cells[4]:.2f}") == (unit["rank"], unit["code"], unit["score"])
            for index, line in enumerate(group["lines"]):
                figure = unit["indicators"][line["code"]]
                n, d, rate, _, points = cells[SPARE + 5 * index : SPARE + 5 * index + 5]
                assert (n, d) == (figure["n"], figure["d"])
                # Two decimals of a double may lie a hair beside a half: compare to the last figure shown.
                assert rate == "n/a" if figure["rate"] is None else abs(rate - float(figure["rate"])) <= 0.005 + 1e-9
                assert isinstance(points, str) if figure["points"] is None else abs(points - float(figure["points"])) <= 0.005 + 1e-9


def test_the_paper_shows_the_figures_of_the_json(data: Any, printed: dict[str, Path]) -> None:
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in pypdf.PdfReader(printed["pdf:en"]).pages]
    group = data["groups"][0]
    for unit in ranked(data, group):
        [page] = [text for text in pages if f"{unit['names']['en']} Total score" in text and "Where the points went" in text]
        row = f"{unit['score']} {unit['rank']}"
        assert unit["score"] in page and str(unit["rank"]) in page, row
        for figure in unit["indicators"].values():
            if figure["rate"] is not None:
                shown = f"{figure['n']}/{figure['d']} {figure['rate']} "
                assert shown in page, (unit["code"], shown)
                assert f"{figure['full']} {figure['points']} {figure['lost']}" in page


def test_the_rankings_table_prints_every_units_score_and_rates(data: Any, printed: dict[str, Path]) -> None:
    reader = pypdf.PdfReader(printed["pdf:en"])
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages[:5]))
    for group in data["groups"]:
        for unit in ranked(data, group):
            for figure in unit["indicators"].values():
                if figure["rate"] is not None:
                    d = f"{figure['d']:,}"
                    assert f"{figure['rate']} {figure['n']}/{d}" in text, (unit["code"], figure)
            assert unit["score"] in text
