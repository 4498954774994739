"""Finding the record somebody meant: by natural key, by a source's own code, by name, or by a former name."""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.crud.columns import Field, Link, Links, Reading
from app.crud.resource import Resource, target_of
from app.crud.tables import Alias
from app.domain.refusals import N_

_SUGGESTIONS = 3


@dataclass(slots=True)
class Index:
    """The ways to name the records of one table."""

    by_key: dict[str, int] = field(default_factory=dict)
    by_code: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_alias: dict[str, list[tuple[int, date | None, date | None]]] = field(default_factory=lambda: defaultdict(list))
    titles: dict[int, str] = field(default_factory=dict)

    def add(self, row_id: int, key: str, names: list[str]) -> None:
        """Make a record findable."""
        self.by_key[key] = row_id
        for name in filter(None, names):
            self.by_name[fold(name)].add(row_id)
        self.titles[row_id] = next(filter(None, names), key)


class Lookups:
    """Indexes over the tables that links point to, each built once per import and kept current while it runs.

    ``source`` is the source system whose own codes may be used.
    """

    def __init__(self, session: Session, source: str = "") -> None:
        self.session = session
        self.source = source
        self._indexes: dict[str, Index] = {}

    def index(self, resource: Resource) -> Index:
        """The index of one table."""
        found = self._indexes.get(resource.name)
        if found is None:
            found = self._indexes[resource.name] = self._build(resource)
        return found

    def __call__(self, column: Field, text: str, reading: Reading) -> int:
        """The id that ``text`` names, or ``Refused`` with what it could have meant."""
        assert isinstance(column, (Link, Links))
        resource = target_of(column)
        found = self.find(resource, text, reading.on_day)
        if len(found) == 1:
            return next(iter(found))
        index = self.index(resource)
        values = {"value": text[:80], "resource": reading.words(resource.singular)}
        if found:
            which = [f"{index.titles[row]} ({self._key_of(index, row)})" for row in sorted(found)[:5]]
            raise column.refused(
                "ambiguous",
                N_("“%(value)s” could be %(options)s; write the code to say which"),
                options=reading.words.listing(which),
                **values,
            )
        near = difflib.get_close_matches(text, index.titles.values(), _SUGGESTIONS, 0.5)
        if near:
            raise column.refused(
                "no-such-record",
                N_("There is no %(resource)s called “%(value)s”; similar: %(options)s"),
                options=reading.words.listing(near),
                **values,
            )
        raise column.refused("no-such-record", N_("There is no %(resource)s called “%(value)s”"), **values)

    def find(self, resource: Resource, text: str, on_day: date | None = None) -> set[int]:
        """Every record that ``text`` may name; former names are told apart by the day."""
        index = self.index(resource)
        for exact in (index.by_key, index.by_code):
            if text in exact:
                return {exact[text]}
        folded = fold(text)
        named = index.by_name.get(folded)
        if named:
            return named
        former = index.by_alias.get(folded, [])
        valid = {row for row, start, end in former if on_day and (start is None or start <= on_day) and (end is None or on_day <= end)}
        return valid or {row for row, _, _ in former}

    def _build(self, resource: Resource) -> Index:
        index = Index()
        entity: Any = resource.entity
        keys = [getattr(entity, name) for name in resource.natural_key]
        names = [f"{pair}_{language}" for pair in resource.localized for language in ("zh", "en")]
        plain = [name for name in ("name", "title") if name in resource.fields]
        columns = [getattr(entity, name) for name in (*names, *plain) if name in entity.__fields__ or name in plain]
        for row in self.session.execute(select(entity.id, *keys, *columns)).all():
            index.add(row[0], "/".join(str(part) for part in row[1 : 1 + len(keys)]), [str(part or "") for part in row[1 + len(keys) :]])
        for alias in self.session.execute(
            select(Alias.row_id, Alias.kind, Alias.source, Alias.name, Alias.valid_from, Alias.valid_to).where(
                Alias.entity == entity.__tablename__
            )
        ):
            if alias.row_id not in index.titles:
                continue
            if alias.kind == "code":
                if alias.source == self.source:
                    index.by_code[alias.name] = alias.row_id
            else:
                index.by_alias[fold(alias.name)].append((alias.row_id, alias.valid_from, alias.valid_to))
        return index

    @staticmethod
    def _key_of(index: Index, row_id: int) -> str:
        return next((key for key, row in index.by_key.items() if row == row_id), str(row_id))


def fold(name: str) -> str:
    """A name without the differences people do not mean: case, spaces, full-width brackets."""
    return "".join(name.casefold().split()).translate(str.maketrans("（），", "(),"))
