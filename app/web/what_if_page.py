"""What if, as a page: the lines to try values on, the new ranking beside the one that stands, and what was worked out anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.core.languages import NOTHING, Words
from app.crud.tabular import Column
from app.domain.evaluation import Scheme
from app.domain.refusals import N_
from app.domain.rounding import half_up
from app.domain.scheme_sentences import plain
from app.domain.shapes import SHAPES
from app.domain.trial import LineMove, UnitMove
from app.queries.what_if import Trial

SLOPES = 40
"""No more units than this are drawn; the table has them all."""


@dataclass(frozen=True, slots=True)
class TriedLine:
    """One line of the form: its values in the version, and what was typed."""

    code: str
    name: str
    section: str
    weight: str
    params: str
    takes: bool
    typed_weight: str
    typed_params: str


@dataclass(frozen=True, slots=True)
class Slope:
    """One unit of the chart: its place on either side, counted from 0."""

    name: str
    old: int
    new: int
    tone: str
    said: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of the table."""

    name: str
    href: str
    old_rank: str
    new_rank: str
    climbed: int | None
    old_score: str
    new_score: str
    gained: str
    tone: str
    why: str
    lines: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class TrialPage:
    """The result."""

    group: str
    summary: tuple[str, ...]
    rows: Sequence[UnitRow]
    slopes: Sequence[Slope]
    heads: Sequence[str]
    notes: Sequence[str]
    provisional: bool


def tried_lines(scheme: Scheme, typed: Mapping[str, Mapping[str, str]], writer: Words) -> list[TriedLine]:
    """The scored lines, each with room for another weight and other parameters."""
    return [
        TriedLine(
            code=line.code,
            name=writer.phrase(line.title),
            section=line.section,
            weight=plain(line.weight),
            params=_written(line.params),
            takes=bool(SHAPES[line.shape].example),
            typed_weight=typed.get(line.code, {}).get("weight", plain(line.weight)),
            typed_params=typed.get(line.code, {}).get("params", _written(line.params)),
        )
        for line in scheme.lines
        if line.weight
    ]


def _written(params: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in params.items())


def trial_page(trial: Trial, period: str, writer: Words) -> TrialPage:
    """The new ranking beside the published one."""
    rows = [_row(unit, period, trial.published.code, writer) for unit in trial.units]
    heads = [writer.phrase(move.line.title) for move in trial.units[0].lines] if trial.units else []
    return TrialPage(
        group=writer.names(trial.published.names),
        summary=tuple(_summary(trial.units, writer)),
        rows=rows,
        slopes=_slopes(trial.units, writer),
        heads=heads,
        notes=tuple(_notes(trial, writer)),
        provisional=trial.provisional,
    )


def _row(unit: UnitMove, period: str, group: str, writer: Words) -> UnitRow:
    return UnitRow(
        name=writer.names(unit.names),
        href=url_for("EvaluationScreen.unit", period=period, group=group, unit=unit.code),
        old_rank=writer.any(unit.old_rank),
        new_rank=writer.any(unit.new_rank),
        climbed=unit.climbed,
        old_score=NOTHING if unit.old_score is None else writer.decimal(unit.old_score),
        new_score=NOTHING if unit.new_score is None else writer.decimal(unit.new_score),
        gained=writer.change(unit.gained),
        tone="" if not unit.gained else "ok" if unit.gained > 0 else "lost",
        why=writer.phrase(unit.apart) if unit.apart else "",
        lines=tuple(_line(move, writer) for move in unit.lines),
    )


def _line(move: LineMove, writer: Words) -> tuple[str, str, str, str]:
    old = NOTHING if move.old is None else writer.decimal(move.old)
    new = NOTHING if move.new is None else writer.decimal(move.new)
    tone = "" if old == new else "ok" if move.change > 0 else "lost"
    return old, new, "" if old == new else writer.change(move.change), tone


def _summary(units: Sequence[UnitMove], writer: Words) -> Iterable[str]:
    """Who gains and who loses most, and how many change places."""
    known = [(unit.gained, unit) for unit in units if unit.gained is not None]
    moved = sum(bool(unit.climbed) for unit in units)
    yield writer(N_("%(moved)d of %(all)d units change their place."), moved=moved, all=len(known))
    gains = [pair for pair in known if pair[0] > 0]
    losses = [pair for pair in known if pair[0] < 0]
    if gains:
        best = max(gains, key=lambda pair: pair[0])
        yield writer(N_("Most gained: %(unit)s, %(points)s points."), unit=best[1].names, points=writer.change(best[0]))
    if losses:
        worst = min(losses, key=lambda pair: pair[0])
        yield writer(N_("Most lost: %(unit)s, %(points)s points."), unit=worst[1].names, points=writer.change(worst[0]))
    if not gains and not losses:
        yield writer(N_("No unit's points change."))


def _slopes(units: Sequence[UnitMove], writer: Words) -> list[Slope]:
    ranked = [unit for unit in units if unit.old_rank is not None and unit.new_rank is not None][:SLOPES]
    then = {unit.code: place for place, unit in enumerate(sorted(ranked, key=lambda one: (one.old_rank or 0, one.code)))}
    return [
        Slope(
            name=writer.names(unit.names),
            old=then[unit.code],
            new=place,
            tone="up" if (unit.climbed or 0) > 0 else "down" if (unit.climbed or 0) < 0 else "same",
            said=writer(N_("%(unit)s: from %(old)s to %(new)s"), unit=unit.names, old=unit.old_rank, new=unit.new_rank),
        )
        for place, unit in enumerate(ranked)
    ]


def _notes(trial: Trial, writer: Words) -> Iterable[str]:
    """What exactly was worked out anew, and what was not."""
    if trial.provisional:
        yield writer(N_("The evaluation it stands beside is provisional: it is not published, its figures may still change."))
    yield writer(N_("Counted anew: every figure of the version, from the duties frozen with the evaluation; then points, totals, ranks."))
    yield writer(
        N_(
            "As it was: the cut-off, exclusions, points entered by hand, unit sizes. A duty that no line of then was about was not "
            "frozen, so a figure that is new in the version may count fewer cases than it would have."
        )
    )
    if trial.relisted is None:
        yield writer(N_("As it was: due times and leads of the responsibility list."))
        return
    found = trial.relisted
    yield writer(
        N_("By the other list: who leads (%(calls)d rounds differ) and due times that came from the list (%(dues)d differ)."),
        calls=found.calls,
        dues=found.dues,
    )
    yield writer(
        N_(
            "As it was: %(kept)d due times that were extended, moved by a suspension, set by hand or brought along; which unit had the "
            "ticket; calls that were made. Duties of other months that a new due time would bring in are not known."
        ),
        kept=found.kept,
    )


def sheet(trial: Trial, writer: Words) -> tuple[list[Column], list[list[Any]]]:
    """The comparison as a table of a file: one row per unit, then and now, and the points of every line."""
    heads = [writer.phrase(move.line.title) for move in trial.units[0].lines] if trial.units else []
    then, now = writer(N_("provisional") if trial.provisional else N_("published")), writer(N_("tried"))
    columns = [Column(writer(N_("Unit")), 24)]
    columns += [Column(f"{writer(label)} · {side}", 14) for label in (N_("Rank"), N_("Score")) for side in (then, now)]
    columns += [Column(writer(N_("Points gained or lost")), 14)]
    columns += [Column(f"{head} · {side}", 18) for head in heads for side in (then, now)]
    return columns, [_cells(unit, writer) for unit in trial.units]


def _cells(unit: UnitMove, writer: Words) -> list[Any]:
    cells: list[Any] = [writer.names(unit.names), unit.old_rank, unit.new_rank, unit.old_score, unit.new_score, unit.gained]
    for move in unit.lines:
        cells += [None if points is None else half_up(points) for points in (move.old, move.new)]
    return cells
