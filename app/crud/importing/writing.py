"""Writing a planned file: one transaction, in bulk, each row in the change log and marked with its batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, update
from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.clock import now
from app.core.runs import Progress
from app.crud.changes import entry
from app.crud.columns import Link, Links
from app.crud.importing.planning import CHUNK, Operation
from app.crud.resource import Resource
from app.crud.tables import Change
from app.domain.refusals import ChangedMeanwhile


class Writer:
    """Writes operations for one resource inside the caller's transaction."""

    def __init__(self, session: Session, resource: Resource) -> None:
        self.session, self.resource = session, resource
        table = resource.entity.__table__
        assert isinstance(table, Table)
        self.table = table
        self.own_links = [n for n, c in resource.links.items() if c.target == resource.name]
        self.many = [n for n, c in resource.written.items() if isinstance(c, Links)]
        self.real: dict[int, int] = {}
        self.later: list[tuple[int, str, int]] = []

    def write(self, operations: Iterable[Operation], progress: Progress) -> None:
        """All of them, or an exception and therefore none."""
        stream: Iterator[Operation] = iter(operations)
        done = 0
        while chunk := list(islice(stream, CHUNK)):
            self._create([op for op in chunk if op.row_id is None])
            self._change([op for op in chunk if op.row_id is not None])
            done += len(chunk)
            progress.advance(done)
        for row_id, column, target in self.later:
            self.session.execute(update(self.table).where(self.table.c.id == row_id).values({column: self.real.get(target, target)}))

    def _create(self, operations: Sequence[Operation]) -> None:
        if not operations:
            return
        records = [self._record(op) for op in operations]
        ids = list(
            self.session.connection()
            .execute(insert(self.table).returning(self.table.c.id, sort_by_parameter_order=True), records)
            .scalars()
        )
        for op, row_id in zip(operations, ids, strict=True):
            self.real[-op.line] = row_id
            for name in self.own_links:
                target = op.values.get(name)
                if isinstance(target, int) and target < 0:
                    self.later.append((row_id, self.resource.fields[name].key, target))
        self._pairs([(row_id, op) for op, row_id in zip(operations, ids, strict=True)], fresh=True)
        self._log([(row_id, op, "create", None) for op, row_id in zip(operations, ids, strict=True)])

    def _record(self, op: Operation) -> dict[str, Any]:
        """A complete record: what the file says, what the declaration says for the rest, and who did it when."""
        moment, user = now(), current_actor().user_id
        record: dict[str, Any] = {"version": 1, "created_at": moment, "changed_at": moment, "created_by_id": user, "changed_by_id": user}
        discriminator = self.resource.entity.__mapper__.polymorphic_on
        if discriminator is not None:
            record[discriminator.name] = self.resource.entity.__mapper__.polymorphic_identity
        for name, column in self.resource.entity.__fields__.items():
            if isinstance(column, Links) or column.key in record:
                continue
            value = op.values.get(name)
            if value is None and name not in op.values:
                value = column.sql_options().get("default") if not isinstance(column, Link) else None
                value = value() if callable(value) else value
            record[column.key] = None if isinstance(column, Link) and isinstance(value, int) and value < 0 else value
        for pair in self.resource.localized.values():
            record.update(pair.derive(record))
        return record

    def _change(self, operations: Sequence[Operation]) -> None:
        for op in operations:
            simple = {self.resource.fields[n].key: v for n, v in op.values.items() if n not in self.many}
            for name in self.own_links:
                key = self.resource.fields[name].key
                if isinstance(simple.get(key), int) and simple[key] < 0:
                    self.later.append((op.row_id or 0, key, simple.pop(key)))
            for pair in self.resource.localized.values():
                if pair.keyed and f"{pair.name}_zh" in op.values:
                    simple.update(pair.derive(op.values))
            stamp = {"version": op.version + 1, "changed_at": now(), "changed_by_id": current_actor().user_id}
            statement = update(self.table).where(self.table.c.id == bindparam("row"), self.table.c.version == bindparam("was"))
            changed = self.session.connection().execute(statement.values({**simple, **stamp}), {"row": op.row_id, "was": op.version})
            if changed.rowcount != 1:
                raise ChangedMeanwhile()
        self._pairs([(op.row_id or 0, op) for op in operations], fresh=False)
        self._log([(op.row_id or 0, op, "update", self._difference(op)) for op in operations])

    def _difference(self, op: Operation) -> dict[str, Any]:
        after = {n: v if n in self.many or n in self.resource.links else self.resource.fields[n].plain(v) for n, v in op.values.items()}
        return {name: [op.before.get(name), value] for name, value in after.items()}

    def _pairs(self, rows: Sequence[tuple[int, Operation]], *, fresh: bool) -> None:
        for name in self.many:
            column = self.resource.fields[name]
            assert isinstance(column, Links)
            table, owner, target_column = column.pairs()
            touched = [(row_id, op.values[name]) for row_id, op in rows if name in op.values]
            if not fresh and touched:
                self.session.execute(delete(table).where(owner.in_([row_id for row_id, _ in touched])))
            pairs = [{owner.name: row_id, target_column.name: target} for row_id, targets in touched for target in targets]
            if pairs:
                self.session.execute(insert(table), pairs)

    def _log(self, rows: Sequence[tuple[int, Operation, str, dict[str, Any] | None]]) -> None:
        name = self.resource.entity.__name__
        lines = [entry(name, row_id, op.label, action, difference) for row_id, op, action, difference in rows]
        if lines and self.resource.entity.__logged__:
            self.session.connection().execute(insert(Change.__table__), lines)
