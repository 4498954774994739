"""A workbook as a value: sheets of cells with looks, live formulas and their known results, charts and print set-up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

Value = str | int | float | Fraction | Decimal | datetime | date | None
"""What a cell can hold. Instants are naive: they already stand on the city's clock."""

_FORBIDDEN = re.compile("[\\[\\]:*?/\\\\\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LONGEST_NAME = 31


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. With a ``formula`` (no leading ``=``), ``value`` is its known result.

    ``note`` opens beside the cell, ``link`` leads to an address or, as ``#'Sheet'!A1``, into the book;
    ``across`` merges the cell with those at its right.
    """

    value: Value = None
    look: str = "text"
    formula: str = ""
    note: str = ""
    link: str = ""
    across: int = 1


@dataclass(frozen=True, slots=True)
class Area:
    """A block of cells, counted from 1."""

    sheet: str
    left: int
    top: int
    right: int
    bottom: int

    @property
    def local(self) -> str:
        """As in ``B5:D14``."""
        return f"{letter(self.left)}{self.top}:{letter(self.right)}{self.bottom}"

    @property
    def fixed(self) -> str:
        """As in ``'Sheet'!$B$5:$D$14``."""
        return f"{quoted(self.sheet)}!${letter(self.left)}${self.top}:${letter(self.right)}${self.bottom}"


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart."""

    title: str
    values: Area
    color: str
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart: ``bars`` (ranking, first on top), ``columns`` or ``line``; sizes in centimetres."""

    kind: str
    title: str
    anchor: str
    width: float
    height: float
    categories: Area
    series: tuple[Series, ...]
    start: float
    end: float
    form: str = "0.00"
    labels: bool = True


@dataclass(frozen=True, slots=True)
class DataBars:
    """Bars inside cells, from ``start`` to ``end``."""

    area: Area
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A look that cells of ``area`` take where ``formula`` holds."""

    area: Area
    formula: str
    look: str


@dataclass(frozen=True, slots=True)
class Stream:
    """Rows too many to hold: one look per column, values made while the file is written."""

    looks: tuple[str, ...]
    rows: Callable[[], Iterable[Sequence[Value]]]


@dataclass(slots=True)
class Sheet:
    """One sheet, filled from the top. ``head`` rows and ``fixed`` columns stay in sight and repeat on paper.

    ``filtered`` puts a filter on the last head row down to the last row; ``breaks`` are rows that begin a
    new page, ``column_breaks`` columns that do; ``stream`` adds rows after the others. A sheet prints ``pages_wide``,
    or with ``scale`` at that size in percent: programs that fit a sheet to pages pass over its column breaks.
    """

    name: str
    widths: tuple[float, ...]
    head: int = 0
    fixed: int = 0
    filtered: bool = False
    landscape: bool = True
    pages_wide: int = 1
    scale: int = 0
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    charts: list[Chart] = field(default_factory=list)
    bars: list[DataBars] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    column_breaks: list[int] = field(default_factory=list)
    stream: Stream | None = None

    def add(self, *cells: Cell, height: float = 0.0) -> int:
        """Append a row; its number."""
        self.rows.append(cells)
        if height:
            self.heights[len(self.rows)] = height
        return len(self.rows)

    @property
    def next_row(self) -> int:
        """The number the next row will have."""
        return len(self.rows) + 1


@dataclass(frozen=True, slots=True)
class Book:
    """A whole workbook. ``made_at`` dates the file; ``page_text`` is a footer with ``&P`` and ``&N``.

    ``mark`` stands in the middle of every page's head (a list that is not final says so), ``copy`` in the foot names the one reader
    it was made for, ``seal`` goes into the file's properties.
    """

    title: str
    subject: str
    author: str
    made_at: datetime
    header_right: str
    page_text: str
    sheets: tuple[Sheet, ...]
    mark: str = ""
    copy: str = ""
    seal: str = ""


def letter(column: int) -> str:
    """The letters of a column counted from 1: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def at(column: int, row: int) -> str:
    """A cell's address in its own sheet, as in ``C7``."""
    return f"{letter(column)}{row}"


def quoted(sheet: str) -> str:
    """A sheet's name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names that spreadsheet programs accept: at most 31 characters, no ``[]:*?/\\``, no two alike."""
    given: list[str] = []
    for name in wanted:
        plain = " ".join(_FORBIDDEN.sub(" ", name).split()).strip("'") or "Sheet"
        candidate, number = _short(plain, _LONGEST_NAME), 1
        while candidate.casefold() in (other.casefold() for other in given) or candidate.casefold() == "history":
            number += 1
            candidate = f"{_short(plain, _LONGEST_NAME - len(str(number)) - 1)} {number}"
        given.append(candidate)
    return given


def _short(name: str, units: int) -> str:
    """``name`` cut to ``units`` UTF-16 units, as the format counts."""
    while len(name.encode("utf-16-le")) // 2 > units:
        name = name[:-1]
    return name.strip().strip("'")
