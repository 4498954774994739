"""The scorecard's workbook, read back: formulas and their results, words for what does not apply, every ticket once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.domain.scorecard import Scorecard
from reports.definitions.scorecard.group_grid import FIRST_ROW, Grid
from reports.printing import render
from tests.reports import specimens


@pytest.fixture(scope="module")
def formulas(printed: dict[str, Path]) -> Any:
    return openpyxl.load_workbook(printed["xlsx:en"])


@pytest.fixture(scope="module")
def values(printed: dict[str, Path]) -> Any:
    return openpyxl.load_workbook(printed["xlsx:en"], data_only=True)


def test_the_sheets_stand_in_reading_order(formulas: Any) -> None:
    assert formulas.sheetnames == [
        "Summary",
        "Street-towns",
        "Departments",
        "Scores over time",
        "Evidence",
        "Definitions",
        "Data quality",
        "Appeals",
    ]


def test_every_score_is_a_formula_whose_known_result_is_the_published_score(card: Scorecard, formulas: Any, values: Any) -> None:
    for group in card.groups:
        live, known = formulas[group.names.en], values[group.names.en]
        for row, unit in enumerate(group.units, start=FIRST_ROW):
            assert live.cell(row, 5).value.startswith("=ROUND(MAX(0,MIN(")
            assert unit.score is not None
            assert known.cell(row, 5).value == known.cell(row, 6).value == float(unit.score)


def test_n_and_d_are_numbers_and_rate_and_points_formulas_over_them(card: Scorecard, formulas: Any, values: Any) -> None:
    for group in card.groups:
        grid = Grid(group, group.names.en)
        for row, unit in enumerate(group.units, start=FIRST_ROW):
            for index, line in enumerate(group.lines):
                score = unit.lines[line.code]
                n, d, rate, full, points = (values[grid.name].cell(row, grid.column(index, part)).value for part in range(5))
                assert (n, d) == (score.n, score.d)
                assert rate == ("n/a" if score.rate is None else float(score.rate * 100))
                assert str(formulas[grid.name].cell(row, grid.column(index, 2)).value).startswith("=IF(")
                if line.weight:
                    assert full == ("n/a" if score.full is None else float(score.full))
                    assert points == ("n/a" if score.points is None else float(score.points))
                else:
                    assert full == points == "not scored"


def test_what_does_not_apply_says_so_with_the_reason_and_is_never_zero(values: Any) -> None:
    sheet = values["Street-towns"]
    [hongshan] = [row for row in sheet.iter_rows(min_row=FIRST_ROW) if row[3].value == "Hongshan"]
    answers = hongshan[-5:]
    assert [cell.value for cell in answers] == [0, 0, "n/a", "n/a", "n/a"]
    assert "response" in answers[2].comment.text.lower()


def test_the_check_line_counts_equal_scores_live(card: Scorecard, formulas: Any, values: Any) -> None:
    units = sum(len(group.units) for group in card.groups)
    assert values["Summary"]["A3"].value == f"Check: the formulas' results equal the published figures ({units}/{units})"
    formula = formulas["Summary"]["A3"].value
    assert formula.count("'Street-towns'!$E$7:$E$16-'Street-towns'!$F$7:$F$16") == 3, "condition and both sentences"


def test_the_summary_ranks_links_and_repeats_only_by_reference(card: Scorecard, formulas: Any, values: Any) -> None:
    group = card.groups[0]
    for row, unit in enumerate(group.units, start=6):
        live, known = formulas["Summary"], values["Summary"]
        assert (known.cell(row, 1).value, known.cell(row, 2).value, known.cell(row, 3).value) == (unit.rank, unit.moved, unit.names.en)
        assert live.cell(row, 3).hyperlink.location == f"'Street-towns'!D{FIRST_ROW + row - 6}"
        assert live.cell(row, 4).value == f"='Street-towns'!E{FIRST_ROW + row - 6}"
    assert len(formulas["Summary"]._charts) == 2 and len(formulas["Scores over time"]._charts) == 2


def test_every_ticket_stands_once_and_its_marks_add_up_to_n_and_d(card: Scorecard, values: Any) -> None:
    sheet = values["Evidence"]
    heads = [str(cell.value) for cell in sheet[4]]
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    assert len(rows) == card.tickets == len({row[0] for row in rows})
    group = card.groups[0]
    units, done = heads.index("Street-towns\nUnits"), heads.index("Street-towns\nOn-time completion rate")
    hits = Counter(row[units] for row in rows if row[done] == "Counted")
    misses = Counter(row[units] for row in rows if row[done] == "Denominator only")
    for unit in group.units:
        score = unit.lines["DONE_OT"]
        assert (hits[unit.names.en], hits[unit.names.en] + misses[unit.names.en]) == (score.n, score.d)


def test_the_ledger_names_the_unit_where_a_ticket_counts_for_several(card: Scorecard, values: Any) -> None:
    sheet = values["Evidence"]
    heads = [str(cell.value) for cell in sheet[4]]
    column = heads.index("Departments\nResponse rate")
    shared = [row[column] for row in sheet.iter_rows(min_row=5, values_only=True) if row[column] and "：" in str(row[column])]
    assert shared and all("Denominator only" in text for text in shared)


def test_hostile_names_are_text(formulas: Any) -> None:
    names = {cell.value: cell for cell in formulas["Departments"]["D"]}
    assert names['=HYPERLINK("http://x","click")'].data_type == "s"
    assert names["+cmd|' /C calc'!A0 😀"].data_type == "s"
    numbers = [cell for cell in formulas["Evidence"]["C"] if str(cell.value).startswith("=SUM")]
    assert len(numbers) == 30 and {cell.data_type for cell in numbers} == {"s"}


def test_units_apart_are_listed_with_their_reason(values: Any) -> None:
    rows = {row[3]: row for row in values["Departments"].iter_rows(values_only=True) if row[3]}
    assert rows["Service Centre No. 40"][:5] == ("—", "—", "B040", "Service Centre No. 40", "No work fell due in this period")


def test_both_languages_stand_side_by_side_and_data_once(card: Scorecard, printed: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(printed["xlsx:zh+en"], data_only=True)
    names = [row[2] for row in book.worksheets[0].iter_rows(min_row=6, values_only=True)]
    assert "温泉街道 Wenquan" in names
    assert sum(1 for _ in book[book.sheetnames[4]].iter_rows(min_row=5)) == card.tickets


def test_no_history_means_no_sheet_of_months_and_no_movement(tmp_path: Path) -> None:
    made = render(specimens.scorecard(months=0, tickets=200), "scorecard", "xlsx", ["en"], tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(made, data_only=True)
    assert "Scores over time" not in book.sheetnames
    assert book["Summary"]["B6"].value == "—"


def test_a_group_without_any_score_still_makes_a_workbook(card: Scorecard, tmp_path: Path) -> None:
    apart = card.groups[1].apart
    empty = replace(card, groups=(replace(card.groups[1], units=(), apart=apart),))
    for languages in (["en"], ["zh", "en"]):
        book = openpyxl.load_workbook(render(empty, "scorecard", "xlsx", languages, tmp_path / "a.xlsx"), data_only=True)
        assert any(cell.value and "0/0" in str(cell.value) for cell in book.worksheets[0]["A"])


def test_equal_scores_share_their_rank_and_their_bars(card: Scorecard, tmp_path: Path) -> None:
    group = card.groups[0]
    tied = replace(group, units=tuple(replace(unit, score=Decimal("100.00"), rank=1) for unit in group.units))
    book = openpyxl.load_workbook(render(replace(card, groups=(tied,)), "scorecard", "xlsx", ["en"], tmp_path / "a.xlsx"), data_only=True)
    assert [book["Summary"].cell(row, 1).value for row in range(6, 16)] == [1] * 10
