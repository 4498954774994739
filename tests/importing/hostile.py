"""Workbooks that mean harm, each made by spoiling an honest one in a single place."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def honest() -> dict[str, bytes]:
    """The parts of a workbook with one department."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["code", "name_zh"])
    sheet.append(["D-1", "城管局"])
    packed = io.BytesIO()
    book.save(packed)
    with zipfile.ZipFile(packed) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def archive(path: Path, parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """The parts as a file."""
    with zipfile.ZipFile(path, "w", method) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return path


def spoilt(path: Path, changes: Mapping[str, bytes]) -> Path:
    """An honest workbook with some parts added or replaced."""
    return archive(path, {**honest(), **changes})


def sheet_xml(rows: str, prolog: str = "") -> bytes:
    """A sheet whose rows are written by hand."""
    return f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def bomb(path: Path, megabytes: int) -> Path:
    """Megabytes of nothing, packed a thousand to one."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in honest().items():
            packed.writestr(name, content)
        with packed.open("xl/media/image1.png", "w") as part:
            for _ in range(megabytes):
                part.write(bytes(1 << 20))
    return path


def lying(path: Path, megabytes: int, claimed: int) -> Path:
    """A sheet that unpacks to megabytes but claims to hold a few bytes, in both places where an archive says so."""
    name = SHEET
    spoilt(path, {name: sheet_xml("<row/>" * (megabytes * (1 << 20) // 6))})
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as packed:
        local = packed.getinfo(name).header_offset
    data[local + 22 : local + 26] = struct.pack("<L", claimed)
    central = data.find(b"PK\x01\x02")
    while data[central + 46 : central + 46 + len(name)] != name.encode():
        central = data.find(b"PK\x01\x02", central + 4)
    data[central + 24 : central + 28] = struct.pack("<L", claimed)
    path.write_bytes(bytes(data))
    return path


def locked(path: Path) -> Path:
    """An archive whose parts ask for a password."""
    archive(path, honest())
    data = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(mark, at + 4)
    path.write_bytes(bytes(data))
    return path
