"""Mapping files: how a foreign ledger's columns become tickets, written down as data (TOML), never as code.

A template like ``{EVENT_TYPE_ID}.{MAIN_TYPE_ID}`` is filled from the columns of a row; ``{A|B}`` takes the first
column that has a value. A value dictionary translates the filled text. Spellings in ``missing`` mean "nothing".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.refusals import N_, Refused
from app.domain.scorecard import Names

FOLDER = Path(__file__).parent / "mappings"
PLACE = re.compile(r"\{([^{}]+)\}")

LINKS = ("channel", "street_town", "community", "matter", "unit")


@dataclass(frozen=True, slots=True)
class Template:
    """A text made from columns, optionally cut out by a pattern and translated by a value dictionary.

    ``otherwise`` is what words mean that neither this dictionary nor the district's own knows; without it they are refused.
    """

    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    pattern: str = ""
    otherwise: str = ""

    @property
    def columns(self) -> list[str]:
        """Every column it may take from."""
        return [name.strip() for place in PLACE.findall(self.text) for name in place.split("|")]


@dataclass(frozen=True, slots=True)
class LinkMapping:
    """How a row names a record of master data: by the source's own code, by name, or both; levels for hierarchies.

    ``parent`` is the link whose record this one belongs to (a community's street-town).
    """

    code: Template
    name_zh: Template
    name_en: Template
    parent: str = ""

    @property
    def columns(self) -> list[str]:
        """Every column it may take from."""
        return [column for template in (self.code, self.name_zh, self.name_en) for column in template.columns]


@dataclass(frozen=True, slots=True)
class Flags:
    """Columns that tell an outcome without its time, and how they spell yes and no."""

    in_time: Template
    overdue: Template
    yes: frozenset[str]
    no: frozenset[str]


@dataclass(frozen=True, slots=True)
class Void:
    """Which rows count nowhere (duplicates): those where the column's text matches the pattern."""

    text: Template
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class LedgerMapping:
    """A whole mapping file.

    ``unknown`` names what the source never records, ``unknown_when_missing`` what it records now and then;
    ``stage`` is where its tickets stand when it does not say so.
    """

    code: str
    title: Names
    source: str
    source_names: Names
    zone: ZoneInfo
    missing: frozenset[str]
    unknown: frozenset[str]
    unknown_when_missing: frozenset[str]
    ticket: Mapping[str, Template]
    required: frozenset[str]
    formats: Mapping[str, str]
    flags: Flags | None
    void: Void | None
    links: Mapping[str, tuple[LinkMapping, ...]]
    stage: str
    headers: tuple[str, ...]

    def columns(self) -> set[str]:
        """Every column the mapping takes from."""
        found = {column for template in self.ticket.values() for column in template.columns}
        found |= {column for levels in self.links.values() for link in levels for column in link.columns}
        if self.flags:
            found |= {*self.flags.in_time.columns, *self.flags.overdue.columns}
        return found | set(self.void.text.columns if self.void else ())


def mappings() -> dict[str, LedgerMapping]:
    """Every mapping the product ships, by code."""
    return {path.stem: read_mapping(path) for path in sorted(FOLDER.glob("*.toml"))}


def mapping_of(name: str) -> LedgerMapping:
    """A shipped mapping by its code, or one read from a path; ``Refused("no-mapping")`` where there is neither."""
    shipped = FOLDER / f"{name}.toml"
    if re.fullmatch(r"[a-z0-9_-]+", name) and shipped.exists():
        return read_mapping(shipped)
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return read_mapping(path)
    raise Refused("no-mapping", N_("There is no mapping “%(name)s”. Shipped: %(known)s."), name=name, known=", ".join(sorted(mappings())))


def read_mapping(path: Path) -> LedgerMapping:
    """Read a mapping file; ``Refused("bad-mapping")`` names what is wrong with it."""
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _read(path: Path, _changed: int) -> LedgerMapping:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        source = data["source"]
        return LedgerMapping(
            code=path.stem,
            title=Names(data["title_zh"], data["title_en"]),
            source=source["code"],
            source_names=Names(source["name_zh"], source["name_en"]),
            zone=ZoneInfo(data.get("time_zone", "Asia/Shanghai")),
            missing=frozenset({"", *data.get("missing", [])}),
            unknown=frozenset(source.get("unknown", [])),
            unknown_when_missing=frozenset(source.get("unknown_when_missing", [])),
            ticket={name: _template(value) for name, value in data["ticket"].items() if name != "stage"},
            required=frozenset({"source_no", "reported_at", *data.get("required", [])}),
            formats=data.get("formats", {}),
            flags=_flags(data["flags"]) if "flags" in data else None,
            void=Void(_template(data["void"]), re.compile(data["void"]["matches"])) if "void" in data else None,
            links={name: _levels(data["links"][name]) for name in LINKS if name in data.get("links", {})},
            stage=data["ticket"].get("stage", ""),
            headers=tuple(data.get("headers", ())),
        )
    except (KeyError, ValueError, UnicodeDecodeError, TypeError, AttributeError, re.error) as error:
        raise Refused(
            "bad-mapping", N_("The mapping file “%(name)s” cannot be read: %(problem)s"), name=path.name, problem=str(error)
        ) from error


def _flags(data: Mapping[str, Any]) -> Flags:
    return Flags(_template(data["in_time"]), _template(data["overdue"]), frozenset(data["yes"]), frozenset(data["no"]))


def _template(value: Any) -> Template:
    if isinstance(value, str):
        return Template(value)
    return Template(value["from"], value.get("values", {}), value.get("pattern", ""), value.get("otherwise", ""))


def _levels(value: Any) -> tuple[LinkMapping, ...]:
    levels = value if isinstance(value, list) else [value]
    return tuple(
        LinkMapping(
            code=_template(level.get("code", "")),
            name_zh=_template(level.get("name_zh", level.get("name", ""))),
            name_en=_template(level.get("name_en", "")),
            parent=level.get("parent", ""),
        )
        for level in levels
    )
