"""What an evaluation says, straight from its rows in plain SQL: the figures that every other place must tell."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import text

from app.core.db import db
from app.core.languages import words
from app.domain.refusals import Phrase
from app.domain.scorecard import Names

Key = tuple[str, str, str, str]
"""Group, unit's code (empty: all units together), line's code (empty: the whole), and what is told: n, d, rate, points, score, rank."""
Figures = dict[Key, str]

NONE = "—"
"""What stands where there is no figure, however a place says it."""


@dataclass(frozen=True)
class Unit:
    """A unit of a group; ``rank`` is empty where it is listed apart."""

    code: str
    names: Names
    rank: str


@dataclass(frozen=True)
class Line:
    """A line of a group's scheme; ``weight`` is 0 where it is only shown."""

    code: str
    name: str
    names: Names | None
    weight: Fraction

    def title(self, language: str) -> str:
        """What the line is called in a language."""
        speak = words(language)
        return speak.phrase(Phrase(self.name)) if self.names is None else speak.names(self.names)


@dataclass(frozen=True)
class Group:
    """A group with its lines in order and its units, best first, those apart last."""

    code: str
    names: Names
    lines: tuple[Line, ...]
    units: tuple[Unit, ...]

    @property
    def ranked(self) -> tuple[Unit, ...]:
        """The units that have a place."""
        return tuple(unit for unit in self.units if unit.rank)


@dataclass(frozen=True)
class Frozen:
    """An evaluation's groups and its figures."""

    id: int
    period: str
    groups: tuple[Group, ...]
    figures: Figures

    def sheets(self, language: str) -> list[str]:
        """What the groups' sheets are called."""
        return [group.names.in_(language) for group in self.groups]

    def told(self, *, points: bool = True, apart: bool = True, totals: bool = False) -> Figures:
        """The figures that a place must tell: with points or without, of units apart or not, of all units together or not."""
        ranked = {(group.code, unit.code) for group in self.groups for unit in group.ranked}
        return {
            key: value
            for key, value in self.figures.items()
            if (points or key[3] != "points") and (totals if not key[1] else apart or key[:2] in ranked)
        }


def percent(n: int, d: int) -> str:
    """n/d in percent with two decimals, rounded half up in whole numbers; nothing where d is 0."""
    return hundredths(Fraction(100 * n, d)) if d else NONE


def hundredths(value: Fraction) -> str:
    """Two decimals, half up (away from zero), worked out in whole numbers."""
    scaled = abs(value) * 100
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return f"{'-' if value < 0 and whole else ''}{whole // 100}.{whole % 100:02d}"


def frozen(evaluation_id: int, period: str) -> Frozen:
    """Read an evaluation's rows."""
    groups, figures = [], Figures()
    for row in _rows("SELECT * FROM evaluation_group WHERE evaluation_id = :id ORDER BY position", id=evaluation_id):
        lines = tuple(_line(line) for line in _plain(row["lines"]))
        units = list(_rows("SELECT * FROM evaluation_unit WHERE group_id = :id ORDER BY position", id=row["id"]))
        told = tuple(Unit(u["code"], Names(u["name_zh"], u["name_en"]), str(u["rank"] or "")) for u in units)
        group = Group(row["code"], Names(row["name_zh"], row["name_en"]), lines, told)
        groups.append(group)
        scored = {line.code for line in lines if line.weight}
        for unit in units:
            figures |= _figures(group.code, unit, scored)
        figures |= {
            (group.code, "", code, what): str(n) for code, pair in _plain(row["total"]).items() for what, n in zip("nd", pair, strict=True)
        }
    return Frozen(evaluation_id, period, tuple(groups), figures)


def _figures(group: str, unit: Mapping[str, object], scored: set[str]) -> Figures:
    code = str(unit["code"])
    score = NONE if unit["score"] is None else hundredths(Fraction(str(unit["score"])))
    found: Figures = {(group, code, "", "score"): score, (group, code, "", "rank"): str(unit["rank"] or NONE)}
    for line in _rows("SELECT * FROM evaluation_line WHERE unit_result_id = :id", id=unit["id"]):
        key = (group, code, line["indicator"])
        found |= {(*key, "n"): str(line["n"]), (*key, "d"): str(line["d"]), (*key, "rate"): percent(line["n"], line["d"])}
        if line["indicator"] in scored:
            found[*key, "points"] = NONE if line["points"] is None else hundredths(Fraction(line["points"]))
    return found


def _line(line: Mapping[str, object]) -> Line:
    assert line["form"] != "duration", "how long something took is told in other words everywhere; this harness reads rates"
    names = line.get("names")
    return Line(str(line["code"]), str(line["name"]), Names(*names) if isinstance(names, list) else None, Fraction(str(line["weight"])))


def _plain(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value


def _rows(statement: str, **values: object) -> Iterator[Mapping[str, object]]:
    return iter(db.session.connection().execute(text(statement), values).mappings().all())


def ranked_again(evaluation_id: int) -> list[str]:
    """Where the kept ranks, scores and totals are not what plain SQL makes of what they rest on."""
    wrong = []
    places = """
        SELECT u.code, u.rank, u.score, g.ties, DENSE_RANK() OVER w AS dense, RANK() OVER w AS competition
        FROM evaluation_unit u JOIN evaluation_group g ON g.id = u.group_id
        WHERE g.evaluation_id = :id AND u.score IS NOT NULL WINDOW w AS (PARTITION BY g.id ORDER BY u.score DESC)"""
    for row in _rows(places, id=evaluation_id):
        if row["rank"] != row["dense" if row["ties"] == "dense" else "competition"]:
            wrong.append(f"{row['code']}: rank {row['rank']}, plain SQL {row['dense']}/{row['competition']}")
    points = """
        SELECT u.code, u.score, g.full_marks, g.bonus_cap, l.points FROM evaluation_line l
        JOIN evaluation_unit u ON u.id = l.unit_result_id JOIN evaluation_group g ON g.id = u.group_id
        WHERE g.evaluation_id = :id AND u.score IS NOT NULL"""
    sums: dict[tuple[object, ...], Fraction] = {}
    for row in _rows(points, id=evaluation_id):
        key = (row["code"], row["score"], row["full_marks"], row["bonus_cap"])
        sums[key] = sums.get(key, Fraction(0)) + Fraction(str(row["points"] or 0))
    for (code, score, full, cap), total in sums.items():
        bounded = max(Fraction(0), min(total, Fraction(str(full)) + Fraction(str(cap or 0))))
        if hundredths(bounded) != hundredths(Fraction(str(score))):
            wrong.append(f"{code}: score {score}, its points sum to {hundredths(bounded)}")
    return wrong
