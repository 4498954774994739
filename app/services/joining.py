"""Master data that a ledger brings along, written: missing records are made, renamed ones joined under their newest name."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.channels.mapping import LedgerMapping
from app.crud.aliases import OtherName, add_alias
from app.crud.importing.planning import CHUNK
from app.crud.resource import Resource, resource_of
from app.crud.tables import Alias
from app.entities.source_system import SourceSystem
from app.services.naming import ENTITIES, Key, Register, Sighting


def source_of(session: Session, mapping: LedgerMapping) -> int | None:
    """The mapping's source system, if it is there already."""
    return session.execute(select(SourceSystem.id).where(SourceSystem.code == mapping.source)).scalar_one_or_none()


def make_source(session: Session, mapping: LedgerMapping) -> int:
    """The mapping's source system; made when its first ledger arrives."""
    found = source_of(session, mapping)
    if found is None:
        made = SourceSystem(code=mapping.source, name_zh=mapping.source_names.zh, name_en=mapping.source_names.en)
        session.add(made)
        session.flush()
        found = made.id
    return found


class Joiner:
    """Writes what a ``Register`` has settled, inside the import's transaction; ``real`` turns placeholders into numbers."""

    def __init__(self, session: Session, register: Register) -> None:
        self.session, self.register = session, register
        self.source = register.binding.mapping.source
        self.real: dict[int, int] = {}
        self.codes: dict[str, set[str]] = {}

    def id_of(self, found: int | None) -> int | None:
        """The real number of a record, now that it exists."""
        return self.real[found] if found is not None and found < 0 else found

    def write(self) -> None:
        """Create what is missing, and give renamed records their newest name."""
        for key, sighting, placeholder in self.register.new:
            self.real[placeholder] = self._create(key[0], sighting)
        by_entity: dict[str, list[tuple[Sighting, int]]] = defaultdict(list)
        for key, sighting, row_id in self.register.known:
            by_entity[ENTITIES[key[0]]].append((sighting, row_id))
        for name, joined in by_entity.items():
            for start in range(0, len(joined), CHUNK):
                self._join_all(resource_of(name), joined[start : start + CHUNK])

    # --- new ones -------------------------------------------------------------------------------------------

    def _create(self, name: str, sighting: Sighting) -> int:
        entity: Any = resource_of(ENTITIES[name]).entity
        values: dict[str, Any] = {"name_zh": sighting.latest[:120], "name_en": sighting.english[:120]}
        values["code"] = self._free_code(resource_of(ENTITIES[name]), sighting)
        if name == "matter":
            values["level"] = min(sighting.level, 3)
        parent = self._parent_id(sighting.parent)
        if parent is not None:
            values["street_town_id" if name == "community" else "parent_id"] = parent
        row = entity(**values)
        self.session.add(row)
        self.session.flush()
        table = entity.__tablename__
        if sighting.code:
            self._remember_code(table, row.id, sighting)
        for shown in sighting.names:
            if shown != sighting.latest:
                self._add_former(table, row.id, shown, until(sighting, shown))
        return int(row.id)

    def _parent_id(self, parent: Key | None) -> int | None:
        return self.id_of(self.register.ids.get(parent)) if parent else None

    def _free_code(self, resource: Resource, sighting: Sighting) -> str:
        """The source's code where it is still free here, else one that names the source."""
        shared: Any = resource.entity.__mapper__.base_mapper.class_
        table = shared.__tablename__
        if table not in self.codes:
            self.codes[table] = set(self.session.execute(select(shared.code)).scalars())
        taken = self.codes[table]
        own = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in sighting.code)[:40].strip("-._")
        base = f"{self.source}-{own or resource.name[:2].upper()}"[:36]
        wanted, number = own or f"{base}001", 1
        while wanted in taken:
            wanted = base if number == 1 and own else f"{base}{number:03d}"
            number += 1
        taken.add(wanted)
        return wanted

    def _remember_code(self, table: str, row_id: int, sighting: Sighting) -> None:
        """The source's code, with the last day on which it was seen: what an older ledger says later does not rename it back."""
        add_alias(self.session, table, row_id, OtherName(sighting.code[:200], "code", "zh", None, _day(sighting.last_day)), self.source)

    def _add_former(self, table: str, row_id: int, shown: str, last: date) -> None:
        add_alias(self.session, table, row_id, OtherName(shown[:200], "former", "zh", None, _day(last)))

    # --- known ones -----------------------------------------------------------------------------------------

    def _join_all(self, resource: Resource, joined: list[tuple[Sighting, int]]) -> None:
        entity: Any = resource.entity
        ids = [row_id for _, row_id in joined]
        rows = {row.id: row for row in self.session.execute(select(entity).where(entity.id.in_(ids))).scalars()}
        aliases: dict[int, list[Alias]] = defaultdict(list)
        for alias in self.session.execute(select(Alias).where(Alias.entity == entity.__tablename__, Alias.row_id.in_(ids))).scalars():
            aliases[alias.row_id].append(alias)
        for sighting, row_id in joined:
            self._join(rows[row_id], sighting, aliases[row_id])

    def _join(self, row: Any, sighting: Sighting, aliases: list[Alias]) -> None:
        """A known record: a newer name becomes the present one, the one before an alias with its last day."""
        table = row.__tablename__
        codes = [a for a in aliases if a.kind == "code" and a.source == self.source and a.name == sighting.code]
        seen_until = max((a.valid_to or date.min for a in codes), default=date.min)
        known = {row.name_zh} | {a.name for a in aliases if a.kind != "code"}
        if sighting.latest and sighting.latest not in known and sighting.last_day >= seen_until:
            self._add_former(table, row.id, row.name_zh, until(sighting, row.name_zh))
            row.name_zh = sighting.latest[:120]
            known.add(sighting.latest)
        for shown in sighting.names:
            if shown not in known:
                self._add_former(table, row.id, shown, until(sighting, shown))
        if not codes or sighting.last_day > seen_until:
            self._remember_code(table, row.id, sighting)


def until(sighting: Sighting, shown: str) -> date:
    """The last day of a name: the day before the next name was first seen, or the last day on which it was seen itself."""
    own = sighting.names.get(shown, [date.min, date.min])[1]
    later = [first for name, (first, _) in sighting.names.items() if name != shown and own < first != date.max]
    return min(later) - timedelta(days=1) if later else own


def _day(day: date) -> date | None:
    return None if day in (date.min, date.max) else day
