"""Mapping files: how a foreign ledger's columns become tickets, written down as data (TOML), never as code.

A template like ``{EVENT_TYPE_ID}.{MAIN_TYPE_ID}`` is filled from the columns of a row; ``{A|B}`` takes the first
column that exists. A value dictionary translates the filled text. Spellings in ``missing`` mean "nothing".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.refusals import N_, Phrase, Refused
from app.domain.scorecard import Names

FOLDER = Path(__file__).parent / "mappings"
_PLACE = re.compile(r"\{([^{}]+)\}")

LINKS = ("channel", "street_town", "community", "matter", "unit")


@dataclass(frozen=True, slots=True)
class Template:
    """A text made from columns, optionally translated by a value dictionary.

    ``strict`` dictionaries refuse what they do not know; others let it pass.
    """

    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False
    pattern: str = ""

    @property
    def columns(self) -> list[str]:
        """Every column it may take from."""
        return [name.strip() for place in _PLACE.findall(self.text) for name in place.split("|")]

    def fill(self, row: Mapping[str, Any], missing: frozenset[str]) -> str:
        """The text for a row; empty where any of its columns is missing."""
        empty = False

        def value(match: re.Match[str]) -> str:
            nonlocal empty
            found = next((row[name.strip()] for name in match[1].split("|") if row.get(name.strip()) is not None), None)
            text = "" if found is None else _text(found)
            if text in missing:
                empty = True
            return text

        filled = _PLACE.sub(value, self.text).strip()
        if empty or filled in missing:
            return ""
        if self.pattern:
            match = re.search(self.pattern, filled)
            filled = match[1] if match else ""
        if filled in self.values:
            return self.values[filled]
        if self.strict and filled:
            raise Refused(
                "not-an-option",
                N_("“%(value)s” is not one of the possible values: %(options)s"),
                value=filled[:80],
                options=", ".join(list(self.values)[:12]),
            )
        return filled


@dataclass(frozen=True, slots=True)
class LinkMapping:
    """How a row names a record of master data: by the source's own code, by name, or both; levels for hierarchies."""

    code: Template
    name_zh: Template
    name_en: Template
    extra: Mapping[str, str] = field(default_factory=dict)
    parent: str = ""


@dataclass(frozen=True, slots=True)
class LedgerMapping:
    """A whole mapping file."""

    code: str
    title: Names
    source: str
    source_names: Names
    zone: ZoneInfo
    missing: frozenset[str]
    unknown: frozenset[str]
    unknown_when_missing: frozenset[str]
    ticket: Mapping[str, Template]
    formats: Mapping[str, str]
    flags: Mapping[str, Any]
    void: Mapping[str, Any]
    links: Mapping[str, tuple[LinkMapping, ...]]
    stage: str
    headers: tuple[str, ...]

    def row(self, headers: Sequence[str], cells: Sequence[Any]) -> dict[str, Any]:
        """A line as column → cell."""
        return {header: cells[place] if place < len(cells) else None for place, header in enumerate(headers) if header}

    def text(self, name: str, row: Mapping[str, Any]) -> str:
        """A ticket's text column for a row."""
        template = self.ticket.get(name)
        return template.fill(row, self.missing) if template else ""

    def moment(self, name: str, row: Mapping[str, Any]) -> datetime | None:
        """A ticket's moment for a row, aware; ``Refused("not-a-moment")`` where the text is none."""
        template = self.ticket.get(name)
        if template is None:
            return None
        cell = next((row[column] for column in template.columns if row.get(column) is not None), None)
        if isinstance(cell, datetime):
            return cell if cell.tzinfo else cell.replace(tzinfo=self.zone)
        if isinstance(cell, date):
            return datetime.combine(cell, time(), self.zone)
        text = template.fill(row, self.missing)
        if not text:
            return None
        for pattern in (self.formats.get(name, ""), "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y%m%d"):
            try:
                return datetime.strptime(text, pattern).replace(tzinfo=self.zone)
            except ValueError:
                continue
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise Refused(
                "not-a-moment", N_("“%(value)s” is not a valid date and time; write it as 2026-11-24 09:15"), field=name, value=text[:80]
            ) from None
        return found if found.tzinfo else found.replace(tzinfo=self.zone)

    def column_of(self, name: str) -> str:
        """The file's first column behind a ticket column or a link, for pointing at it."""
        if name in self.ticket:
            return next(iter(self.ticket[name].columns), name)
        if name in self.links:
            link = self.links[name][-1]
            return next(iter([*link.code.columns, *link.name_zh.columns]), name)
        return name

    def columns(self) -> set[str]:
        """Every column the mapping takes from."""
        found = {c for t in self.ticket.values() for c in t.columns}
        found |= {
            c for levels in self.links.values() for link in levels for t in (link.code, link.name_zh, link.name_en) for c in t.columns
        }
        found |= {str(self.flags[key]) for key in ("in_time", "overdue") if key in self.flags}
        return found | ({str(self.void["column"])} if self.void else set())

    def check_headers(self, headers: Iterable[str]) -> None:
        """``Refused("missing-column")`` when the file lacks a column that identifies or dates its tickets."""
        present = set(headers)
        needed = [self.ticket["source_no"], self.ticket["reported_at"]]
        lost = [t.columns[0] for t in needed if t.columns and present.isdisjoint(t.columns)]
        if lost:
            raise Refused(
                "missing-column",
                N_("The file has no column %(labels)s, which the mapping “%(mapping)s” needs."),
                labels=[Phrase(N_("“%(label)s”"), label=name) for name in lost],
                mapping=self.title,
            )


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())


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
            formats=data.get("formats", {}),
            flags=data.get("flags", {}),
            void=data.get("void", {}),
            links={name: _levels(data["links"][name]) for name in LINKS if name in data.get("links", {})},
            stage=data["ticket"].get("stage", ""),
            headers=tuple(data.get("headers", ())),
        )
    except (KeyError, tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, AttributeError) as error:
        raise Refused(
            "bad-mapping", N_("The mapping file “%(name)s” cannot be read: %(problem)s"), name=path.name, problem=str(error)
        ) from error


def _template(value: Any) -> Template:
    if isinstance(value, str):
        return Template(value)
    return Template(value["from"], value.get("values", {}), value.get("strict", False), value.get("pattern", ""))


def _levels(value: Any) -> tuple[LinkMapping, ...]:
    levels = value if isinstance(value, list) else [value]
    return tuple(
        LinkMapping(
            code=_template(level.get("code", "")),
            name_zh=_template(level.get("name_zh", level.get("name", ""))),
            name_en=_template(level.get("name_en", "")),
            extra=level.get("extra", {}),
            parent=level.get("parent", ""),
        )
        for level in levels
    )
