"""The words a table is declared with; each returns a column that also knows its label, rules and place."""

from __future__ import annotations

from typing import Any

from app.crud.columns.choices import Choice, Options
from app.crud.columns.links import Link, Links
from app.crud.columns.localized import Localized
from app.crud.columns.moments import Day, Moment
from app.crud.columns.numbers import Flag, Number
from app.crud.columns.texts import Text

# Typed as Any so that ``code: Mapped[str] = text(...)`` reads, to a type checker, like any mapped column.


def text(length: int, label: str, **options: Any) -> Any:
    """A line of text."""
    return Text(length, label, **options)


def long_text(label: str, *, length: int = 20_000, lines: int = 4, **options: Any) -> Any:
    """Several lines of text."""
    return Text(length, label, lines=lines, **options)


def localized(length: int, label: str, **options: Any) -> Any:
    """A text per language."""
    return Localized(length, label, **options)


def number(label: str, **options: Any) -> Any:
    """A whole number, or an exact decimal with ``places``."""
    return Number(label, **options)


def flag(label: str, **options: Any) -> Any:
    """Yes or no."""
    return Flag(label, **options)


def day(label: str, **options: Any) -> Any:
    """A calendar day."""
    return Day(label, **options)


def moment(label: str, **options: Any) -> Any:
    """An instant."""
    return Moment(label, **options)


def choice(options: Options, label: str, **kwargs: Any) -> Any:
    """One of a fixed or kept set of options."""
    return Choice(options, label, **kwargs)


def link(target: str, label: str, *, table: str, **options: Any) -> Any:
    """A link to one record of another table."""
    return Link(target, label, table=table, **options)


def links(target: str, label: str, *, table: str, **options: Any) -> Any:
    """Links to several records of another table."""
    return Links(target, label, table=table, **options)
