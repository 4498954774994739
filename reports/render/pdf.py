"""A paper becomes a PDF: A4, one frame, a footer on every page, an outline, and the same bytes every time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Frame, KeepInFrame, KeepTogether, PageBreak, PageTemplate, Spacer
from reportlab.platypus.flowables import CallerMacro

from reports import document
from reports.document import Block, Paper
from reports.render import charts, fonts, heads, palette, tables
from reports.render.typesetting import CONTENT, MARGIN, PAGE_HEIGHT, PAGE_WIDTH, color

_FOOT = 34.0
_FRAME_BOTTOM = 49.0
_SIZE = 7.0
_GAP = 10.0
_HEADED = 130.0
"""What a heading needs below its top: itself, the head of a table in two languages, a row."""
_HEIGHT = PAGE_HEIGHT - MARGIN - _FRAME_BOTTOM
_DRAWN: dict[type, Callable[..., Any]] = {
    document.Cover: lambda block, width: heads.cover(block),
    document.Head: lambda block, width: heads.head(block),
    document.Heading: heads.heading,
    document.Paragraphs: lambda block, width: heads.paragraphs(block),
    document.Cards: lambda block, width: heads.cards(block),
    document.Table: lambda block, width: [tables.table(block, width)],
    document.Ranked: lambda block, width: [charts.ranked(block, width)],
    document.Waterfall: lambda block, width: [charts.waterfall(block, width)],
    document.Trend: lambda block, width: [charts.trend(block, width)],
    document.Signatures: lambda block, width: heads.signatures(block),
    document.Scan: lambda block, width: heads.scan_line(block),
}


class _Pages(Canvas):  # type: ignore[misc, unused-ignore]
    """A canvas that writes each page's number line last, once the number of pages is known."""

    paper: Paper

    def save(self) -> None:
        """Fill in "page x of y" on every page, then close the file."""
        pages = self.getPageNumber() - 1
        for page in range(1, pages + 1):
            self.beginForm(f"page-{page}")
            text = self.paper.page_text % {"page": page, "pages": pages}
            _write(self, PAGE_WIDTH - MARGIN, text, "end")
            self.endForm()
        super().save()


def write(paper: Paper, path: Path) -> None:
    """Print ``paper`` to ``path``. The same paper gives the same bytes: no clock, no random identifier."""
    fonts.register()
    template = BaseDocTemplate(
        str(path),
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        title=fonts.clean(paper.title),
        subject=fonts.clean(paper.subject),
        author=fonts.clean(paper.author),
        keywords=paper.seal or None,
        creator="Frontline",
        producer="Frontline",
        lang={"zh": "zh-CN", "en": "en"}[paper.language],
        invariant=1,
        initialFontName=fonts.TEXT,
        displayDocTitle=1,
    )
    frame = Frame(
        MARGIN,
        _FRAME_BOTTOM,
        CONTENT,
        _HEIGHT,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    template.addPageTemplates([PageTemplate(frames=[frame], onPage=partial(_foot, paper))])
    template.build(list(story(paper.blocks)), canvasmaker=partial(_canvas, paper))


def _canvas(paper: Paper, *args: Any, **options: Any) -> _Pages:
    canvas = _Pages(*args, **options)
    canvas.paper = paper
    canvas.showOutline()
    _date(canvas._doc, paper)
    return canvas


def _date(file: Any, paper: Paper) -> None:
    """Date the file by its paper: ReportLab knows only the present, the year 2000, or an environment variable."""
    moment = paper.made_at.astimezone(UTC)
    stamp = file._timeStamp
    stamp.t, stamp.lt, stamp.YMDhms = moment.timestamp(), moment.timetuple(), tuple(moment.timetuple())[:6]
    stamp.tzname, stamp.dhh, stamp.dmm = "UTC", 0, 0
    file.signature = hashlib.md5(repr(stamp.YMDhms).encode(), usedforsecurity=False)


def story(blocks: Iterable[Block], width: float = CONTENT, *, framed: bool = False) -> Iterable[Any]:
    """The flowables of ``blocks``, in order; ``framed`` ones stand in a frame of their own, where no page can end."""
    opened = False
    for block in blocks:
        if isinstance(block, (document.NewPage, document.Bookmark)):
            if isinstance(block, document.NewPage) and opened:
                yield PageBreak()
            yield CallerMacro(drawCallable=partial(_mark, block))
        elif isinstance(block, document.SideBySide):
            columns = _side_by_side(block, width)
            yield columns if framed else KeepTogether([columns])
        elif isinstance(block, document.Together):
            yield KeepTogether(list(story(block.blocks, width, framed=True)))
        elif isinstance(block, document.OnePage):
            yield KeepInFrame(CONTENT, _HEIGHT - 1, list(story(block.blocks, width, framed=True)), mode="shrink")
        else:
            if isinstance(block, document.Heading) and not framed:
                # Only in the page itself: inside a column it would push the whole column away.
                yield CondPageBreak(_HEADED)
            yield from _DRAWN[type(block)](block, width)
        opened = True


def _side_by_side(block: document.SideBySide, width: float) -> Any:
    gap = 18.0
    each = (width - gap) / 2
    left, right = ([*story(part, each, framed=True), Spacer(1, 0)] for part in (block.left, block.right))
    return heads.frame([[left, "", right]], [each, gap, each], ("VALIGN", (0, 0), (-1, -1), "TOP"))


def _mark(block: document.NewPage | document.Bookmark, flowable: Any, *_: Any) -> None:
    canvas = flowable.canv
    canvas.bookmarkHorizontal(block.key, 0, 24)
    canvas.addOutlineEntry(fonts.clean(block.bookmark), block.key, block.level, closed=block.level == 0)


_MARK, _SLANT = 72.0, 38


def _across(paper: Paper, canvas: Any) -> None:
    """The paper's mark, pale and slanting beneath everything else."""
    size = min(_MARK, _MARK * CONTENT * 1.05 / max(fonts.width(paper.mark, fonts.STRONG, _MARK), 1.0))
    canvas.saveState()
    canvas.translate(PAGE_WIDTH / 2, PAGE_HEIGHT / 2)
    canvas.rotate(_SLANT)
    canvas.setFillColor(color(palette.MARK))
    left = -fonts.width(paper.mark, fonts.STRONG, size) / 2
    for face, piece in fonts.runs(paper.mark, fonts.STRONG):
        canvas.setFont(face, size)
        canvas.drawString(left, -size / 3, piece)
        left += fonts.width(piece, face, size)
    canvas.restoreState()


def _foot(paper: Paper, canvas: Any, template: Any) -> None:
    if paper.mark:
        _across(paper, canvas)
    canvas.saveState()
    canvas.setStrokeColor(color(palette.GREY))
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, _FOOT + 12, PAGE_WIDTH - MARGIN, _FOOT + 12)
    tail = fonts.width(paper.page_text % {"page": 888, "pages": 888}, fonts.TEXT, _SIZE)
    middle = fonts.fitted(paper.footer_middle, fonts.TEXT, _SIZE, CONTENT * 0.5)
    room = CONTENT - tail - fonts.width(middle, fonts.TEXT, _SIZE) - 2 * _GAP
    left = fonts.fitted(paper.footer_left, fonts.TEXT, _SIZE, room)
    start, end = MARGIN + fonts.width(left, fonts.TEXT, _SIZE), PAGE_WIDTH - MARGIN - tail
    _write(canvas, MARGIN, left, "start")
    _write(canvas, (start + end) / 2, middle, "middle")
    canvas.doForm(f"page-{canvas.getPageNumber()}")
    if paper.copy:
        _write(canvas, MARGIN, fonts.fitted(paper.copy, fonts.TEXT, _SIZE, CONTENT), "start", _FOOT - 10)
    canvas.restoreState()


def _write(canvas: Any, x: float, text: str, anchor: str, y: float = _FOOT) -> None:
    canvas.setFillColor(color(palette.CAPTION))
    room = fonts.width(text, fonts.TEXT, _SIZE)
    left = x - {"start": 0.0, "middle": room / 2, "end": room}[anchor]
    for face, piece in fonts.runs(text, fonts.TEXT):
        canvas.setFont(face, _SIZE)
        canvas.drawString(left, y, piece)
        left += fonts.width(piece, face, _SIZE)
