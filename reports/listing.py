"""A list as a value: headline figures and tables with what stands in their cells, before anybody thinks of paper or sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from app.domain.period import Period
from app.domain.refusals import Phrase
from app.domain.scorecard import Names
from app.queries.letterhead import Letterhead

Content = str | int | Fraction | datetime | Names | Phrase | None
"""What a cell can hold: text as it is, a count, a rate or a length, an instant, a name of master data, a sentence; ``None`` is a dash."""

TEXT, CODE, LONG, COUNT, RATE, SPAN, MOMENT = "text", "code", "long", "count", "rate", "span", "moment"
"""Kinds of columns: short text, numbers that are never torn, text that wraps, whole numbers, fractions in percent, hours, instants."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its title (a message id), its kind, its share of a page's width; ``strong`` is what the eye looks for."""

    title: str
    kind: str = TEXT
    share: float = 10.0
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One table with its heading. ``bars`` names the column that is also drawn, ``total`` closes the table, ``empty`` stands for no rows.

    A ``long`` table gets a sheet of its own, with a filter, and on paper its first rows only.
    """

    title: str
    fields: tuple[Field, ...]
    rows: Sequence[Sequence[Content]]
    empty: str
    note: Phrase | None = None
    total: Sequence[Content] = ()
    bars: int = -1
    long: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure above the tables: its label (a message id), the figure, and what stands behind it."""

    label: str
    kind: str
    value: Content
    note: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A whole list: its title (a message id), at most four headlines, its tables, and how to read it.

    It is about a ``period``, or about what ``subject`` says.
    """

    title: str
    head: Letterhead
    period: Period | None
    figures: tuple[Headline, ...]
    parts: tuple[Part, ...]
    notes: tuple[Phrase, ...] = ()
    subject: Phrase | None = None
