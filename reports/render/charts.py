"""Charts of the printed page as vectors: ranking bars, where the points went, the trend within its group."""

from __future__ import annotations

from typing import Any

from reportlab.graphics.shapes import Circle, Drawing, Polygon, PolyLine

from reports.document import Point, Ranked, Trend, Waterfall
from reports.render import fonts, palette
from reports.render.marks import bar, label, plain, stroke, ticks
from reports.render.typesetting import CONTENT, color

_LABEL = 7.6


def ranked(block: Ranked, width: float = CONTENT) -> Any:
    """Horizontal bars, best on top, the figure at the right edge; a cut axis is named by the heading."""
    pitch, thick = (12.2, 7.2) if len(block.bars) <= 12 else (12.0, 6.6)
    names = max((fonts.width(b.label[:60], fonts.TEXT, _LABEL) for b in block.bars), default=0.0)
    room = min(names, width * 0.32)
    left, right = room + 10, width - 40
    drawing = Drawing(width, pitch * len(block.bars))
    for index, item in enumerate(block.bars):
        y = drawing.height - pitch * (index + 1) + (pitch - thick) / 2
        label(drawing, 0, y + 1, fonts.fitted(item.label, fonts.TEXT, _LABEL, room + 1), _LABEL)
        share = (item.value - block.start) / (block.end - block.start)
        bar(drawing, left, y, (right - left) * min(max(share, 0.0), 1.0), thick, palette.BLUE_STRONG if item.strong else palette.BLUE_SOFT)
        label(drawing, width, y + 1, item.text, _LABEL, font=fonts.STRONG, anchor="end")
    return drawing


def waterfall(block: Waterfall, width: float) -> Any:
    """Rows from full marks down to the score; losses orange, gains blue; every step carries its figure."""
    pitch, thick, foot = 13.8, 8.6, 14.0
    names = max(fonts.width(step.label[:60], fonts.TEXT, _LABEL) for step in block.steps)
    room, tail = min(names + 4, width * 0.4), 34.0
    left, right = room + 6, width - tail
    drawing = Drawing(width, pitch * len(block.steps) + foot)
    scale = (right - left) / (block.end - block.start)
    for tick in ticks(block.start, block.end):
        x = left + (tick - block.start) * scale
        stroke(drawing, x, foot, x, drawing.height, palette.FAINT)
        label(drawing, x, 3, plain(tick), 6.8, ink=palette.CAPTION, anchor="middle")
    for index, step in enumerate(block.steps):
        y = drawing.height - pitch * (index + 1) + (pitch - thick) / 2
        low, high = min(step.before, step.after), max(step.before, step.after)
        x1, x2 = (left + (max(v, block.start) - block.start) * scale for v in (block.start if step.whole else low, high))
        label(drawing, 0, y + 1.6, fonts.fitted(step.label, fonts.TEXT, _LABEL, room), _LABEL)
        if x2 > x1:
            bar(drawing, x1, y, x2 - x1, thick, _fill(index, step.whole, step.after > step.before))
        label(drawing, width, y + 1.6, step.text, _LABEL, font=fonts.STRONG if step.whole else fonts.TEXT, anchor="end")
        if index + 1 < len(block.steps):
            x = left + (max(step.after, block.start) - block.start) * scale
            stroke(drawing, x, y, x, y - (pitch - thick), palette.GREY, 0.4)
    return drawing


def _fill(index: int, whole: bool, gained: bool) -> str:
    if whole:
        return palette.GREY if index == 0 else palette.BLUE_STRONG
    return palette.BLUE_SOFT if gained else palette.ORANGE


def trend(block: Trend, width: float, height: float = 126.0) -> Any:
    """The unit's line over months, on the group's quartile band and dashed median."""
    foot, left, right, top = 14.0, 24.0, width - 12, height - 12
    drawing = Drawing(width, height)
    scale = (top - foot) / (block.end - block.start)
    step = (right - left - 12) / max(len(block.points) - 1, 1)
    places = [left + 8 + step * index for index in range(len(block.points))]

    def up(value: float) -> float:
        return foot + (value - block.start) * scale

    for tick in ticks(block.start, block.end):
        stroke(drawing, left, up(tick), right, up(tick), palette.FAINT)
        label(drawing, left - 4, up(tick) - 2.4, plain(tick), 6.8, ink=palette.CAPTION, anchor="end")
    for x, point in zip(places, block.points, strict=True):
        label(drawing, x, 3, point.label, 6.8, ink=palette.CAPTION, anchor="middle")
    for stretch in _stretches(block.points):
        _band(drawing, [(places[i], block.points[i]) for i in stretch], up)
    line = [(x, up(p.value), p.text, _under(p)) for x, p in zip(places, block.points, strict=True) if p.value is not None]
    if len(line) > 1:
        drawing.add(PolyLine([c for x, y, *_ in line for c in (x, y)], strokeColor=color(palette.BLUE_STRONG), strokeWidth=1.4))
    for x, y, text, under in line:
        drawing.add(Circle(x, y, 2.1, fillColor=color(palette.BLUE_STRONG), strokeColor=None))
        label(drawing, x, y + (-9.4 if under else 4.6), text, 6.8, anchor="middle")
    return drawing


def _under(point: Point) -> bool:
    """Whether the figure is written below its point: where the median's line runs above it."""
    return point.value is not None and point.middle is not None and point.value < point.middle


def _stretches(points: tuple[Point, ...]) -> list[list[int]]:
    """Runs of neighbouring months in which the group's quartiles are known."""
    found: list[list[int]] = []
    for index, point in enumerate(points):
        if point.low is None or point.high is None or point.middle is None:
            continue
        if found and found[-1][-1] == index - 1:
            found[-1].append(index)
        else:
            found.append([index])
    return [stretch for stretch in found if len(stretch) > 1]


def _band(drawing: Any, stretch: list[tuple[float, Point]], up: Any) -> None:
    upper = [c for x, p in stretch for c in (x, up(p.high))]
    lower = [c for x, p in reversed(stretch) for c in (x, up(p.low))]
    drawing.add(Polygon(upper + lower, fillColor=color(palette.BLUE_TINT), strokeColor=None, strokeWidth=0))
    middle = [c for x, p in stretch for c in (x, up(p.middle))]
    drawing.add(PolyLine(middle, strokeColor=color(palette.CAPTION), strokeWidth=0.7, strokeDashArray=[3, 2]))
