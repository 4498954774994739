"""The scorecard's figures as paper and sheets both need them: medians, quartiles, places, changes, axes; all from its own fields."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.core.languages import NOTHING, Words
from app.domain.period import period_of
from app.domain.refusals import N_, Refused
from app.domain.rounding import half_up
from app.domain.scorecard import Group, Line, LineScore, Scorecard, UnitScore
from reports.sheets import Value
from reports.voice import Voice

Quarters = tuple[Fraction, Fraction, Fraction]
"""Lower quartile, median, upper quartile."""
DURATION, HOUR = "duration", 3600
MONTHS_SHOWN = 6
_FEW = 4
"""Below so many units a quartile says nothing."""


def scored(group: Group) -> list[Line]:
    """The lines that earn points, in the scheme's order."""
    return [line for line in group.lines if line.weight]


def heaviest(group: Group, count: int) -> list[Line]:
    """The lines with the largest weights, in order of weight; lines without weight fill up."""
    return sorted(group.lines, key=lambda line: -line.weight)[:count]


def median(values: Sequence[Fraction]) -> Fraction | None:
    """The middle value, or the mean of the two middle ones; ``None`` of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def quartiles(values: Sequence[Fraction]) -> Quarters | None:
    """Lower quartile, median, upper quartile with both ends included, as spreadsheets' QUARTILE; ``None`` below four values."""
    ordered = sorted(values)
    if len(ordered) < _FEW:
        return None

    def at(quarter: int) -> Fraction:
        place = Fraction(quarter * (len(ordered) - 1), 4)
        below = place.numerator // place.denominator
        above = min(below + 1, len(ordered) - 1)
        return ordered[below] + (ordered[above] - ordered[below]) * (place - below)

    return at(1), at(2), at(3)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a unit is compared with, worked out once per group.

    Every line's rates in order and their median; the latest evaluations, oldest first, and the quartiles of
    the units' scores in each.
    """

    group: Group
    rates: Mapping[str, list[Fraction]]
    medians: Mapping[str, Fraction | None]
    quarters: Mapping[str, Quarters | None]

    def place(self, line: Line, rate: Fraction) -> int:
        """The place of ``rate`` among the group's: 1 plus the units that did better."""
        rates = self.rates[line.code]
        return 1 + (bisect_left(rates, rate) if line.direction < 0 else len(rates) - bisect_right(rates, rate))

    def lead(self, line: Line, score: LineScore) -> Fraction | None:
        """Percentage points better (+) or worse (−) than the median; ``None`` without a rate or a good direction."""
        middle = self.medians[line.code]
        if score.rate is None or middle is None or not line.direction:
            return None
        return (score.rate - middle) * 100 * line.direction


def standing(scorecard: Scorecard, group: Group) -> Standing:
    """Where the group's units stand, now and in the latest evaluations."""
    keys = months(scorecard, group)
    quarters = {key: quartiles(list(past_scores(group, key, scorecard.period.key).values())) for key in keys}
    rates = {line.code: sorted(r for unit in group.units if (r := unit.lines[line.code].rate) is not None) for line in group.lines}
    return Standing(group, rates, {code: median(found) for code, found in rates.items()}, quarters)


def total_rate(group: Group, code: str) -> Fraction | None:
    """The rate over all units, from the summed integers."""
    n, d = group.total[code]
    return Fraction(n, d) if d else None


def change(line: Line, score: LineScore) -> Fraction | None:
    """Percentage points gained (+) or lost (−) against the previous evaluation's rate."""
    return points_between(line, score.rate, score.previous)


def podium(group: Group, places: int = 3) -> list[UnitScore]:
    """The units on the first ``places`` ranks, ties included."""
    return [unit for unit in group.units if unit.rank is not None and unit.rank <= places]


def scores(group: Group) -> list[Fraction]:
    """The published scores of the ranked units."""
    return [Fraction(unit.score) for unit in group.units if unit.score is not None]


def months(scorecard: Scorecard, group: Group, shown: int = MONTHS_SHOWN) -> list[str]:
    """The keys of the latest evaluations on record, this one last."""
    earlier = {past.key for unit in group.units for past in unit.history if past.score is not None and past.key < scorecard.period.key}
    return [*sorted(earlier)[-(shown - 1) :], scorecard.period.key]


def score_at(unit: UnitScore, key: str, present: str) -> Decimal | None:
    """The unit's published score in the evaluation ``key``."""
    if key == present:
        return unit.score
    return next((past.score for past in unit.history if past.key == key), None)


def past_scores(group: Group, key: str, present: str) -> dict[int, Fraction]:
    """The ranked units' published scores in the evaluation ``key``, by unit."""
    return {unit.unit_id: Fraction(score) for unit in group.units if (score := score_at(unit, key, present)) is not None}


def month_label(voice: Voice, key: str) -> str:
    """An evaluation's key as an axis writes it: 10月 / Oct, 三季度 / Q3; what is no key as it is."""
    try:
        return voice.first.month_short(period_of(key))
    except Refused:
        return key


def axis_start(lowest: Fraction, full: Fraction) -> int:
    """Where a cut axis begins: a round number clearly below ``lowest``; 0 where the values reach far down."""
    room = max((full - lowest) / 4, full / 50)
    wanted = lowest - room
    if wanted <= full / 3:
        return 0
    step = 10 if full - wanted > 40 else 5 if full - wanted > 12 else 2 if full - wanted > 4 else 1
    return int(wanted // step) * step


def points_text(voice: Voice, value: Fraction | Decimal | None) -> str:
    """Points with two decimals."""
    return "" if value is None else voice.decimal(value)


def rate_text(speaker: Voice | Words, line: Line, value: Fraction | None, sign: str = "%") -> str:
    """A figure as people read it: a rate in percent, of a duration the mean in hours with its unit."""
    if line.form != DURATION:
        return speaker.percent(value, sign=sign)
    return NOTHING if value is None else speaker(N_("%(hours)s h"), hours=speaker.decimal(value / HOUR))


def stored_rate(line: Line, value: Fraction | None, nothing: str) -> tuple[Value, str]:
    """The same as a sheet keeps it, and the look of its cell."""
    if value is None:
        return nothing, "none"
    return (value / HOUR, "hours") if line.form == DURATION else (value * 100, "rate")


def points_between(line: Line, value: Fraction | None, earlier: Fraction | None) -> Fraction | None:
    """What was gained (+) or lost (−) against ``earlier``: percentage points, of a duration hours."""
    if value is None or earlier is None:
        return None
    return (value - earlier) / HOUR if line.form == DURATION else (value - earlier) * 100


def shown_rate(value: Fraction | None) -> Decimal | None:
    """A rate as published: percent with two decimals, on which equals are equal."""
    return None if value is None else half_up(value * 100)
