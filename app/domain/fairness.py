"""Fairness (公平性): how far chance alone could move a figure, and whether a gap in the ranking is wider than that.

A rate of n out of d cases is one draw of what the unit's work would show on average; few cases say little. Beside each rate
stands Wilson's interval (E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
American Statistical Association 22, 1927), which stays within 0 and 1 and is honest for small d and for rates near the ends.

A gap in the ranking is *within noise* when the intervals behind both scores allow it to be nothing. The definition:

- half width of a line = half the distance between the points that its shape gives at both ends of the interval, as stretched
  as the line's full points are; a manual line, a share, a volume or a duration has no interval and adds nothing;
- margin of a unit = root of the sum of the squared half widths of its lines;
- a gap is within noise when it is narrower than the root of the sum of both units' squared margins.

Lines are taken as independent of each other, which they are not quite: the mark asks for caution and takes no place away.
Everything is reckoned in whole numbers (``math.isqrt``), so that every machine finds the same digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isqrt

from app.domain.scorecard import BASIC, Group, Line, LineScore, UnitScore
from app.domain.shapes import Given, amount

Z95 = Fraction(1959964, 1000000)
"""The normal quantile of a two-sided 95 % interval."""

_SCALE = 10**12
"""Roots are found to twelve decimals, rounded down."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends of an interval for a rate, between 0 and 1."""

    low: Fraction
    high: Fraction


def root(value: Fraction) -> Fraction:
    """The square root of a fraction that is not negative, to twelve decimals, rounded down; squares of short decimals are exact."""
    return Fraction(isqrt(value.numerator * _SCALE**2 // value.denominator), _SCALE)


def wilson(n: int, d: int, parts: int = 1, z: Fraction = Z95) -> Interval | None:
    """Wilson's score interval for ``n`` of ``d``, ``None`` where ``d`` is 0.

    Where cases count in parts (halves, fifths), ``d // parts`` cases were drawn, not ``d``; a case that can earn anything
    between nothing and all of its parts scatters at most as far as one that earns all or nothing, so the interval is on the safe side.
    """
    if not d:
        return None
    # low, high = (2np + z² ∓ z·√(z² + 4np(1 − p))) / 2(cases + z²), written in whole numbers over one denominator.
    a, b = z.numerator, z.denominator
    inner = (a * a * parts * d + 4 * n * (d - n) * b * b) * _SCALE**2 // (b * b * parts * d)
    middle, reach = (2 * n * b * b + parts * a * a) * _SCALE, parts * a * b * isqrt(inner)
    whole = 2 * (d * b * b + parts * a * a) * _SCALE
    return Interval(Fraction(max(0, middle - reach), whole), Fraction(min(whole, middle + reach), whole))


def interval_of(line: Line, score: LineScore, z: Fraction = Z95) -> Interval | None:
    """The interval of a unit's figure; only a rate that cannot exceed 1 has one."""
    if line.form != "rate" or not line.measured or not 0 <= score.n <= score.d:
        return None
    return wilson(score.n, score.d, line.parts, z)


def half_width(line: Line, score: LineScore, interval: Interval) -> Fraction:
    """How many points the line could give more or less: half the distance between its points at both ends of the interval."""
    if score.points is None or score.full is None or not line.weight:
        return Fraction(0)
    ends = [amount(line.shape, _given(line, score, rate), line.weight, line.params) for rate in (interval.low, interval.high)]
    stretched = score.full / line.weight if line.section == BASIC else Fraction(1)
    return abs(ends[1] - ends[0]) / 2 * stretched


def _given(line: Line, score: LineScore, rate: Fraction) -> Given:
    """The line with another rate; what is counted by case stays as it was counted."""
    return Given(score.n, score.d, line.parts, rate, line.direction, form=line.form, section=line.section)


def within_noise(gap: Fraction, *spreads: Fraction) -> bool:
    """Whether a gap is narrower than the root of the sum of ``spreads`` (squared margins)."""
    return gap * gap < sum(spreads)


def judged(group: Group, z: Fraction = Z95) -> Group:
    """The group with an interval beside each rate, a margin beside each score, and a mark where a place is within noise.

    A place is within noise when the gap to any unit of the next better place is; who shares a place is told apart by nothing
    and carries no mark for that.
    """
    lines = {line.code: line for line in group.lines}
    units = [_with_margin(unit, lines, z) for unit in group.units]
    marked = [replace(unit, noise=_is_noise(unit, _next_better(units, unit))) for unit in units]
    return replace(group, units=tuple(marked), apart=tuple(_with_margin(unit, lines, z) for unit in group.apart))


def _with_margin(unit: UnitScore, lines: Mapping[str, Line], z: Fraction) -> UnitScore:
    found: dict[str, LineScore] = {}
    spread = Fraction(0)
    for code, score in unit.lines.items():
        interval = interval_of(lines[code], score, z)
        if interval is not None:
            score = replace(score, low=interval.low, high=interval.high)
            spread += half_width(lines[code], score, interval) ** 2
        found[code] = score
    return replace(unit, lines=found, margin=None if unit.raw is None else root(spread))


def _next_better(units: Sequence[UnitScore], unit: UnitScore) -> list[UnitScore]:
    better = [other for other in units if other.rank is not None and unit.rank is not None and other.rank < unit.rank]
    nearest = max((other.rank or 0 for other in better), default=0)
    return [other for other in better if other.rank == nearest]


def _is_noise(unit: UnitScore, others: Iterable[UnitScore]) -> bool:
    return any(
        within_noise(other.raw - unit.raw, unit.margin**2, other.margin**2)
        for other in others
        if other.raw is not None and unit.raw is not None and unit.margin is not None and other.margin is not None
    )
