"""A workbook as a file: live formulas with known results, text that stays text, the same bytes every time."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from reports.render import xlsx
from reports.render.cell_text import CUT, LONGEST, safe
from reports.sheets import Area, Book, Cell, DataBars, Sheet, Stream, Value, letter, sheet_names

MADE = datetime(2026, 11, 4, 1, 38, 12, tzinfo=UTC)
SIGNS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", " =1", "＝1+1", "=cmd|' /C calc'!A0", "#N/A", "#REF!")


def book(*sheets: Sheet) -> Book:
    return Book("Title", "subject", "author", MADE, "8f3a 21c7", "Page &P of &N", sheets)


def written(path: Path, *sheets: Sheet) -> Path:
    xlsx.write(book(*sheets), path)
    return path


def opened(path: Path, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(path, data_only=values)


def test_formulas_are_live_and_carry_their_known_results(tmp_path: Path) -> None:
    sheet = Sheet("S", (10, 10))
    sheet.add(Cell(911), Cell(972))
    sheet.add(Cell(Fraction(911, 972), "points", "A1/B1"), Cell("同", "text", 'IF(A1>0,"同","异")'), Cell('a<b&"c', "text", '"a<b&""c"'))
    path = written(tmp_path / "a.xlsx", sheet)
    assert [cell.value for cell in opened(path)["S"][2]] == ["=A1/B1", '=IF(A1>0,"同","异")', '="a<b&""c"']
    assert [cell.value for cell in opened(path, values=True)["S"][2]] == [911 / 972, "同", 'a<b&"c']


def test_text_that_looks_like_a_formula_stays_text_in_cells_and_in_streams(tmp_path: Path) -> None:
    sheet = Sheet("S", (10,), head=1)
    sheet.add(Cell("head", "head"))
    for sign in SIGNS:
        sheet.add(Cell(sign))
    sheet.stream = Stream(("text",), lambda: ((sign,) for sign in SIGNS))
    grid = opened(written(tmp_path / "a.xlsx", sheet))["S"]
    cells = [row[0] for row in grid.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [*SIGNS, *SIGNS]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells if not cell.value.startswith("#"))


def test_negative_numbers_are_not_mangled(tmp_path: Path) -> None:
    sheet = Sheet("S", (10,))
    sheet.add(Cell(-1.5, "points"), Cell(Fraction(-1, 4), "points"))
    assert [cell.value for cell in opened(written(tmp_path / "a.xlsx", sheet))["S"][1]] == [-1.5, -0.25]


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\x7f"])
def test_characters_that_would_break_the_file_are_left_out(tmp_path: Path, bad: str) -> None:
    sheet = Sheet("S", (10,))
    sheet.add(Cell(f"甲{bad}乙", note=f"n{bad}ote"))
    sheet.stream = Stream(("text",), lambda: [(f"丙{bad}丁",)])
    grid = opened(written(tmp_path / "a.xlsx", sheet))["S"]
    assert (grid["A1"].value, grid["A1"].comment.text, grid["A2"].value) == ("甲乙", "note", "丙丁")


def test_a_coded_character_is_kept_literally(tmp_path: Path) -> None:
    sheet = Sheet("S", (10,))
    sheet.add(Cell("_x0041_ and _x000D_"))
    assert unescape(opened(written(tmp_path / "a.xlsx", sheet))["S"]["A1"].value) == "_x0041_ and _x000D_"


@pytest.mark.parametrize("text", ["x" * 40_000, "𠮷" * 20_000, "a" + "𠮷" * 20_000])
def test_too_much_text_is_cut_with_a_mark_and_never_through_a_character(text: str) -> None:
    cut = safe(text)
    units = len(cut.encode("utf-16-le")) // 2
    assert cut.endswith(CUT) and LONGEST - 1 <= units <= LONGEST and text.startswith(cut.removesuffix(CUT))
    assert safe("x" * LONGEST) == "x" * LONGEST


def test_a_stream_is_read_once_and_bounds_filter_and_print_area(tmp_path: Path) -> None:
    calls = []

    def rows() -> Iterator[tuple[Value, ...]]:
        calls.append(1)
        for number in range(1, 1201):
            yield (f"T{number}", number, datetime(2026, 10, 1, 12, 30), None)

    sheet = Sheet("证据", (10, 10, 20, 5), head=1, filtered=True, stream=Stream(("text", "figure", "moment", "text"), rows))
    sheet.add(*(Cell(title, "head") for title in "ABCD"))
    path = written(tmp_path / "a.xlsx", sheet, Sheet("B", (10,)))
    grid = opened(path)["证据"]
    assert calls == [1] and grid.max_row == 1201
    assert [cell.value for cell in grid[1201]] == ["T1200", 1200, datetime(2026, 10, 1, 12, 30), None]
    assert grid.auto_filter.ref == "A1:D1201" and grid.print_area == "'证据'!$A$1:$D$1201"
    with zipfile.ZipFile(path) as package:
        assert b"1048576" not in b"".join(package.read(name) for name in package.namelist())


def test_an_empty_stream_still_makes_a_file(tmp_path: Path) -> None:
    sheet = Sheet("S", (10,), head=1, filtered=True, stream=Stream(("text",), lambda: ()))
    sheet.add(Cell("head", "head"))
    assert opened(written(tmp_path / "a.xlsx", sheet))["S"].max_row == 1


def test_print_set_up_is_a4_with_repeated_heads(tmp_path: Path) -> None:
    sheet = Sheet("A & B", (10, 10), head=2, fixed=1, pages_wide=2, landscape=True)
    sheet.add(Cell("title", "title"))
    sheet.add(Cell("n", "head"), Cell("d", "head"))
    grid = opened(written(tmp_path / "a.xlsx", sheet))["A & B"]
    setup = grid.page_setup
    assert (setup.paperSize, setup.orientation, setup.fitToWidth, setup.fitToHeight) == (9, "landscape", 2, 0)
    assert (grid.print_title_rows, grid.print_title_cols, grid.freeze_panes) == ("$1:$2", "$A:$A", "B3")
    assert "A && B" in grid.oddHeader.left.text and grid.oddFooter.right.text == "Page &P of &N"


def test_data_bars_run_from_where_they_say_over_the_whole_cell(tmp_path: Path) -> None:
    sheet = Sheet("S", (10,))
    sheet.add(Cell(90, "score"))
    sheet.bars.append(DataBars(Area("S", 1, 1, 1, 1), 85, 100))
    formats = opened(written(tmp_path / "a.xlsx", sheet))["S"].conditional_formatting
    [bar] = [rule.dataBar for one in formats for rule in one.rules]
    assert [(end.type, float(end.val)) for end in bar.cfvo] == [("num", 85), ("num", 100)] and (bar.minLength, bar.maxLength) == (0, 100)


def test_sheet_names_are_short_unique_and_without_forbidden_signs() -> None:
    names = sheet_names(["汇总", "汇总", "a/b:c*[d]?\\", "x" * 40, "X" * 40, "", "'quoted'", "History", "\x00\ud800", "𠮷" * 20])
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name.encode("utf-16-le")) // 2 <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert names[0] == "汇总" and names[2] == "a b c d" and "history" not in {name.casefold() for name in names}


def test_letters_count_as_spreadsheets_do() -> None:
    assert [letter(column) for column in (1, 26, 27, 52, 53, 702, 703, 16384)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD"]


def test_the_file_says_when_its_scorecard_was_made_and_nothing_else(tmp_path: Path) -> None:
    sheet = Sheet("S", (10,))
    sheet.add(Cell("x", note="n"))
    path = written(tmp_path / "a.xlsx", sheet)
    properties = opened(path).properties
    assert properties.created == properties.modified == MADE.replace(tzinfo=None)
    with zipfile.ZipFile(path) as package:
        assert {entry.date_time for entry in package.infolist()} == {(2026, 11, 4, 1, 38, 12)}
    assert path.read_bytes() == written(tmp_path / "b.xlsx", sheet).read_bytes()


def test_a_row_is_as_tall_as_its_wrapped_texts_need(tmp_path: Path) -> None:
    """Widths 20 and 40 leave room for 17 and 37 characters a line; a Chinese one takes the room of two."""
    sheet = Sheet("S", (20, 40))
    sheet.add(Cell("short", "wrap"), Cell("short", "wrap"))
    sheet.add(Cell("x" * 40, "wrap"), Cell("x" * 40, "wrap"))
    sheet.add(Cell("字" * 20, "wrap"), Cell("two\nlines", "wrap"))
    sheet.add(Cell("x" * 40, "text"), Cell("y" * 400, "bare"))
    sheet.add(Cell("x" * 40, "wrap"), height=18)
    heights = opened(written(tmp_path / "a.xlsx", sheet))["S"].row_dimensions
    assert [heights[row].height for row in range(1, 6)] == [None, 5 + 3 * 13.5, 5 + 3 * 13.5, None, 18]
