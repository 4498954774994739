"""Lists: which rows, in which order, which page, and how many, read from an address and bounded on every side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased, selectinload
from werkzeug.datastructures import MultiDict

from app.crud.columns import Field, Link, Links, Localized
from app.crud.entity import Entity
from app.crud.filters import Condition, read_condition, search, where
from app.crud.resource import Resource, resources, target_of
from app.domain.refusals import Phrase, Refused

PAGE_SIZES = (20, 50, 100, 200)
COUNT_CAP = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see of a list."""

    conditions: tuple[Condition, ...] = ()
    text: str = ""
    order: str = ""
    descending: bool = False
    size: int = 50
    cursor: str = ""
    start: int = 0
    problems: tuple[Phrase, ...] = ()

    def with_(self, **changes: Any) -> Asked:
        """The same with changes, on its first page."""
        return replace(self, **{"cursor": "", "start": 0, **changes})


def read_request(resource: Resource, args: MultiDict[str, str], size: int = 50) -> Asked:
    """A request from an address: ``f`` conditions, ``q`` text, ``o`` order, ``n`` rows, ``c`` cursor, ``s`` position.

    What does not fit is left out and said, so that a bad address still shows a list.
    """
    conditions: list[Condition] = []
    problems: list[Phrase] = []
    for text in args.getlist("f")[:30]:
        try:
            conditions.append(read_condition(resource, text))
        except Refused as refusal:
            problems.append(refusal.phrase)
    order, descending = args.get("o", ""), False
    if order.startswith("-"):
        order, descending = order[1:], True
    if order not in sortable(resource):
        order, descending = resource.order.lstrip("-"), resource.order.startswith("-")
    return Asked(
        conditions=tuple(dict.fromkeys(conditions)),
        text=args.get("q", "").strip()[:100],
        order=order,
        descending=descending,
        size=_bounded(args.get("n", ""), size),
        cursor=args.get("c", "")[:40],
        start=int(args["s"]) if re.fullmatch("[0-9]{1,9}", args.get("s", "")) else 0,
        problems=tuple(problems),
    )


def _bounded(text: str, default: int) -> int:
    size = int(text) if re.fullmatch("[0-9]{1,5}", text) else default
    return max(1, min(size, PAGE_SIZES[-1]))


def sortable(resource: Resource) -> dict[str, Field]:
    """Columns a list may be ordered by; personal ones may not, or their order would give them away."""
    return {name: c for name, c in resource.columns.items() if not c.personal and not isinstance(c, Links)} | {"id": _ID}


class _Id(Field):
    """The row's number, as an order of last resort."""


_ID = _Id("")
_ID.name = "id"


def matching(resource: Resource, asked: Asked, extra: Sequence[ColumnElement[bool]] = ()) -> Select[Any]:
    """All rows that fit, unordered. Row scope is added beneath, by the session."""
    statement = select(resource.entity)
    found = search(resource, asked.text)
    parts = [where(resource, condition) for condition in asked.conditions]
    parts += [found] if found is not None else []
    return statement.where(*parts, *extra)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. ``capped`` says that there are more rows than were counted."""

    rows: Sequence[Any]
    count: int
    capped: bool
    start: int
    next_cursor: str
    previous_cursor: str


def page(session: Session, resource: Resource, asked: Asked, columns: Sequence[str], extra: Sequence[ColumnElement[bool]] = ()) -> Page:
    """Fetch one page: by key, not by counting through what was already shown."""
    statement = matching(resource, asked, extra)
    total = count(session, statement)
    statement, key = ordered(resource, statement, asked)
    forward, anchor = _cursor(session, resource, asked)
    if anchor is not None:
        statement = statement.where(_beyond(key, anchor, asked.descending == forward))
    if not forward:
        statement = statement.order_by(None).order_by(*_directions(key, not asked.descending))
    rows = list(session.execute(statement.options(*eager(resource, columns)).limit(asked.size + 1)).scalars())
    more, rows = len(rows) > asked.size, rows[: asked.size]
    if not forward:
        rows.reverse()
    start = asked.start if anchor is not None else 0
    has_next = more if forward else bool(rows)
    has_previous = anchor is not None if forward else more
    return Page(
        rows=rows,
        count=min(total, COUNT_CAP),
        capped=total > COUNT_CAP,
        start=start if rows else 0,
        next_cursor=f"a{rows[-1].id}" if rows and has_next else "",
        previous_cursor=f"b{rows[0].id}" if rows and has_previous else "",
    )


def count(session: Session, statement: Select[Any]) -> int:
    """How many rows fit, at most one more than the cap."""
    entity = statement.column_descriptions[0]["entity"]
    capped = statement.with_only_columns(entity.id).order_by(None).limit(COUNT_CAP + 1).subquery()
    return int(session.execute(select(func.count()).select_from(capped)).scalar_one())


def ordered(resource: Resource, statement: Select[Any], asked: Asked) -> tuple[Select[Any], list[ColumnElement[Any]]]:
    """The statement in order, and its key: (is empty, value, id), so that every row has one place."""
    entity: Any = resource.entity
    column = sortable(resource).get(asked.order, _ID)
    if isinstance(column, Link):
        target = aliased(target_of(column).entity)
        statement = statement.outerjoin(target, getattr(entity, column.key) == target.id)
        value = _link_order(target_of(column), target)
    elif isinstance(column, Localized):
        value = getattr(entity, column.name)
    else:
        value = getattr(entity, column.key if column is not _ID else "id")
    key = [value, entity.id] if column is _ID else [case((value.is_(None), 1), else_=0), value, entity.id]
    return statement.order_by(*_directions(key, asked.descending)), key


def _link_order(resource: Resource, target: Any) -> ColumnElement[Any]:
    for name, column in resource.localized.items():
        return getattr(target, f"{name}_key") if column.keyed else getattr(target, f"{name}_zh")
    return getattr(target, resource.fields[resource.natural_key[0]].key)


def _directions(key: list[ColumnElement[Any]], descending: bool) -> list[ColumnElement[Any]]:
    return [part.desc() if descending else part.asc() for part in key]


def _cursor(session: Session, resource: Resource, asked: Asked) -> tuple[bool, Any]:
    """Where the page begins: after or before a row, found again by its number; a row that is gone means the start."""
    if asked.cursor[:1] not in ("a", "b") or not re.fullmatch("[0-9]{1,11}", asked.cursor[1:]):
        return True, None
    entity: Any = resource.entity
    lookup, key = ordered(resource, select(entity).where(entity.id == int(asked.cursor[1:])), asked)
    found = session.execute(lookup.order_by(None).add_columns(*key)).first()
    return (asked.cursor[0] == "a") or found is None, found and tuple(found)[1:]


def _beyond(key: list[ColumnElement[Any]], anchor: Any, backwards: bool) -> ColumnElement[bool]:
    """Rows after ``anchor`` in key order, spelled out: portable, and right where values are missing."""
    options: list[ColumnElement[bool]] = []
    for place, part in enumerate(key):
        equal = [key[n].is_(anchor[n]) if anchor[n] is None else key[n] == anchor[n] for n in range(place)]
        if anchor[place] is None:
            continue
        here = literal(anchor[place], part.type)
        options.append(and_(*equal, part < here if backwards else part > here))
    return or_(*options)


def eager(resource: Resource, columns: Sequence[str]) -> list[Any]:
    """Load what a page shows of linked rows in one query each, never row by row."""
    found = []
    for name in columns:
        column = resource.fields.get(name)
        if isinstance(column, (Link, Links)):
            found.append(selectinload(getattr(resource.entity, name)))
    return found


def linked_names(session: Session, resource: Resource, conditions: Sequence[Condition]) -> dict[str, dict[int, str]]:
    """The names of the rows that filters mention, per column."""
    found: dict[str, dict[int, str]] = {}
    for condition in conditions:
        column = resource.filtered[condition.column]
        if isinstance(column, (Link, Links)):
            ids = [int(value) for value in condition.values if value.isdecimal()]
            entity: Any = resources()[column.target].entity
            rows: Sequence[Entity] = session.execute(select(entity).where(entity.id.in_(ids))).scalars().all()
            found.setdefault(condition.column, {}).update({row.id: str(row.label()) for row in rows})
    return found
