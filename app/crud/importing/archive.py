"""A workbook's archive, unpacked with suspicion: one table of contents, and sizes that are measured, not believed."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from app.domain.refusals import N_, Refused

MOST_UNPACKED = 200 * 2**20
MOST_RATIO = 200
MOST_PARTS = 2_000
_HARMLESS = 10 * 2**20
"""Below this size a ratio says nothing: an empty sheet packs very well."""

_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED = 0x1
_CHUNK = 1 << 18


class Archive:
    """Opens a zip file that can be read in one way only; ``Refused`` (``damaged``, ``bomb``) for all others.

    Two readers that disagree about where an archive's contents are listed would let one of them be shown a harmless
    workbook and the other a bomb; so exactly one table of contents, at the very end, without comment, is accepted.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._check_end()
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, struct.error) as error:
            raise damaged() from error
        self.parts = self._zip.infolist()
        self._check_parts()
        self._handle = path.open("rb")
        self._seen = 0

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._handle.close()
        self._zip.close()

    @property
    def names(self) -> list[str]:
        """The parts' names."""
        return [part.filename for part in self.parts]

    def _check_end(self) -> None:
        size = self.path.stat().st_size
        with self.path.open("rb") as handle:
            handle.seek(max(0, size - _END.size))
            mark, _disk, _start_disk, _here, _all, length, offset, comment = _END.unpack(handle.read(_END.size))
        if mark != b"PK\x05\x06" or comment or offset + length + _END.size != size:
            raise damaged()

    def _check_parts(self) -> None:
        """What the table of contents claims, before anything is unpacked."""
        if len(self.parts) > MOST_PARTS:
            raise bomb()
        if len({part.filename.casefold() for part in self.parts}) != len(self.parts):
            raise damaged()
        if any(part.flag_bits & _ENCRYPTED or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in self.parts):
            raise damaged()
        packed, unpacked = sum(part.compress_size for part in self.parts), sum(part.file_size for part in self.parts)
        if packed > self.path.stat().st_size or unpacked > MOST_UNPACKED or (unpacked > _HARMLESS and unpacked > packed * MOST_RATIO):
            raise bomb()

    def unpacked(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        """A part's bytes, piece by piece; refused as soon as there are more of them than the part claims."""
        self._handle.seek(part.header_offset)
        head = self._handle.read(_LOCAL.size)
        if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
            raise damaged()
        *_, name_length, extra_length = _LOCAL.unpack(head)
        self._handle.seek(name_length + extra_length, 1)
        size = 0
        for piece in self._inflated(part):
            size += len(piece)
            self._seen += len(piece)
            if size > part.file_size or self._seen > MOST_UNPACKED:
                raise bomb()
            yield piece
        if size != part.file_size:
            raise damaged()

    def _inflated(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        """Straight from the packed bytes: a reader that trusts the declared size would stop too early to see a lie."""
        left = part.compress_size
        engine = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
        while left:
            packed = self._handle.read(min(left, _CHUNK))
            if not packed:
                raise damaged()
            left -= len(packed)
            if engine is None:
                yield packed
                continue
            while packed:
                try:
                    piece = engine.decompress(packed, _CHUNK)
                except zlib.error as error:
                    raise damaged() from error
                if piece:
                    yield piece
                packed = engine.unconsumed_tail
                if engine.eof and (packed or engine.unused_data or left):
                    raise damaged()
        if engine is not None and not engine.eof:
            yield from self._rest(engine)

    @staticmethod
    def _rest(engine: zlib._Decompress) -> Iterator[bytes]:
        piece = engine.decompress(b"", _CHUNK)
        while piece:
            yield piece
            piece = engine.decompress(engine.unconsumed_tail, _CHUNK)
        if not engine.eof:
            raise damaged()


def damaged() -> Refused:
    """The archive cannot be read, or could be read in two ways."""
    return Refused("damaged", N_("The workbook is damaged or encrypted and cannot be read."))


def bomb() -> Refused:
    """The archive unpacks to too much."""
    return Refused("bomb", N_("The workbook unpacks to far more than its size suggests. It was not opened."))
