"""Scorecard files of a month: ours beside bare tables with the same cells, written with the same libraries."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from pypdf import PdfReader
from reportlab.lib.pagesizes import A4
from reportlab.platypus import LongTable, SimpleDocTemplate

from bench import Measured
from reports.printing import render
from tests.reports.specimens import scorecard

TICKETS, FEW = 30_000, 600
BARE_BOOK = "openpyxl write-only, same cells, no formulas, charts or styles"
BARE_PAPER = "ReportLab LongTable, same lines of text, built-in font"


def _seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(small: bool = False) -> Iterator[Measured]:
    """Seconds for the workbook and for the PDF of a district month."""
    card = scorecard(tickets=FEW if small else TICKETS)
    what = f"scorecard of {card.tickets:,} tickets"
    with tempfile.TemporaryDirectory(prefix="frontline-bench-") as folder:
        book, paper = Path(folder) / "card.xlsx", Path(folder) / "card.pdf"
        ours = _seconds(lambda: render(card, "scorecard", "xlsx", ["zh"], book))
        made = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        sheets = {s.title: [[c.value for c in row] for row in s.iter_rows()] for s in load_workbook(book, data_only=True).worksheets}
        bare = _seconds(lambda: _bare_book(sheets, Path(folder) / "bare.xlsx"))
        cells = sum(len(row) for rows in sheets.values() for row in rows)
        yield Measured(
            f"{what}: workbook",
            ours,
            BARE_BOOK,
            bare,
            "s",
            f"{cells:,} cells, formulas with kept results; {made} MB at most, the specimen's own tickets included",
        )
        ours = _seconds(lambda: render(card, "scorecard", "pdf", ["zh"], paper))
        pages = [page.extract_text().splitlines() for page in PdfReader(paper).pages]
        bare = _seconds(lambda: _bare_paper([line for page in pages for line in page], Path(folder) / "bare.pdf"))
        yield Measured(f"{what}: PDF", ours, BARE_PAPER, bare, "s", f"{len(pages)} pages, charts, bookmarks, Chinese fonts embedded")


def _bare_book(sheets: dict[str, list[list[Any]]], path: Path) -> None:
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


def _bare_paper(lines: list[str], path: Path) -> None:
    SimpleDocTemplate(str(path), pagesize=A4).build([LongTable([[line[:80].encode("ascii", "replace").decode()] for line in lines])])
