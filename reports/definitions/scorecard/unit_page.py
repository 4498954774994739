"""One unit's page: score and place, where the points went, the months before, every line with n/d, strengths and weak spots."""

from __future__ import annotations

from fractions import Fraction

from app.core.languages import Words
from app.domain.refusals import N_
from app.domain.rounding import half_up
from app.domain.scorecard import BASIC, Group, Line, Scorecard, UnitScore
from reports.definitions.scorecard import figures, labels, sentences
from reports.definitions.scorecard.figures import Standing
from reports.definitions.scorecard.group_pages import clipped, unit_key
from reports.document import (
    BAD,
    GAIN,
    LOSS,
    QUIET,
    Block,
    Column,
    Figure,
    Head,
    Heading,
    NewPage,
    OnePage,
    Paragraphs,
    Point,
    SideBySide,
    Step,
    Table,
    Text,
    Trend,
    Waterfall,
)
from reports.voice import Voice


def page(scorecard: Scorecard, standing: Standing, unit: UnitScore, late: list[Block], voice: Voice) -> list[Block]:
    """The blocks of the page; ``late`` (its longest overdue tickets) closes it."""
    name = clipped(voice.names(unit.names))
    mark = NewPage(unit_key(standing.group, unit), f"{unit.rank or '—'} {name}", level=1)
    return [mark, OnePage((*body(scorecard, standing, unit, voice), *late))]


def body(scorecard: Scorecard, standing: Standing, unit: UnitScore, voice: Voice) -> list[Block]:
    """What stands on the page: head, where the points went, trend, line by line, strengths and weak spots."""
    group = standing.group
    name = clipped(voice.names(unit.names))
    kicker = sentences.DOT.join((voice.names(group.names), voice.month(scorecard.period), sentences.state_short(scorecard, voice)))
    tone = GAIN if (unit.moved or 0) > 0 else BAD if (unit.moved or 0) < 0 else QUIET
    place = Figure(
        voice.stacked(N_("Rank of %(count)s"), count=len(group.units)),
        str(unit.rank),
        sentences.movement(unit, voice).replace("\n", " ") if unit.moved is not None else "",
        tone,
    )
    score = Figure(voice.stacked(N_("Total score")), voice.decimal(unit.score or Fraction(0)))
    blocks: list[Block] = [
        Head(clipped(kicker, 120), name, (score, place)),
        SideBySide(_waterfall(group, unit, voice), _trend(scorecard, standing, unit, voice)),
        Heading(voice(N_("Line by line")), voice(N_("rates and median in percent; change in percentage points"))),
        _lines(standing, unit, voice),
    ]
    remarks = (*_beside(group, unit, voice), *_remarks(group, unit, voice))
    if remarks:
        blocks.append(Paragraphs(remarks, QUIET))
    blocks.append(
        SideBySide(
            (Heading(voice(N_("Strengths"))), Paragraphs(_told(standing, unit, voice, "strengths"))),
            (Heading(voice(N_("Weak spots"))), Paragraphs(_told(standing, unit, voice, "weak"))),
        )
    )
    return blocks


def _waterfall(group: Group, unit: UnitScore, voice: Voice) -> tuple[Block, ...]:
    full, raw = group.full_marks, unit.raw if unit.raw is not None else Fraction(0)
    start = figures.axis_start(min(raw, full), full)
    steps = [Step(voice(N_("Full marks")), 0.0, float(full), voice.marks(full), whole=True)]
    level = full
    for line in figures.scored(group):
        lost = unit.lines[line.code].lost
        if lost is None:
            continue
        steps.append(Step(voice.told(line.title), float(level), float(level - lost), voice.change(-lost)))
        level -= lost
    if level != raw:
        steps.append(Step(voice(N_("Limits of the scheme")), float(level), float(raw), voice.change(raw - level)))
    steps.append(Step(voice(N_("Score")), 0.0, float(raw), voice.decimal(unit.score or Fraction(0)), whole=True))
    note = voice(N_("from full marks; axis from %(start)s"), start=str(start))
    return Heading(voice(N_("Where the points went")), note), Waterfall(tuple(steps), float(start), float(max(full, raw)))


def _trend(scorecard: Scorecard, standing: Standing, unit: UnitScore, voice: Voice) -> tuple[Block, ...]:
    present, full = scorecard.period.key, standing.group.full_marks
    keys = list(standing.quarters)
    own = [value for key in keys if (value := figures.score_at(unit, key, present)) is not None]
    if len(own) < 2:
        none = voice.each(N_("No earlier evaluation of this unit is on record; its trend begins with this one."))
        return Heading(voice(N_("Scores over time"))), Paragraphs(tuple(none), QUIET)
    points, seen = [], [Fraction(value) for value in own]
    for key in keys:
        value = figures.score_at(unit, key, present)
        quarter = standing.quarters[key]
        low, middle, high = (float(v) for v in quarter) if quarter else (None, None, None)
        seen += quarter or ()
        points.append(
            Point(
                figures.month_label(voice, key),
                None if value is None else float(value),
                "" if value is None else voice.decimal(value),
                low,
                middle,
                high,
            )
        )
    start = figures.axis_start(min(seen), max(full, *seen))
    heading = Heading(voice(N_("The last %(count)s evaluations"), count=len(keys)), voice(N_("quartile band, dashed median")))
    return heading, Trend(tuple(points), float(start), float(max(full, *seen)))


ROOM = 12
"""More lines than this do not stand on one page at a readable size: those that earn no points are then told in a sentence."""


def _listed(group: Group) -> list[Line]:
    return list(group.lines) if len(group.lines) <= ROOM else figures.scored(group)


def _beside(group: Group, unit: UnitScore, voice: Voice) -> tuple[str, ...]:
    """The lines that earn no points, each with its figure and what stands behind it, where the table has no room for them."""
    listed = _listed(group)
    lines = [line for line in group.lines if line not in listed and unit.lines[line.code].d]
    if not lines:
        return ()

    def told(words: Words) -> str:
        one = Voice((words,))
        said = [
            f"{words.phrase(line.title)} {figures.rate_text(words, line, unit.lines[line.code].rate)}"
            f" ({sentences.fraction(line, unit.lines[line.code], one)})"
            for line in lines
        ]
        return words(N_("Shown beside the score: %(figures)s."), figures=said)

    return tuple(voice.tell(told).split("\n"))


def _lines(standing: Standing, unit: UnitScore, voice: Voice) -> Table:
    group = standing.group
    yearly = any(score.year_before is not None for score in unit.lines.values())
    columns = [
        Column(voice.stacked(N_("Indicator")), 32),
        Column(voice.stacked(N_("Weight")), 8, figures=True),
        Column(voice.stacked(N_("n/d")), 13, figures=True),
        Column(voice.stacked(N_("Rate")), 9, figures=True, strong=True),
        Column(voice.stacked(N_("Median")), 9, figures=True),
        Column(voice.stacked(N_("Change (pp)")), 9, figures=True),
        *([Column(voice.stacked(N_("On a year ago (pp)")), 9, figures=True)] if yearly else []),
        Column(voice.stacked(N_("Out of")), 9, figures=True),
        Column(voice.stacked(N_("Points")), 9, figures=True, strong=True),
        Column(voice.stacked(N_("Points lost")), 9, figures=True),
    ]
    rows = tuple(_row(standing, unit, line, voice, yearly) for line in _listed(group))
    raw = unit.raw if unit.raw is not None else Fraction(0)
    total: tuple[Text | str, ...] = (
        voice.stacked(N_("Total")),
        voice.marks(sum((line.weight for line in group.lines if line.section == BASIC), Fraction(0))),
        *[""] * (5 if yearly else 4),
        voice.decimal(group.full_marks),
        voice.decimal(unit.score or Fraction(0)),
        _loss(group.full_marks - raw, voice),
    )
    return Table(tuple(columns), rows, total)


def _row(standing: Standing, unit: UnitScore, line: Line, voice: Voice, yearly: bool) -> tuple[Text | str, ...]:
    score = unit.lines[line.code]
    leading = Voice(voice.writers[:1])
    name = Text(voice.sentence(line.title), note=sentences.left_out(score, leading))
    if score.points is None or score.full is None:
        none = Text(voice.stacked(labels.NOT_APPLICABLE), tone=QUIET) if line.weight else "—"
        earned: tuple[Text | str, ...] = ("—", none, "—")
    else:
        earned = (voice.decimal(score.full), voice.decimal(score.points), _loss(score.full - score.points, voice))
    rate = Text(voice.stacked(labels.NOT_APPLICABLE), tone=QUIET) if score.rate is None else figures.rate_text(voice, line, score.rate, "")
    compared = [voice.change(figures.change(line, score))]
    compared += [voice.change(figures.points_between(line, score.rate, score.year_before))] if yearly else []
    return (
        name,
        voice.marks(line.weight) if line.weight else Text(voice.stacked(labels.NOT_SCORED), tone=QUIET),
        sentences.fraction(line, score, voice) if score.d else "—",
        rate,
        figures.rate_text(voice, line, standing.medians[line.code], ""),
        *compared,
        *earned,
    )


def _loss(lost: Fraction, voice: Voice) -> Text | str:
    return Text(voice.decimal(lost), tone=LOSS) if half_up(lost) else voice.decimal(lost)


def _remarks(group: Group, unit: UnitScore, voice: Voice) -> tuple[str, ...]:
    """Why lines do not apply, and which samples are small."""
    told = []
    for writer in voice.writers:
        said = []
        for line in group.lines:
            score = unit.lines[line.code]
            if score.why is not None and score.rate is None:
                said.append(writer(N_("%(line)s does not apply: %(why)s."), line=writer.phrase(line.title), why=score.why))
        if any(score.small for score in unit.lines.values()):
            said.append(writer(N_("* Small sample: the denominator is below the scheme's minimum, the rate says little.")))
        told.append(sentences.join(writer, said))
    return tuple(dict.fromkeys(filter(None, told)))


def _told(standing: Standing, unit: UnitScore, voice: Voice, which: str) -> tuple[str, ...]:
    tell, none = {
        "strengths": (sentences.strengths, N_("No line stands above the median.")),
        "weak": (sentences.weak_spots, N_("No points were lost.")),
    }[which]
    told = [tell(standing, unit, words, 3 if voice.languages == ("zh",) else 2) for words in voice.writers]
    if not any(told):
        return tuple(voice.each(none))
    return tuple(dict.fromkeys(text for texts in zip(*told, strict=True) for text in texts))
