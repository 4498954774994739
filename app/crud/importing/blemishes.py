"""What a workbook's reader passes over in silence: cells that show an error, and formulas nobody ever calculated."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from posixpath import join, normpath

from defusedxml.ElementTree import ParseError, fromstring  # type: ignore[import-untyped]

from app.crud.importing.archive import damaged
from app.crud.importing.extent import number_of
from app.domain.refusals import N_, Refused

_CHUNK = 1 << 20

_CELL = re.compile(rb"<(?:c|[^\s<>/:]+:c)(\s[^>]*?)?(?:/>|>(.*?)</(?:c|[^\s<>/:]+:c)>)", re.DOTALL)
_PLACE = re.compile(rb"r\s*=\s*[\"']([A-Za-z]+)([0-9]+)[\"']")
_TYPE = re.compile(rb"\st\s*=\s*[\"'](\w+)[\"']")
_FORMULA = re.compile(rb"<(?:f|[^\s<>/:]+:f)[\s/>]")
_VALUE = re.compile(rb"<(?:v|[^\s<>/:]+:v)[^>]*>([^<]+)<")
_ERROR = re.compile(rb"t\s*=\s*[\"']e[\"']")


def blemishes(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """The errors a sheet shows (``#N/A``), by row and column counted from 1.

    Raises ``Refused("uncalculated")`` where a formula has no stored result: it would be read as nothing at all.
    """
    found: dict[tuple[int, int], str] = {}
    with zipfile.ZipFile(path) as archive:
        for window in _windows(archive, _part_of(archive, sheet)):
            if _ERROR.search(window) or _FORMULA.search(window):
                _look(window, found)
    return found


def _look(window: bytes, found: dict[tuple[int, int], str]) -> None:
    for match in _CELL.finditer(window):
        attributes, inner = match[1] or b"", match[2] or b""
        kind, place, value = _TYPE.search(attributes), _PLACE.search(attributes), _VALUE.search(inner)
        said = kind[1] if kind else b"n"
        if said == b"e" and place:
            found[int(place[2]), number_of(place[1])] = value[1].decode(errors="replace") if value else "#N/A"
        elif value is None and said != b"str" and _FORMULA.search(inner):
            raise Refused(
                "uncalculated",
                N_(
                    "Cell %(cell)s holds a formula whose result was never stored. Open the workbook in Excel, save it, and import it again."
                ),
                cell=(place[1] + place[2]).decode().upper() if place else "?",
            )


def _windows(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The sheet's XML in pieces that never cut a cell in two."""
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            window = rest + chunk
            cut = max(window.rfind(b"</c>"), window.rfind(b":c>"), 0)
            rest = window[cut:]
            yield window[:cut] + b"</c>" if cut else b""
    yield rest


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The part that holds the sheet of this name."""
    names = {name.casefold(): name for name in archive.namelist()}
    try:
        book = fromstring(archive.read(names["xl/workbook.xml"]))
        links = fromstring(archive.read(names["xl/_rels/workbook.xml.rels"]))
    except (KeyError, ParseError) as error:
        raise damaged() from error
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for found in book.iter():
        if _local(found.tag) == "sheet" and found.get("name") == sheet:
            target = targets.get(next((value for name, value in found.items() if _local(name) == "id"), ""), "")
            part = normpath(join("/xl", target)).lstrip("/").casefold()
            if part in names:
                return names[part]
    raise damaged()


def _local(name: str) -> str:
    return name.rpartition("}")[2]
