"""From counted integers to points and ranks, in exact fractions until the published second decimal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from app.domain.counts import Count, nearest_rank
from app.domain.reasons import NO_WORK, NOTHING_SCORED, why_no_figure
from app.domain.refusals import N_, Phrase, Refused
from app.domain.rounding import half_up
from app.domain.scorecard import Line, LineScore, UnitScore
from app.domain.shapes import checked_params, points

REDISTRIBUTE, FULL, EXCLUDE_UNIT = "redistribute", "full", "exclude_unit"
NA_POLICIES = (REDISTRIBUTE, FULL, EXCLUDE_UNIT)
"""What becomes of a line without a figure: its weight is spread over the others (default), it earns full
marks, or the unit is listed apart (handbook §2.5)."""

DENSE, COMPETITION = "dense", "competition"
TIES = (DENSE, COMPETITION)
"""How equal scores share ranks: 1, 1, 2 (published practice, default) or 1, 1, 3 (handbook §2.6)."""


def check_lines(lines: Sequence[Line], full_marks: Fraction) -> None:
    """Whether a scheme can be scored at all: distinct lines, known shapes and policies, weights adding up.

    Raises ``Refused`` naming the line or the sum; weights that do not add up to the full marks are a
    mistake that would otherwise cost every unit points in silence (§2.4).
    """
    seen: set[str] = set()
    for line in lines:
        if line.code in seen:
            raise Refused("line-twice", N_("The line %(line)s appears twice in the scheme."), field="code", line=line.code)
        seen.add(line.code)
        if line.weight < 0:
            raise Refused("bad-weight", N_("The weight of %(line)s is negative."), field="weight", line=line.code)
        if line.na_policy not in NA_POLICIES:
            raise Refused(
                "unknown-policy", N_("“%(value)s” is no policy for lines without a figure."), field="na_policy", value=line.na_policy
            )
        checked_params(line.shape, line.weight, line.params)
    total = sum((line.weight for line in lines), Fraction(0))
    if total != full_marks:
        raise Refused(
            "weights-do-not-add-up",
            N_("The weights add up to %(total)s, the full marks are %(full)s."),
            field="weight",
            total=half_up(total),
            full=half_up(full_marks),
        )


def score_unit(
    lines: Sequence[Line], counts: Mapping[str, Count], *, full_marks: Fraction, min_sample: int
) -> tuple[dict[str, LineScore], Fraction | None, Phrase | None]:
    """One unit's line scores, its exact total, and why it is listed apart (then the total is ``None``).

    The full points of a scored unit always sum to ``full_marks``. Lines of weight 0 are shown, never
    scored. Raises ``Refused`` as ``check_lines`` does.
    """
    check_lines(lines, full_marks)
    tallies = {line.code: counts.get(line.measured) or Count() for line in lines}
    apart = _apart(lines, tallies)
    fulls = {} if apart else _full_points(lines, tallies)
    scores = {line.code: _score(line, tallies[line.code], fulls.get(line.code), apart, min_sample) for line in lines}
    total = None if apart else sum((score.points for score in scores.values() if score.points is not None), Fraction(0))
    return scores, total, apart


def _apart(lines: Sequence[Line], tallies: Mapping[str, Count]) -> Phrase | None:
    scored = sorted((line for line in lines if line.weight), key=lambda line: -line.weight)
    missing = [(line, why_no_figure(line.measured, tallies[line.code])) for line in scored if not tallies[line.code].d]
    if not scored:
        return NOTHING_SCORED
    if len(missing) == len(scored):
        return next((why for line, why in missing if tallies[line.code].left_out), NO_WORK)
    for line, why in missing:
        if line.na_policy == EXCLUDE_UNIT:
            return Phrase(N_("No figure for “%(line)s”: %(why)s"), line=Phrase(line.name), why=why)
    return None


def _full_points(lines: Sequence[Line], tallies: Mapping[str, Count]) -> dict[str, Fraction]:
    """The weights after those of lines without a figure were spread, in proportion, over the lines with one."""
    with_figure = sum((line.weight for line in lines if tallies[line.code].d), Fraction(0))
    spread = sum((line.weight for line in lines if not tallies[line.code].d and line.na_policy == REDISTRIBUTE), Fraction(0))
    fulls: dict[str, Fraction] = {}
    for line in lines:
        if line.weight and tallies[line.code].d:
            fulls[line.code] = line.weight * (with_figure + spread) / with_figure
        elif line.weight and line.na_policy == FULL:
            fulls[line.code] = line.weight
    return fulls


def _score(line: Line, tally: Count, full: Fraction | None, apart: Phrase | None, min_sample: int) -> LineScore:
    rate = tally.rate
    earned = full
    if full is not None and rate is not None:
        # Scored at the weight the rule was written for, then stretched, so that floors and steps stretch along.
        earned = points(line.shape, rate, line.weight, line.params) * full / line.weight
    return LineScore(
        code=line.code,
        n=tally.n,
        d=tally.d,
        weight=line.weight,
        full=full,
        points=earned,
        why=why_no_figure(line.measured, tally) if rate is None else (apart if line.weight else None),
        pending=tally.pending,
        unknown=tally.unknown,
        excluded=tally.excluded,
        small=0 < tally.cases < min_sample,
        median=nearest_rank(tally.times, 50),
        p90=nearest_rank(tally.times, 90),
    )


def published(raw: Fraction | None) -> Decimal | None:
    """The score people see: two decimals, rounded half up."""
    return None if raw is None else half_up(raw, 2)


def rank(units: Iterable[UnitScore], ties: str = DENSE) -> tuple[UnitScore, ...]:
    """The units with a score, best first, ranked on the published two decimals; equals stand in order of their code.

    Each of their scored lines is ranked in the same way. ``ties`` is ``dense`` (1, 1, 2) or ``competition`` (1, 1, 3).
    Raises ``Refused("unknown-ties")``.
    """
    if ties not in TIES:
        raise Refused("unknown-ties", N_("“%(value)s” is no way to rank equal scores."), field="ties", value=ties)
    scored = sorted((unit for unit in units if unit.score is not None), key=lambda unit: (-(unit.score or 0), unit.code))
    places = _places([unit.score for unit in scored], ties)
    standing = [_standings([unit.lines[code] for unit in scored], ties) for code in (scored[0].lines if scored else ())]
    ranked = []
    for number, unit in enumerate(scored):
        lines = {line[number].code: line[number] for line in standing}
        ranked.append(replace(unit, rank=places[number], lines=lines))
    return tuple(ranked)


def _standings(scores: Sequence[LineScore], ties: str) -> list[LineScore]:
    """One line of all ranked units, each with its rank, judged at the line's own weight: spreading weights gives nobody a better place."""
    earned = [None if s.points is None or not s.full else half_up(s.points * s.weight / s.full) for s in scores]
    return [replace(score, rank=place) for score, place in zip(scores, _places(earned, ties), strict=True)]


def _places(values: Sequence[Decimal | None], ties: str) -> list[int | None]:
    """The place of each value, the highest first; nothing has no place."""
    known = sorted((value for value in values if value is not None), reverse=True)
    steps = sorted(set(known), reverse=True)
    place = {value: (steps if ties == DENSE else known).index(value) + 1 for value in steps}
    return [None if value is None else place[value] for value in values]


def group_totals(lines: Iterable[Line], units: Iterable[Mapping[str, LineScore]]) -> dict[str, tuple[int, int]]:
    """The integers summed over all units, per line; of a share the whole is the sum of its parts."""
    members = list(units)
    totals: dict[str, tuple[int, int]] = {}
    for line in lines:
        n = sum(member[line.code].n for member in members)
        totals[line.code] = (n, n if line.form == "share" else sum(member[line.code].d for member in members))
    return totals
