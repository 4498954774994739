"""Writing a planned file: one transaction, in bulk, each row in the change log and marked with its batch.

Statements here pass beneath the row scope: whoever imports has been allowed to write the whole table.
"""

from __future__ import annotations

from collections import defaultdict
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
from app.crud.importing.bulk import append_rows, insert_rows
from app.crud.importing.planning import CHUNK, Operation
from app.crud.resource import Resource
from app.crud.tables import Change
from app.domain.refusals import ChangedMeanwhile

_STAMPS = frozenset({"version", "created_at", "changed_at", "created_by_id", "changed_by_id"})


def log_rows(session: Session, lines: Sequence[dict[str, Any]]) -> None:
    """Lines of the change log (see ``entry``), written together."""
    table = Change.__table__
    assert isinstance(table, Table)
    append_rows(session.connection(), table, lines)


class Writer:
    """Writes operations for one resource inside the caller's transaction."""

    def __init__(self, session: Session, resource: Resource) -> None:
        self.session, self.resource = session, resource
        table = resource.entity.__table__
        assert isinstance(table, Table)
        self.table = table
        self.own_links = [n for n, c in resource.links.items() if c.target == resource.name]
        self.many = [n for n, c in resource.written.items() if isinstance(c, Links)]
        self.defaults = {
            name: (column.key, None if isinstance(column, Link) else column.sql_options().get("default"))
            for name, column in resource.entity.__fields__.items()
            if not isinstance(column, Links) and column.key not in _STAMPS
        }
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
            self.session.execute(update(self.table).where(self.table.c.id == row_id).values({column: self.real[target]}))

    def _create(self, operations: Sequence[Operation]) -> None:
        if not operations:
            return
        ids = insert_rows(self.session.connection(), self.table, [self._record(op) for op in operations], self._stamp())
        made = list(zip(ids, operations, strict=True))
        for row_id, op in made:
            self.real[-op.line] = row_id
            for name in self.own_links:
                target = op.values.get(name)
                if isinstance(target, int) and target < 0:
                    self.later.append((row_id, self.resource.fields[name].key, target))
        self._pairs(made, fresh=True)
        self._log([(row_id, op, "create", None) for row_id, op in made])

    def _stamp(self) -> dict[str, Any]:
        """Who made the rows, when, and of which kind they are where kinds share a table."""
        moment, user = now(), current_actor().user_id
        stamp: dict[str, Any] = {"version": 1, "created_at": moment, "changed_at": moment, "created_by_id": user, "changed_by_id": user}
        mapper = self.resource.entity.__mapper__
        if mapper.polymorphic_on is not None:
            stamp[mapper.polymorphic_on.name] = mapper.polymorphic_identity
        return stamp

    def _record(self, op: Operation) -> dict[str, Any]:
        """A complete record: what the file says, and what the declaration says for the rest."""
        record: dict[str, Any] = {}
        for name, (key, default) in self.defaults.items():
            if name in op.values:
                value = op.values[name]
                record[key] = None if name in self.own_links and isinstance(value, int) and value < 0 else value
            else:
                record[key] = default() if callable(default) else default
        for pair in self.resource.localized.values():
            record.update(pair.derive(record))
        return record

    def _change(self, operations: Sequence[Operation]) -> None:
        """Rows that change the same columns change together; one that moved on since it was read stops them all."""
        together: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for op in operations:
            values = self._changed(op)
            together[tuple(values)].append({f"to_{key}": value for key, value in values.items()} | {"row": op.row_id, "was": op.version})
        moment, user = now(), current_actor().user_id
        for keys, rows in together.items():
            statement = update(self.table).where(self.table.c.id == bindparam("row"), self.table.c.version == bindparam("was"))
            stamp = {"version": self.table.c.version + 1, "changed_at": moment, "changed_by_id": user}
            changed = self.session.connection().execute(statement.values({key: bindparam(f"to_{key}") for key in keys} | stamp), rows)
            if changed.rowcount != len(rows):
                raise ChangedMeanwhile()
        self._pairs([(op.row_id or 0, op) for op in operations], fresh=False)
        self._log([(op.row_id or 0, op, "update", self._difference(op)) for op in operations])

    def _changed(self, op: Operation) -> dict[str, Any]:
        values = {self.resource.fields[n].key: v for n, v in op.values.items() if n not in self.many}
        for name in self.own_links:
            key = self.resource.fields[name].key
            if isinstance(values.get(key), int) and values[key] < 0:
                self.later.append((op.row_id or 0, key, values.pop(key)))
        for pair in self.resource.localized.values():
            if pair.keyed and f"{pair.name}_zh" in op.values:
                values.update(pair.derive(op.values))
        return values

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
        if not self.resource.entity.__logged__:
            return
        name = self.resource.entity.__name__
        log_rows(self.session, [entry(name, row_id, op.label, action, difference) for row_id, op, action, difference in rows])
