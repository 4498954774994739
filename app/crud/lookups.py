"""Finding the record somebody meant: by natural key, by a source's own code, by name, or by a former name."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.crud.columns import Field, Link, Links, Reading
from app.crud.resource import Resource, resources, target_of
from app.crud.tables import Alias
from app.domain.refusals import N_

_SUGGESTIONS = 3
_MOST_COMPARED = 5_000
_MOST_SUGGESTED = 300
"""Looking for similar names costs time; after so many unknown ones in one file nobody reads suggestions any more."""

_WITH_KEY = re.compile(r"^(.*\S)\s*[(（]([^()（）]+)[)）]$")

Span = tuple[date | None, date | None]


@dataclass(slots=True)
class Index:
    """The ways to name the records of one table."""

    by_key: dict[str, int] = field(default_factory=dict)
    by_code: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_alias: dict[str, list[tuple[int, date | None, date | None]]] = field(default_factory=lambda: defaultdict(list))
    titles: dict[int, str] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    renamed: dict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))

    def add(self, row_id: int, key: str, names: Sequence[str]) -> None:
        """Make a record findable."""
        self.by_key[key] = row_id
        for name in filter(None, names):
            self.by_name[fold(name)].add(row_id)
        self.titles[row_id] = next(filter(None, names), key)
        self.keys[row_id] = key

    def add_alias(self, row_id: int, kind: str, name: str, span: Span) -> None:
        """Another name of a record; former names say on which days the present one was not yet in use."""
        self.by_alias[fold(name)].append((row_id, *span))
        if kind == "former" and span[1] is not None:
            self.renamed[row_id].append(span)

    def named(self, name: str, on_day: date | None) -> set[int]:
        """The records called ``name`` (folded) on that day; without a day, or where no day fits, those called so today or ever."""
        present, others = self.by_name.get(name, set()), self.by_alias.get(name, [])
        if on_day is not None:
            then = {row for row in present if not any(_covers(span, on_day) for span in self.renamed.get(row, ()))}
            then |= {row for row, start, end in others if end is not None and _covers((start, end), on_day)}
            if then:
                return then
        return present or {row for row, _, _ in others}

    def label(self, row_id: int) -> str:
        """A record's name with its natural key, for telling namesakes apart."""
        title, key = self.titles[row_id], self.keys[row_id]
        return title if title == key else f"{title} ({key})"


class Lookups:
    """Indexes over the tables that links point to, each built once per import and kept current while it runs.

    ``source`` is the source system whose own codes may be used.
    """

    def __init__(self, session: Session, source: str = "") -> None:
        self.session = session
        self.source = source
        self._indexes: dict[str, Index] = {}
        self._found: dict[tuple[str, str, date | None], int] = {}
        self._similar: dict[tuple[str, str], list[str]] = {}

    def index(self, resource: Resource) -> Index:
        """The index of one table."""
        found = self._indexes.get(resource.name)
        if found is None:
            found = self._indexes[resource.name] = self._build(resource)
        return found

    def __call__(self, column: Field, text: str, reading: Reading) -> int:
        """The id that ``text`` names, or ``Refused`` with what it could have meant."""
        assert isinstance(column, (Link, Links))
        asked = (column.target, text, reading.on_day)
        known = self._found.get(asked)
        if known is None:
            known = self._found[asked] = self._one(column, text, reading)
        return known

    def _one(self, column: Link | Links, text: str, reading: Reading) -> int:
        resource = target_of(column)
        found = self.find(resource, text, reading.on_day)
        if len(found) == 1:
            return next(iter(found))
        index = self.index(resource)
        values = {"value": text[:80], "resource": reading.words(resource.singular)}
        if found:
            which = [index.label(row) for row in sorted(found)[:5]]
            raise column.refused(
                "ambiguous",
                N_("“%(value)s” could be %(options)s; write the code to say which"),
                options=reading.words.listing(which),
                **values,
            )
        near = self.similar(resource, text)
        if near:
            raise column.refused(
                "no-such-record",
                N_("There is no %(resource)s called “%(value)s”; similar: %(options)s"),
                options=reading.words.listing(near),
                **values,
            )
        raise column.refused("no-such-record", N_("There is no %(resource)s called “%(value)s”"), **values)

    def similar(self, resource: Resource, text: str) -> list[str]:
        """Records that may have been meant, the most similar first, each with its key."""
        asked, index = (resource.name, text), self.index(resource)
        if asked in self._similar:
            return self._similar[asked]
        if len(index.titles) > _MOST_COMPARED or len(self._similar) >= _MOST_SUGGESTED:
            return []
        spelt = {spelling: row for words in (index.keys, index.titles) for row, spelling in words.items()}
        near = difflib.get_close_matches(text, spelt, _SUGGESTIONS, 0.5)
        self._similar[asked] = list(dict.fromkeys(index.label(spelt[spelling]) for spelling in near))
        return self._similar[asked]

    def find(self, resource: Resource, text: str, on_day: date | None = None) -> set[int]:
        """Every record that ``text`` may name; former names are told apart by the day. ``Name (key)`` says which of several."""
        index = self.index(resource)
        for exact in (index.by_key, index.by_code):
            if text in exact:
                return {exact[text]}
        found = index.named(fold(text), on_day)
        if found:
            return found
        spelt = _WITH_KEY.match(text)
        row = index.by_key.get(spelt[2].strip()) if spelt else None
        if spelt is None or row is None:
            return set()
        return {row} if not resource.localized or row in self.index(resource).named(fold(spelt[1]), None) else set()

    def _build(self, resource: Resource) -> Index:
        index = Index()
        entity: Any = resource.entity
        keys = [getattr(entity, resource.fields[name].key) for name in resource.natural_key]
        names = [f"{pair}_{language}" for pair in resource.localized for language in ("zh", "en")]
        names += [name for name in ("name", "title") if name in resource.fields]
        width = 1 + len(keys)
        for row in self.session.execute(select(entity.id, *keys, *(getattr(entity, name) for name in names))).all():
            index.add(row[0], self._key(resource, row[1:width]), [str(part or "") for part in row[width:]])
        statement = select(Alias.row_id, Alias.kind, Alias.source, Alias.name, Alias.valid_from, Alias.valid_to)
        for alias in self.session.execute(statement.where(Alias.entity == entity.__tablename__)):
            if alias.row_id not in index.titles:
                continue
            if alias.kind != "code":
                index.add_alias(alias.row_id, alias.kind, alias.name, (alias.valid_from, alias.valid_to))
            elif alias.source == self.source:
                index.by_code[alias.name] = alias.row_id
        return index

    def _key(self, resource: Resource, values: Sequence[Any]) -> str:
        """A natural key as text; links in it by the natural key of what they point to: ``STREET/1``."""
        parts: list[str] = []
        for name, value in zip(resource.natural_key, values, strict=True):
            column = resource.fields[name]
            if isinstance(column, Link) and column.target in resources():
                parts.append(self.index(target_of(column)).keys.get(value, ""))
            else:
                parts.append(str(value))
        return "/".join(parts)


def _covers(span: Span, day: date) -> bool:
    return (span[0] is None or span[0] <= day) and (span[1] is None or day <= span[1])


def fold(name: str) -> str:
    """A name without the differences people do not mean: case, spaces, full-width brackets."""
    return "".join(name.casefold().split()).translate(_BRACKETS)


_BRACKETS = str.maketrans("（），", "(),")
