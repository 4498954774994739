"""Reading tables out of files: rows of a workbook or a CSV file, one at a time, with where each of them stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from app.crud.importing.archive import damaged
from app.crud.importing.blemishes import blemishes
from app.crud.importing.extent import MOST_COLUMNS
from app.crud.importing.separated import records


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its sheet (empty for CSV), its number as people count (the header is 1), and its cells."""

    sheet: str
    number: int
    cells: tuple[Any, ...]


class Table:
    """The table in a file that ``guard`` let in: the first sheet that holds anything. A workbook is unpacked once, however often
    its lines are asked for, and kept as long as somebody holds on to it.
    """

    def __init__(self, path: Path, kind: str) -> None:
        self.path, self.kind = path, kind
        self._unpacked: tuple[CalamineSheet, dict[tuple[int, int], str]] | None = None

    def lines(self) -> Iterator[Line]:
        """All lines, header first. Empty lines are skipped, their numbers are not."""
        if self.kind == "csv":
            return (Line("", number, cells) for number, cells in records(self.path))
        return self._sheet_lines()

    def _sheet_lines(self) -> Iterator[Line]:
        if self._unpacked is None:
            self._unpacked = self._unpack()
        if self._unpacked is not None:
            yield from _lines(*self._unpacked)

    def _unpack(self) -> tuple[CalamineSheet, dict[tuple[int, int], str]] | None:
        try:
            with CalamineWorkbook.from_path(str(self.path)) as book:
                sheet = _first_sheet(book)
                return None if sheet is None else (sheet, blemishes(self.path, sheet.name))
        except CalamineError as error:
            raise damaged() from error


def _first_sheet(book: CalamineWorkbook) -> CalamineSheet | None:
    """The first visible sheet that holds anything; hidden ones only where nothing else is there."""
    sheets = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    visible = [meta.name for meta in sheets if meta.visible == SheetVisibleEnum.Visible]
    for name in visible or [meta.name for meta in sheets]:
        sheet = book.get_sheet_by_name(name)
        if sheet.start is not None:
            return sheet
    return None


def _lines(sheet: CalamineSheet, marks: dict[tuple[int, int], str]) -> Iterator[Line]:
    start = sheet.start or (0, 0)
    pad = [None] * start[1]
    spread = _Merged(sheet)
    marked_rows = {row for row, _ in marks}
    begun = False
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values: list[Any] = pad + [_plain(cell) for cell in cells]
        if number in marked_rows:
            values = [marks.get((number, place), value) for place, value in enumerate(values, start=1)]
        if begun:
            spread.fill(number, values)
        if any(value is not None for value in values):
            begun = True
            yield Line(sheet.name, number, tuple(values))


class _Merged:
    """Cells merged downwards say the same for every row beneath; sideways they only look wider."""

    def __init__(self, sheet: CalamineSheet) -> None:
        ranges = [(top + 1, bottom + 1, left) for (top, left), (bottom, _right) in sheet.merged_cell_ranges or () if bottom > top]
        self.waiting = sorted(ranges, reverse=True)
        self.open: list[tuple[int, int, Any]] = []

    def fill(self, number: int, values: list[Any]) -> None:
        """Put what reaches down to row ``number`` into its ``values``."""
        if not self.waiting and not self.open:
            return
        self.open = [span for span in self.open if span[0] >= number]
        for _bottom, place, value in self.open:
            if place < len(values) and values[place] is None:
                values[place] = value
        while self.waiting and self.waiting[-1][0] <= number:
            top, bottom, place = self.waiting.pop()
            if top == number and place < len(values):
                self.open.append((bottom, place, values[place]))
        if len(self.open) > MOST_COLUMNS:
            raise damaged()


def _plain(cell: Any) -> Any:
    if cell == "" or cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    if isinstance(cell, (str, int, float, bool, datetime, date)):
        return cell
    return cell.isoformat() if isinstance(cell, time) else str(cell)
