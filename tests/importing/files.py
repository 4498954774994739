"""Files as people hand them in, made for one test each."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

Rows = Sequence[Sequence[Any]]


def workbook(path: Path, rows: Rows, title: str = "Sheet") -> Path:
    """A workbook with one sheet; text stays text even where it begins like a formula."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row, values in enumerate(rows, start=1):
        for place, value in enumerate(values, start=1):
            cell = sheet.cell(row, place, value)
            if isinstance(value, str):
                cell.data_type = "s"
    book.save(path)
    return path


def csv_file(path: Path, rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """A CSV file."""
    with path.open("w", encoding=encoding, newline="") as handle:
        csv.writer(handle, delimiter=delimiter).writerows([["" if value is None else value for value in row] for row in rows])
    return path


def sheet_rows(path: Path, title: str | None = None) -> list[list[Any]]:
    """What a workbook shows, row by row."""
    book = load_workbook(path)
    sheet: Any = book[title] if title else book.worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def is_chinese(sentence: str) -> bool:
    """Whether a sentence was written for Chinese readers: no English words outside quoted values, no unfilled placeholders."""
    bare = re.sub(r"“[^”]*”", "", sentence)
    return bool(re.search("[\u4e00-\u9fff]", bare)) and not re.search(r"[A-Za-z]{3,} [A-Za-z]{2,}|%\(", bare)
