"""The gatekeeper of uploads: hostile files are refused by their outside, before any parser unpacks them."""

from __future__ import annotations

import codecs
from collections import deque
from pathlib import Path
from zipfile import ZipInfo

from app.crud.importing.archive import Archive, bomb, damaged
from app.crud.importing.extent import Extent
from app.domain.refusals import N_, Refused

MOST_BYTES = 64 * 2**20
MOST_SMALL_PART = 24 * 2**20
"""Parts the reader keeps in memory as a whole: styles, the list of sheets, relationships."""
MOST_STRINGS = 2_000_000

_SMALL = ("xl/styles.xml", "xl/workbook.xml", "[content_types].xml")
_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
_OLD = b"\xd0\xcf\x11\xe0"
_CHUNK = 1 << 20


def guard(path: Path, name: str) -> str:
    """``xlsx`` or ``csv``, if the file is what its name says and is bounded; ``Refused`` with the reason otherwise.

    What is refused: files that are too large, archives that unpack to far more than they say (size, ratio, number of
    parts), entity declarations, cells beyond ``MOST_ROWS`` × ``MOST_COLUMNS``, macros, links to other files, encrypted and
    foreign formats (reliability H11). Everything here is one streaming pass with flat memory.
    """
    size = path.stat().st_size
    if size == 0:
        raise Refused("empty-file", N_("The file is empty."))
    if size > MOST_BYTES:
        raise Refused("too-large", N_("The file is larger than %(most)d MB. Split it."), most=MOST_BYTES // 2**20)
    with path.open("rb") as handle:
        head = handle.read(8)
    suffix = name.lower().rpartition(".")[2]
    if head.startswith(_SIGNATURES):
        if suffix == "xlsm":
            raise _macros()
        if suffix != "xlsx":
            raise Refused("wrong-type", N_("The file is an archive, but its name does not end in .xlsx."))
        _guard_workbook(path)
        return "xlsx"
    if head.startswith(_OLD):
        raise Refused("old-format", N_("This is an old or protected workbook. Save it as .xlsx without a password and try again."))
    if suffix in ("csv", "txt", "tsv"):
        _guard_text(path)
        return "csv"
    if suffix == "xlsx":
        raise Refused("wrong-type", N_("The file is not a workbook."))
    raise Refused("wrong-type", N_("Only .xlsx workbooks and .csv files can be imported."))


def _macros() -> Refused:
    return Refused("macros", N_("The workbook contains macros. Save it as a plain .xlsx and try again."))


def _guard_workbook(path: Path) -> None:
    with Archive(path) as archive:
        names = {name.casefold() for name in archive.names}
        if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
            raise Refused("wrong-type", N_("The file is not a workbook."))
        if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
            raise _macros()
        if any(name.startswith("xl/externallinks/") for name in names):
            raise Refused(
                "external-links",
                N_("The workbook takes values from other files. In Excel choose Data, Edit Links, Break Link; save it and try again."),
            )
        strings = 0
        for part in archive.parts:
            name = part.filename.casefold()
            if (name.endswith(".rels") or name in _SMALL) and part.file_size > MOST_SMALL_PART:
                raise bomb()
            extent = _walked(archive, part) if name.endswith((".xml", ".rels", ".vml")) else _measured(archive, part)
            strings += extent.strings
            if name == "xl/_rels/workbook.xml.rels" and extent.odd_targets:
                raise damaged()  # a sheet that hides in a part not called .xml would not have been looked at
        if strings > MOST_STRINGS:
            raise Refused("too-many", N_("The workbook holds more texts than can be imported at once. Split it."))


def _walked(archive: Archive, part: ZipInfo) -> Extent:
    extent = Extent()
    for chunk in archive.unpacked(part):
        extent.feed(chunk)
    extent.close()
    return extent


def _measured(archive: Archive, part: ZipInfo) -> Extent:
    """Not XML: only its size is of interest."""
    deque(archive.unpacked(part), maxlen=0)
    return Extent()


def _guard_text(path: Path) -> None:
    """Text without NUL (UTF-16 announces itself), and not wider than a table can be."""
    with path.open("rb") as handle:
        head = handle.read(4)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return
        handle.seek(0)
        while chunk := handle.read(_CHUNK):
            if b"\x00" in chunk:
                raise Refused("wrong-type", N_("The file is not a text file."))
