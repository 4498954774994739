"""The fixed furniture of a paper: cover head, unit head, headings, cards, signature lines, the code to scan.

Furniture has its place on the page: texts too long for it are cut with an ellipsis, not split.
"""

from __future__ import annotations

from typing import Any

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.platypus import HRFlowable, Spacer
from reportlab.platypus import Table as FlowTable

from reports.document import Cards, Cover, Figure, Head, Heading, Paragraphs, Scan, Signatures
from reports.render import fonts, palette
from reports.render.typesetting import BODY, CENTER, CONTENT, LEFT, RIGHT, SMALL, TONES, color, paragraph, stacked, with_remark

_SCAN = 52.0
_BARE = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ("FONT", (0, 0), (-1, -1), fonts.TEXT, BODY),
]


def frame(cells: list[list[Any]], widths: list[float], *rules: tuple[Any, ...]) -> Any:
    """Flowables in a grid without lines or padding."""
    made = FlowTable(cells, colWidths=widths, hAlign="LEFT")
    made.setStyle([*_BARE, *rules])
    return made


def _clipped(text: str, font: str, size: float, room: float, lines: float = 2.6) -> str:
    """Each line of ``text`` cut to what about ``lines`` printed lines of ``room`` points hold."""
    return "\n".join(fonts.fitted(line, font, size, lines * room) for line in text.split("\n")[:4])


def double_rule() -> list[Any]:
    """The thick and the thin blue line under a head."""
    blue = color(palette.BLUE)
    return [
        HRFlowable(width="100%", thickness=1.7, color=blue, spaceBefore=0, spaceAfter=1.6, lineCap="butt"),
        HRFlowable(width="100%", thickness=0.7, color=blue, spaceBefore=0, spaceAfter=0, lineCap="butt"),
    ]


def scan(address: str) -> Any:
    """A QR code of ``address`` as vectors."""
    drawing = Drawing(_SCAN, _SCAN)
    drawing.hAlign = "RIGHT"
    drawing.add(QrCodeWidget(address, barWidth=_SCAN, barHeight=_SCAN, barBorder=0, barLevel="M", barFillColor=color(palette.INK)))
    return drawing


def scan_line(block: Scan) -> list[Any]:
    """Running text at the left, the code at the right."""
    texts = [paragraph(text, SMALL, ink=palette.INK_2, leading=11.5) for text in block.texts]
    corner = (
        [scan(block.address), paragraph(block.label, TINY_LABEL, ink=palette.CAPTION, align=CENTER)] if block.address else [Spacer(1, 1)]
    )
    row = frame(
        [[texts, corner]], [CONTENT - _SCAN - 12, _SCAN + 12], ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (1, 0), (1, 0), 12)
    )
    return [Spacer(1, 8), row]


def cover(block: Cover) -> list[Any]:
    """State and code on top, the serif title in the middle, versions under the double rule."""
    side = 60.0
    fits = all(fonts.width(line, fonts.TITLE, 20) <= CONTENT - 2 * side for line in block.title.split("\n"))
    size = 20 if fits else 16
    state = paragraph(_clipped(block.state, fonts.TEXT, SMALL + 0.4, CONTENT - _SCAN), SMALL + 0.4, ink=palette.INK_2)
    corner: list[Any] = [Spacer(1, 1)]
    if block.scan:
        corner = [scan(block.scan), Spacer(1, 3), paragraph(block.scan_label, TINY_LABEL, ink=palette.CAPTION, align=CENTER)]
    heading = _clipped(block.title, fonts.TITLE, size, CONTENT - 2 * side)
    subtitle = _clipped(block.subtitle, fonts.TITLE, 11.5, CONTENT - 2 * side)
    title = [
        paragraph(heading, size, fonts.TITLE, align=CENTER, leading=round(size * 1.33)),
        Spacer(1, 3),
        paragraph(subtitle, 11.5, fonts.TITLE, ink=palette.INK_2, align=CENTER, leading=16),
    ]
    top = frame([[state, corner]], [CONTENT - _SCAN, _SCAN], ("VALIGN", (0, 0), (-1, -1), "TOP"))
    lift = Spacer(1, -33) if block.scan else Spacer(1, 6)
    middle = frame([["", title, ""]], [side, CONTENT - 2 * side, side])
    thirds = [CONTENT * 0.22, CONTENT * 0.56, CONTENT * 0.22]
    line = [
        paragraph(_clipped(text, fonts.TEXT, SMALL, room), SMALL, ink=palette.INK_2, align=align)
        for text, room, align in zip((block.left, block.middle, block.right), thirds, (LEFT, CENTER, RIGHT), strict=True)
    ]
    return [top, lift, middle, Spacer(1, 9), *double_rule(), Spacer(1, 5), frame([line], thirds), Spacer(1, 7)]


TINY_LABEL = 6.8


def head(block: Head) -> list[Any]:
    """A unit's name at the left, its figures at the right."""
    wide = [_room(figure) for figure in block.figures]
    room = CONTENT - sum(wide)
    size = next((s for s in (19, 15) if fonts.width(block.title, fonts.TITLE, s) <= room - 6), 13)
    title = fonts.fitted(block.title, fonts.TITLE, size, 3 * room - 60)
    kicker = fonts.fitted(block.kicker, fonts.TEXT, SMALL, room)
    name = [paragraph(kicker, SMALL, ink=palette.CAPTION), paragraph(title, size, fonts.TITLE, leading=round(size * 1.35))]
    figures = [[*stacked(f.label, SMALL, ink=palette.CAPTION, align=RIGHT, leading=10.5), _large(f, 21, RIGHT)] for f in block.figures]
    row = frame([[name, *figures]], [room, *wide], ("VALIGN", (0, 0), (-1, -1), "BOTTOM"))
    return [row, Spacer(1, 7), *double_rule(), Spacer(1, 9)]


def _room(figure: Figure) -> float:
    value = fonts.width(figure.value, fonts.STRONG, 21) + fonts.width(figure.note, fonts.TEXT, BODY) + 28
    return float(min(CONTENT / 4, max([66.0, value, *(fonts.width(line, fonts.TEXT, SMALL) + 14 for line in figure.label.split("\n"))])))


def _large(figure: Figure, size: float, align: int) -> Any:
    value = fonts.fitted(figure.value, fonts.STRONG, size, CONTENT / 4)
    return with_tail(value, fonts.fitted(figure.note, fonts.TEXT, BODY, CONTENT / 4), size, TONES[figure.tone], align)


def with_tail(value: str, tail: str, size: float, tail_ink: str, align: int) -> Any:
    """A large figure and a small word after it."""
    made = paragraph(value, size, fonts.STRONG, align=align, leading=size * 1.3)
    if not tail:
        return made
    body = fonts.markup(value, fonts.STRONG)
    body += f'&nbsp;&nbsp;<font name="{fonts.TEXT}" size="{BODY}" color="{tail_ink}">{fonts.markup(tail, fonts.TEXT)}</font>'
    return type(made)(body, made.style)


def heading(block: Heading, width: float = CONTENT) -> list[Any]:
    """A heading beside a small blue bar."""
    text = _clipped(block.text, fonts.STRONG, 11, width)
    note = _clipped(block.note, fonts.TEXT, SMALL, width)
    bar = ("LINEBEFORE", (0, 0), (0, 0), 2.6, color(palette.BLUE), 0)
    pad = ("LEFTPADDING", (0, 0), (0, 0), 7)
    made = frame([[with_remark(text, note, 11, fonts.STRONG, width - 7)]], [width], bar, pad)
    return [Spacer(1, 7), made, Spacer(1, 5)]


def paragraphs(block: Paragraphs) -> list[Any]:
    """Running text."""
    made: list[Any] = [Spacer(1, 4)]
    for text in block.texts:
        made += [paragraph(text, BODY, ink=TONES[block.tone], align=LEFT, leading=13.4), Spacer(1, 3)]
    return made


def cards(block: Cards) -> list[Any]:
    """Headline figures between two hairlines, divided by thin strokes."""
    each = CONTENT / len(block.figures)
    cells = [
        [
            *stacked(_clipped(f.label, fonts.TEXT, SMALL, each), SMALL, ink=palette.INK_2, leading=11.5),
            paragraph(fonts.fitted(f.value, fonts.STRONG, 17, each - 18), 17, fonts.STRONG, leading=23),
            *stacked(_clipped(f.note, fonts.TEXT, SMALL, each), SMALL, ink=palette.INK_2, leading=11.5),
        ]
        for f in block.figures
    ]
    rules = [
        ("LINEABOVE", (0, 0), (-1, 0), 0.6, color(palette.GREY)),
        ("LINEBELOW", (0, 0), (-1, 0), 0.6, color(palette.GREY)),
        ("LINEBEFORE", (1, 0), (-1, 0), 0.6, color(palette.GREY)),
        ("TOPPADDING", (0, 0), (-1, -1), 5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        ("LEFTPADDING", (0, 0), (-1, -1), 9),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    return [frame([cells], [each] * len(cells), *rules), Spacer(1, 2)]


def signatures(block: Signatures) -> list[Any]:
    """A line to sign on for each label."""
    gap = 18.0
    count = len(block.labels)
    each = (CONTENT - gap * (count - 1)) / count
    cells: list[Any] = []
    widths: list[float] = []
    rules: list[tuple[Any, ...]] = []
    for index, label in enumerate(block.labels):
        if index:
            cells.append("")
            widths.append(gap)
        rules.append(("LINEBELOW", (len(cells), 0), (len(cells), 0), 0.8, color(palette.INK)))
        cells.append(paragraph(fonts.fitted(label, fonts.TEXT, BODY, each), BODY))
        widths.append(each)
    return [Spacer(1, 12), frame([cells], widths, *rules, ("BOTTOMPADDING", (0, 0), (-1, -1), 5))]
