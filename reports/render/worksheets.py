"""One sheet of the model laid into an openpyxl worksheet: cells, notes, links, rules, and how it prints."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from openpyxl.comments import Comment
from openpyxl.formatting.rule import DataBarRule
from openpyxl.formatting.rule import Rule as FormatRule
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break, ColBreak

from reports.render import palette
from reports.render.cell_text import looks_like_formula, safe
from reports.render.looks import Wardrobe, rule_style
from reports.render.row_heights import row_height
from reports.render.sheet_charts import chart
from reports.sheets import Area, Book, Cell, Sheet, Value, at, letter

LAST_ROW = 1_048_576
"""Stands for the last row of a streamed sheet until its rows have been counted."""


def lay(sheet: Sheet, book: Book, grid: Any, wardrobe: Wardrobe) -> dict[str, Value]:
    """Fill ``grid`` from ``sheet``; the known result of every formula, by address."""
    known: dict[str, Value] = {}
    for index, cells in enumerate(sheet.rows, start=1):
        column = 1
        for cell in cells:
            place = grid.cell(row=index, column=column)
            _put(place, cell, wardrobe)
            if cell.formula:
                known[place.coordinate] = plain(cell.value)
            if cell.across > 1:
                for extra in range(column + 1, column + cell.across):
                    grid.cell(row=index, column=extra)._style = wardrobe.style(cell.look)
                grid.merge_cells(start_row=index, end_row=index, start_column=column, end_column=column + cell.across - 1)
            column += cell.across
        if index not in sheet.heights and (height := row_height(cells, sheet.widths)):
            grid.row_dimensions[index].height = height
    for row, height in sheet.heights.items():
        grid.row_dimensions[row].height = height
    for column, width in enumerate(sheet.widths, start=1):
        grid.column_dimensions[letter(column)].width = width
    _decorate(sheet, grid)
    _set_up_print(sheet, book, grid)
    return known


def plain(value: Value) -> str | int | float | datetime | None:
    """A value as the file stores it: exact fractions become the nearest double."""
    if isinstance(value, (Fraction, Decimal)):
        return float(value)
    return value  # type: ignore[return-value]


def _put(place: Any, cell: Cell, wardrobe: Wardrobe) -> None:
    value = plain(cell.value)
    if value == "":
        # An empty text would stop the text at its left from running over.
        value = None
    if cell.formula:
        place.value = "=" + cell.formula
        place._style = wardrobe.style(cell.look)
    elif isinstance(value, str):
        place._value = safe(value)
        place.data_type = "s"
        place._style = wardrobe.style(cell.look, looks_like_formula(value))
    else:
        place.value = value
        place._style = wardrobe.style(cell.look)
    if cell.note:
        place.comment = Comment(safe(cell.note), "Frontline", height=70, width=260)
    if cell.link.startswith("#"):
        place.hyperlink = Hyperlink(ref=place.coordinate, location=cell.link[1:])
    elif cell.link:
        place.hyperlink = Hyperlink(ref=place.coordinate, target=cell.link)


def _decorate(sheet: Sheet, grid: Any) -> None:
    grid.sheet_view.showGridLines = False
    if sheet.head or sheet.fixed:
        grid.freeze_panes = at(sheet.fixed + 1, sheet.head + 1)
    if sheet.filtered:
        last = LAST_ROW if sheet.stream else max(len(sheet.rows), sheet.head + 1)
        grid.auto_filter.ref = Area(sheet.name, 1, sheet.head, len(sheet.widths), last).local
    for bars in sheet.bars:
        ink = "FF" + palette.BLUE_SOFT[1:]
        rule = DataBarRule("num", bars.start, "num", bars.end, color=ink, showValue=True, minLength=0, maxLength=100)
        grid.conditional_formatting.add(bars.area.local, rule)
    for one in sheet.rules:
        rule = FormatRule(type="expression", formula=[one.formula], dxf=rule_style(one.look))
        grid.conditional_formatting.add(one.area.local, rule)
    for one_chart in sheet.charts:
        grid.add_chart(chart(one_chart), one_chart.anchor)


def _set_up_print(sheet: Sheet, book: Book, grid: Any) -> None:
    setup = grid.page_setup
    setup.paperSize = "9"
    setup.orientation = "landscape" if sheet.landscape else "portrait"
    if sheet.scale:
        setup.scale = sheet.scale
        setup.pageOrder = "overThenDown"
    else:
        setup.fitToWidth = sheet.pages_wide
        setup.fitToHeight = 0
        grid.sheet_properties.pageSetUpPr.fitToPage = True
    grid.print_options.horizontalCentered = True
    margins = grid.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom, margins.header, margins.footer = 0.7, 0.65, 0.3, 0.3
    if sheet.head:
        grid.print_title_rows = f"1:{sheet.head}"
    if sheet.fixed and (sheet.pages_wide > 1 or sheet.column_breaks):
        grid.print_title_cols = f"A:{letter(sheet.fixed)}"
    for row in sheet.breaks:
        grid.row_breaks.append(Break(id=row - 1))
    if sheet.column_breaks:
        grid.col_breaks = ColBreak()
    for column in sheet.column_breaks:
        grid.col_breaks.append(Break(id=column - 1, max=LAST_ROW - 1))
    bottom = max([len(sheet.rows), *(_foot_of(one.anchor, one.height) for one in sheet.charts)])
    right = max(len(sheet.widths), 1)
    grid.print_area = Area(sheet.name, 1, 1, right, LAST_ROW if sheet.stream else max(bottom, 1)).local
    grid.oddHeader.left.text = _print_text(f"{book.title} · {sheet.name}")
    grid.oddHeader.right.text = _print_text(book.header_right)
    grid.oddFooter.right.text = book.page_text
    grid.oddFooter.left.text = _print_text(book.copy) or None
    for part in (grid.oddHeader.left, grid.oddHeader.right, grid.oddFooter.left, grid.oddFooter.right):
        part.size = 8
    if book.mark:
        center = grid.oddHeader.center
        center.text, center.size, center.color = _print_text(book.mark), 14, palette.ORANGE_TEXT[1:]


def _foot_of(anchor: str, height: float) -> int:
    """The row in which a chart ends, at the default row height of 15 points (0.53 cm)."""
    return int("".join(c for c in anchor if c.isdigit())) + int(height / 0.53) + 1


def _print_text(text: str) -> str:
    """Data in a header: ampersands are doubled, and the whole stays below the format's 255 characters."""
    return safe(" ".join(text.split()))[:90].replace("&", "&&")
