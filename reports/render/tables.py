"""Printed tables: hairlines, no boxes, figures at the right, a header on every page, tall cells split."""

from __future__ import annotations

import re
from typing import Any

from reportlab.platypus import Table as FlowTable

from reports.document import INK, Table, Text
from reports.render import fonts, palette
from reports.render.typesetting import CELL, CONTENT, HEADER, LEFT, RIGHT, TINY, TONES, cell, color, stacked

_HAN = re.compile("[\u2e80-\uffff]")
_TALL = 250
_SHORT, _LONG, _LONGEST = 8, 14, 28
_PADDING = 9.0
_SMALLEST = 0.78
"""Narrow tables are set in smaller type before a word or figure is torn, down to this share of the size."""


def table(block: Table, width: float = CONTENT) -> Any:
    """The table as a flowable of ``width`` points."""
    fonts.register()
    rooms, scale = widths(block, width), smaller(block, width)
    body = [_row(block, row, rooms, scale) for row in block.rows]
    if block.total:
        body.append(_row(block, block.total, rooms, scale, strong=True))
    header = [
        stacked(c.title, HEADER * scale, fonts.STRONG, align=RIGHT if c.figures else LEFT, leading=10.5 * scale) for c in block.columns
    ]
    made = FlowTable(
        [header, *body],
        colWidths=rooms,
        repeatRows=1,
        splitByRow=1,
        splitInRow=int(_tall(block)),
        hAlign="LEFT",
    )
    made.setStyle(_rules(block, len(body), scale))
    return made


def _tall(block: Table) -> bool:
    """Whether a row could be taller than a page, and must then be split; other rows stay whole."""
    return any(len(c.text if isinstance(c, Text) else c) > _TALL for row in block.rows for c in row)


def _row(block: Table, row: tuple[Text | str, ...], rooms: list[float], scale: float, strong: bool = False) -> list[Any]:
    return [
        cell(content, room - 8, figures=column.figures, strong=strong or column.strong, scale=scale)
        for column, content, room in zip(block.columns, row, rooms, strict=True)
    ]


def smaller(block: Table, width: float) -> float:
    """The share of the usual type size at which every column's longest word fits into ``width`` points."""
    needed = sum(_needed(block, index) - _PADDING for index in range(len(block.columns)))
    return max(min((width - _PADDING * len(block.columns)) / needed, 1.0), _SMALLEST)


def widths(block: Table, width: float) -> list[float]:
    """Shares of the width, but no column so narrow that a word of its header or a figure would be torn."""
    shares = sum(c.share for c in block.columns)
    wanted = [width * c.share / shares for c in block.columns]
    scale = smaller(block, width)
    needed = [(_needed(block, index) - _PADDING) * scale + _PADDING for index in range(len(block.columns))]
    for _ in block.columns:
        missing = sum(max(need - want, 0.0) for need, want in zip(needed, wanted, strict=True))
        spare = sum(max(want - need, 0.0) for need, want in zip(needed, wanted, strict=True))
        if missing < 0.01 or spare < 0.01:
            break
        take = min(missing / spare, 1.0)
        wanted = [need if want < need else want - (want - need) * take for need, want in zip(needed, wanted, strict=True)]
    fit = width / sum(wanted)
    return [want * fit for want in wanted]


def _needed(block: Table, index: int) -> float:
    """What the longest word of the header and the longest short cell take in one line, with padding."""
    column = block.columns[index]
    words = [word for word in re.split(r"\s+", column.title) if len(word) <= (_SHORT if _HAN.search(word) else _LONG * 2)]
    room = max((fonts.width(word[:24], fonts.STRONG, HEADER) for word in words), default=20.0)
    font = fonts.STRONG if column.strong else fonts.TEXT
    for row in (*block.rows, *([block.total] if block.total else [])):
        content = row[index]
        texts = (content.text, content.note) if isinstance(content, Text) else (content, "")
        for text, size in zip(texts, (CELL, TINY), strict=True):
            lines = [line for line in text.split("\n") if column.figures or column.whole or len(line) <= _SHORT]
            lines += [] if lines else [word for word in text.split() if len(word) <= _LONG and not _HAN.search(word)]
            room = max(room, max((fonts.width(line[: _LONGEST if column.whole else _LONG], font, size) for line in lines), default=0.0))
    return room + _PADDING


def _rules(block: Table, rows: int, scale: float) -> list[tuple[Any, ...]]:
    padding = 1.6 if any(isinstance(c, Text) and c.note for row in block.rows for c in row) else 2.5
    rules: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), fonts.TEXT, CELL * scale, 11.2 * scale),
        ("TEXTCOLOR", (0, 0), (-1, -1), color(palette.INK)),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), padding),
        ("BOTTOMPADDING", (0, 0), (-1, -1), padding + 0.6),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("LINEABOVE", (0, 0), (-1, 0), 0.9, color(palette.INK)),
        ("LINEBELOW", (0, 0), (-1, 0), 0.9, color(palette.INK)),
        ("LINEBELOW", (0, 1), (-1, -2), 0.4, color(palette.LINE)),
        ("LINEBELOW", (0, -1), (-1, -1), 0.9, color(palette.INK)),
    ]
    for index, column in enumerate(block.columns):
        rules.append(("ALIGN", (index, 0), (index, -1), "RIGHT" if column.figures else "LEFT"))
        if column.strong:
            rules.append(("FONT", (index, 1), (index, -1), fonts.STRONG, CELL * scale, 11.2 * scale))
    for index, row in enumerate(block.rows, start=1):
        for column_index, content in enumerate(row):
            if isinstance(content, Text) and content.tone != INK:
                rules.append(("TEXTCOLOR", (column_index, index), (column_index, index), color(TONES[content.tone])))
    if block.total:
        rules.append(("FONT", (0, rows), (-1, rows), fonts.STRONG, CELL * scale, 11.2 * scale))
        rules.append(("LINEABOVE", (0, rows), (-1, rows), 0.6, color(palette.INK)))
        if rows > 2 and not _tall(block):
            rules.append(("NOSPLIT", (0, rows - 2), (-1, rows)))  # a sum alone on a new page says nothing
    return rules
