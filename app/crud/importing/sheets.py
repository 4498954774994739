"""Reading tables out of files: rows of a workbook or a CSV file, one at a time, with where each of them stands."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from app.crud.importing.guard import MOST_COLUMNS, MOST_ROWS
from app.domain.refusals import N_, Refused

_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its sheet (empty for CSV), its number as people count (the header is 1), and its cells."""

    sheet: str
    number: int
    cells: tuple[Any, ...]


def lines(path: Path, kind: str) -> Iterator[Line]:
    """All lines of the first sheet that has any, header first. Empty lines are skipped, their numbers are not."""
    return _csv_lines(path) if kind == "csv" else _workbook_lines(path)


def _workbook_lines(path: Path) -> Iterator[Line]:
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = [meta.name for meta in book.sheets_metadata if "visible" in str(meta.visible).lower()] or book.sheet_names
        for name in names:
            sheet = book.get_sheet_by_name(name)
            if not sheet.total_height:
                continue
            start = sheet.start or (0, 0)
            pad = (None,) * start[1]
            for offset, cells in enumerate(sheet.iter_rows(), start=1):
                values = pad + tuple(_plain(cell) for cell in cells)
                if any(value is not None for value in values):
                    yield Line(name, offset, values)
            return
    except CalamineError as error:
        raise Refused("damaged", N_("The workbook is damaged or encrypted and cannot be read.")) from error


def _plain(cell: Any) -> Any:
    if cell == "" or cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    if isinstance(cell, (str, int, float, bool, datetime, date)):
        return cell
    return cell.isoformat() if isinstance(cell, time) else str(cell)


def _csv_lines(path: Path) -> Iterator[Line]:
    encoding = _encoding_of(path)
    with path.open("r", encoding=encoding, newline="", errors="replace") as handle:
        delimiter = _delimiter_of(handle.readline())
        handle.seek(0)
        reader = csv.reader(handle, delimiter=delimiter)
        try:
            for number, row in enumerate(reader, start=1):
                if number > MOST_ROWS or len(row) > MOST_COLUMNS:
                    raise Refused(
                        "too-many",
                        N_("More than %(rows)d rows or %(columns)d columns. Split the file."),
                        rows=MOST_ROWS,
                        columns=MOST_COLUMNS,
                    )
                if any(cell.strip() for cell in row):
                    yield Line("", number, tuple(cell if cell != "" else None for cell in row))
        except csv.Error as error:
            raise Refused("damaged", N_("The file is not readable as a table: %(problem)s"), problem=str(error)) from error


def _encoding_of(path: Path) -> str:
    with path.open("rb") as handle:
        head = handle.read(4)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        handle.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := handle.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _ENCODINGS[1]
    return _ENCODINGS[0]


def _delimiter_of(header: str) -> str:
    return max((",", "\t", ";", "|"), key=header.count)
