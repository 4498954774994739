"""The audit of mutual ratings as a page: severity, pairs who give each other nothing but the top, and the ranking without each rater."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.core.languages import NOTHING, Words
from app.domain.indicators import all_indicators
from app.domain.mutual_audit import LEAST, Change, Pair, Rated, Severity, Without, reciprocal, severities, without_each
from app.domain.refusals import N_
from app.domain.scorecard import Group, Scorecard

Units = Mapping[int, str]
"""The names of units in the reader's language."""


@dataclass(frozen=True, slots=True)
class SeverityRow:
    """One rater: its mean beside what all said of the same units, and the difference in percentage points."""

    name: str
    ratings: str
    units: str
    shared: str
    mean: str
    expected: str
    difference: str
    tone: str
    place: float


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two units, on how many calls each gave the other the top, and what it gave all others."""

    one: str
    other: str
    there: str
    back: str
    one_elsewhere: str
    other_elsewhere: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A unit without one rater: figures, score and place, before and after."""

    name: str
    figures: str
    score: str
    rank: str
    moves: bool


@dataclass(frozen=True, slots=True)
class WithoutRow:
    """One rater left out."""

    name: str
    ratings: str
    moves: int
    changes: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True)
class WithoutGroup:
    """A group's ranking, each rater left out in turn."""

    name: str
    rows: tuple[WithoutRow, ...]
    moves: int


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The whole page."""

    card: Scorecard
    title: str
    count: int
    least: int
    severities: tuple[SeverityRow, ...]
    pairs: tuple[PairRow, ...]
    groups: tuple[WithoutGroup, ...]
    figures: str


def audit_page(card: Scorecard, ratings: Sequence[Rated], units: Units, writer: Words) -> AuditPage:
    """Build the page from what the evaluation counted."""
    codes = dict.fromkeys(one.code for one in ratings)
    names = {unit.unit_id: writer.names(unit.names) for group in card.groups for unit in (*group.units, *group.apart)}
    known = {**units, **names}
    found = severities(ratings)
    widest = max((abs(one.difference) for one in found), default=Fraction(0))
    groups = (_group(group, ratings, known, writer) for group in card.groups)
    return AuditPage(
        card=card,
        title=writer.month(card.period),
        count=len(ratings),
        least=LEAST,
        severities=tuple(_severity(one, widest, known, writer) for one in found),
        pairs=tuple(_pair(pair, known, writer) for pair in reciprocal(ratings)),
        groups=tuple(group for group in groups if group.rows),
        figures=writer.listing([writer(all_indicators()[code].name) for code in codes]),
    )


def _severity(one: Severity, widest: Fraction, units: Units, writer: Words) -> SeverityRow:
    alone = not one.shared
    return SeverityRow(
        name=units.get(one.rater_id, NOTHING),
        ratings=writer.number(one.ratings),
        units=writer.number(one.units),
        shared=writer.number(one.shared),
        mean=writer.percent(one.mean),
        expected=NOTHING if alone else writer.percent(one.expected),
        difference=NOTHING if alone else writer.change(one.difference * 100),
        tone=writer(N_("nobody to compare with")) if alone else "",
        place=50.0 if not widest else float(50 + one.difference / widest * 46),
    )


def _pair(pair: Pair, units: Units, writer: Words) -> PairRow:
    def elsewhere(given: tuple[int, int]) -> str:
        tops, of = given
        return f"{writer.percent(Fraction(tops, of))} ({tops}/{of})" if of else NOTHING

    return PairRow(
        one=units.get(pair.one_id, NOTHING),
        other=units.get(pair.other_id, NOTHING),
        there=writer.number(pair.there),
        back=writer.number(pair.back),
        one_elsewhere=elsewhere(pair.one_elsewhere),
        other_elsewhere=elsewhere(pair.other_elsewhere),
    )


def _group(group: Group, ratings: Iterable[Rated], units: Units, writer: Words) -> WithoutGroup:
    lines = {line.code: writer.phrase(line.title) for line in group.lines}
    rows = [_without(one, lines, units, writer) for one in without_each(group, ratings)]
    return WithoutGroup(writer.names(group.names), tuple(rows), sum(1 for row in rows if row.moves))


def _without(one: Without, lines: Mapping[str, str], units: Units, writer: Words) -> WithoutRow:
    changes = sorted(one.changes, key=lambda change: (not change.figures, not change.moves, change.rank[0] or 0))
    return WithoutRow(
        name=units.get(one.rater_id, NOTHING),
        ratings=writer.number(one.ratings),
        moves=one.moves,
        changes=tuple(_change(change, lines, units, writer) for change in changes),
    )


def _change(change: Change, lines: Mapping[str, str], units: Units, writer: Words) -> ChangeRow:
    def score(value: Decimal | None) -> str:
        return NOTHING if value is None else writer.decimal(value)

    figures = [
        writer(N_("%(figure)s %(before)s → %(after)s"), figure=lines[code], before=_rate(before, writer), after=_rate(after, writer))
        for code, (before, after) in change.figures.items()
    ]
    return ChangeRow(
        name=units.get(change.unit_id, NOTHING),
        figures=writer.listing(figures) if figures else NOTHING,
        score=_arrow(*(score(value) for value in change.score)),
        rank=_arrow(*(str(value or NOTHING) for value in change.rank)),
        moves=change.moves,
    )


def _arrow(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _rate(figure: tuple[int, int], writer: Words) -> str:
    n, d = figure
    return f"{writer.percent(Fraction(n, d))} ({n}/{d})" if d else NOTHING
