"""The looks of a workbook's cells: a name for each, made into spreadsheet styles once per book."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from openpyxl.cell.cell import Cell as GridCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle

from reports.render import palette

FACE = "Microsoft YaHei"
_THIN = {"style": "thin", "color": palette.LINE[1:]}


def _look(**settings: Any) -> dict[str, Any]:
    usual = {"size": 10, "bold": False, "ink": palette.INK, "fill": "", "align": "left", "wrap": False, "form": "General", "line": True}
    return usual | settings


_PERCENT = '0.00"%"'
"""For values that are percentages already.

With the built-in percent format LibreOffice multiplies first and shows 0.77665 as 77.66 %; 77.665 it shows as 77.67.
"""
_FIGURE = {"align": "right", "form": "#,##0"}
LOOKS: Mapping[str, dict[str, Any]] = {
    "title": _look(size=15, bold=True, line=False),
    "version": _look(size=9, ink=palette.CAPTION, line=False, wrap=True),
    "link_quiet": _look(size=9, ink=palette.BLUE_STRONG, line=False),
    "check": _look(bold=True, line=False),
    "caption": _look(size=9, ink=palette.CAPTION, line=False, wrap=True),
    "section": _look(size=12, bold=True, line=False),
    "bare": _look(line=False),
    "bare_wrap": _look(line=False, wrap=True, vertical="top"),
    "head": _look(bold=True, ink=palette.WHITE, fill=palette.NAVY, align="center", wrap=True),
    "weights": _look(bold=True, fill=palette.SUNKEN, align="right", form="0.##"),
    "weights_text": _look(bold=True, fill=palette.SUNKEN),
    "text": _look(),
    "wrap": _look(wrap=True, vertical="top"),
    "wrap_center": _look(wrap=True),
    "strong": _look(bold=True),
    "center": _look(align="center"),
    "link": _look(ink=palette.BLUE_STRONG, underline="single"),
    "rank": _look(bold=True, align="center", form="0"),
    "moved": _look(align="center", form='"▲ "0;"▼ "0;"="'),
    "figure": _look(**_FIGURE),
    "rate": _look(align="right", form=_PERCENT),
    "points": _look(align="right", form="0.00"),
    "hours": _look(align="right", form="#,##0.0"),
    "score": _look(bold=True, align="right", form="0.00"),
    "published": _look(ink=palette.CAPTION, align="right", form="0.00"),
    "change": _look(align="right", form="+0.00;−0.00;0.00"),
    "none": _look(ink=palette.CAPTION, align="right"),
    "moment": _look(align="left", form="yyyy-mm-dd hh:mm"),
    "total_text": _look(bold=True, fill=palette.SUNKEN),
    "total_figure": _look(bold=True, fill=palette.SUNKEN, **_FIGURE),
    "total_rate": _look(bold=True, fill=palette.SUNKEN, align="right", form=_PERCENT),
    "total_hours": _look(bold=True, fill=palette.SUNKEN, align="right", form="#,##0.0"),
    "total_points": _look(bold=True, fill=palette.SUNKEN, align="right", form="0.00"),
}
RULES: Mapping[str, str] = {"ok": palette.OK, "bad": palette.BAD, "gained": palette.OK, "dropped": palette.ORANGE_TEXT}
"""Looks that cells take by rule: the ink only, so that paper and colour-blind eyes lose nothing."""


class Wardrobe:
    """The styles of one book, each made once."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._made: dict[tuple[str, bool], Any] = {}

    def style(self, look: str, quoted: bool = False) -> Any:
        """The style array of ``look``; ``quoted`` marks text that must never be taken for a formula."""
        key = (look, quoted)
        if key not in self._made:
            model = GridCell(self._sheet, row=1, column=1)
            _dress(model, LOOKS[look])
            if quoted:
                model.quotePrefix = True
            self._made[key] = model._style
        return copy(self._made[key])

    def number(self, look: str, quoted: bool = False) -> int:
        """The number by which the file's rows call the style."""
        return int(self._sheet.parent._cell_styles.add(self.style(look, quoted)))


def _dress(cell: Any, look: Mapping[str, Any]) -> None:
    cell.font = Font(name=FACE, size=look["size"], bold=look["bold"], color=look["ink"][1:], underline=look.get("underline"))
    # Only texts: some programs indent right-aligned figures in one cell and not in the next.
    indent = 1 if look["line"] and look["align"] == "left" else 0
    cell.alignment = Alignment(horizontal=look["align"], indent=indent, vertical=look.get("vertical", "center"), wrap_text=look["wrap"])
    cell.number_format = look["form"]
    if look["fill"]:
        cell.fill = PatternFill("solid", start_color=look["fill"][1:])
    if look["line"]:
        cell.border = Border(bottom=Side(**_THIN), right=Side(**_THIN))


def rule_style(look: str) -> Any:
    """What a rule changes about a cell."""
    return DifferentialStyle(font=Font(color=RULES[look][1:], bold=True))
