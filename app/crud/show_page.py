"""The page of one record as a value: its facts, what belongs to it, who uses it, and how it came to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.languages import Words
from app.crud.access import may
from app.crud.aliases import KINDS, OtherName, aliases_of
from app.crud.cells import Cell, cell_of
from app.crud.columns import Field, Link, Links
from app.crud.entity import Entity
from app.crud.filters import Condition
from app.crud.list_page import Header, Row, address
from app.crud.listing import Asked, eager
from app.crud.resource import DELETE, READ, UPDATE, Resource, resources
from app.crud.traces import Trace, traces
from app.crud.writing import usage
from app.domain.refusals import N_, Refused

RELATED_ROWS = 10


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and a value."""

    label: str
    cell: Cell
    wide: bool = False


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts that belong together."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Rows of another resource that point here."""

    title: str
    headers: tuple[Header, ...]
    rows: tuple[Row, ...]
    count: int
    all_href: str
    add_href: str


@dataclass(slots=True)
class ShowPage:
    """A whole page of one record."""

    resource: Resource
    row: Entity
    title: str
    groups: Sequence[FactGroup]
    related: Sequence[Related]
    aliases: Sequence[tuple[OtherName, str]]
    uses: Sequence[tuple[str, int, str]]
    traces: Sequence[Trace]
    made: str
    can: dict[str, bool]
    stands: str
    edit_href: str
    delete_href: str
    list_href: str


def show_page(session: Session, resource: Resource, row: Entity, writer: Words) -> ShowPage:
    """Build the page."""
    screen = f"{resource.name}Screen"
    allowed = {verb: resource.permits(verb) and may(verb, resource.name) for verb in (UPDATE, DELETE)}
    stands = _stands(resource, row, writer)
    return ShowPage(
        resource=resource,
        row=row,
        title=str(row.label()),
        groups=_groups(resource, row, writer),
        related=[found for name in resource.related if (found := _related(session, row, name, writer))],
        aliases=[(a, writer(KINDS[a.kind])) for a in aliases_of(session, row)] if resource.aliases else [],
        uses=uses_of(session, row, writer),
        traces=traces(session, resource, row.id, writer),
        made=made_of(row, writer),
        can={verb: may_do and (not stands or (verb == UPDATE and resource.amendable)) for verb, may_do in allowed.items()},
        stands=stands if any(allowed.values()) else "",
        edit_href=url_for(f"{screen}.edit", pk=row.id),
        delete_href=url_for(f"{screen}.delete", pk=row.id),
        list_href=url_for(f"{screen}.list"),
    )


def _stands(resource: Resource, row: Entity, writer: Words) -> str:
    """Why a row is kept as it is; empty where it is not."""
    for rule in resource.kept:
        try:
            rule(row)
        except Refused as refused:
            return writer.phrase(refused.phrase)
    return ""


def _groups(resource: Resource, row: Entity, writer: Words) -> list[FactGroup]:
    found: dict[str, list[Fact]] = {}
    for column in resource.fields.values():
        wide = getattr(column, "lines", 1) > 1
        found.setdefault(column.group, []).append(Fact(column.caption(writer), cell_of(row, column, writer), wide))
    return [FactGroup(writer(title) if title else "", tuple(facts)) for title, facts in found.items()]


def _related(session: Session, row: Entity, reference: str, writer: Words) -> Related | None:
    """``Entity.column``: rows of that entity whose link is this row; only for those who may read them."""
    name, _, column_name = reference.partition(".")
    resource = resources()[name]
    if not may(READ, name):
        return None
    entity: Any = resource.entity
    column = resource.fields[column_name]
    condition = entity.id.in_(()) if not isinstance(column, (Link, Links)) else _points_here(entity, column, row)
    columns = tuple(n for n in resource.default_columns if n != column_name)
    total = session.execute(select(func.count(entity.id)).where(condition)).scalar_one()
    statement = select(entity).where(condition).options(*eager(resource, columns)).order_by(entity.id.desc()).limit(RELATED_ROWS)
    rows = session.execute(statement).scalars()
    asked = Asked(conditions=(Condition(column_name, "in", (str(row.id),)),), order=resource.order.lstrip("-"))
    can_add = resource.permits("create") and may("create", name)
    return Related(
        title=writer(resource.plural),
        headers=tuple(Header(n, writer(resource.columns[n].label), resource.columns[n].kind) for n in columns),
        rows=tuple(
            Row(
                r.id,
                r.version,
                str(r.label()),
                url_for(f"{name}Screen.show", pk=r.id),
                tuple(cell_of(r, resource.columns[n], writer) for n in columns),
            )
            for r in rows
        ),
        count=total,
        all_href=address(resource, asked) if column_name in resource.filtered else "",
        add_href=url_for(f"{name}Screen.add") + f"?{column_name}={row.id}" if can_add else "",
    )


def _points_here(entity: Any, column: Field, row: Entity) -> Any:
    if isinstance(column, Links):
        return getattr(entity, column.name).any(column.target_class().id == row.id)
    return getattr(entity, column.key) == row.id


def uses_of(session: Session, row: Entity, writer: Words) -> list[tuple[str, int, str]]:
    """Who uses a row: what, how often, and where the reader may look at it."""
    found = []
    for use in usage(session, row):
        label = f"{writer(use.resource.plural)} · {writer(use.resource.fields[use.link].label)}"
        href = ""
        if use.link in use.resource.filtered and may(READ, use.resource.name):
            href = address(use.resource, Asked(conditions=(Condition(use.link, "in", (str(row.id),)),), order="id"))
        found.append((label, use.count, href))
    return found


def made_of(row: Entity, writer: Words) -> str:
    """Which version this is and when it came to be."""
    if not hasattr(row, "changed_at"):  # FAB's own tables keep no instant of ours
        return writer(N_("Version %(version)d"), version=row.version)
    return writer(N_("Version %(version)d · last changed %(at)s"), version=row.version, at=row.changed_at)
