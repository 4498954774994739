"""Writing generated tables: add, change, delete, each one transaction that refuses in words and keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.core.clock import now
from app.core.transaction import transaction
from app.crud.columns import Links, Reading
from app.crud.entity import Entity
from app.crud.reading import Draft, check_links, check_unique, read_row
from app.crud.resource import Resource, resources
from app.domain.refusals import N_, ChangedMeanwhile, NotFound, Phrase, Refused, RefusedAll

Hook = Callable[[Session, Any, Draft], None]

_BEYOND = 2**31


def add(resource: Resource, raw: Mapping[str, Any], reading: Reading, after: Hook | None = None) -> Entity:
    """Store a new row, through its service where it has one. Raises ``RefusedAll`` with every reason."""
    if resource.creator is not None:
        made: Entity = resource.creator(raw, reading)
        return made
    with transaction() as session, taken_in_words(resource):
        draft = read_row(resource, raw, reading)
        _check(session, resource, draft, None)
        row = resource.entity()
        apply(session, resource, row, draft.values)
        session.add(row)
        session.flush()
        if after:
            after(session, row, draft)
        return row


def change(resource: Resource, row_id: int, version: int, raw: Mapping[str, Any], reading: Reading, after: Hook | None = None) -> Entity:
    """Change a row that is still at ``version``. Raises ``ChangedMeanwhile``, ``NotFound`` or ``RefusedAll``."""
    with transaction() as session, taken_in_words(resource):
        row = fetch(session, resource, row_id)
        if row.version != version:
            raise ChangedMeanwhile()
        draft = read_row(resource, raw, reading, row)
        _check(session, resource, draft, row)
        apply(session, resource, row, draft.values)
        session.flush()
        if after:
            after(session, row, draft)
        return row


def delete(resource: Resource, row_id: int, version: int) -> str:
    """Delete a row that nothing refers to; returns what it was called."""
    with transaction() as session, taken_in_words(resource):
        row = fetch(session, resource, row_id)
        if row.version != version:
            raise ChangedMeanwhile()
        for rule in resource.kept:
            rule(row)
        used = usage(session, row)
        if used:
            raise Refused(
                "in-use",
                N_("“%(label)s” is used by %(uses)s and cannot be deleted. End its validity instead; history keeps its name."),
                label=row.label(),
                uses=[Phrase(N_("%(count)d × %(resource)s"), count=use.count, resource=Phrase(use.resource.singular)) for use in used],
                status=409,
            )
        label = str(row.label())
        session.delete(row)
        session.flush()
        return label


def fetch(session: Session, resource: Resource, row_id: int) -> Entity:
    """The row, if it is there for this actor; ``NotFound`` otherwise, also for numbers that no column can hold."""
    entity = resource.entity
    found = select(entity).where(entity.id == row_id)
    row = session.execute(found).scalar_one_or_none() if row_id < _BEYOND else None
    if row is None:
        raise NotFound()
    return row


def apply(session: Session, resource: Resource, row: Entity, values: Mapping[str, Any]) -> None:
    """Put draft values onto a row; only what differs, so that an untouched save changes nothing, and all in one flush."""
    with session.no_autoflush:
        for name, value in values.items():
            column = resource.fields[name]
            if isinstance(column, Links):
                if {item.id for item in getattr(row, name)} != set(value):
                    target: Any = column.target_class()
                    setattr(row, name, list(session.execute(select(target).where(target.id.in_(value)).order_by(target.id)).scalars()))
                    touch(row)
            elif getattr(row, column.key) != value or row.id is None:
                setattr(row, column.key, value)


def touch(row: Entity) -> None:
    """Make a new version of a row whose own columns may stay as they are: what hangs on it has changed."""
    if isinstance(row, Entity):  # accounts count their versions themselves
        row.changed_at = now()
        flag_modified(row, "changed_at")


def _check(session: Session, resource: Resource, draft: Draft, row: Entity | None) -> None:
    with session.no_autoflush:
        check_links(session, resource, draft)
        check_unique(session, resource, draft, row)
    if not draft.good:
        raise RefusedAll(draft.refusals)


@dataclass(frozen=True, slots=True)
class Use:
    """How often a resource refers to a row, and through which link."""

    resource: Resource
    link: str
    count: int


def usage(session: Session, row: Entity) -> list[Use]:
    """Who refers to ``row``, from every table that has a foreign key to it."""
    mine = row.__table__
    found: list[Use] = []
    for resource in resources().values():
        for name, column in resource.fields.items():
            table, key = _reference(resource, name, column)
            if table is None or not any(fk.column.table is mine for fk in table.c[key].foreign_keys):
                continue
            count = session.connection().execute(select(func.count()).select_from(table).where(table.c[key] == row.id)).scalar_one()
            if count and not any(use.link == name and use.resource.entity.__table__ is resource.entity.__table__ for use in found):
                found.append(Use(resource, name, count))
    return found


def _reference(resource: Resource, name: str, column: Any) -> tuple[Table | None, str]:
    if isinstance(column, Links):
        pairs, _, target = column.pairs()
        return pairs, target.name
    table = resource.entity.__table__
    assert isinstance(table, Table)
    return (table, column.key) if column.key in table.c and table.c[column.key].foreign_keys else (None, "")


class taken_in_words:
    """A constraint that only the database could see (two people, one code) becomes a sentence."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        if not isinstance(error, IntegrityError):
            return
        text = str(error.orig).lower()
        for name, column in self.resource.fields.items():
            if column.unique and f"{self.resource.entity.__tablename__}" in text and name in text:
                raise column.refused("taken", N_("Somebody else used this value a moment ago; choose another")) from error
        raise Refused(
            "constraint", N_("The record contradicts another one that was saved a moment ago. Open the list again and compare.")
        ) from error
