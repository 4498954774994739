"""Files of every kind, small and real, and some that pretend: bytes for the tests of attachments."""

from __future__ import annotations

import io
import wave
import zipfile
from typing import Any

from openpyxl import Workbook
from PIL import Image


def picture(kind: str = "JPEG", colour: str = "red", side: int = 40, **options: Any) -> bytes:
    """A picture in one colour."""
    kept = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(kept, kind, **options)
    return kept.getvalue()


def located_picture() -> bytes:
    """A photograph that says where it was taken: GPS latitude in its EXIF data."""
    image = Image.new("RGB", (400, 300), "green")
    exif = image.getexif()
    exif.get_ifd(0x8825).update({1: "N", 2: (26.0, 5.0, 17.25)})
    exif[0x010E] = "taken-at-home"
    kept = io.BytesIO()
    image.save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def pdf() -> bytes:
    """The smallest paper."""
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip file of these parts."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return kept.getvalue()


def docx(**more: bytes) -> bytes:
    """A Word file."""
    extra = {name.replace("__", "/").replace("_dot_", "."): body for name, body in more.items()}
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>", **extra})


def xlsx() -> bytes:
    """An Excel file."""
    kept = io.BytesIO()
    Workbook().save(kept)
    return kept.getvalue()


def wav() -> bytes:
    """A tenth of a second of silence."""
    kept = io.BytesIO()
    with wave.open(kept, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\0" * 800)
    return kept.getvalue()


def mp3(*, tagged: bool) -> bytes:
    """Two frames of layer III, 128 kbit/s at 44.1 kHz: 417 bytes each; with or without an ID3 tag before them."""
    frame = b"\xff\xfb\x90\x00" + b"\0" * 413
    tag = b"ID3\x03\x00\x00\x00\x00\x00\x0a" + b"\0" * 10
    return (tag if tagged else b"") + frame * 2


def boxed(brand: bytes) -> bytes:
    """The beginning of an ISO media file of this brand."""
    return b"\x00\x00\x00\x18ftyp" + brand + b"\x00\x00\x00\x00" + brand + b"mp42" + b"\x00\x00\x00\x08mdat"


KEPT: dict[str, tuple[bytes, str]] = {
    "JPEG": (picture("JPEG"), "image/jpeg"),
    "PNG": (picture("PNG"), "image/png"),
    "GIF": (picture("GIF"), "image/gif"),
    "WebP": (picture("WEBP"), "image/webp"),
    "HEIC": (boxed(b"heic"), "image/heic"),
    "PDF": (pdf(), "application/pdf"),
    "Word": (docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "Excel": (xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "WAV": (wav(), "audio/wav"),
    "MP3 with a tag": (mp3(tagged=True), "audio/mpeg"),
    "MP3 without": (mp3(tagged=False), "audio/mpeg"),
    "M4A": (boxed(b"M4A "), "audio/mp4"),
    "MP4": (boxed(b"isom"), "video/mp4"),
}

REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty-file"),
    "an SVG drawing": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "wrong-type"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "wrong-type"),
    "a Windows program": (b"MZ\x90\x00" + b"\0" * 500, "wrong-type"),
    "a Linux program": (b"\x7fELF" + b"\0" * 500, "wrong-type"),
    "a script": (b"#!/bin/sh\nrm -rf /\n", "wrong-type"),
    "plain text": ("夜市油烟扰民".encode(), "wrong-type"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "wrong-type"),
    "any archive": (packed({"a.txt": b"a"}), "wrong-type"),
    "an Android package": (packed({"AndroidManifest.xml": b"a", "classes.dex": b"b"}), "wrong-type"),
    "a Word file with macros": (docx(word__vbaProject_dot_bin=b"a"), "macros"),
    "a Word file with a program in it": (docx(word__embeddings__oleObject1_dot_bin=b"a"), "macros"),
    "a bomb called Word": (docx(word__media__zeros_dot_xml=b"\0" * 30_000_000), "bomb"),
    "a torn Word file": (docx()[:-10], "damaged"),
    "a picture with an archive behind it": (picture() + packed({"evil.class": b"a"}), "two-things"),
    "a picture with a page in it": (picture("GIF") + b"<script>alert(1)</script>", "two-things"),
    "a picture with a paper in it": (picture("PNG")[:33] + pdf() + picture("PNG")[33:], "two-things"),
    "a JPEG without an end": (picture("JPEG")[:60], "wrong-type"),
    "two bytes of a recording": (b"\xff\xfb\x90\x00" + b"\x01" * 800, "wrong-type"),
}
