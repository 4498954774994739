"""Cells: a value of any column as a page shows it, in one place, so that no ``None`` or raw code ever gets out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.core.clock import now
from app.core.languages import NOTHING, Words
from app.crud.access import may
from app.crud.columns import Choice, Field, Flag, Link, Links, Localized, Moment
from app.crud.columns.links import label_of
from app.crud.columns.localized import names_of
from app.crud.masking import masked
from app.crud.resource import READ, Resource, resources


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table or a show page.

    ``kind`` is ``text``, ``number``, ``chip``, ``stage``, ``link``, ``links``, ``moment``, ``left`` or ``flag``; ``borrowed``
    marks a name that exists only in the other language; ``brief`` is how a list writes an instant.
    """

    text: str
    kind: str = "text"
    tone: str = ""
    href: str = ""
    hint: str = ""
    borrowed: bool = False
    parts: tuple[tuple[str, str], ...] = ()
    brief: str = ""


def cell_of(row: Any, column: Field, writer: Words) -> Cell:
    """One value of one row."""
    if isinstance(column, Localized):
        names = names_of(row, column.name)
        return Cell(writer.any(writer.names(names)), borrowed=names.missing(writer.language) and bool(names.zh or names.en))
    if isinstance(column, Link):
        target = getattr(row, column.name)
        return _link(column.target, target, writer)
    if isinstance(column, Links):
        cells = [_link(column.target, target, writer) for target in getattr(row, column.name)]
        return Cell(writer.listing([c.text for c in cells]), "links", parts=tuple((c.text, c.href) for c in cells))
    value = column.value_of(row)
    if column.personal:
        return Cell(masked(column.personal, str(value or "")) or NOTHING)
    if isinstance(column, Choice):
        look = column.look if value else "text"
        return Cell(column.text(value, writer), look, column.tone(value) if look == "chip" else str(value))
    if isinstance(column, Flag):
        return Cell(column.text(value, writer), "flag", column.tone(value))
    if isinstance(column, Moment):
        return Cell(column.text(value, writer), "moment", brief=writer.brief(value, now()))
    return Cell(column.text(value, writer), "number" if column.numeric else "text")


def _link(target: str, row: Any, writer: Words) -> Cell:
    if row is None:
        return Cell(NOTHING)
    href = show_address(resources()[target], row.id) if target in resources() else ""
    return Cell(label_of(row, writer), "link", href=href)


def show_address(resource: Resource, row_id: int) -> str:
    """Where a row is shown, if this person may go there."""
    return url_for(f"{resource.name}Screen.show", pk=row_id) if may(READ, resource.name) else ""
