"""Which column of a file is which column of the table: by code, or by its caption in either language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.languages import LANGUAGES, words
from app.crud.importing.sheets import Line
from app.crud.lookups import fold
from app.crud.resource import Resource
from app.domain.refusals import N_, Phrase, Refused


@dataclass(frozen=True, slots=True)
class Matched:
    """``columns[place]`` is the declared column read from that place of a line, ``""`` where the file's is ignored.

    ``row`` is where the captions stand.
    """

    headers: tuple[str, ...]
    columns: tuple[str, ...]
    row: int = 1

    @property
    def ignored(self) -> list[str]:
        """Headers nothing is read from."""
        return [header for header, column in zip(self.headers, self.columns, strict=True) if header and not column]

    def raw(self, cells: Sequence[Any]) -> dict[str, Any]:
        """A line as column → raw value."""
        return {column: cells[place] if place < len(cells) else None for place, column in enumerate(self.columns) if column}

    def header_of(self, column: str) -> str:
        """The file's own word for a column; empty where the file has none."""
        return next((h for h, c in zip(self.headers, self.columns, strict=True) if c == column), "")


def captions(resource: Resource) -> dict[str, str]:
    """Every spelling that means a column: its code, its caption with and without the required mark, in both languages."""
    found: dict[str, str] = {}
    for name, column in resource.written.items():
        found[fold(name)] = name
        for language in LANGUAGES:
            found[fold(column.caption(words(language)))] = name
    for pair in resource.localized:
        if f"{pair}_zh" in resource.written:
            for language in LANGUAGES:
                found.setdefault(fold(words(language)(resource.localized[pair].label)), f"{pair}_zh")
    return found


def header_cells(first: Line | None) -> tuple[str, ...]:
    """The captions of a header line, without required marks and line breaks; ``Refused`` where there is no line at all."""
    if first is None:
        raise Refused("empty-file", N_("The file is empty."))
    return tuple(" ".join(str(cell if cell is not None else "").replace("*", " ").split()) for cell in first.cells)


def match(resource: Resource, first: Line | None, chosen: Mapping[str, str] | None = None) -> Matched:
    """Match a header line; ``chosen`` is what somebody decided by hand (header → column, empty to ignore).

    Raises ``Refused`` when required columns are missing or a column stands twice.
    """
    known, by_hand = captions(resource), chosen or {}
    headers = header_cells(first)
    unknown = sorted({column for column in by_hand.values() if column and column not in resource.written})
    if unknown:
        raise Refused("no-such-column", N_("There is no column “%(value)s” to read into."), value=unknown[0])
    columns = tuple(by_hand.get(header, known.get(fold(header), "")) if header else "" for header in headers)
    doubled = sorted({c for c in columns if c and columns.count(c) > 1})
    if doubled:
        raise Refused(
            "doubled-column",
            N_("The column “%(label)s” stands twice in the file."),
            label=resource.fields[doubled[0]].caption(words()),
        )
    missing = [c for n, c in resource.written.items() if c.required and n not in columns and c.default in (None, "")]
    if missing:
        raise Refused(
            "missing-column",
            N_("The file has no column for %(labels)s. Its first line must hold the captions; the template shows them."),
            labels=[Phrase(N_("“%(label)s”"), label=column.caption(words())) for column in missing],
        )
    return Matched(headers, columns, first.number if first else 1)
