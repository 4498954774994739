"""The last hand on a saved workbook: known results beside the formulas, streamed rows, fixed dates, the same bytes every time.

openpyxl writes formulas without their results and stamps the present moment; both are mended here, in the
zip it made (ECMA-376 parts 1 and 2).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl.utils.datetime import to_excel

from reports.render.cell_text import looks_like_formula, safe
from reports.render.worksheets import LAST_ROW
from reports.sheets import Stream, Value, letter

_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)><f>(.*?)</f><v ?/></c>', re.DOTALL)
_MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_DIMENSION = re.compile(r"<dimension [^>]*/>")
_LAST = re.compile(rf'(localSheetId="([0-9]+)"[^>]*>[^<]*)\${LAST_ROW}<')
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_BATCH = 500
_WORD = 64
"""Longer texts are not worth remembering."""
_LETTERS = tuple(letter(column) for column in range(1, 703))


@dataclass(frozen=True, slots=True)
class Flow:
    """A stream with the style numbers of its columns: for values as they are, and for text that looks like a formula."""

    stream: Stream
    first_row: int
    styles: tuple[int, ...]
    quoted: tuple[int, ...]


def seal(
    saved: zipfile.ZipFile, path: Path, known: Mapping[str, Mapping[str, Value]], flows: Mapping[str, Flow], made_at: datetime
) -> None:
    """Copy ``saved`` to ``path``: ``known`` results and ``flows`` of rows are given by part name (``xl/worksheets/…``).

    Sheets with streams are written first, so that the parts that name their last row can follow.
    """
    lasts: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target:
        for name in sorted(saved.namelist(), key=lambda part: (part not in flows, part != "[Content_Types].xml", part)):
            text = saved.read(name)
            if name in flows:
                lasts[name] = _pour(target, _entry(name, made_at), text.decode("utf-8"), known.get(name, {}), flows[name])
                continue
            if name in known:
                text = with_results(text.decode("utf-8"), known[name]).encode("utf-8")
            elif name == "docProps/core.xml":
                text = _dated(text.decode("utf-8"), made_at).encode("utf-8")
            elif name == "xl/workbook.xml" and lasts:
                text = _named(text.decode("utf-8"), lasts).encode("utf-8")
            target.writestr(_entry(name, made_at), text)


def with_results(xml: str, known: Mapping[str, Value]) -> str:
    """The sheet's XML with each formula's known result as its cached value; ``KeyError`` for a formula without one."""

    def fill(found: re.Match[str]) -> str:
        place, attributes, formula = found[1], found[2], found[3]
        result = known[place]
        if isinstance(result, str):
            return f'<c r="{place}"{attributes} t="str"><f>{formula}</f><v>{escape(safe(result))}</v></c>'
        return f'<c r="{place}"{attributes}><f>{formula}</f><v>{_number(result)}</v></c>'

    return _FORMULA.sub(fill, xml)


def _entry(name: str, made_at: datetime) -> zipfile.ZipInfo:
    moment = made_at.astimezone(UTC)
    entry = zipfile.ZipInfo(name, max(moment.timetuple()[:6], _EARLIEST))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0
    entry.external_attr = 0
    return entry


def _dated(xml: str, made_at: datetime) -> str:
    return _MODIFIED.sub(rf"\g<1>{made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\g<2>", xml)


def _named(xml: str, lasts: Mapping[str, int]) -> str:
    """The workbook's part with the true last rows in the print areas and filters of streamed sheets."""

    def fill(found: re.Match[str]) -> str:
        last = lasts[f"xl/worksheets/sheet{int(found[2]) + 1}.xml"]
        return f"{found[1]}${last}<"

    return _LAST.sub(fill, xml)


def _pour(target: zipfile.ZipFile, entry: zipfile.ZipInfo, xml: str, known: Mapping[str, Value], flow: Flow) -> int:
    """Write the sheet with its streamed rows, never holding more than a batch; the last row's number."""
    # The size is not known until the last row: leave the dimension away, it is optional (18.3.1.35).
    before, after = _DIMENSION.sub("", with_results(xml, known)).split("</sheetData>")
    row = flow.first_row - 1
    with target.open(entry, "w", force_zip64=True) as handle:
        handle.write(before.encode("utf-8"))
        batch: list[str] = []
        for row, values in enumerate(flow.stream.rows(), start=flow.first_row):
            batch.append(_row(row, values, flow))
            if len(batch) == _BATCH:
                handle.write("".join(batch).encode("utf-8"))
                batch.clear()
        last = max(row, flow.first_row)
        handle.write("".join(batch).encode("utf-8"))
        handle.write(("</sheetData>" + after.replace(f'{LAST_ROW}"', f'{last}"')).encode("utf-8"))
    return last


def _row(number: int, values: Sequence[Value], flow: Flow) -> str:
    """One streamed row; texts that were met before are the common case, so they are looked up without a further call."""
    row, parts = str(number), [f'<row r="{number}">']
    for letters, style, quoted, value in zip(_LETTERS, flow.styles, flow.quoted, values):  # noqa: B905
        if value is None or value == "":
            parts.append(f'<c r="{letters}{row}" s="{style}"/>')
        elif value.__class__ is str:
            inside, formula = _text(value) if len(value) <= _WORD else _text.__wrapped__(value)
            parts.append(f'<c r="{letters}{row}" s="{quoted if formula else style}" t="inlineStr">{inside}</c>')
        else:
            parts.append(f'<c r="{letters}{row}" s="{style}"><v>{_number(value)}</v></c>')
    parts.append("</row>")
    return "".join(parts)


@lru_cache(maxsize=4096)
def _text(value: str) -> tuple[str, bool]:
    """The inside of a text cell, and whether it must be marked as text; a ledger repeats most of its words."""
    return f'<is><t xml:space="preserve">{escape(safe(value))}</t></is>', looks_like_formula(value)


_DAY = 86400
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's instants stand on the city's clock already


def _number(value: Value) -> str:
    if value.__class__ is datetime:
        # As openpyxl's to_excel for whole seconds after 1900-03-01, which a ledger's instants are, at a tenth of its price.
        since = value - _EPOCH
        if since.days > 60 and not since.microseconds:
            return repr(since.days + since.seconds / _DAY)
    if isinstance(value, (Fraction, Decimal)):
        value = float(value)
    if isinstance(value, (datetime, date)):
        return repr(to_excel(value))
    return repr(value)
