"""The same file back: bad cells marked, every reason beside its row, everything else as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill

from app.core.languages import speaking, words
from app.crud.importing import annotating
from app.crud.importing.batches import ALL
from tests.importing.conftest import Bring
from tests.importing.files import csv_file, sheet_rows, workbook

RED = "00FDEBE9"


def fill(cell: Any) -> str:
    return str(cell.fill.fgColor.rgb) if cell.fill.patternType else ""


@pytest.fixture
def styled(tmp_path: Path) -> Path:
    """A workbook somebody took care of: two sheets, colours, widths, a hidden column, captions in row 3."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "部门"
    for place, value in enumerate(["code", "name_zh", "position"], start=2):
        sheet.cell(3, place, value).font = Font(bold=True, color="FF00FF00")
    for row, values in enumerate([["D-1", "甲", 5], ["D-2", None, "abc"], ["D-3", "丙", 7]], start=4):
        for place, value in enumerate(values, start=2):
            sheet.cell(row, place, value)
    sheet["B4"].fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet["B4"].number_format = "@"
    sheet.column_dimensions["C"].width = 33
    sheet["H9"] = "站在外面的字"
    other: Any = book.create_sheet("说明")
    other["A1"] = "保留我"
    other["A1"].font = Font(italic=True)
    path = tmp_path / "styled.xlsx"
    book.save(path)
    return path


def test_bad_cells_are_marked_with_their_reason_and_the_row_says_all_of_them(
    lite: Flask, bring: Bring, styled: Path, tmp_path: Path
) -> None:
    book = load_workbook(bring("Department", styled).marked(tmp_path / "marked.xlsx"))
    sheet: Any = book["部门"]
    assert {cell.coordinate for row in sheet.iter_rows() for cell in row if fill(cell) == RED} == {"C5", "D5"}
    assert sheet["C5"].comment.text == "“Name” is missing"
    assert sheet["D5"].comment.text == "“abc” is not a whole number"
    assert sheet["I3"].value == "Problems"
    assert sheet["I5"].value == "name_zh: “Name” is missing\nposition: “abc” is not a whole number"
    assert [sheet.cell(row, 9).value for row in (1, 2, 4, 6, 7, 8)] == [None] * 6


def test_everything_else_stays_as_it_was(lite: Flask, bring: Bring, styled: Path, tmp_path: Path) -> None:
    book = load_workbook(bring("Department", styled).marked(tmp_path / "marked.xlsx"))
    sheet: Any = book["部门"]
    assert book.sheetnames == ["部门", "说明"]
    assert (book["说明"]["A1"].value, book["说明"]["A1"].font.italic) == ("保留我", True)
    assert (fill(sheet["B4"]), sheet["B4"].number_format, sheet["B4"].value) == ("FFFFFF00", "@", "D-1")
    assert sheet["B3"].font.bold
    assert sheet.column_dimensions["C"].width == 33
    assert sheet["H9"].value == "站在外面的字"


def test_reasons_are_written_in_the_owners_language(lite: Flask, bring: Bring, styled: Path, tmp_path: Path) -> None:
    with speaking("zh"):
        path = bring("Department", styled).marked(tmp_path / "marked.xlsx")
    sheet: Any = load_workbook(path)["部门"]
    writer = words("zh")
    assert sheet["I3"].value == writer("Problems") != "Problems"
    assert sheet["D5"].comment.text == writer("“%(value)s” is not a whole number", value="abc")


def test_the_corrected_copy_can_be_imported_as_it_is(lite: Flask, bring: Bring, styled: Path, tmp_path: Path) -> None:
    path = bring("Department", styled).marked(tmp_path / "marked.xlsx")
    book = load_workbook(path)
    sheet: Any = book["部门"]
    sheet["C5"], sheet["D5"], sheet["H9"] = "乙", 6, None
    book.save(path)
    again = bring("Department", path, ALL)
    assert again.counts == (3, 0, 0, 0)
    assert again.batch.note == "[]"


def test_a_second_round_takes_the_marks_of_the_first_away(lite: Flask, bring: Bring, styled: Path, tmp_path: Path) -> None:
    path = bring("Department", styled).marked(tmp_path / "marked.xlsx")
    book = load_workbook(path)
    book["部门"]["C5"] = "乙"
    book.save(path)
    sheet: Any = load_workbook(bring("Department", path).marked(tmp_path / "again.xlsx"))["部门"]
    assert {cell.coordinate for row in sheet.iter_rows() for cell in row if fill(cell) == RED} == {"D5"}
    assert sheet["I5"].value == "position: “abc” is not a whole number"
    assert sheet["C5"].comment is None
    assert [cell.value for cell in sheet[3]].count("Problems") == 1


def test_a_csv_file_comes_back_as_a_marked_workbook(lite: Flask, bring: Bring, tmp_path: Path) -> None:
    rows = [["code", "name_zh", "position"], ["D-1", "甲", "5"], ["D-2", "", "abc"], ["D-3", "=1+1", "7"]]
    path = bring("Department", csv_file(tmp_path / "units.csv", rows)).marked(tmp_path / "marked.xlsx")
    sheet: Any = load_workbook(path).worksheets[0]
    assert {cell.coordinate for row in sheet.iter_rows() for cell in row if fill(cell) == RED} == {"B3", "C3"}
    assert sheet_rows(path) == [
        ["code", "name_zh", "position", "Problems"],
        ["D-1", "甲", "5", None],
        ["D-2", None, "abc", "name_zh: “Name” is missing\nposition: “abc” is not a whole number"],
        ["D-3", "=1+1", "7", None],
    ]
    assert sheet["B4"].data_type == "s"


def test_a_large_workbook_is_copied_row_by_row_with_its_marks(
    lite: Flask, bring: Bring, styled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(annotating, "EDITABLE_BYTES", 100)
    path = bring("Department", styled).marked(tmp_path / "marked.xlsx")
    sheet: Any = load_workbook(path).worksheets[0]
    assert {cell.coordinate for row in sheet.iter_rows() for cell in row if fill(cell) == RED} == {"C5", "D5"}
    assert [row[1] for row in sheet_rows(path)][2:6] == ["code", "D-1", "D-2", "D-3"]


def test_a_workbook_without_faults_is_not_copied(lite: Flask, bring: Bring) -> None:
    assert bring("Department", [["code", "name_zh"], ["D-1", "甲"]]).batch.annotated_digest == ""


def test_reasons_that_look_like_formulas_stay_text(lite: Flask, bring: Bring, tmp_path: Path) -> None:
    rows = [["code", "name_zh", "=cmd()"], ["=1+1", "甲", None]]
    path = bring("Department", workbook(tmp_path / "f.xlsx", rows)).marked(tmp_path / "marked.xlsx")
    sheet: Any = load_workbook(path).worksheets[0]
    assert {sheet[place].data_type for place in ("A2", "C1", "D1", "D2")} == {"s"}
