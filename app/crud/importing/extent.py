"""How far a sheet reaches, read from its raw XML: a parser that lays out a grid may only be let near a bounded one."""

from __future__ import annotations

import re

from app.crud.importing.archive import damaged
from app.domain.refusals import N_, Phrase, Refused

MOST_ROWS = 300_000
MOST_COLUMNS = 200
MOST_CELLS = 5_000_000
"""Rows × columns of a sheet: the reader keeps a grid of about 30 bytes a cell."""

_LONGEST = 1 << 20
"""Excel's longest text is 32,767 characters; a longer stretch without any tag is no workbook's."""

_DECLARED = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_FOREIGN = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"'](?!utf-8|us-ascii)", re.IGNORECASE)
# Every spelling the reader accepts; an attribute that merely ends in "r" does no harm. Patterns begin with a letter: they run over
# every byte of a sheet.
_REFERENCE = re.compile(rb"r\s*=\s*[\"']([A-Za-z]*)([0-9]+)[\"']")
_CELL = re.compile(rb"<(?:c|[^\s<>/:]+:c)[\s/>]")
_ROW = re.compile(rb"<(?:row|[^\s<>/:]+:row)[\s/>]")
# As every office program writes them; spelt otherwise, they are counted as if they did not say where they stand.
_SAID_CELL, _SAID_ROW = b'<c r="', b'<row r="'
_STRING = re.compile(rb"<(?:si|[^\s<>/:]+:si)[\s/>]")
_TARGET = re.compile(rb"Target\s*=\s*[\"']([^\"']*)[\"']")


class Extent:
    """Walks through one XML part, piece by piece, remembering only numbers. Raises ``Refused`` on what is hostile.

    ``strings`` counts shared texts, ``odd_targets`` relationships to parts that are not called ``.xml``.
    """

    def __init__(self) -> None:
        self.strings = self.odd_targets = 0
        self._rest = b""
        self._begun = self._is_sheet = False
        # Where cells say they stand, and how many rows and cells of a row do not say it.
        self._row = self._column = self._unsaid_rows = self._unsaid_cells = self._widest = 0

    @property
    def rows(self) -> int:
        """The last row, at most."""
        return self._row + self._unsaid_rows

    @property
    def columns(self) -> int:
        """The last column, at most."""
        return self._column + self._widest

    def feed(self, chunk: bytes) -> None:
        """The next piece."""
        window = self._rest + chunk
        cut = max(0, window.rfind(b"<"))
        self._rest = window[cut:]
        if len(self._rest) > _LONGEST:
            raise damaged()
        self._look(window[:cut])

    def close(self) -> None:
        """The part has ended; what it holds must fit."""
        self._look(self._rest)
        if self.rows * self.columns > MOST_CELLS:
            raise Refused(
                "far-cell",
                N_("The sheet spans %(rows)d rows and %(columns)d columns, more than can be imported. Delete stray cells or split it."),
                rows=self.rows,
                columns=self.columns,
            )

    def _look(self, window: bytes) -> None:
        if b"\x00" in window or (not self._begun and _FOREIGN.search(window)):
            raise damaged()
        self._begun = self._begun or bool(window)
        if b"<!" in window and _DECLARED.search(window):
            raise Refused("entities", N_("The workbook declares XML entities, which honest workbooks do not. It was not opened."))
        self._is_sheet = self._is_sheet or b"sheetData" in window
        if self._is_sheet:
            self._measure(window)
        if b"sst" in window or self.strings:
            self.strings += len(_STRING.findall(window))
        if b"Target" in window:
            self.odd_targets += sum(not target.lower().endswith(b".xml") for target in _TARGET.findall(window))

    def _measure(self, window: bytes) -> None:
        references = _REFERENCE.findall(window)
        for letters in {letters for letters, _ in references}:
            if len(letters) > 3 or number_of(letters) > MOST_COLUMNS:
                raise _far(Phrase(N_("column %(name)s"), name=letters[:8].decode().upper()))
            self._column = max(self._column, number_of(letters))
        for number in {number for _, number in references}:
            if len(number) > 9 or int(number) > MOST_ROWS:
                raise _far(Phrase(N_("row %(number)s"), number=number[:12].decode()))
            self._row = max(self._row, int(number))
        lettered = sum(1 for letters, _ in references if letters)
        said_cells, said_rows = min(lettered, window.count(_SAID_CELL)), min(len(references) - lettered, window.count(_SAID_ROW))
        if len(_CELL.findall(window)) > said_cells or len(_ROW.findall(window)) > said_rows:
            self._count(window)

    def _count(self, window: bytes) -> None:
        """Cells and rows that do not say where they stand stand beside and beneath the others."""
        pieces = _ROW.split(window)
        for place, piece in enumerate(pieces):
            self._unsaid_cells = len(_CELL.findall(piece)) + (0 if place else self._unsaid_cells)
            self._widest = max(self._widest, self._unsaid_cells)
        self._unsaid_rows += len(pieces) - 1
        if self.columns > MOST_COLUMNS:
            raise _far(Phrase(N_("column %(name)s"), name=str(self.columns)))
        if self.rows > MOST_ROWS:
            raise _far(Phrase(N_("row %(number)s"), number=str(self.rows)))


def _far(place: Phrase) -> Refused:
    return Refused(
        "far-cell",
        N_("A cell in %(place)s lies outside what can be imported (%(rows)d rows, %(columns)d columns). Delete stray cells."),
        place=place,
        rows=MOST_ROWS,
        columns=MOST_COLUMNS,
    )


def number_of(letters: bytes) -> int:
    """A column's number: ``A`` is 1, ``AA`` is 27, nothing is 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
