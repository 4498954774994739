"""A resource: one table as people meet it, with its titles, its place in the menu, its natural key and its manners."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from app.crud.columns import Choice, Field, Link, Links, Localized
from app.crud.entity import Entity

CREATE, UPDATE, DELETE, IMPORT = "create", "update", "delete", "import"
WRITES = frozenset({CREATE, UPDATE, DELETE, IMPORT})
READ, EXPORT = "read", "export"

RowRule = Callable[[Mapping[str, Any], Any], None]
"""Looks at the values a row would have, and at the row as it is; raises ``Refused``."""
KeepRule = Callable[[Any], None]
"""Raises ``Refused`` where a row must neither be deleted nor taken back with its import."""
"""Checks a whole row: the values about to be stored, and the stored row (``None`` when it is new); raises ``Refused``."""


@dataclass(eq=False)
class Resource:
    """What the kit needs to know about a table beyond its columns.

    ``area`` is the menu's work area, ``icon`` a Font Awesome name. ``natural_key`` are the columns that name a
    row in files (``code``). ``related`` names link columns of other entities, as ``Entity.column``, whose rows
    are shown beneath a row of this one. ``tabs`` is a choice column whose values become tabs above the list.
    ``recent`` is a moment column; lists start with its last ``recent_days`` days. ``allows`` says which writes the
    generated doors offer. ``creator`` is the service that makes new rows where the kit must not (set at start);
    ``importer`` names the importer that understands its files. ``clock`` names the moments at which a row is due and
    at which it ended: lists then show the time left. ``groups`` explains groups of columns beside a form. ``kept`` are
    rules that forbid deleting a row, and with it changing it unless the resource is ``amendable``; its page then says why.
    """

    entity: type[Entity]
    singular: str
    plural: str
    area: str
    icon: str = "table"
    natural_key: tuple[str, ...] = ("code",)
    order: str = "code"
    listed: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    tabs: str = ""
    recent: str = ""
    recent_days: int = 90
    aliases: bool = False
    allows: frozenset[str] = WRITES
    rules: tuple[RowRule, ...] = ()
    kept: tuple[KeepRule, ...] = ()
    amendable: bool = False
    about: str = ""
    empty: str = ""
    menu: bool = True
    position: int = 100
    groups: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    importer: str = ""
    clock: tuple[str, str] = ("", "")
    creator: Callable[[Mapping[str, Any], Any], Any] | None = None

    @property
    def name(self) -> str:
        """The permission's and the API's name for it: the entity's class name."""
        return self.entity.__name__

    @cached_property
    def slug(self) -> str:
        """Its place in URLs: ``street-towns``; from the class, because kinds of one table share the table's name."""
        return self.path or re.sub(r"(?<!^)(?=[A-Z])", "-", self.name).lower() + "s"

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every declared column, by name."""
        return {name: f for name, f in self.entity.__fields__.items() if not f.hidden}

    @cached_property
    def localized(self) -> dict[str, Localized]:
        """Names that exist in both languages."""
        return self.entity.__localized__

    @cached_property
    def written(self) -> dict[str, Field]:
        """The columns that people and files may write."""
        return {name: f for name, f in self.fields.items() if not f.derived}

    @cached_property
    def columns(self) -> dict[str, Field]:
        """The columns of a list, in order: localized pairs stand as one, by their common name."""
        found: dict[str, Field] = {}
        for name, f in self.fields.items():
            if f.pair:
                found.setdefault(f.pair, self.localized[f.pair])
            else:
                found[name] = f
        return found

    @cached_property
    def default_columns(self) -> tuple[str, ...]:
        """What a list shows before anybody chooses."""
        if self.listed:
            return self.listed
        return tuple(name for name, f in self.columns.items() if f.listed) or tuple(self.columns)[:6]

    @cached_property
    def searched(self) -> tuple[str, ...]:
        """The columns that free-text search looks into; hidden ones too, or pinyin would find nothing."""
        return tuple(name for name, f in self.entity.__fields__.items() if f.search)

    @cached_property
    def filtered(self) -> dict[str, Field]:
        """The columns that may be filtered by: nothing else is, on screens or by programs."""
        return {name: f for name, f in self.columns.items() if (f.filtered or f.search or f.listed) and not f.personal}

    @cached_property
    def links(self) -> dict[str, Link]:
        """Links to one record of another table."""
        return {name: f for name, f in self.fields.items() if isinstance(f, Link)}

    @cached_property
    def choices(self) -> dict[str, Choice]:
        """Columns with a fixed or kept set of values."""
        return {name: f for name, f in self.fields.items() if isinstance(f, Choice)}

    def permits(self, verb: str) -> bool:
        """Whether the generated doors offer ``verb`` at all."""
        return verb in (READ, EXPORT) or verb in self.allows


_resources: dict[str, Resource] = {}


def register(resources: Sequence[Resource]) -> None:
    """Make resources known to each other (once, at start)."""
    _resources.clear()
    for resource in sorted(resources, key=lambda r: (r.position, r.name)):
        if resource.name in _resources:
            raise ValueError(f"two resources for {resource.name}")
        _resources[resource.name] = resource


def resources() -> Mapping[str, Resource]:
    """Every resource by its name."""
    return _resources


def resource_of(entity: type[Any] | str) -> Resource:
    """The resource of an entity; ``KeyError`` where it has none."""
    return _resources[entity if isinstance(entity, str) else entity.__name__]


def target_of(link: Link | Links) -> Resource:
    """The resource a link points to."""
    return _resources[link.target]
