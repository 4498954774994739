"""The same workbook back: bad cells marked, each with its reason, ready to be corrected and imported again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from app.core.languages import Words
from app.crud.importing.headers import Matched
from app.crud.importing.problems import Problem, Problems
from app.crud.importing.sheets import Line
from app.crud.tabular import safe_value
from app.domain.refusals import N_

EDITABLE_BYTES = 4 * 2**20
"""Larger workbooks are copied row by row instead of edited in memory; they lose their looks, not their data."""

BAD = PatternFill("solid", fgColor="FDEBE9")
RED = Font(color="B42318")
HEAD = Font(bold=True)
TITLE = N_("Problems")


def annotate(
    path: Path, kind: str, source: Callable[[], Iterator[Line]], matched: Matched, problems: Problems, writer: Words, target: Path
) -> None:
    """Write the marked copy to ``target``; a marked CSV comes back as a workbook."""
    by_row: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems.found:
        by_row[problem.row].append(problem)
    if kind == "xlsx" and path.stat().st_size <= EDITABLE_BYTES:
        _edit(path, by_row, matched, writer, target)
    else:
        _copy(source, by_row, matched, writer, target)


def _places(problem: Problem, matched: Matched) -> list[int]:
    return [place for place, header in enumerate(matched.headers) if header and header == problem.column]


def _said(problems: list[Problem], writer: Words) -> str:
    return "\n".join(f"{p.column}: {writer.phrase(p.phrase)}" if p.column else writer.phrase(p.phrase) for p in problems)


def _edit(path: Path, by_row: dict[int, list[Problem]], matched: Matched, writer: Words, target: Path) -> None:
    book = load_workbook(path)
    for sheet in book.worksheets:
        found = {row: ps for row, ps in by_row.items() if ps[0].sheet == sheet.title}
        if not found:
            continue
        column = len(matched.headers) + 1
        sheet.cell(1, column, writer(TITLE)).font = HEAD
        for row, problems in found.items():
            for problem in problems:
                for place in _places(problem, matched):
                    cell = sheet.cell(row, place + 1)
                    cell.fill = BAD
                    cell.comment = Comment(writer.phrase(problem.phrase)[:1000], writer("Frontline"))
            note = sheet.cell(row, column, _said(problems, writer))
            note.font, note.alignment = RED, Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = 60
    book.save(target)


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
        cells = []
        for place, value in enumerate(line.cells):
            cell = WriteOnlyCell(sheet, value=safe_value(value))
            if isinstance(value, str):
                cell.data_type = "s"
            if place in bad:
                cell.fill = BAD
            cells.append(cell)
        if line.number == 1 or problems:
            cells += [None] * (len(matched.headers) - len(cells))
            note = WriteOnlyCell(sheet, value=writer(TITLE) if line.number == 1 else _said(problems, writer))
            note.font = HEAD if line.number == 1 else RED
            cells.append(note)
        sheet.append(cells)
        number = line.number
    book.save(target)
