"""Who may see which rows, enforced beneath every screen, API, export and job: one event for reads, one check for writes.

FAB's ``base_filters`` guard single views; a view that forgets them leaks. Here a policy belongs to the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Table, event, inspect, select, true
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from app.core.acting import current_actor
from app.domain.actors import Actor
from app.domain.refusals import NotFound

Policy = Callable[[Actor], ColumnElement[bool]]

_policies: dict[type[Any], Policy] = {}


def set_policies(policies: Mapping[type[Any], Policy]) -> None:
    """Put the table of policies in force (once, at start)."""
    _policies.clear()
    _policies.update(policies)
    _criteria.cache_clear()


def policies() -> Mapping[type[Any], Policy]:
    """The table of policies in force."""
    return _policies


@event.listens_for(Session, "do_orm_execute")
def _scope_reads(state: ORMExecuteState) -> None:
    """Add the policy of every scoped table to every ORM statement that touches it."""
    actor = current_actor()
    if actor.sees_all or not _policies or state.is_column_load:
        return
    if not (state.is_select or state.is_update or state.is_delete):
        return
    state.statement = state.statement.options(*_criteria(actor))


@lru_cache(maxsize=512)
def _criteria(actor: Actor) -> tuple[Any, ...]:
    """The policies as they hold for an actor: built once, because a page asks for them with every one of its statements."""
    return tuple(
        with_loader_criteria(entity, policy(actor), include_aliases=True, propagate_to_loaders=True, track_closure_variables=False)
        for entity, policy in _policies.items()
    )


@event.listens_for(Session, "before_flush")
def _check_rows_before(session: Session, _context: Any, _instances: Any) -> None:
    """A row that is changed or deleted must have been visible to the actor."""
    _require(session, [row for row in (*session.dirty, *session.deleted) if session.is_modified(row) or row in session.deleted])


@event.listens_for(Session, "after_flush")
def _check_rows_after(session: Session, _context: Any) -> None:
    """A row that was added or changed must still be within the actor's scope."""
    _require(session, [row for row in (*session.new, *session.dirty) if row not in session.deleted])


def _require(session: Session, rows: list[Any]) -> None:
    actor = current_actor()
    if actor.sees_all or not rows:
        return
    for entity, policy in _policies.items():
        key = inspect(entity).primary_key_from_instance
        ids = {key(row)[0] for row in rows if isinstance(row, entity)} - {None}
        if ids and _visible(session, entity, ids, policy(actor)) != ids:
            raise NotFound()


def _visible(session: Session, entity: type[Any], ids: set[int], condition: ColumnElement[bool]) -> set[int]:
    mapper = inspect(entity)
    table = mapper.local_table
    assert isinstance(table, Table)
    key = mapper.primary_key[0]
    return set(session.connection().execute(select(key).where(key.in_(ids), condition if condition is not None else true())).scalars())
