"""From counted integers to points and totals, in exact fractions until the published second decimal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from app.domain.counts import Count, nearest_rank
from app.domain.reasons import NO_GROUP, NO_SIZE, NO_WORK, NOTHING_SCORED, why_no_figure
from app.domain.refusals import N_, Phrase, Refused
from app.domain.rounding import half_up
from app.domain.scheme_rules import EXCLUDE_UNIT, FULL, REDISTRIBUTE, check_lines, limits_first
from app.domain.scorecard import BASIC, BONUS, DEDUCTION, MANUAL, Line, LineScore
from app.domain.shapes import NOT_MORE_THAN, Given, amount, clamp

Entries = Mapping[str, tuple[Fraction, str]]
"""What was entered by hand for one unit: points and note by line code."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one unit is measured by: its counts by indicator, its size, what the group counted, and entries by hand."""

    counts: Mapping[str, Count]
    size: Fraction | None = None
    group_n: Mapping[str, int] = field(default_factory=dict)
    manual: Entries = field(default_factory=dict)

    def count(self, line: Line) -> Count:
        """The count behind a line."""
        return self.counts.get(line.measured) or Count()

    def group(self, line: Line) -> int:
        """The numerator over the whole group."""
        return self.group_n.get(line.measured, self.count(line).d if line.form == "share" else 0)

    def missing(self, line: Line) -> Phrase | None:
        """Why the line has no figure; ``None`` where it has one. What is entered by hand needs none."""
        if line.shape == MANUAL:
            return None
        if not self.count(line).d:
            return why_no_figure(line.measured, self.count(line))
        if line.shape == "density" and not self.size:
            return NO_SIZE
        return NO_GROUP if line.shape == "share" and not self.group(line) else None

    def given(self, line: Line) -> Given:
        """What the line's shape is told. Raises ``Refused("manual-out-of-range")``."""
        tally, entry = self.count(line), self.manual.get(line.code) if line.shape == MANUAL else None
        if entry is not None and not 0 <= entry[0] <= line.weight:
            raise Refused(
                "manual-out-of-range",
                N_("%(points)s points cannot be entered for %(line)s: it takes 0 to %(weight)s."),
                field="points",
                points=half_up(entry[0]),
                line=line.title,
                weight=half_up(line.weight),
            )
        return Given(
            n=tally.n,
            d=tally.d,
            parts=tally.parts,
            rate=tally.rate,
            direction=line.direction,
            group_n=self.group(line),
            size=self.size,
            manual=None if entry is None else entry[0],
            form=line.form,
            section=line.section,
        )


def score_unit(
    lines: Sequence[Line],
    counts: Mapping[str, Count],
    *,
    full_marks: Fraction,
    min_sample: int,
    bonus_cap: Fraction | None = None,
    size: Fraction | None = None,
    group_n: Mapping[str, int] | None = None,
    manual: Entries | None = None,
) -> tuple[dict[str, LineScore], Fraction | None, Phrase | None]:
    """One unit's line scores, its exact total, and why it is listed apart (then the total is ``None``).

    ``counts`` and ``group_n`` (numerators over the whole group) are by indicator, ``manual`` by line. The full points of a scored
    unit always sum to ``full_marks``; its total lies between 0 and ``full_marks`` plus ``bonus_cap`` (what all bonus lines give,
    where it is ``None``). Lines of weight 0 are shown, never scored. Raises ``Refused`` as ``check_lines`` does, and
    ``manual-out-of-range``.
    """
    check_lines(lines, full_marks)
    unit = Measured(counts, size, group_n or {}, manual or {})
    missing = {line.code: why for line in lines if (why := unit.missing(line)) is not None}
    apart = _apart(lines, unit, missing)
    amounts = {} if apart else _amounts(lines, unit, missing)
    fulls = {} if apart else _full_points(lines, missing)
    scores = {}
    for line in lines:
        why = missing.get(line.code) or (apart if line.weight else None)
        scores[line.code] = _score(line, unit, amounts.get(line.code), fulls.get(line.code), why, min_sample)
    if apart:
        return scores, None, apart
    return scores, clamp(uncapped(scores), Fraction(0), full_marks + bonus_room(lines, bonus_cap)), None


def uncapped(scores: Mapping[str, LineScore]) -> Fraction:
    """The sum of all points, before the total is held in its bounds."""
    return sum((score.points for score in scores.values() if score.points is not None), Fraction(0))


def bonus_room(lines: Iterable[Line], bonus_cap: Fraction | None = None) -> Fraction:
    """How far above the full marks a total may rise: what the version says, never more than its bonus lines give."""
    given = sum((line.weight for line in lines if line.section == BONUS), Fraction(0))
    return given if bonus_cap is None else min(given, bonus_cap)


def _apart(lines: Sequence[Line], unit: Measured, missing: Mapping[str, Phrase]) -> Phrase | None:
    scored = sorted((line for line in lines if line.weight and line.section == BASIC), key=lambda line: -line.weight)
    if not scored:
        return NOTHING_SCORED
    measured = [line for line in scored if line.shape != MANUAL]
    without = [line for line in measured if line.code in missing]
    if measured and len(without) == len(measured):
        return next((missing[line.code] for line in without if unit.count(line).left_out), NO_WORK)
    for line in without:
        if line.na_policy == EXCLUDE_UNIT:
            return Phrase(N_("No figure for “%(line)s”: %(why)s"), line=line.title, why=missing[line.code])
    return None


def _amounts(lines: Sequence[Line], unit: Measured, missing: Mapping[str, Phrase]) -> dict[str, Fraction]:
    """What each line gives or takes at its own weight, no more taken than by the line that limits it (“此项扣分 ≤ 彼项扣分”)."""
    amounts: dict[str, Fraction] = {}
    lost: dict[str, Fraction] = {}
    for line in limits_first(lines):
        if not line.weight or line.code in missing:
            continue
        found = amount(line.shape, unit.given(line), line.weight, line.params)
        taken = found if line.section == DEDUCTION else line.weight - found
        limit = line.params.get(NOT_MORE_THAN)
        if limit:
            taken = min(taken, lost.get(limit, Fraction(0)))
        lost[line.code] = taken
        amounts[line.code] = taken if line.section == DEDUCTION else line.weight - taken
    return amounts


def _full_points(lines: Sequence[Line], missing: Mapping[str, Phrase]) -> dict[str, Fraction]:
    """The basic weights after those of lines without a figure were spread, in proportion, over the measured lines with one."""
    basic = [line for line in lines if line.weight and line.section == BASIC]
    carrying = sum((line.weight for line in basic if line.shape != MANUAL and line.code not in missing), Fraction(0))
    spare = sum((line.weight for line in basic if line.code in missing and line.na_policy == REDISTRIBUTE), Fraction(0))
    fulls: dict[str, Fraction] = {}
    for line in basic:
        if line.shape == MANUAL or (line.code in missing and line.na_policy == FULL):
            fulls[line.code] = line.weight
        elif line.code not in missing:
            fulls[line.code] = line.weight * (carrying + spare) / carrying
    return fulls


def _score(line: Line, unit: Measured, worth: Fraction | None, full: Fraction | None, why: Phrase | None, min_sample: int) -> LineScore:
    tally = unit.count(line)
    earned = full
    if worth is not None and line.section != BASIC:
        full, earned = Fraction(0), worth if line.section == BONUS else -worth
    elif worth is not None and full is not None:
        # Scored at the weight the rule was written for, then stretched, so that floors and steps stretch along.
        earned = worth * full / line.weight
    return LineScore(
        code=line.code,
        n=tally.n,
        d=tally.d,
        weight=line.weight,
        full=full,
        points=earned,
        why=why,
        pending=tally.pending,
        unknown=tally.unknown,
        excluded=tally.excluded,
        small=0 < tally.cases < min_sample,
        median=nearest_rank(tally.times, 50),
        p90=nearest_rank(tally.times, 90),
        note=unit.manual[line.code][1] if line.shape == MANUAL and line.code in unit.manual else "",
    )


def published(raw: Fraction | None) -> Decimal | None:
    """The score people see: two decimals, rounded half up."""
    return None if raw is None else half_up(raw, 2)
