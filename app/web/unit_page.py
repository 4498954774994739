"""One unit's scorecard as a page: where its points went, how it stands among its peers, its trend, and every figure's tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median, quantiles

from flask import url_for

from app.core.languages import NOTHING, Words
from app.crud.access import may
from app.domain.period import period_of
from app.domain.refusals import N_, NotFound
from app.domain.rounding import half_up
from app.domain.scorecard import BASIC, Group, Line, Scorecard, UnitScore
from app.web.evaluation_page import STATES, versions
from app.web.unit_lines import UnitLine, figure_words, unit_lines
from app.web.unit_story import Step, Story, steps_of, story_of


@dataclass(frozen=True, slots=True)
class Peers:
    """One figure among the group's: positions are 0–100 on the axis, right is better."""

    label: str
    own: float | None
    others: tuple[float, ...]
    middle: float | None
    rate: str
    verdict: str
    tone: str


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month of the trend: own score, the group's quartiles and median."""

    label: str
    score: float | None
    low: float | None
    middle: float | None
    high: float | None
    said: str


@dataclass(slots=True)
class UnitPage:
    """The whole page."""

    card: Scorecard
    group: Group
    unit: UnitScore
    name: str
    borrowed: bool
    state: str
    tone: str
    month: str
    versions: str
    score: str
    of: int
    gap: str
    gap_to: int | None
    noise: bool
    margin: str
    story: Story
    steps: Sequence[Step]
    axis_from: int
    axis_to: float
    full: str
    peers: Sequence[Peers]
    trend: Sequence[TrendPoint]
    lines: Sequence[UnitLine]
    lost: str
    redistributed: str
    previous: tuple[str, str] | None
    next: tuple[str, str] | None
    back: str
    can_export: bool
    apart: str
    small: bool
    revision: int | None


def unit_page(card: Scorecard, group: Group, code: str, writer: Words, revision: int | None = None) -> UnitPage:
    """Build the page; ``NotFound`` where the group has no such unit. ``revision`` where another than the standing one is read."""
    everyone = [*group.units, *group.apart]
    place = next((n for n, u in enumerate(everyone) if u.code == code), None)
    if place is None:
        raise NotFound()
    unit = everyone[place]
    said, tone = STATES.get(card.state, STATES["computed"])
    steps, axis_from, axis_to = steps_of(group, unit, writer)
    better = next((u for u in reversed(group.units) if u.rank is not None and unit.rank is not None and u.rank < unit.rank), None)
    lost = max(group.full_marks - unit.raw, Fraction(0)) if unit.raw is not None else None
    lines = unit_lines(card, group, unit, writer, revision)
    return UnitPage(
        card=card,
        group=group,
        unit=unit,
        name=writer.names(unit.names),
        borrowed=unit.names.missing(writer.language),
        state=writer(said),
        tone=tone,
        month=writer.month(card.period),
        versions=versions(card, writer),
        score=writer.any(unit.score) if unit.score is None else writer.decimal(unit.score),
        of=len(group.units),
        gap=writer.decimal(better.score - unit.score) if better and better.score is not None and unit.score is not None else NOTHING,
        gap_to=better.rank if better else None,
        noise=unit.noise,
        margin=writer.decimal(unit.margin) if unit.margin else "",
        story=story_of(card, group, unit, writer, revision),
        steps=steps,
        axis_from=axis_from,
        axis_to=axis_to,
        full=writer.decimal(group.full_marks, 0),
        peers=[_peers(group, unit, line, writer) for line in _compared(group)],
        trend=_trend(card, group, unit, writer),
        lines=lines,
        lost=writer.decimal(lost) if lost is not None else NOTHING,
        redistributed=_redistributed(group, unit, writer),
        previous=_neighbour(card, group, everyone, place - 1, writer, revision),
        next=_neighbour(card, group, everyone, place + 1, writer, revision),
        back=url_for("EvaluationScreen.period", period=card.period.key, group=group.code, revision=revision),
        can_export=may("export", "Evaluation"),
        apart=writer.phrase(unit.apart) if unit.apart else "",
        small=any(line.small for line in lines),
        revision=revision,
    )


def _redistributed(group: Group, unit: UnitScore, writer: Words) -> str:
    """Which lines had no figure, so that their weight went to the others."""
    gone = [line for line in group.lines if line.weight and line.section == BASIC and unit.lines[line.code].full is None]
    if not gone or unit.raw is None:
        return ""
    return writer(N_("The weight of %(lines)s was spread over the other lines."), lines=[writer.phrase(line.title) for line in gone])


def _compared(group: Group) -> list[Line]:
    """The lines in which units are held against each other: those that earn points, or all with a good direction where none does."""
    directed = [line for line in group.lines if line.direction and line.measured and line.section == BASIC]
    return [line for line in directed if line.weight] or directed


def _neighbour(
    card: Scorecard, group: Group, units: Sequence[UnitScore], place: int, writer: Words, revision: int | None
) -> tuple[str, str] | None:
    if not 0 <= place < len(units):
        return None
    code = units[place].code
    href = url_for("EvaluationScreen.unit", period=card.period.key, group=group.code, unit=code, revision=revision)
    return writer.names(units[place].names), href


def _peers(group: Group, unit: UnitScore, line: Line, writer: Words) -> Peers:
    rates = {u.code: u.lines[line.code].rate for u in group.units}
    known = [rate for rate in rates.values() if rate is not None]
    own = unit.lines[line.code].rate
    low, high = (min(known), max(known)) if known else (Fraction(0), Fraction(1))

    def place(rate: Fraction) -> float:
        where = Fraction(1, 2) if high == low else (rate - low) / (high - low)
        return float((where if line.direction > 0 else 1 - where) * 100)

    middle = median(known) if known else None
    verdict, tone = _against(own, middle, line, writer)
    return Peers(
        label=writer.phrase(line.title),
        own=None if own is None else place(own),
        others=tuple(place(rate) for code, rate in rates.items() if rate is not None and code != unit.code),
        middle=None if middle is None else place(middle),
        rate=figure_words(line, own, writer),
        verdict=verdict,
        tone=tone,
    )


def _against(own: Fraction | None, middle: Fraction | None, line: Line, writer: Words) -> tuple[str, str]:
    """Compared on the published two decimals, so that equal figures are called equal."""
    if own is None or middle is None:
        return writer(N_("N/A")), "neutral"
    mine, theirs = half_up(own * 100), half_up(middle * 100)
    if mine == theirs:
        return writer(N_("at the median")), "neutral"
    return (
        (writer(N_("better than the median")), "ok")
        if (mine > theirs) == (line.direction > 0)
        else (writer(N_("worse than the median")), "bad")
    )


def _trend(card: Scorecard, group: Group, unit: UnitScore, writer: Words) -> list[TrendPoint]:
    """Earlier evaluations, frozen with this one, and this one; gaps stay gaps."""
    points = []
    for past in unit.history:
        others = [p.score for u in group.units for p in u.history if p.key == past.key and p.score is not None]
        points.append(_point(writer.month_short(period_of(past.key)), past.score, others, writer))
    points.append(_point(writer.month_short(card.period), unit.score, [u.score for u in group.units if u.score is not None], writer))
    return points


def _point(label: str, score: Decimal | None, others: Sequence[Decimal], writer: Words) -> TrendPoint:
    values = sorted(float(o) for o in others)
    low, middle, high = (None, None, None)
    if len(values) >= 2:
        low, middle, high = quantiles(values, n=4, method="inclusive")
    elif values:
        low = middle = high = values[0]
    return TrendPoint(
        label, None if score is None else float(score), low, middle, high, NOTHING if score is None else writer.decimal(score)
    )
