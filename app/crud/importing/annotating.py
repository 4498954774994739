"""The same workbook back: bad cells marked, each with its reason, ready to be corrected and imported again."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from app.core.languages import LANGUAGES, Words, words
from app.crud.importing.extent import number_of
from app.crud.importing.headers import Matched
from app.crud.importing.problems import Problem, Problems
from app.crud.importing.sheets import Line
from app.crud.tabular import MOST_TEXT, safe_value
from app.domain.refusals import N_

EDITABLE_BYTES = 8 * 2**20
"""Workbooks that unpack to more are copied row by row instead of edited in memory; they lose their looks, not their data."""
EDITABLE_AREA = 200_000
"""A merged range or a link over more cells than this would be laid out cell by cell; such workbooks are copied too."""

BAD = PatternFill("solid", fgColor="FDEBE9")
PLAIN = PatternFill()
RED = Font(color="B42318")
HEAD = Font(bold=True)
TITLE = N_("Problems")
AUTHOR = "Frontline"

_RANGE = re.compile(rb"ref\s*=\s*[\"']([A-Za-z]+)([0-9]{1,9}):([A-Za-z]+)([0-9]{1,9})[\"']")


def annotate(
    path: Path, kind: str, source: Callable[[], Iterator[Line]], matched: Matched, problems: Problems, writer: Words, target: Path
) -> None:
    """Write the marked copy to ``target``; a marked CSV comes back as a workbook."""
    by_row: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems.found:
        by_row[problem.row].append(problem)
    if kind == "xlsx" and _editable(path):
        _edit(path, by_row, matched, writer, target)
    else:
        _copy(source, by_row, matched, writer, target)


def titles() -> set[str]:
    """What the column of reasons is called, in any language: a marked copy that comes back has one already."""
    return {words(language)(TITLE) for language in LANGUAGES}


def _editable(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > EDITABLE_BYTES:
            return False
        return all(_area(match) <= EDITABLE_AREA for name in archive.namelist() for match in _RANGE.finditer(archive.read(name)))


def _area(match: re.Match[bytes]) -> int:
    columns = number_of(match[3][:8]) - number_of(match[1][:8]) + 1
    return columns * (int(match[4]) - int(match[2]) + 1)


def _places(problem: Problem, matched: Matched) -> list[int]:
    return [place for place, header in enumerate(matched.headers) if header and header == problem.column]


def _said(problems: list[Problem], writer: Words) -> str:
    said = "\n".join(f"{p.column}: {writer.phrase(p.phrase)}" if p.column else writer.phrase(p.phrase) for p in problems)
    return str(safe_value(said))


def _edit(path: Path, by_row: dict[int, list[Problem]], matched: Matched, writer: Words, target: Path) -> None:
    with path.open("rb") as handle:  # by name openpyxl would ask for an extension, which stored files do not have
        book = load_workbook(handle)
    name = next(iter(by_row.values()))[0].sheet
    sheet: Any = book[name]
    earlier = next((place for place, header in enumerate(matched.headers, start=1) if header in titles()), 0)
    _unmark(sheet, earlier)
    column = earlier or max(len(matched.headers), sheet.max_column) + 1
    _write(sheet.cell(matched.row, column), writer(TITLE)).font = HEAD
    for row, problems in by_row.items():
        for problem in problems:
            for place in _places(problem, matched):
                cell = sheet.cell(row, place + 1)
                cell.fill = BAD
                cell.comment = Comment(writer.phrase(problem.phrase)[:1000], AUTHOR)
        note = _write(sheet.cell(row, column), _said(problems, writer))
        note.font, note.alignment = RED, Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions[sheet.cell(matched.row, column).column_letter].width = 60
    book.save(target)


def _unmark(sheet: Any, column: int) -> None:
    """Take away the marks of an earlier round."""
    for row in sheet.iter_rows() if column else ():
        for cell in row:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment, cell.fill = None, PLAIN
        if len(row) >= column:
            row[column - 1].value = None


def _write(cell: Any, text: str) -> Any:
    """Text stays text, whatever it begins with."""
    cell.value = text
    cell.data_type = "s"
    return cell


def _copy(source: Callable[[], Iterator[Line]], by_row: dict[int, list[Problem]], matched: Matched, writer: Words, target: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(writer(TITLE))
    number = 0
    for line in source():
        while number + 1 < line.number:
            sheet.append([])
            number += 1
        problems = by_row.get(line.number, [])
        bad = {place for problem in problems for place in _places(problem, matched)}
        cells = [_copied(sheet, value, place in bad) for place, value in enumerate(line.cells)]
        if line.number == matched.row or problems:
            cells += [None] * (len(matched.headers) - len(cells))
            note = _write(WriteOnlyCell(sheet), writer(TITLE) if line.number == matched.row else _said(problems, writer)[:MOST_TEXT])
            note.font = HEAD if line.number == matched.row else RED
            cells.append(note)
        sheet.append(cells)
        number = line.number
    book.save(target)


def _copied(sheet: Any, value: Any, bad: bool) -> Any:
    if not bad and not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=safe_value(value))
    if isinstance(value, str):
        cell.data_type = "s"
    if bad:
        cell.fill = BAD
    return cell
