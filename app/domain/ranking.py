"""From scores to places: who stands before whom, how equals share a place, and what the group counted together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from app.domain.refusals import N_, Refused
from app.domain.rounding import half_up
from app.domain.scheme_rules import BREAKERS, COMPETITION, DENSE, TIE_BREAK, TIES
from app.domain.scorecard import Line, LineScore, UnitScore


def rank(units: Iterable[UnitScore], ties: str = DENSE, lines: Iterable[Line] = ()) -> tuple[UnitScore, ...]:
    """The units with a score, best first, ranked on the published two decimals; equals stand in order of their code.

    Each of their scored lines is ranked in the same way. ``ties`` is ``dense`` (1, 1, 2), ``competition`` (1, 1, 3) or ``tie_break``:
    equal scores are told apart by on-time rate, satisfaction and volume, as far as ``lines`` have them, and share a dense rank where
    these are equal too. Raises ``Refused("unknown-ties")``.
    """
    if ties not in TIES:
        raise Refused("unknown-ties", N_("“%(value)s” is no way to rank equal scores."), field="ties", value=ties)
    breakers = _breakers(lines) if ties == TIE_BREAK else []
    scored = sorted((unit for unit in units if unit.score is not None), key=lambda unit: unit.code)
    keys = {unit.unit_id: (unit.score, *(_strength(unit, line) for line in breakers)) for unit in scored}
    scored.sort(key=lambda unit: keys[unit.unit_id], reverse=True)
    places = _places([keys[unit.unit_id] for unit in scored], ties)
    standing = [_standings([unit.lines[code] for unit in scored], ties) for code in (scored[0].lines if scored else ())]
    ranked = []
    for number, unit in enumerate(scored):
        found = {line[number].code: line[number] for line in standing}
        ranked.append(replace(unit, rank=places[number], lines=found))
    return tuple(ranked)


def _breakers(lines: Iterable[Line]) -> list[Line]:
    """The lines that tell equal scores apart, the first of each figure, in their order."""
    found: dict[str, Line] = {}
    for line in lines:
        if line.measured in BREAKERS:
            found.setdefault(line.measured, line)
    return [found[code] for code in BREAKERS if code in found]


def _strength(unit: UnitScore, line: Line) -> Fraction:
    """The rate, or the volume itself; without a figure less than any."""
    score = unit.lines[line.code]
    if score.rate is None:
        return Fraction(-1)
    return Fraction(score.n) if line.form == "share" else score.rate


def _standings(scores: Sequence[LineScore], ties: str) -> list[LineScore]:
    """One line of all ranked units, each with its rank, judged at the line's own weight: spreading weights gives nobody a better place."""
    earned = [None if s.points is None else half_up(s.points * s.weight / s.full if s.full else s.points) for s in scores]
    return [replace(score, rank=place) for score, place in zip(scores, _places(earned, ties), strict=True)]


def _places(values: Sequence[Any], ties: str) -> list[int | None]:
    """The place of each value, the highest first; nothing has no place."""
    known = sorted((value for value in values if value is not None), reverse=True)
    steps = sorted(set(known), reverse=True)
    place = {value: (known if ties == COMPETITION else steps).index(value) + 1 for value in steps}
    return [None if value is None else place[value] for value in values]


def group_totals(lines: Iterable[Line], units: Iterable[Mapping[str, LineScore]]) -> dict[str, tuple[int, int]]:
    """The integers summed over all units, per line; of a share the whole is the sum of its parts."""
    members = list(units)
    totals: dict[str, tuple[int, int]] = {}
    for line in lines:
        n = sum(member[line.code].n for member in members)
        totals[line.code] = (n, n if line.form == "share" else sum(member[line.code].d for member in members))
    return totals
