"""The strokes of a printed chart: text in the right faces, bars, lines, nice ticks."""

from __future__ import annotations

import math
from typing import Any

from reportlab.graphics.shapes import Line, Rect, String

from reports.render import fonts, palette
from reports.render.typesetting import color


def label(
    drawing: Any, x: float, y: float, text: str, size: float = 7.4, *, font: str = fonts.TEXT, ink: str = palette.INK, anchor: str = "start"
) -> None:
    """Write ``text`` at (x, y) in one line, each run in a face that has its characters; ``anchor`` start, middle or end."""
    room = fonts.width(text, font, size)
    left = x - {"start": 0.0, "middle": room / 2, "end": room}[anchor]
    for face, piece in fonts.runs(text, font):
        drawing.add(String(left, y, piece, fontName=face, fontSize=size, fillColor=color(ink)))
        left += fonts.width(piece, face, size)


def bar(drawing: Any, x: float, y: float, width: float, height: float, fill: str) -> None:
    """A filled rectangle without an outline."""
    drawing.add(Rect(x, y, max(width, 0.4), height, fillColor=color(fill), strokeColor=None, strokeWidth=0))


def stroke(drawing: Any, x1: float, y1: float, x2: float, y2: float, ink: str, width: float = 0.5, dash: tuple[float, ...] = ()) -> None:
    """A straight line."""
    drawing.add(Line(x1, y1, x2, y2, strokeColor=color(ink), strokeWidth=width, strokeDashArray=list(dash) or None))


def ticks(start: float, end: float, wanted: int = 4) -> list[float]:
    """Round values from ``start`` to ``end``, about ``wanted`` steps."""
    span = end - start
    if span <= 0:
        return [start]
    raw = span / wanted
    scale = 10.0 ** math.floor(math.log10(raw))
    step = next(scale * m for m in (1, 2, 5, 10) if scale * m >= raw * 0.999)
    first = math.ceil(start / step - 1e-9)
    last = math.floor(end / step + 1e-9)
    return [round(index * step, 6) for index in range(first, last + 1)]


def plain(value: float) -> str:
    """A tick's text without needless decimals."""
    return f"{value:g}".replace("-", "−")
