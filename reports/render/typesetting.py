"""Type sizes and paragraphs of the printed page: the only place that turns text into ReportLab paragraphs."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph

from reports import document
from reports.document import Text
from reports.render import fonts, palette

MARGIN = 18 * mm
PAGE_WIDTH, PAGE_HEIGHT = A4
CONTENT = PAGE_WIDTH - 2 * MARGIN
BODY, CELL, HEADER, SMALL, TINY = 9.0, 8.6, 8.0, 7.8, 6.6
LEFT, CENTER, RIGHT = TA_LEFT, TA_CENTER, TA_RIGHT
TONES = {
    document.INK: palette.INK,
    document.QUIET: palette.CAPTION,
    document.LOSS: palette.ORANGE_TEXT,
    document.GAIN: palette.OK,
    document.BAD: palette.BAD,
}
_HAN = 0x2E80


def color(name: str) -> Any:
    """A palette colour for ReportLab."""
    return HexColor(name)


@lru_cache(maxsize=256)
def style(font: str, size: float, ink: str, align: int, wrap: str, leading: float) -> Any:
    """One paragraph style; made once, as a paper has thousands of paragraphs and a dozen styles."""
    fonts.register()
    return ParagraphStyle(
        name=f"{font}-{size}-{ink}-{align}-{wrap}",
        fontName=font,
        fontSize=size,
        leading=leading,
        textColor=color(ink),
        alignment=align,
        wordWrap=wrap or None,
        splitLongWords=1,
        allowWidows=0,
        allowOrphans=0,
    )


def wrap_of(text: str) -> str:
    """Chinese breaks between characters, English between words; a text with Chinese in it breaks as Chinese."""
    return "CJK" if any(ord(character) >= _HAN for character in text) else ""


def paragraph(
    text: str,
    size: float = BODY,
    font: str = fonts.TEXT,
    *,
    ink: str = palette.INK,
    align: int = LEFT,
    leading: float = 0.0,
    note: str = "",
    note_size: float = TINY,
) -> Any:
    """A paragraph of plain text, escaped, each character in a face that has it; ``note`` is a quiet line under it."""
    body = fonts.markup(text, font)
    if note:
        quiet = fonts.markup(note, fonts.TEXT)
        body += f'<br/><font name="{fonts.TEXT}" size="{note_size}" color="{palette.CAPTION}">{quiet}</font>'
    return Paragraph(body, style(font, size, ink, align, wrap_of(text + note), leading or round(size * 1.5, 1)))


def stacked(
    text: str,
    size: float = BODY,
    font: str = fonts.TEXT,
    *,
    ink: str = palette.INK,
    align: int = LEFT,
    leading: float = 0.0,
    note: str = "",
    note_size: float = TINY,
) -> list[Any]:
    """One paragraph per line of ``text``, so that each language breaks its own way; ``note`` stands under the last."""
    *lines, last = text.split("\n")
    made = [paragraph(line, size, font, ink=ink, align=align, leading=leading) for line in lines]
    return [*made, paragraph(last, size, font, ink=ink, align=align, leading=leading, note=note, note_size=note_size)]


def with_remark(text: str, remark: str, size: float, font: str, room: float) -> Any:
    """A heading and a quiet remark: after it where ``room`` points hold both, else beneath."""
    body = fonts.markup(text, font)
    if remark:
        quiet = fonts.markup(remark, fonts.TEXT)
        together = fonts.width(text, font, size) + fonts.width(remark, fonts.TEXT, SMALL) + size <= room
        between = "&nbsp;&nbsp;" if together else "<br/>"
        body += f'{between}<font name="{fonts.TEXT}" size="{SMALL}" color="{palette.CAPTION}">{quiet}</font>'
    return Paragraph(body, style(font, size, palette.INK, LEFT, wrap_of(text + remark), round(size * 1.3, 1)))


def cell(content: Text | str, room: float, *, figures: bool, strong: bool, scale: float = 1.0) -> Any:
    """A table cell: a plain string where one fits into ``room`` points (many times faster), else a paragraph."""
    text = content if isinstance(content, Text) else Text(content)
    font = fonts.STRONG if strong or text.strong else fonts.TEXT
    size = CELL * scale
    if not text.note and not text.goto and text.strong <= strong and fonts.fits(text.text, font, size, room):
        return fonts.clean(text.text)
    align, leading = RIGHT if figures else LEFT, 9.4 if text.note and figures else 11.2
    note_size = round(TINY * scale, 2)
    made = stacked(text.text, size, font, ink=TONES[text.tone], align=align, leading=leading * scale, note=text.note, note_size=note_size)
    if text.goto:
        lines = zip(text.text.split("\n"), made, strict=True)
        return [Paragraph(f'<a href="#{text.goto}">{fonts.markup(line, font)}</a>', plain.style) for line, plain in lines]
    return made[0] if len(made) == 1 else made
