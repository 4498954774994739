"""The list page as a value: everything its template shows, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.languages import Words
from app.crud.access import may
from app.crud.cells import Cell, cell_of
from app.crud.columns import Choice, Field, Flag, Link, Links
from app.crud.filters import OPERATORS, SPANS, Condition, operators_of, sentence
from app.crud.listing import PAGE_SIZES, Asked, Page, linked_names, matching, page, sortable
from app.crud.resource import CREATE, EXPORT, IMPORT, UPDATE, Resource, target_of
from app.crud.tables import ListSetting, SavedFilter
from app.crud.time_left import time_left

DOUBLED = {"in": ("eq",), "last": ("gt", "lt")}
"""Operators that say nothing new to people beside the one that comes first."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on: its two halves, the address without it, and what is needed to change it."""

    label: str
    said: str
    without: str
    condition: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """A filter that could be added."""

    name: str
    label: str
    kind: str
    operators: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...] = ()
    pick: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """A column's head."""

    name: str
    label: str
    kind: str
    address: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its number, what it is called, where it is shown, its cells, the time left, and where it is changed."""

    id: int
    version: int
    label: str
    href: str
    cells: tuple[Cell, ...]
    left: Cell | None = None
    edit_href: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab above the list."""

    label: str
    count: int
    href: str
    active: bool
    value: str
    look: str = ""


@dataclass(slots=True)
class ListPage:
    """A whole list page."""

    resource: Resource
    title: str
    as_of: str
    asked: Asked
    headers: Sequence[Header]
    rows: Sequence[Row]
    page: Page
    chips: Sequence[Chip]
    choices: Sequence[FilterChoice]
    tabs: Sequence[Tab]
    saved: Sequence[dict[str, Any]]
    columns: Sequence[dict[str, Any]]
    sizes: Sequence[dict[str, Any]]
    problems: Sequence[str]
    addresses: Mapping[str, str]
    query: str
    can: Mapping[str, bool] = field(default_factory=dict)
    notices: Sequence[str] = ()


def address(resource: Resource, asked: Asked, **changes: Any) -> str:
    """The address of a list as asked, with changes."""
    return url_for(f"{resource.name}Screen.list") + "?" + query_of(asked.with_(**changes) if changes else asked)


def query_of(asked: Asked) -> str:
    """The query string that asks for exactly this."""
    pairs = [("f", c.address) for c in asked.conditions]
    pairs += [("q", asked.text)] if asked.text else []
    pairs += [("o", ("-" if asked.descending else "") + asked.order)] if asked.order else []
    pairs += [("n", str(asked.size))]
    pairs += [("c", asked.cursor), ("s", str(asked.start))] if asked.cursor else []
    return urlencode(pairs)


def settings_of(session: Session, resource: Resource, user_id: int | None) -> ListSetting | None:
    """How this person wants to see this list."""
    statement = select(ListSetting).where(ListSetting.user_id == user_id, ListSetting.resource == resource.name)
    return session.execute(statement).scalar_one_or_none() if user_id else None


def shown_columns(resource: Resource, setting: ListSetting | None) -> tuple[str, ...]:
    """The columns a person chose, as far as they still exist, or the usual ones."""
    chosen = tuple(name for name in (setting.columns if setting else ()) if name in resource.columns)
    return chosen or resource.default_columns


def list_page(session: Session, resource: Resource, asked: Asked, writer: Words, user_id: int | None) -> ListPage:
    """Build the page."""
    setting = settings_of(session, resource, user_id)
    columns = shown_columns(resource, setting)
    fetched = page(session, resource, asked, columns)
    names = linked_names(session, resource, asked.conditions)
    editable = resource.permits(UPDATE) and may(UPDATE, resource.name)
    return ListPage(
        resource=resource,
        title=writer(resource.plural),
        as_of=writer.moment(now()),
        asked=asked,
        headers=[_header(resource, asked, name, writer) for name in columns],
        rows=[_row(resource, row, columns, writer, editable) for row in fetched.rows],
        page=fetched,
        chips=[_chip(resource, asked, c, writer, names.get(c.column, {})) for c in asked.conditions],
        choices=[_choice(name, column, writer) for name, column in resource.filtered.items()],
        tabs=_tabs(session, resource, asked, writer),
        saved=_saved(session, resource, user_id),
        columns=[{"name": n, "label": writer(c.label), "on": n in columns} for n, c in _in_order(resource, columns)],
        sizes=[{"size": size, "href": address(resource, asked, size=size), "on": size == asked.size} for size in PAGE_SIZES],
        problems=[writer.phrase(problem) for problem in asked.problems],
        addresses=_addresses(resource, asked, fetched),
        query=query_of(asked.with_()),
        can={verb: resource.permits(verb) and may(verb, resource.name) for verb in (CREATE, IMPORT, EXPORT)},
    )


def _in_order(resource: Resource, columns: Sequence[str]) -> list[tuple[str, Field]]:
    rest = [name for name in resource.columns if name not in columns]
    return [(name, resource.columns[name]) for name in (*columns, *rest)]


def _header(resource: Resource, asked: Asked, name: str, writer: Words) -> Header:
    column = resource.columns[name]
    kind = "number" if column.numeric else column.kind
    if name not in sortable(resource):
        return Header(name, writer(column.label), kind)
    state = ("down" if asked.descending else "up") if asked.order == name else ""
    return Header(name, writer(column.label), kind, address(resource, asked, order=name, descending=state == "up"), state)


def _row(resource: Resource, row: Any, columns: Sequence[str], writer: Words, editable: bool) -> Row:
    due, ended = resource.clock
    return Row(
        id=row.id,
        version=getattr(row, "version", 1),
        label=str(row.label()),
        href=url_for(f"{resource.name}Screen.show", pk=row.id),
        cells=tuple(cell_of(row, resource.columns[name], writer) for name in columns),
        left=time_left(getattr(row, due), getattr(row, ended), now(), writer) if due in columns else None,
        edit_href=url_for(f"{resource.name}Screen.edit", pk=row.id) if editable else "",
    )


def _chip(resource: Resource, asked: Asked, condition: Condition, writer: Words, names: dict[int, str]) -> Chip:
    label, said = sentence(resource, condition, writer, names)
    rest = tuple(c for c in asked.conditions if c != condition)
    spoken = {str(number): name for number, name in names.items()}
    return Chip(label, said, address(resource, asked, conditions=rest), condition.address, spoken)


def _choice(name: str, column: Field, writer: Words) -> FilterChoice:
    options: tuple[tuple[str, str], ...] = ()
    pick = ""
    kind = column.kind
    if isinstance(column, Choice):
        options = tuple((o.value, o.text(writer)) for o in column.options() if o.active)
    elif isinstance(column, Flag):
        options = (("1", writer("Yes")), ("0", writer("No")))
    elif isinstance(column, (Link, Links)):
        pick, kind = url_for(f"{target_of(column).name}Screen.pick"), "link"
    elif kind in ("day", "moment"):
        options = tuple((span, writer(label)) for span, label in SPANS.items())
    known = operators_of(column)
    said = [o for o in known if o not in DOUBLED.get(known[0], ())]
    return FilterChoice(name, writer(column.label), kind, tuple((o, writer(OPERATORS[o])) for o in said), options, pick)


def _tabs(session: Session, resource: Resource, asked: Asked, writer: Words) -> list[Tab]:
    if not resource.tabs:
        return []
    column = resource.fields[resource.tabs]
    assert isinstance(column, Choice)
    chosen = next((c for c in asked.conditions if c.column == resource.tabs and c.operator == "in"), None)
    others = tuple(c for c in asked.conditions if c != chosen)
    entity: Any = resource.entity
    stored = getattr(entity, resource.tabs)
    statement = matching(resource, asked.with_(conditions=others)).with_only_columns(stored, func.count()).group_by(stored)
    counts: dict[str, int] = dict(session.execute(statement).all())
    tabs = [Tab(writer("All"), sum(counts.values()), address(resource, asked, conditions=others), chosen is None, "")]
    for option in column.options():
        condition = Condition(resource.tabs, "in", (option.value,))
        active = chosen is not None and chosen.values == (option.value,)
        href = address(resource, asked, conditions=(*others, condition))
        look = f"stage stage-{option.value}" if column.look == "stage" else ""
        tabs.append(Tab(option.text(writer), counts.get(option.value, 0), href, active, option.value, look))
    return tabs


def _saved(session: Session, resource: Resource, user_id: int | None) -> list[dict[str, Any]]:
    statement = select(SavedFilter).where(
        SavedFilter.resource == resource.name, (SavedFilter.user_id == user_id) | (SavedFilter.shared.is_(True))
    )
    base = url_for(f"{resource.name}Screen.list")
    rows = session.execute(statement.order_by(SavedFilter.name)).scalars()
    return [{"id": s.id, "name": s.name, "href": f"{base}?{s.query}", "mine": s.user_id == user_id, "shared": s.shared} for s in rows]


def _addresses(resource: Resource, asked: Asked, fetched: Page) -> dict[str, str]:
    screen = f"{resource.name}Screen"
    found = {"clear": address(resource, asked, conditions=(), text=""), "self": address(resource, asked)}
    if fetched.next_cursor:
        found["next"] = address(resource, asked, cursor=fetched.next_cursor, start=fetched.start + len(fetched.rows))
    if fetched.previous_cursor:
        found["previous"] = address(resource, asked, cursor=fetched.previous_cursor, start=max(0, fetched.start - asked.size))
    for name in ("add", "import_file", "export", "template", "save_filter", "save_columns"):
        found[name] = url_for(f"{screen}.{name}")
    return found
