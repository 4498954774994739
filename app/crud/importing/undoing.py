"""Undoing a batch: what it created disappears, what it changed goes back, unless somebody has built on it since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Row, Table, delete, insert, select, update
from sqlalchemy.orm import Session, aliased

from app.core.clock import now
from app.core.runs import Progress
from app.crud.changes import entry
from app.crud.columns import Day, Links, Moment, Number, Reading
from app.crud.columns.base import Origin
from app.crud.importing.planning import CHUNK
from app.crud.resource import Resource, resources
from app.crud.tables import Alias, Change, ImportBatch
from app.domain.refusals import N_, Refused

PutBack = Callable[[Session, Any], None]
"""Restores a row from a line of the change log."""
Guard = Callable[[Session, list[int]], None]
"""Raises ``Refused`` where rows may be neither removed nor put back."""

_special: dict[str, tuple[PutBack, Guard]] = {}


def offer_undo(entity: str, *, put_back: PutBack, guard: Guard) -> None:
    """How rows of an entity with parts of its own (tickets) are put back, and what forbids undoing them."""
    _special[entity] = (put_back, guard)


def undo(session: Session, batch: ImportBatch, progress: Progress) -> int:
    """Undo a batch inside the caller's transaction; returns how many rows it touched.

    Raises ``Refused("built-upon")`` naming what stands in the way; then nothing is undone.
    """
    _refuse_later_changes(session, batch.id)
    created: dict[str, list[int]] = defaultdict(list)
    done = 0
    for chunk in _newest_first(session, batch.id):
        for name, (_, guard) in _special.items():
            guard(session, [c.row_id for c in chunk if c.entity == name])
        _refuse_kept(session, chunk)
        for change in chunk:
            if change.action == "create":
                created[change.entity].append(change.row_id)
            elif change.action == "update" and change.entity in _special:
                _special[change.entity][0](session, change)
            elif change.action == "update":
                _put_back(session, resources()[change.entity], change)
        session.execute(insert(Change), [entry(c.entity, c.row_id, c.row_label, "undo", None) for c in chunk])
        done += len(chunk)
        progress.advance(done)
    session.execute(delete(Alias).where(Alias.batch_id == batch.id))
    for name, ids in created.items():
        _remove(session, resources()[name], ids)
    batch.state, batch.undone_at = "undone", now()
    return done


def _newest_first(session: Session, batch_id: int) -> Iterator[Sequence[Row[Any]]]:
    """What the batch changed, newest first, a thousand lines at a time."""
    columns = (Change.id, Change.entity, Change.row_id, Change.row_label, Change.action, Change.changes)
    last = None
    while True:
        statement = select(*columns).where(Change.batch_id == batch_id).order_by(Change.id.desc()).limit(CHUNK)
        chunk = session.execute(statement if last is None else statement.where(Change.id < last)).all()
        if not chunk:
            return
        last = chunk[-1].id
        yield chunk


def _refuse_later_changes(session: Session, batch_id: int) -> None:
    """A row that was changed after the batch is somebody else's work by now; what was undone again does not count."""
    mine, later, other = aliased(Change), aliased(Change), aliased(ImportBatch)
    same_row = (later.entity == mine.entity) & (later.row_id == mine.row_id) & (later.id > mine.id)
    stands = (later.batch_id.is_(None)) | ((later.batch_id != batch_id) & (other.state == "written"))
    statement = select(later.row_label).select_from(mine).join(later, same_row).outerjoin(other, other.id == later.batch_id)
    label = session.execute(statement.where(mine.batch_id == batch_id, later.action != "undo", stands).limit(1)).scalar()
    if label is not None:
        raise Refused(
            "built-upon",
            N_("“%(label)s” was changed after the import; undo would lose that change. Nothing was undone."),
            label=label,
            status=409,
        )


def _refuse_kept(session: Session, chunk: Sequence[Row[Any]]) -> None:
    """Rows that must stay as they are by a rule of their own stay so here too."""
    for name in {change.entity for change in chunk if resources()[change.entity].kept}:
        entity: Any = resources()[name].entity
        ids = [change.row_id for change in chunk if change.entity == name]
        for row in session.execute(select(entity).where(entity.id.in_(ids))).scalars():
            for rule in resources()[name].kept:
                rule(row)


def _put_back(session: Session, resource: Resource, change: Row[Any]) -> None:
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
    chunks = [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]
    for chunk in chunks:
        _refuse_uses(session, resource, chunk, set(ids))
    own_links = {resource.fields[name].key: None for name, column in resource.links.items() if column.target == resource.name}
    for chunk in chunks if own_links else ():
        session.execute(update(table).where(table.c.id.in_(chunk)).values(own_links))
    for chunk in chunks:
        session.execute(delete(table).where(table.c.id.in_(chunk)))


def _refuse_uses(session: Session, resource: Resource, ids: list[int], mine: set[int]) -> None:
    """Rows that others refer to by now cannot simply disappear."""
    table = resource.entity.__table__
    for column in _references(resource):
        own = column.table is table
        statement = select(column, column.table.c.id if own else column).where(column.in_(ids))
        for used, by in session.execute(statement if own else statement.distinct().limit(1)):
            if not own or by not in mine:
                raise Refused(
                    "built-upon",
                    N_("“%(label)s” is used by other records by now. Nothing was undone."),
                    label=_label(session, resource, used),
                    status=409,
                )


def _references(resource: Resource) -> list[Column[Any]]:
    """Columns that refer to the resource's rows; parts that live and die with a row are no users of it."""
    table = resource.entity.__table__
    assert isinstance(table, Table)
    kept = {other.entity.__table__ for other in resources().values() if other.allows}
    found = []
    for other in table.metadata.tables.values():
        for column in other.columns:
            key = next((fk for fk in column.foreign_keys if fk.column.table is table), None)
            lives_on = key is not None and (key.ondelete not in ("CASCADE", "SET NULL") or (key.ondelete == "CASCADE" and other in kept))
            if lives_on and column.name != "owner_id":
                found.append(column)
    return found


def _label(session: Session, resource: Resource, row_id: int) -> str:
    statement = select(Change.row_label).where(Change.row_id == row_id, Change.entity == resource.name).limit(1)
    return session.execute(statement).scalar() or f"#{row_id}"
