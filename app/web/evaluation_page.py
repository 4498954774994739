"""One evaluation as a page: its ranking, every rate with its integers, what the data checks say, and what may be done next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from typing import Any

from flask import url_for

from app.core.languages import NOTHING, Words
from app.crud.access import may
from app.domain.refusals import N_
from app.domain.rounding import half_up
from app.domain.scorecard import BONUS, DEDUCTION, MANUAL, Group, Line, Scorecard, UnitScore
from app.web.spans import span_words

STATES = {
    "computed": (N_("Provisional"), "warn"),
    "published": (N_("Published"), "ok"),
    "preliminary": (N_("Preliminary list"), "warn"),
    "appeals": (N_("Appeals being decided"), "warn"),
    "final": (N_("Final list"), "ok"),
    "superseded": (N_("Superseded"), "neutral"),
}


@dataclass(frozen=True, slots=True)
class RateCell:
    """One figure of one unit: the rate, its integers, where it leads, and whether it is the column's best or worst."""

    rate: str
    pair: str
    href: str
    best: bool = False
    worst: bool = False
    small: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class RankRow:
    """One unit's line in the ranking. ``place`` is its score's position on the scale, 0 to 100."""

    rank: int
    moved: int | None
    name: str
    borrowed: bool
    href: str
    score: str
    place: float
    gap: str
    noise: bool
    cells: tuple[RateCell, ...]


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """A figure's column: name, weight, whether less is better, and into how many parts a case falls."""

    code: str
    name: str
    weight: str
    less_is_better: bool
    parts: int


@dataclass(frozen=True, slots=True)
class GroupTable:
    """A group as a table; ``scale`` are the ends of the score axis."""

    code: str
    name: str
    scheme: str
    active: bool
    href: str
    count: int
    heads: tuple[ColumnHead, ...]
    rows: tuple[RankRow, ...]
    apart: tuple[tuple[str, str, str], ...]
    total: tuple[RateCell, ...]
    scale: tuple[int, int]


@dataclass(slots=True)
class EvaluationPage:
    """The whole page."""

    card: Scorecard
    title: str
    state: str
    tone: str
    versions: str
    groups: Sequence[GroupTable]
    shown: GroupTable
    notes: Sequence[str]
    can_export: bool
    excluded: str
    revision: int | None


def evidence_address(period: str, group: str, unit: str, code: str, verdict: str = "", revision: int | None = None) -> str:
    """Where a figure's tickets are; nowhere for a line that no indicator measures."""
    if not code:
        return ""
    return url_for(
        "EvaluationScreen.evidence", period=period, group=group, unit=unit, indicator=code, verdict=verdict or None, revision=revision
    )


def evaluation_page(card: Scorecard, group: str, writer: Words, revision: int | None = None) -> EvaluationPage:
    """Build the page with ``group`` shown (the first one where there is no such group) of the ``revision`` that is read, if any."""
    said, tone = STATES.get(card.state, STATES["computed"])
    wanted = group if group in {g.code for g in card.groups} else card.groups[0].code
    tables = [_table(card, g, g.code == wanted, writer, revision) for g in card.groups]
    return EvaluationPage(
        card=card,
        title=writer.month(card.period),
        state=writer(said),
        tone=tone,
        versions=versions(card, writer),
        groups=tables,
        shown=next(t for t in tables if t.active),
        notes=[writer.phrase(note) for note in card.notes],
        can_export=may("export", "Evaluation"),
        excluded=f"{writer.number(card.excluded)} / {writer.number(card.tickets)}",
        revision=revision,
    )


def versions(card: Scorecard, writer: Words) -> str:
    """What the figures rest on, in one line."""
    parts = [f"{writer.names(g.scheme)} {g.scheme_version}" for g in card.groups]
    if card.list_version:
        parts.append(writer(N_("responsibility list %(version)s"), version=card.list_version))
    parts.append(writer(N_("calendar %(version)s"), version=card.calendar_version))
    parts.append(writer(N_("cut-off %(as_of)s"), as_of=card.as_of))
    return " · ".join(parts)


def _table(card: Scorecard, group: Group, active: bool, writer: Words, revision: int | None) -> GroupTable:
    scale = scale_of([u.score for u in group.units])
    extremes = {line.code: _extremes(group, line) for line in group.lines}
    rows, above = [], None
    for unit in group.units:
        rows.append(_row(card, group, unit, above, extremes, scale, writer, revision))
        above = unit.score
    heads = tuple(
        ColumnHead(
            line.code,
            writer.phrase(line.title),
            _weight(line, writer),
            line.direction < 0,
            line.parts,
        )
        for line in group.lines
    )
    return GroupTable(
        code=group.code,
        name=writer.names(group.names),
        scheme=f"{writer.names(group.scheme)} {group.scheme_version}",
        active=active,
        href=url_for("EvaluationScreen.period", period=card.period.key, group=group.code, revision=revision),
        count=len(group.units),
        heads=heads,
        rows=tuple(rows),
        apart=tuple((u.code, writer.names(u.names), writer.phrase(u.apart) if u.apart else "") for u in group.apart),
        total=tuple(_total(group, line, writer) for line in group.lines),
        scale=scale,
    )


def _row(
    card: Scorecard,
    group: Group,
    unit: UnitScore,
    above: Decimal | None,
    extremes: dict[str, Any],
    scale: tuple[int, int],
    writer: Words,
    revision: int | None,
) -> RankRow:
    low, high = scale
    score = unit.score or Decimal(0)
    return RankRow(
        rank=unit.rank or 0,
        moved=unit.moved,
        name=writer.names(unit.names),
        borrowed=unit.names.missing(writer.language),
        href=url_for("EvaluationScreen.unit", period=card.period.key, group=group.code, unit=unit.code, revision=revision),
        score=writer.decimal(score),
        place=float((score - low) * 100 / (high - low)) if high > low else 100.0,
        gap=NOTHING if above is None else writer.change(score - above),
        noise=unit.noise,
        cells=tuple(rate_cell(card, group, unit, line, extremes[line.code], writer, revision) for line in group.lines),
    )


def rate_cell(
    card: Scorecard, group: Group, unit: UnitScore, line: Line, extremes: tuple[Any, Any], writer: Words, revision: int | None = None
) -> RateCell:
    """A figure with its integers; a figure that does not apply says why instead of showing a zero."""
    score = unit.lines[line.code]
    href = evidence_address(card.period.key, group.code, unit.code, line.measured, revision=revision)
    if line.shape == MANUAL and score.points is not None:
        return RateCell(writer.decimal(score.points), writer(N_("by hand")), "", why=score.note)
    if score.rate is None:
        return RateCell(
            writer(N_("N/A")), "", href if score.unknown or score.excluded else "", why=writer.phrase(score.why) if score.why else ""
        )
    shown = half_up(score.rate * 100)
    low, high = extremes
    best, worst = (shown == high, shown == low) if line.direction > 0 else (shown == low, shown == high)
    ranked = line.direction != 0 and low != high
    figure, pair = _figure(line, score.n, score.d, writer)
    return RateCell(figure, pair, href, best and ranked, worst and ranked, score.small)


def _figure(line: Line, n: int, d: int, writer: Words) -> tuple[str, str]:
    """A rate in percent with its integers; of a duration the mean, and of how many cases."""
    if line.form == "duration":
        return span_words(timedelta(seconds=n // d), writer), f"n = {d:,}"
    return writer.decimal(Fraction(n, d) * 100), f"{n:,}/{d:,}"


def _weight(line: Line, writer: Words) -> str:
    """The points a column can earn; of a bonus or a deduction the most it can give or take, with its sign."""
    if not line.weight:
        return ""
    sign = {BONUS: "+", DEDUCTION: "−"}.get(line.section, "")
    return sign + writer.decimal(line.weight, 0 if line.weight.denominator == 1 else 2)


def _total(group: Group, line: Line, writer: Words) -> RateCell:
    n, d = group.total.get(line.code, (0, 0))
    return RateCell(*_figure(line, n, d, writer), "") if d else RateCell(NOTHING, "", "")


def _extremes(group: Group, line: Line) -> tuple[Decimal | None, Decimal | None]:
    """The lowest and highest published rate of a column, over units that have one."""
    rates = [half_up(r * 100) for u in group.units if (r := u.lines[line.code].rate) is not None]
    return (min(rates), max(rates)) if rates else (None, None)


def scale_of(scores: Sequence[Decimal | None]) -> tuple[int, int]:
    """A short stated scale for scores: from the next lower multiple of five to 100 (or the highest, where bonus goes beyond)."""
    known = [s for s in scores if s is not None]
    low = int(min(known) // 5 * 5) if known else 0
    high = max([Decimal(100), *known]).to_integral_value(ROUND_CEILING)
    return max(0, low if not known or min(known) > low else low - 5), int(high)
