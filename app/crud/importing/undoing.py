"""Undoing a batch: what it created disappears, what it changed goes back, unless somebody has built on it since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.runs import Progress
from app.crud.changes import entry
from app.crud.columns import Day, Links, Moment, Number, Reading
from app.crud.columns.base import Origin
from app.crud.importing.planning import CHUNK
from app.crud.resource import Resource, resources
from app.crud.tables import Alias, Change, ImportBatch
from app.domain.refusals import N_, Refused

PutBack = Callable[[Session, Change], None]
Guard = Callable[[Session, list[int]], None]

_special: dict[str, tuple[PutBack, Guard]] = {}


def offer_undo(entity: str, *, put_back: PutBack, before_removal: Guard) -> None:
    """How rows of an entity with parts of its own (tickets) are put back, and what forbids removing them."""
    _special[entity] = (put_back, before_removal)


def undo(session: Session, batch: ImportBatch, progress: Progress) -> int:
    """Undo a batch inside the caller's transaction; returns how many rows it touched.

    Raises ``Refused("built-upon")`` naming what stands in the way; then nothing is undone.
    """
    changes = session.execute(select(Change).where(Change.batch_id == batch.id).order_by(Change.id.desc())).scalars().all()
    _refuse_later_changes(session, changes)
    created: dict[str, list[int]] = defaultdict(list)
    for place, change in enumerate(changes):
        if change.action == "create":
            created[change.entity].append(change.row_id)
        elif change.action == "update" and change.entity in _special:
            _special[change.entity][0](session, change)
        elif change.action == "update":
            _put_back(session, resources()[change.entity], change)
        progress.advance(place)
    session.execute(delete(Alias).where(Alias.batch_id == batch.id))
    for name, ids in created.items():
        _remove(session, resources()[name], ids)
    lines = [entry(c.entity, c.row_id, c.row_label, "undo", None) for c in changes]
    for start in range(0, len(lines), CHUNK):
        session.execute(insert(Change), lines[start : start + CHUNK])
    batch.state, batch.undone_at = "undone", now()
    return len(changes)


def _refuse_later_changes(session: Session, changes: Any) -> None:
    """A row that was changed after the batch is somebody else's work by now."""
    last: dict[tuple[str, int], int] = {}
    for change in changes:
        last.setdefault((change.entity, change.row_id), change.id)
    for entity in {name for name, _ in last}:
        ids = [row for name, row in last if name == entity]
        for start in range(0, len(ids), CHUNK):
            statement = select(Change.row_id, func.max(Change.id), func.max(Change.row_label)).where(
                Change.entity == entity, Change.row_id.in_(ids[start : start + CHUNK])
            )
            for row_id, newest, label in session.execute(statement.group_by(Change.row_id)):
                if newest > last[entity, row_id]:
                    raise Refused(
                        "built-upon",
                        N_("“%(label)s” was changed after the import; undo would lose that change. Nothing was undone."),
                        label=label,
                        status=409,
                    )


def _put_back(session: Session, resource: Resource, change: Change) -> None:
    table = resource.entity.__table__
    assert isinstance(table, Table)
    values: dict[str, Any] = {}
    for name, (before, _after) in (change.changes or {}).items():
        column = resource.fields.get(name)
        if column is None:
            continue
        if isinstance(column, Links):
            pairs, owner, target_column = column.pairs()
            session.execute(delete(pairs).where(owner == change.row_id))
            if before:
                session.execute(insert(pairs), [{owner.name: change.row_id, target_column.name: target} for target in before])
        else:
            restores = before is not None and isinstance(column, (Day, Moment, Number))
            values[column.key] = column.parse(before, Reading(origin=Origin.API)) if restores else before
    for pair in resource.localized.values():
        if f"{pair.name}_zh" in values:
            values.update(pair.derive(values))
    session.execute(update(table).where(table.c.id == change.row_id).values(version=table.c.version + 1, changed_at=now(), **values))


def _remove(session: Session, resource: Resource, ids: list[int]) -> None:
    table = resource.entity.__table__
    assert isinstance(table, Table)
    for start in range(0, len(ids), CHUNK):
        if resource.name in _special:
            _special[resource.name][1](session, ids[start : start + CHUNK])
    _refuse_uses(session, resource, table, ids)
    for name, column in resource.links.items():
        if column.target == resource.name:
            session.execute(update(table).where(table.c.id.in_(ids)).values({resource.fields[name].key: None}))
    for start in range(0, len(ids), CHUNK):
        session.execute(delete(table).where(table.c.id.in_(ids[start : start + CHUNK])))


def _refuse_uses(session: Session, resource: Resource, table: Table, ids: list[int]) -> None:
    """Rows that others refer to by now cannot simply disappear."""
    mine = set(ids)
    for other in table.metadata.tables.values():
        for column in other.columns:
            key = next((fk for fk in column.foreign_keys if fk.column.table is table), None)
            if key is None or key.ondelete in ("CASCADE", "SET NULL") or (column.name == "owner_id"):
                continue
            own = other is table
            for start in range(0, len(ids), CHUNK):
                statement = select(column, other.c.id if own else func.count()).where(column.in_(ids[start : start + CHUNK]))
                for row in session.execute(statement if own else statement.group_by(column)):
                    if not own or row[1] not in mine:
                        label = (
                            session.execute(select(Change.row_label).where(Change.row_id == row[0], Change.entity == resource.name))
                            .scalars()
                            .first()
                        )
                        raise Refused(
                            "built-upon",
                            N_("“%(label)s” is used by other records by now. Nothing was undone."),
                            label=label or f"#{row[0]}",
                            status=409,
                        )
