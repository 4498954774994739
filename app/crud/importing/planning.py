"""The dry run: every line read, checked and compared with what is stored, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session, selectinload

from app.core.languages import Words
from app.core.runs import Progress
from app.crud.columns import Link, Links, Origin, Reading
from app.crud.entity import Entity
from app.crud.importing.headers import Matched
from app.crud.importing.kinship import Kin, Kinship
from app.crud.importing.problems import Problem, Problems, problem_of
from app.crud.importing.sheets import Line
from app.crud.lookups import Lookups
from app.crud.reading import Draft, alike, check_row, is_mask, read_columns, stored
from app.crud.resource import Resource
from app.domain.refusals import N_, Refused

CHUNK = 1000


@dataclass(slots=True)
class Operation:
    """One row to be written: new, or changed (``row_id`` at ``version``). ``values`` holds only what differs."""

    line: int
    values: dict[str, Any]
    row_id: int | None = None
    version: int = 0
    before: dict[str, Any] = field(default_factory=dict)
    label: str = ""

    def mark(self) -> str:
        """What it would do, in a form that two plans can be compared by."""
        return f"{self.line} {self.row_id} {self.version} {sorted(self.values.items(), key=lambda item: item[0])}"


@dataclass(slots=True)
class Tally:
    """What a file would do."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    same: int = 0
    problems: Problems = field(default_factory=Problems)


class Planner:
    """Plans the lines of one file for one resource.

    Rows of the file may link to each other (a department's parent further down): such links are resolved to
    negative numbers, which the writer turns into real ones.
    """

    def __init__(self, session: Session, resource: Resource, matched: Matched, writer: Words, tally: Tally) -> None:
        self.session, self.resource, self.matched, self.tally = session, resource, matched, tally
        self.lookups = Lookups(session)
        self.reading = Reading(origin=Origin.FILE, words=writer, resolve=self.lookups)
        self.seen: dict[tuple[Any, ...], int] = {}
        self.base: Any = resource.entity.__mapper__.base_mapper.class_
        # Kinds of one table (departments, street-towns) share its codes, so there the natural key may be taken by another kind.
        shared = self.base is not resource.entity
        self.unique: dict[str, dict[Any, int]] = {
            n: {} for n, c in resource.written.items() if c.unique and (shared or (n,) != resource.natural_key)
        }
        self.own_links = [n for n, c in resource.links.items() if c.target == resource.name and n in resource.written]
        self.kinship = Kinship(session, resource)

    def announce(self, lines: Iterable[Line]) -> None:
        """Let rows of the file be found by each other, before any is read; only where the table links to itself."""
        if not self.own_links or len(self.resource.natural_key) != 1:
            return
        index = self.lookups.index(self.resource)
        halves = [f"{pair}_{language}" for pair in self.resource.localized for language in ("zh", "en")]
        for line in lines:
            raw = self.matched.raw(line.cells)
            key = str(raw.get(self.resource.natural_key[0]) or "").strip()
            if key:
                index.add(index.by_key.get(key, -line.number), key, [str(raw.get(half) or "").strip() for half in halves])

    def operations(self, lines: Iterator[Line], progress: Progress) -> Iterator[Operation]:
        """What each good line means; what is wrong with the others goes into the tally. Notes beside the table are no rows."""
        rows = (line for line in lines if not all(map(_empty, self.matched.raw(line.cells).values())))
        while chunk := list(islice(rows, CHUNK)):
            read = [(line, self._read(line)) for line in chunk]
            good = [draft for _, draft in read if draft.good]
            existing, taken = self._existing(good), self._taken(good)
            for line, draft in read:
                self.tally.rows += 1
                operation = self._plan(line, draft, existing, taken)
                if operation is not None and not self._wait(line, operation):
                    yield operation
            progress.advance(self.tally.rows)
            self.session.expire_all()
        for kin, refused in self.kinship.settle():
            if refused is None:
                yield kin.operation
            else:
                self._take_back(kin, refused)

    def _wait(self, line: Line, operation: Operation) -> bool:
        """Rows that link to their own table wait for the end of the file."""
        targets = {name: operation.values[name] for name in self.own_links if operation.values.get(name) is not None}
        if targets:
            self.kinship.hold(Kin(line, operation.row_id or -operation.line, targets, operation))
        return bool(targets)

    def _take_back(self, kin: Kin, refused: Refused) -> None:
        if kin.row_id < 0:
            self.tally.created -= 1
        else:
            self.tally.changed -= 1
        self.tally.problems.add(self._problems(kin.line, [refused]))

    def _read(self, line: Line) -> Draft:
        raw = self.matched.raw(line.cells)
        draft = read_columns(self.resource, raw, self.reading)
        if draft.good:
            self._refuse_doubles(line, draft)
        return draft

    def _key(self, draft: Draft) -> tuple[Any, ...]:
        return tuple(draft.values.get(name) for name in self.resource.natural_key)

    def _refuse_doubles(self, line: Line, draft: Draft) -> None:
        key = self._key(draft)
        first = self.seen.setdefault(key, line.number)
        if first != line.number:
            column = self.resource.fields[self.resource.natural_key[-1]]
            draft.refusals.append(column.refused("doubled", N_("the same record stands in row %(row)d already"), row=first))
        for name, values in self.unique.items():
            value = draft.values.get(name)
            if (name,) != self.resource.natural_key and value is not None and values.setdefault(value, line.number) != line.number:
                column = self.resource.fields[name]
                draft.refusals.append(column.refused("doubled", N_("“%(label)s” has the same value in row %(row)d"), row=values[value]))

    def _existing(self, drafts: Sequence[Draft]) -> dict[tuple[Any, ...], Entity]:
        """Stored rows with the natural keys of this chunk."""
        entity: Any = self.resource.entity
        columns = [getattr(entity, self.resource.fields[name].key) for name in self.resource.natural_key]
        keys = [key for key in map(self._key, drafts) if all(part is not None for part in key)]
        if not keys:
            return {}
        condition = columns[0].in_([key[0] for key in keys]) if len(columns) == 1 else tuple_(*columns).in_(keys)
        many = [selectinload(getattr(entity, n)) for n, c in self.resource.written.items() if isinstance(c, Links)]
        rows = self.session.execute(select(entity).where(condition).options(*many)).scalars()
        return {tuple(getattr(row, self.resource.fields[n].key) for n in self.resource.natural_key): row for row in rows}

    def _taken(self, drafts: Sequence[Draft]) -> dict[str, dict[Any, int]]:
        """Values of unique columns that stored rows hold already: column → value → row."""
        entity = self.base
        found: dict[str, dict[Any, int]] = {name: {} for name in self.unique}
        wanted = {name: [d.values[name] for d in drafts if d.values.get(name) is not None] for name in self.unique}
        columns = [getattr(entity, self.resource.fields[name].key) for name in self.unique]
        parts = [column.in_(values) for column, values in zip(columns, wanted.values(), strict=True) if values]
        if parts:
            for row in self.session.execute(select(entity.id, *columns).where(or_(*parts))):
                for place, name in enumerate(self.unique, start=1):
                    found[name][row[place]] = row[0]
        return found

    def _plan(self, line: Line, draft: Draft, existing: dict[Any, Entity], taken: dict[str, dict[Any, int]]) -> Operation | None:
        row = existing.get(self._key(draft)) if draft.good else None
        kept: dict[str, Any] = {}
        if draft.good and row is not None:
            kept = self._differing(line, draft, row)
            if not draft.values:
                self.tally.same += 1
                return None
        if draft.good:
            self._check(draft, row, taken)
        if not draft.good:
            self.kinship.refuse(line.number)
            self.tally.problems.add(self._problems(line, draft.refusals))
            return None
        if row is None:
            self.tally.created += 1
            return Operation(line.number, draft.values, label=_label(self.resource, draft.values))
        self.tally.changed += 1
        before = {name: _json(self.resource, name, value) for name, value in kept.items()}
        return Operation(line.number, draft.values, row.id, row.version, before, str(row.label()))

    def _differing(self, line: Line, draft: Draft, row: Entity) -> dict[str, Any]:
        """Leave in the draft only what differs from the stored row, and return what is stored there.

        Columns the file does not have keep what is stored; an empty cell says no more than an empty column.
        """
        raw = self.matched.raw(line.cells)
        kept: dict[str, Any] = {}
        for name, value in draft.values.items():
            held = stored(self.resource.fields[name], row) if name in raw else value
            column = self.resource.fields[name]
            if not alike(value, held) and not is_mask(column, value, held) and not (_empty(raw.get(name)) and _empty(held)):
                kept[name] = held
        draft.values = {name: draft.values[name] for name in kept}
        return kept

    def _check(self, draft: Draft, row: Entity | None, taken: dict[str, dict[Any, int]]) -> None:
        for name, held in taken.items():
            holder = held.get(draft.values.get(name))
            if holder is not None and (row is None or holder != row.id):
                column = self.resource.fields[name]
                draft.refusals.append(
                    column.refused("taken", N_("“%(value)s” is already used by another record"), value=draft.values[name])
                )
        for name in draft.values if row is not None else ():
            column = self.resource.fields[name]
            if column.fixed:
                draft.refusals.append(column.refused("fixed", N_("“%(label)s” cannot be changed after the record was created")))
        check_row(self.resource, draft, row)

    def _problems(self, line: Line, refusals: Sequence[Refused]) -> list[Problem]:
        raw = self.matched.raw(line.cells)
        return [problem_of(r, line.sheet, line.number, self._column(r.field), raw.get(r.field)) for r in refusals]

    def _column(self, name: str) -> str:
        """The file's word for a column; the table's where the file lacks it."""
        column = self.resource.fields.get(name)
        return self.matched.header_of(name) or (column.caption(self.reading.words) if column else "")


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _label(resource: Resource, values: dict[str, Any]) -> str:
    names = [f"{pair}_zh" for pair in resource.localized] + list(resource.natural_key)
    return next((str(values[name]) for name in names if values.get(name)), "")


def _json(resource: Resource, name: str, value: Any) -> Any:
    column = resource.fields[name]
    return value if isinstance(column, (Link, Links)) else column.plain(value)
