"""How tall a row of a sheet must be for its wrapped texts: not every program measures them when it opens a file."""

from __future__ import annotations

from collections.abc import Sequence

from reports.render.looks import LOOKS
from reports.sheets import Cell

_LINE, _EDGE = 13.5, 5.0
"""Points a line of ten-point text takes, and what a row leaves above and below."""
_TALLEST = 400.0
"""Spreadsheet programs draw no row taller than 409 points."""
_MARGIN = 2.5
"""Widths of characters that indent and word breaks take from every line."""
_CHINESE = 0x2E80


def wide(text: str) -> int:
    """Widths of characters: Chinese ones take two."""
    return sum(2 if ord(character) >= _CHINESE else 1 for character in text)


def row_height(cells: Sequence[Cell], widths: Sequence[float]) -> float:
    """Points the row needs, 0 where one line holds everything. ``widths`` are the columns' in characters."""
    lines, column = 1, 0
    for cell in cells:
        if isinstance(cell.value, str) and cell.value and LOOKS[cell.look]["wrap"]:
            lines = max(lines, _lines(cell.value, sum(widths[column : column + cell.across])))
        column += cell.across
    return min(_EDGE + _LINE * lines, _TALLEST) if lines > 1 else 0.0


def _lines(text: str, width: float) -> int:
    room = max(int(width - _MARGIN), 1)
    return sum(max(1, -(-wide(part) // room)) for part in text.split("\n"))
