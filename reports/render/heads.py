"""The fixed furniture of a paper: cover head, unit head, headings, cards, signature lines, the code to scan."""

from __future__ import annotations

from typing import Any

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.platypus import HRFlowable, Spacer
from reportlab.platypus import Table as FlowTable

from reports.document import Cards, Cover, Figure, Head, Heading, Paragraphs, Signatures
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
    made = FlowTable(cells, colWidths=widths, hAlign="LEFT", splitInRow=1)
    made.setStyle([*_BARE, *rules])
    return made


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


def cover(block: Cover) -> list[Any]:
    """State and code on top, the serif title in the middle, versions under the double rule."""
    side = 60.0
    fits = all(fonts.width(line, fonts.TITLE, 20) <= CONTENT - 2 * side for line in block.title.split("\n"))
    size = 20 if fits else 16
    state = paragraph(block.state, SMALL + 0.4, ink=palette.INK_2)
    corner: list[Any] = [""]
    if block.scan:
        corner = [scan(block.scan), Spacer(1, 3), paragraph(block.scan_label, TINY_LABEL, ink=palette.CAPTION, align=CENTER)]
    title = [
        paragraph(block.title, size, fonts.TITLE, align=CENTER, leading=round(size * 1.33)),
        Spacer(1, 3),
        paragraph(block.subtitle, 11.5, fonts.TITLE, ink=palette.INK_2, align=CENTER, leading=16),
    ]
    top = frame([[state, corner]], [CONTENT - _SCAN, _SCAN], ("VALIGN", (0, 0), (-1, -1), "TOP"))
    lift = Spacer(1, -33) if block.scan else Spacer(1, 6)
    middle = frame([["", title, ""]], [side, CONTENT - 2 * side, side])
    thirds = [CONTENT * 0.22, CONTENT * 0.56, CONTENT * 0.22]
    line = [
        paragraph(block.left, SMALL, ink=palette.INK_2),
        paragraph(block.middle, SMALL, ink=palette.INK_2, align=CENTER),
        paragraph(block.right, SMALL, ink=palette.INK_2, align=RIGHT),
    ]
    return [top, lift, middle, Spacer(1, 9), *double_rule(), Spacer(1, 5), frame([line], thirds), Spacer(1, 7)]


TINY_LABEL = 6.8


def head(block: Head) -> list[Any]:
    """A unit's name at the left, its figures at the right."""
    wide = [_room(figure) for figure in block.figures]
    room = CONTENT - sum(wide)
    size = 19 if fonts.width(block.title, fonts.TITLE, 19) <= 2 * room - 40 else 13
    name = [paragraph(block.kicker, SMALL, ink=palette.CAPTION), paragraph(block.title, size, fonts.TITLE, leading=round(size * 1.35))]
    figures = [[*stacked(f.label, SMALL, ink=palette.CAPTION, align=RIGHT, leading=10.5), _large(f, 21, RIGHT)] for f in block.figures]
    row = frame([[name, *figures]], [room, *wide], ("VALIGN", (0, 0), (-1, -1), "BOTTOM"))
    return [row, Spacer(1, 7), *double_rule(), Spacer(1, 9)]


def _room(figure: Figure) -> float:
    value = fonts.width(figure.value, fonts.STRONG, 21) + fonts.width(figure.note, fonts.TEXT, BODY) + 28
    return max([66.0, value, *(fonts.width(line, fonts.TEXT, SMALL) + 14 for line in figure.label.split("\n"))])


def _large(figure: Figure, size: float, align: int) -> Any:
    return with_tail(figure.value, figure.note, size, TONES[figure.tone], align)


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
    bar = ("LINEBEFORE", (0, 0), (0, 0), 2.6, color(palette.BLUE), 0)
    pad = ("LEFTPADDING", (0, 0), (0, 0), 7)
    made = frame([[with_remark(block.text, block.note, 11, fonts.STRONG, width - 7)]], [width], bar, pad)
    return [Spacer(1, 7), made, Spacer(1, 5)]


def paragraphs(block: Paragraphs) -> list[Any]:
    """Running text."""
    made: list[Any] = [Spacer(1, 4)]
    for text in block.texts:
        made += [paragraph(text, BODY, ink=TONES[block.tone], align=LEFT, leading=13.4), Spacer(1, 3)]
    return made


def cards(block: Cards) -> list[Any]:
    """Headline figures between two hairlines, divided by thin strokes."""
    cells = [
        [
            *stacked(f.label, SMALL, ink=palette.INK_2, leading=11.5),
            paragraph(f.value, 17, fonts.STRONG, leading=23),
            *stacked(f.note, SMALL, ink=palette.INK_2, leading=11.5),
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
    return [frame([cells], [CONTENT / len(cells)] * len(cells), *rules), Spacer(1, 2)]


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
        cells.append(paragraph(label, BODY))
        widths.append(each)
    return [Spacer(1, 12), frame([cells], widths, *rules, ("BOTTOMPADDING", (0, 0), (-1, -1), 5))]
