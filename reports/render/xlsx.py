"""A workbook model becomes an .xlsx: styled and native through openpyxl, then sealed so that it proves itself."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC
from pathlib import Path

from openpyxl import Workbook

from reports.render.cell_text import safe
from reports.render.looks import Wardrobe
from reports.render.package import Flow, seal
from reports.render.worksheets import lay
from reports.sheets import Book, Stream, Value


def write(book: Book, path: Path) -> None:
    """Write ``book`` to ``path``. The same book gives the same bytes; streamed rows are never held in memory."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for sheet in book.sheets:
        workbook.create_sheet(sheet.name)
    wardrobe = Wardrobe(workbook.worksheets[0])
    known: dict[str, dict[str, Value]] = {}
    flows: dict[str, Flow] = {}
    for index, (sheet, grid) in enumerate(zip(book.sheets, workbook.worksheets, strict=True), start=1):
        part = f"xl/worksheets/sheet{index}.xml"
        known[part] = lay(sheet, book, grid, wardrobe)
        if sheet.stream is not None:
            flows[part] = _flow(sheet.stream, sheet.next_row, wardrobe)
    _inscribe(workbook, book)
    saved = io.BytesIO()
    workbook.save(saved)
    with zipfile.ZipFile(saved) as package:
        seal(package, path, known, flows, book.made_at)


def _flow(stream: Stream, first_row: int, wardrobe: Wardrobe) -> Flow:
    return Flow(
        stream=stream,
        first_row=first_row,
        styles=tuple(wardrobe.number(look) for look in stream.looks),
        quoted=tuple(wardrobe.number(look, quoted=True) for look in stream.looks),
    )


def _inscribe(workbook: Workbook, book: Book) -> None:
    properties = workbook.properties
    properties.title, properties.subject = safe(book.title)[:250], safe(book.subject)[:250]
    properties.keywords = book.seal or None
    properties.creator = properties.lastModifiedBy = safe(book.author)[:250]
    properties.created = book.made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    # Spreadsheet programs compute everything once on opening, so the check line speaks about live results.
    workbook.calculation.fullCalcOnLoad = True
