"""A mapping laid over the columns of one file: every template knows its places, so that a row costs look-ups and no searching."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from app.channels.mapping import PLACE, LedgerMapping, LinkMapping, Template
from app.crud.columns.base import CELL_ERRORS
from app.crud.columns.moments import read_instant, serial_moment
from app.crud.lookups import fold
from app.domain.refusals import N_, Phrase, Refused

Cells = Sequence[Any]
Fill = Callable[[Cells], str]

_MANY_LINES = frozenset({"description", "opinion"})
_NOTE = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
"""Captions explain themselves in brackets: 是否解决（解决/未解决/部分解决）."""


@dataclass(frozen=True, slots=True)
class BoundLink:
    """One level of a link: how a row spells the record's code and names, and where it does so."""

    code: Fill
    name_zh: Fill
    name_en: Fill
    parent: str
    places: tuple[int, ...]


class Binding:
    """Reads a row by a mapping. ``names`` are the mapping's words for the file's ``headers``, empty where it reads nothing.

    ``Refused("missing-column")`` when the file lacks what identifies or dates its tickets, ``Refused("doubled-column")`` when it
    has a column twice that the mapping reads.
    """

    def __init__(self, mapping: LedgerMapping, headers: Sequence[str]) -> None:
        self.mapping, self.headers = mapping, tuple(headers)
        known = {fold(column): column for column in mapping.columns()}
        self.names = tuple(known.get(fold(header), known.get(fold(_NOTE.sub("", header)), "")) for header in headers)
        self.places = {name: place for place, name in enumerate(self.names) if name}
        self._check()
        self._texts = {name: self._fill(template, name in _MANY_LINES) for name, template in mapping.ticket.items()}
        self._moments = {name: self._places_of(template.columns) for name, template in mapping.ticket.items()}
        self._flags = {"in_time": mapping.flags.in_time, "overdue": mapping.flags.overdue} if mapping.flags else {}
        self._flag_texts = {name: self._fill(template) for name, template in self._flags.items()}
        self._void = self._fill(mapping.void.text) if mapping.void else None
        self._said = [self.places.get(column, len(headers)) for column in sorted(mapping.columns())]
        self.links = {name: tuple(self._bound(link) for link in levels) for name, levels in mapping.links.items()}

    def _check(self) -> None:
        needed = [self.mapping.ticket[name] for name in ("source_no", "reported_at") if name in self.mapping.ticket]
        lost = [template.columns[0] for template in needed if template.columns and not self._places_of(template.columns)]
        if lost:
            raise Refused(
                "missing-column",
                N_("The file has no column %(labels)s, which the mapping “%(mapping)s” needs."),
                labels=[Phrase(N_("“%(label)s”"), label=name) for name in lost],
                mapping=self.mapping.title,
            )
        doubled = [name for name in self.names if name and self.names.count(name) > 1]
        if doubled:
            raise Refused("doubled-column", N_("The column “%(label)s” stands twice in the file."), label=doubled[0])

    def _places_of(self, columns: Sequence[str]) -> tuple[int, ...]:
        return tuple(self.places[column] for column in columns if column in self.places)

    def _bound(self, link: LinkMapping) -> BoundLink:
        fills = (self._fill(link.code), self._fill(link.name_zh), self._fill(link.name_en))
        return BoundLink(*fills, link.parent, self._places_of(link.columns))

    def _fill(self, template: Template, many_lines: bool = False) -> Fill:
        """A function from a row's cells to the template's text; empty where any of its columns is missing."""
        parts = PLACE.split(template.text)
        literals, choices = parts[::2], [self._places_of([name.strip() for name in part.split("|")]) for part in parts[1::2]]
        missing, clean = self.mapping.missing, (_paragraphs if many_lines else _line)
        pattern, values = re.compile(template.pattern) if template.pattern else None, template.values

        def fill(cells: Cells) -> str:
            filled = literals[0]
            for places, literal in zip(choices, literals[1:], strict=True):
                text = clean(first_of(cells, places))
                if text in missing:
                    return ""
                filled += text + literal
            if pattern:
                match = pattern.search(filled)
                filled = match[1] if match else ""
            return values.get(filled, filled)

        return fill

    def reads(self, name: str) -> bool:
        """Whether the mapping says something about a ticket's column and the file has what that takes."""
        template = self.mapping.ticket.get(name)
        return template is not None and (not template.columns or bool(self._places_of(template.columns)))

    def text(self, name: str, cells: Cells) -> str:
        """A ticket's text column for a row, translated by the mapping's dictionary."""
        fill = self._texts.get(name)
        return fill(cells) if fill else ""

    def moment(self, name: str, cells: Cells) -> datetime | None:
        """A ticket's moment for a row, aware; ``Refused("not-a-moment")`` where the text is none."""
        places = self._moments.get(name)
        if not places:
            return None
        cell = first_of(cells, places)
        found: datetime | None
        if isinstance(cell, datetime):
            found = cell
        elif isinstance(cell, date):
            found = datetime.combine(cell, time())
        else:
            found = serial_moment(cell) or self._spelt(name, self._texts[name](cells))
        return found.replace(tzinfo=self.mapping.zone) if found and found.tzinfo is None else found

    def _spelt(self, name: str, text: str) -> datetime | None:
        if not text:
            return None
        found = _formatted(text, self.mapping.formats.get(name, "")) or read_instant(text)
        if found is None:
            raise Refused(
                "not-a-moment", N_("“%(value)s” is not a valid date and time; write it as 2026-11-24 09:15"), field=name, value=text[:80]
            )
        return found

    def flag(self, name: str, cells: Cells) -> bool | None:
        """What ``in_time`` or ``overdue`` says; ``None`` where it says nothing."""
        flags, fill = self.mapping.flags, self._flag_texts.get(name)
        text = fill(cells) if fill else ""
        if flags is None or not text:
            return None
        if text in flags.yes or text in flags.no:
            return text in flags.yes
        raise Refused("not-yes-no", N_("“%(value)s” is neither yes nor no"), field=name, value=text[:80])

    def void(self, cells: Cells) -> bool:
        """Whether the row counts nowhere."""
        return bool(self.mapping.void and self._void and self.mapping.void.pattern.search(self._void(cells)))

    def said(self, cells: Cells) -> list[Any]:
        """Everything a row says that the mapping reads, for recognising it again."""
        return [cells[place] if place < len(cells) else None for place in self._said]

    def column_of(self, name: str) -> str:
        """The file's own word for a ticket column, a flag or a link, for pointing at it."""
        if name in self.mapping.links:
            link = self.mapping.links[name][-1]
            columns = [*link.name_zh.columns, *link.code.columns]
        else:
            template = self.mapping.ticket.get(name) or self._flags.get(name)
            columns = template.columns if template else []
        present = [self.headers[self.places[column]] for column in columns if column in self.places]
        return next(iter([*present, *columns]), "")


def first_of(cells: Cells, places: Sequence[int]) -> Any:
    """The first cell that holds anything."""
    for place in places:
        if place < len(cells) and cells[place] is not None:
            return cells[place]
    return None


def _line(cell: Any) -> str:
    return " ".join(_paragraphs(cell).split())


def _paragraphs(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip()
    if text in CELL_ERRORS:
        raise Refused("cell-error", N_("the cell shows the error %(value)s instead of a value"), value=text)
    return text


def _formatted(text: str, pattern: str) -> datetime | None:
    if not pattern:
        return None
    try:
        return datetime.strptime(text, pattern)  # noqa: DTZ007 - the ledger's zone is added by the caller
    except ValueError:
        return None
