"""Reading CSV files as offices produce them: UTF-8 or GB 18030, any usual separator, nothing guessed silently."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from app.crud.importing.extent import MOST_COLUMNS, MOST_ROWS
from app.domain.refusals import N_, Refused

MOST_LINE = 7_000_000
"""Characters: 200 columns of the longest text that a workbook's cell can hold."""

_DISARMED = ("'=", "'+", "'-", "'@", "'\t", "'\r")


def records(path: Path) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """(row as a spreadsheet counts it, cells) for every row that is not empty."""
    number = 0
    try:
        with path.open("r", encoding=_encoding_of(path), newline="") as handle:
            delimiter = _delimiter_of(handle.readline(MOST_LINE))
            handle.seek(0)
            for number, row in enumerate(csv.reader(_short_lines(handle), delimiter=delimiter, strict=True), start=1):
                _bounded(number, len(row))
                if any(cell.strip() for cell in row):
                    yield number, tuple(_cell(cell) for cell in row)
    except csv.Error as error:
        raise Refused(
            "damaged", N_("Row %(row)d of the file cannot be read: a quotation mark is missing or doubled."), row=number + 1
        ) from error
    except UnicodeError as error:
        raise Refused("damaged", N_("The file's characters cannot be read. Save it as “CSV UTF-8” and try again.")) from error


def _short_lines(handle: TextIO) -> Iterator[str]:
    """The reader takes a line apart before anybody can count its cells, so lines must be short before they reach it."""
    while line := handle.readline(MOST_LINE):
        if len(line) == MOST_LINE:
            raise Refused("too-long-a-line", N_("A line of the file is longer than a table can be. Check its separators and line ends."))
        yield line


def _bounded(rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise Refused(
            "too-many", N_("More than %(rows)d rows or %(columns)d columns. Split the file."), rows=MOST_ROWS, columns=MOST_COLUMNS
        )


def _cell(text: str) -> str | None:
    """An export disarms what would start a formula with an apostrophe; it does not belong to the value."""
    return (text[1:] if text.startswith(_DISARMED) else text) or None


def _encoding_of(path: Path) -> str:
    """UTF-16 and UTF-8 announce or prove themselves; everything else is read as GB 18030, or refused by it."""
    with path.open("rb") as handle:
        head = handle.read(4)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if head.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        handle.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := handle.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8"


def _delimiter_of(header: str) -> str:
    return max((",", "\t", ";", "|"), key=header.count)
