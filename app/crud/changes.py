"""The change log: every change of a logged row is written beside it, in the same transaction, or nothing is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import event, insert, inspect, select
from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.clock import now
from app.crud.columns import Field, Links
from app.crud.entity import Entity
from app.crud.masking import SECRETS, masked
from app.crud.tables import Change

_batch: ContextVar[int | None] = ContextVar("import_batch", default=None)
_PENDING = "frontline_changes"
_BOOKKEEPING = frozenset({"version", "created_at", "changed_at", "created_by_id", "changed_by_id"})


@contextmanager
def within_batch(batch_id: int) -> Iterator[None]:
    """Changes inside belong to an import batch and can be undone with it."""
    token = _batch.set(batch_id)
    try:
        yield
    finally:
        _batch.reset(token)


def current_batch() -> int | None:
    """The import batch being written, if any."""
    return _batch.get()


def entry(entity: str, row_id: int, label: str, action: str, changes: dict[str, Any] | None) -> dict[str, Any]:
    """One line of the change log, by the current actor, now."""
    actor = current_actor()
    return {
        "at": now(),
        "user_id": actor.user_id,
        "user_name": actor.name[:128],
        "entity": entity,
        "row_id": row_id,
        "row_label": label[:200],
        "action": action,
        "changes": changes,
        "batch_id": _batch.get(),
    }


@event.listens_for(Session, "before_flush")
def _collect(session: Session, _context: Any, _instances: Any) -> None:
    pending: list[tuple[Any, str, dict[str, Any] | None]] = session.info.setdefault(_PENDING, [])
    for row in session.dirty:
        if _is_logged(row) and session.is_modified(row):
            changed = differences(session, row)
            if changed:
                pending.append((row, "update", changed))
    for row in session.deleted:
        if _is_logged(row):
            pending.append((row, "delete", {name: [value, None] for name, value in snapshot(row).items() if value not in (None, "", [])}))
    for row in session.new:
        if _is_logged(row):
            pending.append((row, "create", None))


@event.listens_for(Session, "after_flush")
def _write(session: Session, _context: Any) -> None:
    pending = session.info.pop(_PENDING, [])
    if pending:
        lines = [entry(type(row).__name__, row.id, str(row.label()), action, changed) for row, action, changed in pending]
        session.connection().execute(insert(Change.__table__), lines)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_PENDING, None)


def _is_logged(row: Any) -> bool:
    return bool(getattr(type(row), "__logged__", False))


def snapshot(row: Entity) -> dict[str, Any]:
    """All declared values of a row, as JSON."""
    found: dict[str, Any] = {}
    for name, column in row.__fields__.items():
        found[name] = _kept(column, column.plain(getattr(row, name) if isinstance(column, Links) else column.value_of(row)))
    return found


def _kept(column: Field, value: Any) -> Any:
    """A value as the change log keeps it: that a secret was changed, not what it was."""
    return masked(column.personal, str(value)) if column.personal in SECRETS and value else value


def differences(session: Session, row: Entity) -> dict[str, Any]:
    """What is about to change: column → [before, after], as JSON; bookkeeping columns are not worth a line."""
    state: Any = inspect(row)
    changed = {name: state.attrs[column.key].history for name, column in row.__fields__.items()}
    changed = {name: history for name, history in changed.items() if history.has_changes()}
    unread = [row.__fields__[name] for name, history in changed.items() if not history.deleted and not history.unchanged]
    earlier_values = _in_the_database(session, row, [column for column in unread if not isinstance(column, Links)])
    found: dict[str, Any] = {}
    for name, history in changed.items():
        column = row.__fields__[name]
        if isinstance(column, Links):
            after = [target.id for target in getattr(row, name)]
            gone = [target.id for target in history.deleted]
            earlier = sorted({*after, *gone} - {target.id for target in history.added})
            found[name] = [earlier, sorted(after)]
            continue
        before = column.plain(history.deleted[0] if history.deleted else earlier_values.get(column.key))
        after_value = column.plain(getattr(row, column.key))
        if before != after_value:
            found[name] = [_kept(column, before), _kept(column, after_value)]
    return found


def _in_the_database(session: Session, row: Entity, columns: Sequence[Field]) -> Mapping[str, Any]:
    """Values that were overwritten without having been read: they still stand in the database."""
    if not columns:
        return {}
    mapper: Any = inspect(type(row))
    stored = [mapper.attrs[column.key].columns[0].label(column.key) for column in columns]
    found = session.connection().execute(select(*stored).where(mapper.primary_key[0] == row.id)).mappings().first()
    return dict(found) if found else {}
