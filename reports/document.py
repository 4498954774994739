"""A printed paper as a value: blocks in reading order, without a word about how they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

INK, QUIET, LOSS, GAIN, BAD = "ink", "quiet", "loss", "gain", "bad"
"""Tones of a text: normal, caption, lost points (orange), gained (green), somebody must act (red)."""


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text with its tone; ``note`` is a quiet line beneath, ``goto`` the bookmark it leads to."""

    text: str
    tone: str = INK
    strong: bool = False
    note: str = ""
    goto: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """The head of a paper: state, title, subtitle, code to scan, and three texts under the double rule."""

    state: str
    title: str
    subtitle: str
    left: str
    middle: str
    right: str
    scan: str = ""
    scan_label: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One headline figure: a label, the figure, what stands behind it (n/d)."""

    label: str
    value: str
    note: str = ""
    tone: str = INK


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a unit's page: kicker, name, figures at the right, over the double rule."""

    kicker: str
    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's heading with a quiet remark beside it."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Running text, one paragraph per item."""

    texts: tuple[str, ...]
    tone: str = INK


@dataclass(frozen=True, slots=True)
class Cards:
    """Headline figures side by side."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its title, its share of the width, whether it holds figures (then right-aligned).

    ``whole`` keeps its cells on one line: dates and numbers are never wrapped.
    """

    title: str
    share: float
    figures: bool = False
    strong: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with hairlines; its header repeats on every page, ``total`` closes it in bold."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Text | str, ...], ...]
    total: tuple[Text | str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a ranking: who, how much as text and as a length, and whether it stands out."""

    label: str
    value: float
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """Bars of a ranking, best first, on an axis from ``start`` to ``end``."""

    bars: tuple[Bar, ...]
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a waterfall: from where to where, with its direct label."""

    label: str
    before: float
    after: float
    text: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Where the points went: from full marks through every loss to the score; ``start`` cuts the axis."""

    steps: tuple[Step, ...]
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Point:
    """One month of a trend: the unit's score, and the group's quartiles and median where they are known."""

    label: str
    value: float | None
    text: str
    low: float | None = None
    middle: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """A line over months upon the band between the group's quartiles."""

    points: tuple[Point, ...]
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two columns of blocks."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """Blocks that must not be torn apart by a page's end."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class OnePage:
    """Blocks that fill one page at most: where they are taller, they are drawn smaller."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on, one per label."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """A code to scan with its label at the right, and beside it what it is good for."""

    address: str
    label: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    """A new page, entered in the outline at ``level`` under ``bookmark`` and reachable as ``key``."""

    key: str
    bookmark: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A place in the outline without a page break."""

    key: str
    bookmark: str
    level: int = 0


Block = (
    Cover
    | Head
    | Heading
    | Paragraphs
    | Cards
    | Table
    | Ranked
    | Waterfall
    | Trend
    | SideBySide
    | Together
    | OnePage
    | Signatures
    | Scan
    | NewPage
    | Bookmark
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. ``page_text`` holds ``%(page)d`` and ``%(pages)d``; ``made_at`` dates the file's properties.

    ``mark`` stands pale across every page (a list that is not final says so), ``copy`` in the foot names the one reader it was made
    for, ``seal`` goes into the file's properties, so that a file can be asked which evaluation it is.
    """

    title: str
    subject: str
    author: str
    language: str
    footer_left: str
    footer_middle: str
    page_text: str
    made_at: datetime
    blocks: tuple[Block, ...]
    mark: str = ""
    copy: str = ""
    seal: str = ""
