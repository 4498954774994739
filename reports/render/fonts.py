"""The paper's typefaces: embedded Chinese TrueType only, and for every character a face that can print it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.graphics.shapes import STATE_DEFAULTS
from reportlab.lib import textsplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import paragraph as reportlab_paragraph

FOLDER = Path(__file__).resolve().parents[1] / "vendor" / "fonts"
TEXT, STRONG, TITLE = "FrontlineText", "FrontlineStrong", "FrontlineTitle"
_FILES = {
    TEXT: "NotoSansSC-Regular.ttf",
    STRONG: "NotoSansSC-SemiBold.ttf",
    TITLE: "NotoSerifSC-SemiBold.ttf",
    "FrontlineRare": "NotoSansHK-Rare.ttf",
    "FrontlineRarer": "NotoSansJP-Rare.ttf",
}
_FALLBACK = (TEXT, "FrontlineRare", "FrontlineRarer")
UNPRINTABLE = "〓"
"""What Chinese printers set where they have no type for a character (geta mark)."""

_HAN = re.compile("[\u2e80-\uffef\U00020000-\U0003ffff]")
_LATIN_SIGNS = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "…": "..."})
_CLOSING = "，。、；：！？）》〉」』】〕”’％…·"
_ASTRAL = re.compile(r"<([0-9A-F]{5,6})>")


class EmbeddedFont(TTFont):  # type: ignore[misc, unused-ignore]
    """A TrueType font whose rare characters can also be searched for.

    ReportLab 5.1 writes code points beyond U+FFFF into ``ToUnicode`` as they are, where UTF-16 is asked
    for (PDF 32000-1, 9.10.3), so readers copy and find something else.
    """

    def addObjects(self, doc: Any) -> None:
        """Add the font's objects to ``doc``, with every mapping in UTF-16."""
        known = set(doc.idToObject)
        super().addObjects(doc)
        for name in [key for key in doc.idToObject if key not in known and str(key).startswith("toUnicodeCMap:")]:
            stream = doc.idToObject[name]
            stream.content = _ASTRAL.sub(lambda found: f"<{chr(int(found[1], 16)).encode('utf-16-be').hex().upper()}>", stream.content)


@lru_cache(maxsize=1)
def register() -> tuple[str, ...]:
    """Make the faces known to ReportLab, once per process; their names."""
    for name, file in _FILES.items():
        pdfmetrics.registerFont(EmbeddedFont(name, str(FOLDER / file)))
    for name in (TEXT, STRONG, TITLE):
        bold = name if name == TITLE else STRONG
        pdfmetrics.registerFontFamily(name, normal=name, bold=bold, italic=name, boldItalic=bold)
    # Every drawing begins by setting this font; left as it is, Helvetica would be listed, and not embedded.
    STATE_DEFAULTS["fontName"] = TEXT
    # Streams as bytes: the old seven-bit armour costs a quarter of the size and a tenth of the time.
    rl_config.useA85 = 0
    # ReportLab's list of signs that must not begin a line is Japanese and lacks the Chinese ones (GB/T 15834).
    for module in (reportlab_paragraph, textsplit):
        module.ALL_CANNOT_START = "".join(dict.fromkeys(textsplit.ALL_CANNOT_START + _CLOSING))
    return tuple(_FILES)


@lru_cache(maxsize=16)
def _glyphs(font: str) -> frozenset[int]:
    register()
    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)


def clean(text: str) -> str:
    """Text without what cannot be printed: controls, surrogates, invisible and direction-turning characters.

    The Chinese faces draw curly quotes and the ellipsis a whole square wide: text without Chinese gets the narrow signs.
    """
    text = unicodedata.normalize("NFC", text)
    if not _HAN.search(text):
        text = text.translate(_LATIN_SIGNS)
    if text.isprintable():
        return text
    spaced = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(c for c in spaced if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))


@lru_cache(maxsize=8192)
def runs(text: str, font: str) -> tuple[tuple[str, str], ...]:
    """``text`` cut into (face, piece): ``font`` where it has the glyph, else the first fallback that has."""
    found: list[tuple[str, str]] = []
    for character in clean(text):
        face, printed = _face(character, font)
        if found and found[-1][0] == face:
            found[-1] = (face, found[-1][1] + printed)
        else:
            found.append((face, printed))
    return tuple(found)


def _face(character: str, font: str) -> tuple[str, str]:
    if character == "\n":
        return font, character
    for face in (font, *_FALLBACK):
        if ord(character) in _glyphs(face):
            return face, character
    return font, UNPRINTABLE


@lru_cache(maxsize=8192)
def markup(text: str, font: str) -> str:
    """``text`` as ReportLab paragraph markup: always escaped, so that data can never be a tag."""
    pieces = []
    for face, piece in runs(text, font):
        safe = escape(piece).replace("\n", "<br/>")
        pieces.append(safe if face == font else f'<font name="{face}">{safe}</font>')
    return "".join(pieces)


def width(text: str, font: str, size: float) -> float:
    """How wide ``text`` prints in one line, in points."""
    register()
    return float(sum(pdfmetrics.stringWidth(piece, face, size) for face, piece in runs(text, font)))


@lru_cache(maxsize=8192)
def fits(text: str, font: str, size: float, room: float) -> bool:
    """Whether ``text`` prints in one line of ``room`` points, in this one face."""
    return "\n" not in text and len(text) < 200 and all(face == font for face, _ in runs(text, font)) and width(text, font, size) <= room


@lru_cache(maxsize=4096)
def fitted(text: str, font: str, size: float, room: float) -> str:
    """``text`` in one line of at most ``room`` points, cut with an ellipsis where it is longer."""
    line = " ".join(text[:500].split())
    if width(line, font, size) <= room:
        return line
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width(line[:middle] + "…", font, size) <= room else (low, middle - 1)
    return line[:low].rstrip() + "…"
