"""Names that a ledger brings along: which record a code or a name means on a day, and which records are not there yet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.channels.binding import Binding, BoundLink, Cells
from app.channels.mapping import LINKS
from app.crud.lookups import Lookups, fold
from app.crud.resource import resource_of
from app.domain.refusals import N_, Phrase, Refused
from app.entities.community import Community

ENTITIES = {"channel": "Channel", "street_town": "StreetTown", "community": "Community", "matter": "Matter", "unit": "Department"}

Key = tuple[str, str]
"""Which link, and what identifies the record within the file."""


@dataclass(slots=True)
class Sighting:
    """One record as the file speaks of it: its code there, and on which days it carried which name."""

    code: str
    names: dict[str, list[date]] = field(default_factory=dict)
    english: str = ""
    parent: Key | None = None
    level: int = 1

    def see(self, name: str, first: date, last: date) -> None:
        """It was called ``name`` from ``first`` to ``last``."""
        days = self.names.setdefault(name, [first, last])
        days[0], days[1] = min(days[0], first), max(days[1], last)

    @property
    def latest(self) -> str:
        """The name it carried last."""
        return max(self.names, key=lambda name: (self.names[name][1], name)) if self.names else ""

    @property
    def last_day(self) -> date:
        """The last day it was seen."""
        return max((days[1] for days in self.names.values()), default=date.min)


@dataclass(frozen=True, slots=True)
class ByDay:
    """A name that means different records on different days."""

    name: str
    sighting: Sighting


Meaning = int | Refused | ByDay | None


class Register:
    """Resolves the names of one file.

    First every row is shown to ``see``; then ``settle`` decides once per spelling what it means, and ``resolve`` answers
    row by row. Records that are to be created answer with negative numbers: ``new`` lists them, ``known``
    those with a code; ``nameless`` are codes that the file never names.
    """

    def __init__(self, session: Session, binding: Binding, *, create_missing: bool) -> None:
        self.session, self.binding, self.create_missing = session, binding, create_missing
        self.lookups = Lookups(session, binding.mapping.source)
        self.new: list[tuple[Key, Sighting, int]] = []
        self.known: list[tuple[Key, Sighting, int]] = []
        self.nameless: list[str] = []
        self.ids: dict[Key, int] = {}
        self._places = {name: self._reads(name) for name in binding.links}
        self._longest = max((place for places in self._places.values() for place in places), default=-1)
        self._spans: dict[str, dict[Any, list[date]]] = {name: {} for name in binding.links}
        self._meanings: dict[str, dict[Any, Meaning]] = {name: {} for name in binding.links}
        self._sightings: dict[str, dict[str, Sighting]] = {name: {} for name in binding.links}
        self._days: dict[tuple[str, str, date | None], Meaning] = {}
        self._claimed: dict[str, set[int]] = {}
        self._territories: dict[int, int | None] | None = None

    def _reads(self, name: str) -> tuple[int, ...]:
        """The places that decide what a link means, those of what it belongs to included."""
        levels = self.binding.links[name]
        parents = {link.parent for link in levels if link.parent in self.binding.links}
        own = [place for link in levels for place in link.places]
        return tuple(own + [place for parent in parents for link in self.binding.links[parent] for place in link.places])

    def _raw(self, name: str, cells: Cells) -> tuple[Any, ...]:
        if len(cells) > self._longest:
            return tuple([cells[place] for place in self._places[name]])
        return tuple(cells[place] if place < len(cells) else None for place in self._places[name])

    # --- the first pass: who is spoken of ------------------------------------------------------------------

    def see(self, cells: Cells, day: date | None) -> None:
        """Take note of every record a row names."""
        first, last = day or date.max, day or date.min
        for name, spans in self._spans.items():
            raw = self._raw(name, cells)
            span = spans.get(raw)
            if span is None:
                spans[raw] = [first, last]
            else:
                span[0], span[1] = min(span[0], first), max(span[1], last)

    def settle(self) -> None:
        """Decide what every spelling of the file means."""
        for name in LINKS:
            spelt: dict[Any, str | Refused] = {}
            for raw, span in self._spans.get(name, {}).items():
                try:
                    spelt[raw] = self._note(name, raw, span)
                except Refused as refused:
                    spelt[raw] = refused
            decided = self._decide_all(name)
            self._meanings[name] = {raw: decided.get(key) if isinstance(key, str) else key for raw, key in spelt.items()}

    def _note(self, name: str, raw: tuple[Any, ...], span: list[date]) -> str:
        """Write down the sightings behind one spelling; returns the key of the deepest level it names."""
        cells = self._cells(name, raw)
        deepest, parent = "", None
        for level, link in enumerate(self.binding.links[name], start=1):
            key, code, shown = self._key(link, cells)
            if not key:
                continue
            sighting = self._sightings[name].setdefault(key, Sighting(code, level=level))
            if shown:
                sighting.see(shown, *span)
            sighting.english = sighting.english or link.name_en(cells)
            sighting.parent = sighting.parent or parent or self._parent(link, cells)
            deepest, parent = key, (name, key)
        return deepest

    def _cells(self, name: str, raw: tuple[Any, ...]) -> Cells:
        """A row that holds nothing but one spelling."""
        cells: list[Any] = [None] * (max(self._places[name], default=-1) + 1)
        for place, cell in zip(self._places[name], raw, strict=True):
            cells[place] = cell
        return cells

    def _key(self, link: BoundLink, cells: Cells) -> tuple[str, str, str]:
        """What identifies the record in this file: the code where there is one, else the name within what it belongs to."""
        code, shown = link.code(cells), link.name_zh(cells)
        parent = self._parent(link, cells) if shown and not code else None
        return (f"#{code}" if code else f"{parent[1]} › {shown}" if parent else shown), code, shown

    def _parent(self, link: BoundLink, cells: Cells) -> Key | None:
        if link.parent not in self.binding.links:
            return None
        key, _, _ = self._key(self.binding.links[link.parent][-1], cells)
        return (link.parent, key) if key else None

    # --- deciding ------------------------------------------------------------------------------------------

    def _decide_all(self, name: str) -> dict[str, Meaning]:
        sightings = self._sightings.get(name, {})
        carriers: dict[str, set[str]] = defaultdict(set)
        for sighting in sightings.values():
            for shown in sighting.names if sighting.code else ():
                carriers[fold(shown)].add(sighting.code)
        found: dict[str, Meaning] = {}
        for key, sighting in sorted(sightings.items(), key=lambda item: not item[1].code):
            meant: Meaning
            try:
                meant = self._coded(name, sighting, carriers) if sighting.code else self._called(name, sighting, carriers)
                if meant is None:
                    meant = self._announced((name, key), sighting)
            except Refused as refused:
                meant = refused
            if isinstance(meant, int):
                self.ids[name, key] = meant
                if meant > 0 and sighting.code:
                    self.known.append(((name, key), sighting, meant))
            found[key] = meant
        return found

    def _announced(self, key: Key, sighting: Sighting) -> int | None:
        """A record that is not there: to be created if that was asked for. A code that the file never names is nobody."""
        if not sighting.latest:
            self.nameless.append(sighting.code)
            return None
        if not self.create_missing:
            raise self._missing(key[0], sighting)
        placeholder = -len(self.new) - 1
        self.new.append((key, sighting, placeholder))
        return placeholder

    def _coded(self, name: str, sighting: Sighting, carriers: dict[str, set[str]]) -> int | None:
        """By the source's own code; else by a name that no other code of the source can claim.

        Codes are the identity: two codes with one name stay two records, whatever they are called.
        """
        resource = resource_of(ENTITIES[name])
        index = self.lookups.index(resource)
        if sighting.code in index.by_code:
            return index.by_code[sighting.code]
        claimed = self._claimed.setdefault(name, set(index.by_code.values()))
        for shown in sorted(sighting.names, key=lambda n: sighting.names[n][1], reverse=True):
            ids = self.lookups.find(resource, shown, sighting.names[shown][1]) - claimed
            if len(carriers[fold(shown)]) > 1 or len(ids) > 1:
                if ids and not self.create_missing:
                    raise self._ambiguous(name, shown, ids)
            elif ids:
                claimed |= ids
                return next(iter(ids))
        return None

    def _called(self, name: str, sighting: Sighting, carriers: dict[str, set[str]]) -> Meaning:
        """By name alone: a stored record, or the one record of this file that has a code and that name."""
        shown = sighting.latest
        first, last = sighting.names[shown]
        ids = [self._candidates(name, sighting, day) for day in ((first, last) if last != date.min else (None,))]
        if any(each != ids[0] for each in ids) or len(ids[0]) > 1:
            return ByDay(name, sighting)
        codes = carriers.get(fold(shown), set())
        if not ids[0] and len(codes) == 1:
            return self.ids.get((name, f"#{next(iter(codes))}"))
        return next(iter(ids[0]), None)

    def _candidates(self, name: str, sighting: Sighting, day: date | None) -> set[int]:
        """Records that a name may mean on a day: of units a street-town may be one; of communities those of the street-town."""
        ids = self.lookups.find(resource_of(ENTITIES[name]), sighting.latest, day)
        if not ids and name == "unit":
            ids = self.lookups.find(resource_of("Unit"), sighting.latest, day)
        if name != "community" or sighting.parent is None:
            return ids
        parent = self.ids.get(sighting.parent)
        near = {row for row in ids if self._territory(row) in (None, parent)}
        return near if near or self.create_missing else ids

    def _on_day(self, meant: ByDay, day: date | None) -> Meaning:
        asked = (meant.name, meant.sighting.latest, day)
        if asked not in self._days:
            ids = self._candidates(meant.name, meant.sighting, day)
            if len(ids) == 1:
                self._days[asked] = next(iter(ids))
            else:
                self._days[asked] = self._ambiguous(meant.name, asked[1], ids) if ids else self._missing(meant.name, meant.sighting)
        return self._days[asked]

    def _ambiguous(self, name: str, shown: str, ids: set[int]) -> Refused:
        index = self.lookups.index(resource_of("Unit" if name == "unit" else ENTITIES[name]))
        which = [index.label(row) for row in sorted(ids)[:5]]
        return Refused("ambiguous", N_("“%(value)s” could be %(options)s; write the code to say which"), value=shown, options=which)

    def _missing(self, name: str, sighting: Sighting) -> Refused:
        resource = resource_of(ENTITIES[name])
        near = self.lookups.similar(resource, sighting.latest)
        message = N_("There is no %(resource)s “%(value)s”. Add it first, or import with “create missing master data”.")
        if near:
            message = N_(
                "There is no %(resource)s “%(value)s”; similar: %(options)s. Add it first, or import with “create missing master data”."
            )
        shown = f"{sighting.latest} ({sighting.code})" if sighting.code else sighting.latest
        return Refused("no-such-record", message, resource=Phrase(resource.singular), value=shown, options=near)

    # --- the second pass -----------------------------------------------------------------------------------

    def resolve(self, name: str, cells: Cells, day: date | None) -> int | None:
        """The record a row names on its day (negative while it does not exist yet), or ``Refused``."""
        meant = self._meanings[name].get(self._raw(name, cells))
        if isinstance(meant, ByDay):
            meant = self._on_day(meant, day)
        if isinstance(meant, Refused):
            raise meant
        return meant if isinstance(meant, int) else None

    def foreign(self, community: int | None, street_town: int | None) -> Refused | None:
        """Why a community cannot stand in a street-town, where it belongs to another one; names are compared, codes believed."""
        levels = self.binding.links.get("community", ())
        if not community or not street_town or not levels or not levels[-1].parent or self.binding.mapping.links["community"][-1].code.text:
            return None
        home = self._territory(community)
        if home is None or home == street_town:
            return None
        towns, communities = (self.lookups.index(resource_of(ENTITIES[name])).titles for name in ("street_town", "community"))
        return Refused(
            "foreign-territory",
            N_("the community “%(community)s” belongs to “%(home)s”, not to “%(other)s”"),
            community=communities.get(community, ""),
            home=towns.get(home, ""),
            other=towns.get(street_town, "—"),
        )

    def _territory(self, community: int) -> int | None:
        if self._territories is None:
            self._territories = {row[0]: row[1] for row in self.session.execute(select(Community.id, Community.street_town_id))}
        return self._territories.get(community)
