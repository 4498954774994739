"""Tables as files: typed, formula-safe cells streamed into a workbook or a CSV file, whatever the number of rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

MOST_TEXT = 32_767
CUT = "…[cut]"
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?%?$")

HEAD_FONT = Font(bold=True, color="FFFFFF")
HEAD_FILL = PatternFill("solid", fgColor="1F3D6D")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its caption and how wide it is shown."""

    caption: str
    width: int = 16


def safe_value(value: Any) -> Any:
    """A value a workbook can hold: no control characters, no surrogates, not too long."""
    if isinstance(value, str):
        clean = _UNFIT.sub("", value)
        return clean if len(clean) <= MOST_TEXT else clean[: MOST_TEXT - len(CUT)] + CUT
    return value


def write_workbook(
    path: Path, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], notes: Sequence[tuple[str, str]]
) -> int:
    """Stream ``rows`` into an .xlsx: frozen filterable header, typed cells, a second sheet saying what this is. Returns the count."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_title(title))
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}1"
    sheet.oddFooter.left.text = " · ".join(value for _, value in notes)[:200].replace("&", "&&")  # a single one begins a code
    sheet.oddFooter.right.text = "&P / &N"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 1, 0, True
    sheet.print_title_rows = "1:1"
    sheet.append([_head(sheet, column.caption) for column in columns])
    count = 0
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
        count += 1
    about = book.create_sheet(sheet_title("i"))
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 24, 90
    for name, value in notes:
        about.append([_cell(about, name), _cell(about, value)])
    book.save(path)
    return count


def _head(sheet: Any, caption: str) -> Any:
    cell = WriteOnlyCell(sheet, value=caption)
    cell.data_type, cell.font, cell.fill = "s", HEAD_FONT, HEAD_FILL
    cell.alignment = Alignment(vertical="center")
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    """Numbers and dates stay what they are; text that looks like a formula stays text."""
    value = safe_value(value)
    if isinstance(value, str):
        if not _FORMULA.match(value):
            return value
        cell = WriteOnlyCell(sheet, value=value)
        cell.data_type, cell.quotePrefix = "s", True
        return cell
    if isinstance(value, (datetime, date)):
        cell = WriteOnlyCell(sheet, value=value)
        cell.number_format = "yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "yyyy-mm-dd"
        return cell
    return value


def sheet_title(title: str) -> str:
    """A sheet's name: at most 31 characters, none of those that Excel forbids."""
    return re.sub(r"[\\/*?:\[\]']", " ", title).strip()[:31] or "1"


def csv_lines(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Stream ``rows`` as UTF-8 CSV with BOM, so that Excel reads Chinese; cells that would start a formula are disarmed."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def flush() -> bytes:
        data = buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
        return data

    yield b"\xef\xbb\xbf"
    writer.writerow([column.caption for column in columns])
    yield flush()
    for number, row in enumerate(rows, start=1):
        writer.writerow([csv_value(value) for value in row])
        if number % 200 == 0:
            yield flush()
    yield flush()


def csv_value(value: Any) -> str:
    """A value in CSV: a leading ``= + - @`` is disarmed with an apostrophe, real negative numbers are left alone."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    text = str(safe_value(str(value)))
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text
