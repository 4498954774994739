"""A unit's lines as rows: integers, rate with its interval, what it was before and a year ago, what it earned, where its tickets are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from statistics import median

from app.core.languages import NOTHING, Words
from app.domain.refusals import N_
from app.domain.scorecard import BASIC, BONUS, Group, Line, LineScore, Scorecard, UnitScore
from app.web.evaluation_page import evidence_address
from app.web.spans import span_words

SECTIONS = {"bonus": N_("bonus"), "deduction": N_("deduction")}
"""Parts of a sheet that are named beside a line; the others are basic."""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One line of the detail table; ``interval`` says what chance alone allows, ``times`` how long duties took."""

    code: str
    name: str
    section: str
    weight: str
    full: str
    n: str
    d: str
    n_href: str
    d_href: str
    rate: str
    interval: str
    times: str
    note: str
    change: str
    change_tone: str
    year: str
    year_tone: str
    middle: str
    share: float | None
    points: str
    lost: str
    missed: int
    missed_href: str
    why: str
    small: bool


def figure_words(line: Line, rate: Fraction | None, writer: Words) -> str:
    """A figure as it is read: a time for durations, percent for all others."""
    if rate is None or line.form != "duration":
        return writer.percent(rate)
    return span_words(timedelta(seconds=int(rate)), writer)


def change_words(line: Line, now: Fraction | None, then: Fraction | None, writer: Words) -> tuple[str, str]:
    """How a figure moved, in percentage points (a duration in time), and whether that is good."""
    if now is None or then is None:
        return NOTHING, "neutral"
    moved = now - then
    tone = "neutral" if not moved or not line.direction else "ok" if (moved > 0) == (line.direction > 0) else "bad"
    if line.form != "duration":
        return writer.change(moved * 100), tone
    return f"{'−' if moved < 0 else '+'}{span_words(timedelta(seconds=int(abs(moved))), writer)}" if moved else writer.change(moved), tone


def unit_lines(card: Scorecard, group: Group, unit: UnitScore, writer: Words, revision: int | None = None) -> list[UnitLine]:
    """Every line of the unit, in the scheme's order."""
    return [_line(card, group, unit, line, writer, revision) for line in group.lines]


def _line(card: Scorecard, group: Group, unit: UnitScore, line: Line, writer: Words, revision: int | None) -> UnitLine:
    score = unit.lines[line.code]
    rates = [r for u in group.units if (r := u.lines[line.code].rate) is not None]
    change, change_tone = change_words(line, score.rate, score.previous, writer)
    year, year_tone = change_words(line, score.rate, score.year_before, writer)
    # Where less is better, the cases that cost points are those counted, not those missing.
    missed, verdict = (score.n, "hit") if line.direction < 0 else (score.d - score.n, "miss")
    # In parts of cases the difference is no number of cases; all of them are behind the denominator.
    shown = line.form == "rate" and line.direction != 0 and line.parts == 1 and score.d > 0 and missed > 0

    def link(which: str) -> str:
        return evidence_address(card.period.key, group.code, unit.code, line.measured, which, revision)

    return UnitLine(
        code=line.measured,
        name=writer.phrase(line.title),
        section=writer(SECTIONS[line.section]) if line.section in SECTIONS else "",
        weight=writer.decimal(line.weight, 0 if line.weight.denominator == 1 else 2) if line.weight else NOTHING,
        full=_full(line, score, writer),
        n=_counted(line, score, writer) if score.d else NOTHING,
        d=writer.number(score.d) if score.d else NOTHING,
        n_href=link("" if line.parts > 1 or line.form == "duration" else "hit") if score.n else "",
        d_href=link("") if score.d else "",
        rate=figure_words(line, score.rate, writer),
        interval=f"{writer.percent(score.low)} – {writer.percent(score.high)}" if score.low is not None and score.high is not None else "",
        times=_times(score, writer),
        note=score.note,
        change=change,
        change_tone=change_tone,
        year=year,
        year_tone=year_tone,
        middle=figure_words(line, median(rates), writer) if rates else NOTHING,
        share=_share(line, score),
        points=NOTHING if score.points is None else writer.decimal(score.points),
        lost=NOTHING if score.lost is None else writer.decimal(-score.lost) if score.lost else writer.decimal(score.lost),
        missed=missed if shown else 0,
        missed_href=link(verdict) if shown else "",
        why=writer.phrase(score.why) if score.why else "",
        small=score.small,
    )


def _full(line: Line, score: LineScore, writer: Words) -> str:
    """What the line could earn; of a bonus or a deduction the most it can give or take."""
    if score.full is None:
        return NOTHING
    if line.section == BASIC:
        return writer.decimal(score.full)
    return f"{'+' if line.section == BONUS else '−'}{writer.decimal(line.weight)}"


def _counted(line: Line, score: LineScore, writer: Words) -> str:
    """The numerator; of a duration the sum of all times."""
    return span_words(timedelta(seconds=score.n), writer) if line.form == "duration" else writer.number(score.n)


def _times(score: LineScore, writer: Words) -> str:
    if score.median is None or score.p90 is None:
        return ""
    middle, most = (span_words(timedelta(seconds=seconds), writer) for seconds in (score.median, score.p90))
    return writer(N_("half within %(median)s, nine of ten within %(p90)s"), median=middle, p90=most)


def _share(line: Line, score: LineScore) -> float | None:
    """How much of what the line could give it gave, in percent."""
    whole = score.full if line.section == BASIC else line.weight if line.section == BONUS else None
    return None if score.points is None or not whole else float(score.points / whole * 100)
