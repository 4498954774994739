"""Lines of the change log in words: links by the name of their target, personal values masked, codes by their label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.languages import NOTHING, Words
from app.crud.columns import Field, Link, Links
from app.crud.columns.links import label_of
from app.crud.masking import masked
from app.crud.resource import Resource, resources
from app.crud.tables import Change
from app.domain.actors import SYSTEM
from app.domain.refusals import N_

ACTIONS = {"create": N_("Created"), "update": N_("Changed"), "delete": N_("Deleted"), "undo": N_("Undone")}
NAMELESS = {SYSTEM.name: N_("system"), "citizen": N_("citizen")}
Names = dict[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class Trace:
    """One line of the change log in words; ``changes`` are (label, before, after)."""

    at: str
    who: str
    action: str
    changes: tuple[tuple[str, str, str], ...]
    batch_id: int | None


def traces(session: Session, resource: Resource, row_id: int, writer: Words, limit: int = 20) -> list[Trace]:
    """The latest changes of a row, before and after in words; what is older than its creation was another row of that number."""
    statement = select(Change).where(Change.entity == resource.name, Change.row_id == row_id).order_by(Change.id.desc()).limit(limit)
    lines = list(session.execute(statement).scalars())
    created = next((place for place, line in enumerate(lines, start=1) if line.action == "create"), limit)
    return traces_of(session, lines[:created], writer)


def actor_name(kept: str, writer: Words) -> str:
    """Who did something, as readers call them: people by the kept name, the program and the citizen in the reader's words."""
    return writer(NAMELESS[kept]) if kept in NAMELESS else kept or NOTHING


def traces_of(session: Session, changes: Sequence[Change], writer: Words) -> list[Trace]:
    """Lines of the change log in words; the targets of all their links are named with one query for each kind."""
    names = _names(session, changes, writer)
    return [_trace(change, resources().get(change.entity), names, writer) for change in changes]


def _names(session: Session, changes: Sequence[Change], writer: Words) -> Names:
    wanted: dict[str, set[int]] = defaultdict(set)
    for change in changes:
        resource = resources().get(change.entity)
        for name, pair in (change.changes or {}).items():
            column = resource.fields.get(name) if resource else None
            if isinstance(column, (Link, Links)):
                wanted[column.target].update(i for value in pair for i in _ids(value))
    found: Names = {}
    for target, ids in wanted.items():
        entity: Any = resources()[target].entity
        for row in session.execute(select(entity).where(entity.id.in_(sorted(ids)))).scalars():
            found[target, row.id] = label_of(row, writer)
    return found


def _ids(value: Any) -> list[int]:
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, int)]


def _trace(change: Change, resource: Resource | None, names: Names, writer: Words) -> Trace:
    shown = []
    for name, (before, after) in (change.changes or {}).items():
        column = resource.fields.get(name) if resource else None
        label = column.caption(writer) if column else writer("Other names") if name == "aliases" else name
        shown.append((label, _said(column, before, names, writer), _said(column, after, names, writer)))
    action = writer(ACTIONS.get(change.action, change.action))
    who = actor_name(change.user_name, writer)
    return Trace(writer.moment(change.at), who, action, tuple(shown), change.batch_id)


def _said(column: Field | None, value: Any, names: Names, writer: Words) -> str:
    if column is None or value in (None, "", []):
        return writer.any(value)
    if column.personal:
        return masked(column.personal, str(value))
    if isinstance(column, (Link, Links)):
        # A target that has been deleted since, or that the reader may not see, keeps its number.
        said = [names.get((column.target, i), f"#{i}") for i in _ids(value)]
        return writer.listing(said) if len(said) > 1 else "".join(said)
    if column.kind == "moment":
        return writer.moment(datetime.fromisoformat(str(value)))
    return column.text(value, writer) if column.kind in ("choice", "flag") else writer.any(value)
