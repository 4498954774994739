"""The gatekeeper of uploads: hostile workbooks are refused by their outside, before any parser unpacks them."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from app.domain.refusals import N_, Refused

MOST_BYTES = 64 * 2**20
MOST_UNPACKED = 400 * 2**20
MOST_RATIO = 200
MOST_PARTS = 2_000
MOST_ROWS = 300_000
MOST_COLUMNS = 200

_CHUNK = 1 << 20
_REFERENCE = re.compile(rb'<(?:\w+:)?c\b[^>]{0,200}?\br="([A-Z]{1,4})(\d{1,10})"')
_ENTITY = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def guard(path: Path, name: str) -> str:
    """``xlsx`` or ``csv``, if the file is what its name says and is bounded; ``Refused`` with the reason otherwise.

    What is refused: files that are too large, zip bombs (unpacked size, ratio, number of parts), entity
    declarations in any part, cells beyond ``MOST_ROWS`` × ``MOST_COLUMNS``, macros, encrypted and foreign formats
    (reliability H11).
    """
    size = path.stat().st_size
    if size == 0:
        raise Refused("empty-file", N_("The file is empty."))
    if size > MOST_BYTES:
        raise Refused("too-large", N_("The file is larger than %(most)d MB. Split it."), most=MOST_BYTES // 2**20)
    with path.open("rb") as handle:
        head = handle.read(8)
    suffix = name.lower().rpartition(".")[2]
    if head.startswith(b"PK\x03\x04"):
        if suffix != "xlsx":
            raise Refused("wrong-type", N_("The file is an archive, but its name does not end in .xlsx."))
        _guard_workbook(path)
        return "xlsx"
    if suffix in ("csv", "txt", "tsv"):
        _guard_text(path)
        return "csv"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("old-format", N_("This is an old or protected workbook. Save it as .xlsx without a password and try again."))
    raise Refused("wrong-type", N_("Only .xlsx workbooks and .csv files can be imported."))


def _guard_workbook(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise _bomb()
            packed = sum(part.compress_size for part in parts) or 1
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MOST_UNPACKED or (unpacked > 10 * 2**20 and unpacked / packed > MOST_RATIO):
                raise _bomb()
            names = {part.filename for part in parts}
            if "[Content_Types].xml" not in names or not any(n.startswith("xl/workbook") for n in names):
                raise Refused("wrong-type", N_("The file is not a workbook."))
            if any("vbaProject" in n for n in names):
                raise Refused("macros", N_("The workbook contains macros. Save it as a plain .xlsx and try again."))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _guard_part(archive, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Refused("damaged", N_("The workbook is damaged or encrypted and cannot be read.")) from error


def _guard_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Walk through one part once: declared size kept, no entities, no cell far outside."""
    sheet = "worksheets/" in part.filename
    seen, rest = 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            seen += len(chunk)
            if seen > part.file_size or seen > MOST_UNPACKED:
                raise _bomb()
            window = rest + chunk
            if _ENTITY.search(window):
                raise Refused("entities", N_("The workbook declares XML entities, which honest workbooks do not. It was not opened."))
            if sheet:
                _guard_cells(window)
            rest = window[-256:]


def _guard_cells(window: bytes) -> None:
    for match in _REFERENCE.finditer(window):
        column = 0
        for letter in match[1]:
            column = column * 26 + letter - 64
        if column > MOST_COLUMNS or int(match[2]) > MOST_ROWS:
            raise Refused(
                "far-cell",
                N_("Cell %(cell)s lies outside what can be imported (%(rows)d rows, %(columns)d columns). Delete stray cells."),
                cell=(match[1] + match[2]).decode(),
                rows=MOST_ROWS,
                columns=MOST_COLUMNS,
            )


def _guard_text(path: Path) -> None:
    with path.open("rb") as handle:
        head = handle.read(64 * 1024)
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("wrong-type", N_("The file is not a text file."))


def _bomb() -> Refused:
    return Refused("bomb", N_("The workbook unpacks to far more than its size suggests. It was not opened."))
