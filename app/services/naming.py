"""Names that a ledger brings along: which record a code or name means, new ones to create, and renamed ones to join."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.channels.mapping import LINKS, LedgerMapping, LinkMapping
from app.crud.aliases import OtherName, add_alias
from app.crud.lookups import Lookups
from app.crud.resource import Resource, resource_of
from app.crud.tables import Alias
from app.domain.refusals import N_, Phrase, Refused
from app.entities.source_system import SourceSystem

ENTITIES = {"channel": "Channel", "street_town": "StreetTown", "community": "Community", "matter": "Matter", "unit": "Department"}


@dataclass(slots=True)
class Sighting:
    """One record as the file speaks of it: its code there, and on which days it carried which name."""

    code: str
    names: dict[str, list[date]] = field(default_factory=dict)
    english: str = ""
    parent: tuple[str, str] | None = None
    level: int = 1
    extra: dict[str, str] = field(default_factory=dict)

    def see(self, name: str, day: date | None) -> None:
        """It was called ``name`` on ``day``."""
        if not name:
            return
        days = self.names.setdefault(name, [day or date.max, day or date.min])
        if day:
            days[0], days[1] = min(days[0], day), max(days[1], day)

    @property
    def latest(self) -> str:
        """The name it carried last."""
        return max(self.names, key=lambda name: (self.names[name][1], name)) if self.names else ""

    @property
    def last_day(self) -> date:
        """The last day it was seen."""
        return max((days[1] for days in self.names.values()), default=date.min)


class Register:
    """Resolves the names of one file.

    First every row is shown to ``see``; then ``settle`` decides what each name means, and ``resolve`` answers row by row.
    Records to be created answer with negative numbers until ``create`` has made them.
    """

    def __init__(self, session: Session, mapping: LedgerMapping, *, create_missing: bool) -> None:
        self.session, self.mapping, self.create_missing = session, mapping, create_missing
        self.lookups = Lookups(session, mapping.source)
        self.sightings: dict[str, dict[str, Sighting]] = {name: {} for name in LINKS}
        self.ids: dict[tuple[str, str], int] = {}
        self.refusals: dict[tuple[str, str], Refused] = {}
        self.new: list[tuple[str, Sighting, int]] = []
        self.real: dict[int, int] = {}

    def see(self, row: dict[str, Any], day: date | None) -> None:
        """Take note of every record a row names."""
        for name, levels in self.mapping.links.items():
            parent: tuple[str, str] | None = None
            for level, link in enumerate(levels, start=1):
                key, code, shown = self._key(link, row)
                if not key:
                    parent = None
                    continue
                sighting = self.sightings[name].setdefault(key, Sighting(code, level=level))
                sighting.see(shown, day)
                sighting.english = sighting.english or link.name_en.fill(row, self.mapping.missing)
                sighting.extra = dict(link.extra)
                sighting.parent = sighting.parent or parent or self._parent(link, row)
                parent = (name, key)

    def _key(self, link: LinkMapping, row: dict[str, Any]) -> tuple[str, str, str]:
        """What identifies the record in this file: the code where there is one, else the name."""
        missing = self.mapping.missing
        code, shown = link.code.fill(row, missing), link.name_zh.fill(row, missing)
        return (f"#{code}" if code else shown, code, shown)

    def _parent(self, link: LinkMapping, row: dict[str, Any]) -> tuple[str, str] | None:
        if not link.parent:
            return None
        key, _, _ = self._key(self.mapping.links[link.parent][-1], row)
        return (link.parent, key) if key else None

    def settle(self) -> None:
        """Decide what every name of the file means."""
        placeholder = -1
        for name in LINKS:
            for key, sighting in self.sightings[name].items():
                try:
                    found = self._find(name, sighting)
                except Refused as refused:
                    self.refusals[name, key] = refused
                    continue
                if found is not None:
                    self.ids[name, key] = found
                elif sighting.latest and self.create_missing:
                    self.ids[name, key] = placeholder
                    self.new.append((name, sighting, placeholder))
                    placeholder -= 1
                elif sighting.latest:
                    self.refusals[name, key] = self._missing(name, sighting)

    def _find(self, name: str, sighting: Sighting) -> int | None:
        resource = resource_of(ENTITIES[name])
        index = self.lookups.index(resource)
        if sighting.code:
            found = index.by_code.get(sighting.code)
            if found is not None:
                return found
            if not self.create_missing and sighting.code in index.by_key:
                return index.by_key[sighting.code]
            if self.create_missing:
                return None  # the source's own code says it is another one, whatever it is called
        for shown in sorted(sighting.names, key=lambda n: sighting.names[n][1], reverse=True):
            ids = self.lookups.find(resource, shown, sighting.names[shown][1])
            if len(ids) > 1:
                which = [f"{index.titles[i]}" for i in sorted(ids)[:5]]
                raise Refused(
                    "ambiguous", N_("“%(value)s” could be %(options)s; write the code to say which"), field=name, value=shown, options=which
                )
            if ids:
                return next(iter(ids))
        return None

    def _missing(self, name: str, sighting: Sighting) -> Refused:
        resource = resource_of(ENTITIES[name])
        return Refused(
            "no-such-record",
            N_("There is no %(resource)s “%(value)s”. Add it first, or import with “create missing master data”."),
            field=name,
            resource=Phrase(resource.singular),
            value=f"{sighting.latest} ({sighting.code})" if sighting.code else sighting.latest,
        )

    def resolve(self, name: str, row: dict[str, Any]) -> int | None:
        """The record a row names (negative while it does not exist yet), or ``Refused``."""
        levels = self.mapping.links.get(name, ())
        for link in reversed(levels):
            key, _, _ = self._key(link, row)
            if not key:
                continue
            if (name, key) in self.refusals:
                raise self.refusals[name, key]
            return self.ids.get((name, key))
        return None

    # --- writing, inside the import's transaction ----------------------------------------------------------

    def create(self) -> int:
        """Create what is missing and join what was renamed; returns how many records were made."""
        for name, sighting, placeholder in self.new:
            self.real[placeholder] = self._create(name, sighting)
        for name in LINKS:
            for key, sighting in self.sightings[name].items():
                found = self.ids.get((name, key))
                if found is not None and found > 0 and sighting.code:
                    self._join(resource_of(ENTITIES[name]), found, sighting)
        return len(self.new)

    def id_of(self, found: int | None) -> int | None:
        """The real number of a record, now that it exists."""
        return self.real[found] if found is not None and found < 0 else found

    def _create(self, name: str, sighting: Sighting) -> int:
        resource = resource_of(ENTITIES[name])
        entity: Any = resource.entity
        values: dict[str, Any] = {"name_zh": sighting.latest[:120], "name_en": sighting.english[:120], **sighting.extra}
        values["code"] = self._free_code(resource, sighting)
        if name == "matter":
            values["level"] = min(sighting.level, 3)
        parent = self.id_of(self.ids.get(sighting.parent)) if sighting.parent else None
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
                self._former(table, row.id, shown, sighting)
        return int(row.id)

    def _free_code(self, resource: Resource, sighting: Sighting) -> str:
        """The source's code where it is still free here, else one that names the source."""
        index = self.lookups.index(resource_of("Unit") if resource.entity.__tablename__ == "unit" else resource)
        wanted = "".join(c if c.isalnum() or c in "._-" else "-" for c in sighting.code)[:40].strip("-._")
        if not wanted.isascii() or not wanted or wanted in index.by_key:
            base = (
                f"{self.mapping.source}-{wanted}" if wanted.isascii() and wanted else f"{self.mapping.source}-{resource.name[:2].upper()}"
            )
            wanted, number = base[:36], 1
            while wanted in index.by_key or (wanted == base[:36] and not sighting.code):
                wanted, number = f"{base[:34]}{number:03d}", number + 1
        index.by_key[wanted] = 0
        return wanted

    def _remember_code(self, table: str, row_id: int, sighting: Sighting) -> None:
        last = sighting.last_day if sighting.last_day != date.min else None
        add_alias(self.session, table, row_id, OtherName(sighting.code, "code", "zh", None, last), self.mapping.source)

    def _former(self, table: str, row_id: int, shown: str, sighting: Sighting) -> None:
        last = sighting.names[shown][1]
        known = last if last != date.min else None
        add_alias(self.session, table, row_id, OtherName(shown[:200], "former", "zh", None, known))

    def _join(self, resource: Resource, row_id: int, sighting: Sighting) -> None:
        """A known code with a new name: the newer name becomes the present one, the other an alias with its last day."""
        entity: Any = resource.entity
        row = self.session.get(entity, row_id)
        assert row is not None
        table = entity.__tablename__
        remembered = self.session.execute(
            select(Alias).where(
                Alias.entity == table,
                Alias.row_id == row_id,
                Alias.kind == "code",
                Alias.source == self.mapping.source,
                Alias.name == sighting.code,
            )
        ).scalar_one_or_none()
        seen_until = (remembered.valid_to if remembered else None) or date.min
        known = {row.name_zh} | set(
            self.session.execute(select(Alias.name).where(Alias.entity == table, Alias.row_id == row_id, Alias.kind == "former")).scalars()
        )
        if sighting.latest not in known and sighting.last_day >= seen_until:
            last = min(sighting.names[sighting.latest][0] - timedelta(days=1), sighting.last_day)
            add_alias(self.session, table, row_id, OtherName(row.name_zh, "former", "zh", None, last))
            known.add(sighting.latest)
            row.name_zh = sighting.latest[:120]
        for shown in sighting.names:
            if shown not in known:
                self._former(table, row_id, shown, sighting)
        if remembered is not None and sighting.last_day > seen_until:
            self.session.execute(update(Alias).where(Alias.id == remembered.id).values(valid_to=sighting.last_day))


def source_of(session: Session, mapping: LedgerMapping, *, create_missing: bool) -> int | None:
    """The mapping's source system; created on request, ``None`` while it is only planned."""
    found = session.execute(select(SourceSystem.id).where(SourceSystem.code == mapping.source)).scalar_one_or_none()
    if found is None and not create_missing:
        raise Refused(
            "no-such-record",
            N_("There is no %(resource)s “%(value)s”. Add it first, or import with “create missing master data”."),
            resource=Phrase(N_("Source system")),
            value=mapping.source,
        )
    return found
