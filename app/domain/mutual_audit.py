"""Audit of mutual ratings (互评审计): who rates severely, who always gives each other the top, and whose word decides a place.

Looks at what an evaluation counted and at nothing else: a rating that was annulled, excluded or not yet open to both sides stands
in no figure and therefore not here either. Findings are questions to ask; they change no score (handbook §2.11, §3 idea 6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from app.domain.counts import Count
from app.domain.ranking import rank
from app.domain.scheme_rules import BREAKERS
from app.domain.scorecard import DEDUCTION, MANUAL, Group, Line, LineScore, UnitScore
from app.domain.scoring import published, score_unit

MEASURES = ("MUT_ARR", "MUT_EFF", "CALL_ACC")
"""The figures that units give each other: how a department reported in, what it achieved, how accurate a street-town's call was."""

TOP = Fraction(1)

LEAST = 3
"""How many calls each side must have rated before "always" means anything."""


@dataclass(frozen=True, slots=True)
class Rated:
    """One thing that one unit said of another after a call: ``worth`` is how much of a case it counted, 1 for the top.

    ``call`` names the call and the department, ``code`` the figure it counts in; a street-town says two things of one department.
    """

    call: str
    rater_id: int
    rated_id: int
    code: str
    worth: Fraction


@dataclass(frozen=True, slots=True)
class Severity:
    """A rater's mean against what all raters said of the same units; both 0 to 1.

    ``expected`` is the mean, over its own ratings, of all raters' mean for that unit and figure (its own included). ``shared`` are
    its ratings of units that somebody else rated too: without any there is nothing to compare with.
    """

    rater_id: int
    ratings: int
    units: int
    shared: int
    mean: Fraction
    expected: Fraction

    @property
    def difference(self) -> Fraction:
        """Below 0: severe; above 0: mild."""
        return self.mean - self.expected


@dataclass(frozen=True, slots=True)
class Pair:
    """Two units that gave each other nothing but the top: on how many calls, and what each gave all others (top, of)."""

    one_id: int
    other_id: int
    there: int
    back: int
    one_elsewhere: tuple[int, int]
    other_elsewhere: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """A unit's figures, score and place with and without one rater; figures as (n, d) by line."""

    unit_id: int
    figures: Mapping[str, tuple[tuple[int, int], tuple[int, int]]]
    score: tuple[Decimal | None, Decimal | None]
    rank: tuple[int | None, int | None]

    @property
    def moves(self) -> bool:
        """Whether the place would be another one."""
        return self.rank[0] != self.rank[1]


@dataclass(frozen=True, slots=True)
class Without:
    """The ranking without one rater: every unit whose figure, score or place would be another one."""

    rater_id: int
    ratings: int
    changes: tuple[Change, ...]

    @property
    def moves(self) -> int:
        """How many places would be others."""
        return sum(change.moves for change in self.changes)


def severities(ratings: Iterable[Rated]) -> tuple[Severity, ...]:
    """Every rater, the most severe first."""
    every = list(ratings)
    about: dict[tuple[int, str], list[Rated]] = defaultdict(list)
    by: dict[int, list[Rated]] = defaultdict(list)
    for one in every:
        about[one.rated_id, one.code].append(one)
        by[one.rater_id].append(one)
    means = {key: _mean(several) for key, several in about.items()}
    alone = {key: len({one.rater_id for one in several}) == 1 for key, several in about.items()}
    found = [
        Severity(
            rater_id=rater,
            ratings=len(own),
            units=len({one.rated_id for one in own}),
            shared=sum(not alone[one.rated_id, one.code] for one in own),
            mean=_mean(own),
            expected=sum((means[one.rated_id, one.code] for one in own), Fraction(0)) / len(own),
        )
        for rater, own in by.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.difference, -one.ratings, one.rater_id)))


def _mean(ratings: Sequence[Rated]) -> Fraction:
    return sum((one.worth for one in ratings), Fraction(0)) / len(ratings)


def reciprocal(ratings: Iterable[Rated], least: int = LEAST) -> tuple[Pair, ...]:
    """Pairs who gave each other the top on every call, at least ``least`` calls each way; those with most calls first.

    A call is rated with the top where everything said of it is the top.
    """
    calls: dict[tuple[int, int, str], bool] = {}
    for said in ratings:
        key = (said.rater_id, said.rated_id, said.call)
        calls[key] = calls.get(key, True) and said.worth == TOP
    tops: dict[tuple[int, int], list[bool]] = defaultdict(list)
    for (rater, rated, _), top in calls.items():
        tops[rater, rated].append(top)
    found = []
    for (one, other), there in tops.items():
        back = tops.get((other, one), [])
        if one < other and min(len(there), len(back)) >= least and all(there) and all(back):
            found.append(Pair(one, other, len(there), len(back), _elsewhere(tops, one, other), _elsewhere(tops, other, one)))
    return tuple(sorted(found, key=lambda pair: (-(pair.there + pair.back), pair.one_id, pair.other_id)))


def _elsewhere(tops: Mapping[tuple[int, int], Sequence[bool]], rater: int, but: int) -> tuple[int, int]:
    given = [top for (by, about), several in tops.items() if by == rater and about != but for top in several]
    return sum(given), len(given)


def without_each(group: Group, ratings: Iterable[Rated]) -> tuple[Without, ...]:
    """The group's ranking without each rater of its units in turn; those who move most places first."""
    members = {unit.unit_id for unit in (*group.units, *group.apart)}
    by: dict[int, list[Rated]] = defaultdict(list)
    for one in ratings:
        if one.rated_id in members:
            by[one.rater_id].append(one)
    found = [Without(rater, len(own), _changes(group, own)) for rater, own in by.items()]
    return tuple(sorted(found, key=lambda one: (-one.moves, -len(one.changes), one.rater_id)))


def _changes(group: Group, gone: Sequence[Rated]) -> tuple[Change, ...]:
    about: dict[int, list[Rated]] = defaultdict(list)
    for one in gone:
        about[one.rated_id].append(one)
    before = {unit.unit_id: unit for unit in (*group.units, *group.apart)}
    again = [_again(group, unit, about[unit.unit_id]) if unit.unit_id in about else unit for unit in before.values()]
    places = _places(group, again)
    after = {unit.unit_id: replace(unit, rank=places.get(unit.unit_id)) for unit in again}
    changes = (_change(before[unit_id], after[unit_id]) for unit_id in before)
    return tuple(change for change in changes if change.figures or change.moves or change.score[0] != change.score[1])


def _places(group: Group, units: Iterable[UnitScore]) -> dict[int, int | None]:
    """The place of every ranked unit; only the lines that may tell equal scores apart are looked at."""
    telling = [line.code for line in group.lines if line.measured in BREAKERS]
    bare = (replace(unit, lines={code: unit.lines[code] for code in telling}) for unit in units if unit.apart is None)
    return {unit.unit_id: unit.rank for unit in rank(bare, group.ties, group.lines)}


def _change(before: UnitScore, after: UnitScore) -> Change:
    figures = {}
    for code, score in before.lines.items():
        pair = ((score.n, score.d), (after.lines[code].n, after.lines[code].d))
        if pair[0] != pair[1]:
            figures[code] = pair
    return Change(before.unit_id, figures, (before.score, after.score), (before.rank, after.rank))


def _again(group: Group, unit: UnitScore, gone: Sequence[Rated]) -> UnitScore:
    """The unit scored again from its frozen integers, without these ratings."""
    concerned = [line for line in group.lines if line.weight or line.measured in MEASURES]
    counts: dict[str, Count] = {}
    for line in concerned:
        if line.measured:
            counts[line.measured] = _count(line, unit.lines[line.code])
    for one in gone:
        count = counts.get(one.code)
        if count is not None:
            count.n, count.d = count.n - int(one.worth * count.parts), count.d - count.parts
    lines, raw, apart = score_unit(
        concerned,
        counts,
        full_marks=group.full_marks,
        min_sample=group.min_sample,
        bonus_cap=group.bonus_cap,
        size=unit.size,
        group_n={line.measured: group.total[line.code][0] for line in group.lines if line.measured and line.code in group.total},
        manual=_entries(group.lines, unit),
    )
    return replace(unit, lines={**unit.lines, **lines}, raw=raw, score=published(raw), rank=None, apart=apart)


def _count(line: Line, score: LineScore) -> Count:
    return Count(score.n, score.d, score.pending, score.unknown, score.excluded, parts=line.parts)


def _entries(lines: Iterable[Line], unit: UnitScore) -> dict[str, tuple[Fraction, str]]:
    """What was entered by hand, read back from the points it became; a deduction's stand below 0."""
    found = {}
    for line in lines:
        score = unit.lines[line.code]
        if line.shape == MANUAL and score.points is not None:
            found[line.code] = (-score.points if line.section == DEDUCTION else score.points, score.note)
    return found
