"""What a unit's scorecard tells at a glance: where its points went, what it lost most on, and where it stands ahead of its peers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from app.core.languages import Words
from app.domain.period import period_of
from app.domain.refusals import N_
from app.domain.rounding import half_up
from app.domain.scorecard import BASIC, Group, Line, Scorecard, UnitScore
from app.web.evaluation_page import evidence_address
from app.web.unit_lines import figure_words

NAMED = 3
"""How many strengths and weak spots are named."""


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the waterfall between two levels: points lost, or, with ``gain``, a bonus. ``start`` is its left edge."""

    label: str
    lost: float
    said: str
    start: float
    gain: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A line that is worth naming: its figure, what is said of it, and where its tickets are."""

    name: str
    said: str
    href: str


@dataclass(frozen=True, slots=True)
class Story:
    """Why the score is what it is: how it moved, what was lost most on, and what went better than with most peers."""

    moved: str
    weak: tuple[Spot, ...]
    strong: tuple[Spot, ...]


def steps_of(group: Group, unit: UnitScore, writer: Words) -> tuple[list[Step], int, float]:
    """From full marks down to the score, the axis' beginning (a stated multiple of two), and its end."""
    level = group.full_marks
    levels, steps = [level], []
    for line in group.lines:
        lost = unit.lines[line.code].lost
        if lost is None or (line.section != BASIC and not lost):
            continue
        steps.append(_step(writer.phrase(line.title), lost, level, writer))
        level -= lost
        levels.append(level)
    if unit.raw is not None and unit.raw != level:
        steps.append(_step(writer(N_("Held at the bound")), level - unit.raw, level, writer))
        levels.append(unit.raw)
    floor = int(min(levels)) // 2 * 2 - 2 if unit.raw is not None else 0
    return steps, max(0, floor), float(max(levels))


def _step(label: str, lost: Fraction, level: Fraction, writer: Words) -> Step:
    said = writer.change(-lost) if lost else writer.decimal(lost)
    return Step(label, float(abs(lost)), said, float(min(level, level - lost)), lost < 0)


def story_of(card: Scorecard, group: Group, unit: UnitScore, writer: Words, revision: int | None = None) -> Story:
    """The unit's story; lines without points are no part of it."""
    scored = [line for line in group.lines if line.weight and unit.lines[line.code].lost is not None]

    def spot(line: Line, said: str) -> Spot:
        href = evidence_address(card.period.key, group.code, unit.code, line.measured, "", revision)
        return Spot(writer.phrase(line.title), said, href)

    losing = sorted((line for line in scored if (unit.lines[line.code].lost or 0) > 0), key=lambda line: -(unit.lines[line.code].lost or 0))
    weak = [spot(line, writer.change(-(unit.lines[line.code].lost or Fraction(0)))) for line in losing[:NAMED]]
    ahead = sorted((line for line in scored if _ahead(group, unit, line)), key=lambda line: (unit.lines[line.code].rank or 0, -line.weight))
    strong = [spot(line, _standing(unit, line, writer)) for line in ahead[:NAMED]]
    return Story(_moved(unit, writer), tuple(weak), tuple(strong))


def _ahead(group: Group, unit: UnitScore, line: Line) -> bool:
    """Whether the figure is better than the group's median, on the published decimals."""
    own = unit.lines[line.code].rate
    rates = [rate for peer in group.units if (rate := peer.lines[line.code].rate) is not None]
    if own is None or not line.direction or len(rates) < 2:
        return False
    mine, theirs = half_up(own * 100), half_up(median(rates) * 100)
    return mine != theirs and (mine > theirs) == (line.direction > 0)


def _standing(unit: UnitScore, line: Line, writer: Words) -> str:
    score = unit.lines[line.code]
    figure = figure_words(line, score.rate, writer)
    return figure if score.rank is None else writer(N_("%(figure)s, rank %(rank)s"), figure=figure, rank=score.rank)


def _moved(unit: UnitScore, writer: Words) -> str:
    """How the score moved against the period before, where that was scored."""
    past: Sequence[tuple[str, Fraction]] = [(p.key, Fraction(p.score)) for p in unit.history if p.score is not None]
    if not past or unit.score is None or not unit.history or unit.history[-1].key != past[-1][0]:
        return ""
    key, before = past[-1]
    moved = Fraction(unit.score) - before
    month = writer.month_short(period_of(key))
    return writer(N_("Score %(change)s against %(month)s"), change=writer.change(moved), month=month)
