"""The demo district as typed values, read from the files in ``data/``.

The layout of the ten street-towns is schematic: rows from north to south, even rows shifted right by half a hexagon.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).with_name("data")
STREET = "@street"
"""Stands in the responsibility list for the street-town in whose territory the matter lies."""


def rows(name: str) -> list[dict[str, str]]:
    """The records of ``data/<name>.csv``, every value a string; ``FileNotFoundError`` when there is no such file."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as source:
        return [dict(record) for record in csv.DictReader(source)]


@dataclass(frozen=True, slots=True)
class Duty:
    """One item of the responsibility list. ``limits`` maps urgency to a limit code (``4wh``, ``3wd``, ``24h``, ``5d``)."""

    item_no: str
    matter: str
    kind: str
    lead: str
    support: tuple[str, ...]
    limits: Mapping[str, str]

    @property
    def called(self) -> tuple[str, ...]:
        """The departments a street-town would call, the lead first."""
        return self.support if self.lead == STREET else (self.lead, *self.support)


@dataclass(frozen=True, slots=True)
class Wording:
    """One way in which citizens put a matter: the title's template and what it is about."""

    nature: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A level-3 matter with what the generator knows of it. ``duty`` is ``None`` where the list has a gap."""

    code: str
    weight: int
    urgency: str
    rhythm: str
    season: str
    setting: str
    duty: Duty | None
    wordings: tuple[Wording, ...]

    @property
    def top(self) -> str:
        """Its level-1 code."""
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class Place:
    """A road or spot. Degrees are WGS-84 and only roughly right; ``numbers`` is the highest house number, 0 for none."""

    street_town: str
    community: str
    name: str
    kind: str
    numbers: int
    longitude: float
    latitude: float
    weight: int


@dataclass(frozen=True, slots=True)
class Profile:
    """How a unit behaves, as shares of cases: late at the year's start and end, signed late, calls answered late."""

    unit: str
    share: int
    late_first: float
    late_last: float
    sign_late: float
    answer_late: float

    def late(self, progress: float) -> float:
        """The share of late cases when ``progress`` (0 to 1) of the demo's months has gone by."""
        return self.late_first + (self.late_last - self.late_first) * progress


@dataclass(frozen=True, slots=True)
class Channel:
    """A way in: how often it is used, when, and how its numbers begin."""

    code: str
    kind: str
    weight: int
    prefix: str
    hours: str


def duties() -> dict[str, Duty]:
    """The responsibility list by matter code (level 2 or 3)."""
    return {
        row["matter"]: Duty(
            item_no=row["item_no"],
            matter=row["matter"],
            kind=row["duty_kind"],
            lead=row["lead"],
            support=tuple(filter(None, row["support"].split("|"))),
            limits={"at_once": row["limit_at_once"], "quickly": row["limit_quickly"], "within_limit": row["limit_within"]},
        )
        for row in rows("responsibility")
    }


def matters() -> list[Matter]:
    """Every level-3 matter; its duty is its own item or its group's."""
    parents = {row["code"]: row["parent"] for row in rows("matters")}
    wordings: dict[str, list[Wording]] = {}
    for row in rows("titles_zh"):
        wordings.setdefault(row["matter"], []).append(Wording(row["nature"], row["title"], row["description"]))
    listed = duties()
    return [
        Matter(
            code=row["matter"],
            weight=int(row["weight"]),
            urgency=row["urgency"],
            rhythm=row["rhythm"],
            season=row["season"],
            setting=row["setting"],
            duty=listed.get(row["matter"]) or listed.get(parents[row["matter"]]),
            wordings=tuple(wordings[row["matter"]]),
        )
        for row in rows("matter_mix")
    ]


def places() -> list[Place]:
    """Roads, parks and sights, each in its street-town and community."""
    return [
        Place(
            street_town=row["street_town"],
            community=row["community"],
            name=row["name_zh"],
            kind=row["kind"],
            numbers=int(row["numbers"]),
            longitude=float(row["longitude"]),
            latitude=float(row["latitude"]),
            weight=int(row["weight"]),
        )
        for row in rows("places")
    ]


def profiles() -> dict[str, Profile]:
    """How each street-town and department behaves, by code; the file writes shares per thousand."""
    return {
        row["unit"]: Profile(
            row["unit"],
            int(row["share"]),
            *(int(row[name]) / 1000 for name in ("late_first", "late_last", "sign_late", "answer_late")),
        )
        for row in rows("profiles")
    }


def channels() -> list[Channel]:
    """Every channel with its part of the intake."""
    kinds = {row["code"]: row["kind"] for row in rows("channels")}
    return [
        Channel(row["channel"], kinds[row["channel"]], int(row["weight"]), row["number_prefix"], row["hours"])
        for row in rows("channel_mix")
    ]
