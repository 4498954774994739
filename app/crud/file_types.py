"""What a file is, told by its bytes and never by its name; what may not be kept has no type here."""

from __future__ import annotations

import re
import zipfile
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from app.crud.importing.archive import Archive
from app.domain.refusals import N_, Refused


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file that may be kept. ``shown`` is what browsers show by themselves: ``image``, ``audio``, ``paper`` or nothing."""

    media_type: str
    endings: tuple[str, ...]
    name: str
    shown: str = ""


JPEG = FileType("image/jpeg", ("jpg", "jpeg"), N_("Picture"), "image")
PNG = FileType("image/png", ("png",), N_("Picture"), "image")
GIF = FileType("image/gif", ("gif",), N_("Picture"), "image")
WEBP = FileType("image/webp", ("webp",), N_("Picture"), "image")
HEIC = FileType("image/heic", ("heic", "heif"), N_("Picture"))
PDF = FileType("application/pdf", ("pdf",), N_("PDF document"), "paper")
DOCX = FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",), N_("Word document"))
XLSX = FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",), N_("Excel workbook"))
MP3 = FileType("audio/mpeg", ("mp3",), N_("Recording"), "audio")
WAV = FileType("audio/wav", ("wav",), N_("Recording"), "audio")
M4A = FileType("audio/mp4", ("m4a",), N_("Recording"), "audio")
MP4 = FileType("video/mp4", ("mp4", "m4v"), N_("Video"))

ALL = (JPEG, PNG, GIF, WEBP, HEIC, PDF, DOCX, XLSX, MP3, WAV, M4A, MP4)
BY_MEDIA_TYPE = {each.media_type: each for each in ALL}

_BRANDS = {
    HEIC: {b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1"},
    M4A: {b"M4A ", b"M4B "},
    MP4: {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV"},
}
_EDGE = 1 << 16
_TAGS = re.compile(rb"<(?:script|iframe|html|!doctype html|\?php|svg[\s>])", re.IGNORECASE)
_PACKED = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_RUNS = re.compile(r"vbaproject|/macrosheets/|/activex/|oleobject|\.(?:bin|exe|dll|js|vbs|bat|cmd|ps1|hta|lnk)$")
_HARMLESS_BIN = re.compile(r"/printersettings/[^/]*\.bin$")


def type_of(path: Path) -> FileType:
    """The type of a file; ``Refused`` where it may not be kept: foreign, broken, two things at once, with programs inside."""
    size = path.stat().st_size
    if size == 0:
        raise Refused("empty-file", N_("The file is empty."), field="file")
    with path.open("rb") as handle:
        head = handle.read(_EDGE)
        handle.seek(max(0, size - _EDGE))
        tail = handle.read()
        found = _by_signature(head, tail)
        if found is None and _frame(head) and _frame_follows(head, 0):
            found = MP3
        elif found is MP3:
            handle.seek(_tag_length(head))
            first = handle.read(4)
            found = MP3 if _frame(first) else None
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    if found is None:
        raise _foreign()
    if zipfile.is_zipfile(path) or (found is not PDF and b"%PDF-" in head[:1024]) or (found.shown == "image" and _tagged(head, tail)):
        raise Refused("two-things", N_("The file is two things at once, a picture or document and something hidden in it."), field="file")
    return found


def _foreign() -> Refused:
    return Refused(
        "wrong-type",
        N_(
            "This kind of file cannot be kept. Pictures (JPEG, PNG, WebP, HEIC, GIF), PDF, Word and Excel files without macros, "
            "recordings (MP3, WAV, M4A) and MP4 videos can."
        ),
        field="file",
    )


def _tagged(head: bytes, tail: bytes) -> bool:
    return _TAGS.search(head) is not None or _TAGS.search(tail) is not None


def _by_signature(head: bytes, tail: bytes) -> FileType | None:
    if head.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in tail:
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return PNG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if head.startswith(b"%PDF-") and b"%%EOF" in tail:
        return PDF
    if head.startswith(b"ID3") and len(head) > 10:
        return MP3
    if head.startswith(b"RIFF"):
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(head[8:12])
    return _by_brand(head) if head[4:8] == b"ftyp" else None


def _by_brand(head: bytes) -> FileType | None:
    """ISO media files say in their first box what they are; the chief brand decides, the compatible ones help out."""
    length = int.from_bytes(head[:4], "big")
    if not 16 <= length <= 512 or length % 4:
        return None
    brands = [head[8:12], *(head[place : place + 4] for place in range(16, length, 4))]
    return next((kind for brand in brands for kind, known in _BRANDS.items() if brand in known), None)


def _tag_length(head: bytes) -> int:
    """How long an ID3 tag is: seven bits a byte."""
    return 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))


def _frame(head: bytes) -> bool:
    """An MPEG audio frame of layer III begins here."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer, rate, frequency = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer == 1 and rate not in (0, 15) and frequency != 3


_RATES = {
    3: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    0: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_FREQUENCIES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def _frame_follows(head: bytes, at: int) -> bool:
    """Without a tag two bytes prove little: the next frame must begin where this one ends."""
    version = head[at + 1] >> 3 & 3
    rate = _RATES[3 if version == 3 else 0][(head[at + 2] >> 4) - 1] * 1000
    frequency = _FREQUENCIES[version][head[at + 2] >> 2 & 3]
    length = (144 if version == 3 else 72) * rate // frequency + (head[at + 2] >> 1 & 1)
    return _frame(head[at + length : at + length + 4])


def _office(path: Path) -> FileType:
    """A Word or Excel file of the present kind that unpacks to what it says and holds nothing that runs."""
    try:
        with Archive(path) as archive:
            names = {name.casefold() for name in archive.names}
            found = next((kind for part, kind in _PACKED.items() if part in names), None)
            if found is None or "[content_types].xml" not in names:
                raise _foreign()
            if any(_RUNS.search(name) and not _HARMLESS_BIN.search(name) for name in names):
                raise Refused(
                    "macros", N_("The file contains macros or embedded programs. Save it without them and try again."), field="file"
                )
            for part in archive.parts:
                deque(archive.unpacked(part), maxlen=0)
    except Refused as refused:
        raise _in_our_words(refused) from refused
    return found


def _in_our_words(refused: Refused) -> Refused:
    if refused.code == "bomb":
        return Refused("bomb", N_("The file unpacks to far more than its size suggests. It was not kept."), field="file")
    if refused.code == "damaged":
        return Refused("damaged", N_("The file is damaged or encrypted and cannot be kept."), field="file")
    return refused
