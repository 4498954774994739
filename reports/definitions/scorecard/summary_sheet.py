"""The first sheet: the ranking at a glance, a check line that recomputes every published score, the groups, native charts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from app.domain.refusals import N_
from app.domain.scorecard import Group, Line, Scorecard, UnitScore
from reports.definitions.scorecard import figures, formulas, labels, sentences
from reports.definitions.scorecard.group_grid import PUBLISHED, SCORE, Grid
from reports.definitions.scorecard.group_pages import BY_CHANCE
from reports.definitions.scorecard.sheet_heads import about, add_line, head_height, name_width
from reports.render import palette
from reports.sheets import Area, Cell, Chart, DataBars, Rule, Series, Sheet, at, quoted
from reports.voice import Voice

HEAD_ROW, FIRST_ROW = 5, 6
CHARTED = 30
"""Longer rankings chart their first units only."""
_EQUAL = "{equal}"
_PERCENT = '0.0"%"'


def sheet(scorecard: Scorecard, name: str, grids: list[Grid], voice: Voice) -> Sheet:
    """The whole sheet."""
    lines = len(shown(grids[0].group)) if grids else 0
    wide = name_width([grid.group for grid in grids[:1]], voice)
    made = Sheet(name=name, widths=(7, 8, wide, 14, *(13.0,) * lines, 13, 13), head=HEAD_ROW, fixed=3)
    made.add(Cell(f"{sentences.title(scorecard, voice).replace(chr(10), ' ')} · {voice.month(scorecard.period)}", "title"), height=28)
    add_line(made, about(scorecard, voice, grids[0].group if grids else None), "version")
    page = [Cell(voice(N_("Open the evaluation")), "link_quiet", link=scorecard.url, across=2)] if scorecard.url else []
    made.add(_check(grids, voice), *page, height=18)
    how = N_("Rates are live formulas n/d, shown with two decimals; a unit's name leads to its row with every numerator and denominator.")
    add_line(made, voice.stacked(how), "caption")
    made.rules.append(Rule(Area(name, 1, 3, 1, 3), f"{_equal(grids)}={_count(grids)}", "ok"))
    made.rules.append(Rule(Area(name, 1, 3, 1, 3), f"{_equal(grids)}<>{_count(grids)}", "bad"))
    if grids:
        _ranking(made, grids[0], voice)
        made.add(Cell("", "bare"))
        _groups(made, grids, voice)
        made.charts += _charts(made, grids[0], voice)
    return made


def shown(group: Group) -> list[Line]:
    """The lines of the ranking at a glance: those that earn points; every line stands on the group's own sheet."""
    return figures.scored(group) or list(group.lines)


def _count(grids: list[Grid]) -> int:
    return sum(len(grid.group.units) for grid in grids)


def _equal(grids: list[Grid]) -> str:
    """How many scores come out of the formulas as they were published."""
    parts = [f"SUMPRODUCT(--(ABS({grid.down(SCORE).fixed}-{grid.down(PUBLISHED).fixed})<0.001))" for grid in grids if grid.group.units]
    return "+".join(parts) or "0"


def _check(grids: list[Grid], voice: Voice) -> Cell:
    count = _count(grids)
    good = voice(N_("Check: the formulas' results equal the published figures (%(equal)s/%(count)s)"), equal=_EQUAL, count=count)
    bad = voice(N_("Check: the formulas' results differ from the published figures (%(equal)s/%(count)s equal)"), equal=_EQUAL, count=count)
    equal = _equal(grids)
    formula = f"IF({equal}={count},{_spoken(good, equal)},{_spoken(bad, equal)})"
    return Cell(good.replace(_EQUAL, str(count)), "check", formula, across=6)


def _spoken(sentence: str, equal: str) -> str:
    return f"&({equal})&".join(formulas.text(part) for part in sentence.split(_EQUAL))


def _ranking(made: Sheet, grid: Grid, voice: Voice) -> None:
    group = grid.group
    key = figures.heaviest(group, 1)
    titles = [voice.stacked(N_("Rank")), voice.stacked(N_("Moved")), voice.named(group.names), voice.stacked(N_("Score"))]
    titles[3] += f"\n{voice.marks(group.full_marks)}"
    titles += [f"{voice.sentence(line.title)}\n{sentences.weight(line, voice)}" for line in shown(group)]
    for part in (N_("Numerator"), N_("Denominator")):
        titles += [f"{voice.told(line.title)}\n{voice(part)}" for line in key]
    made.add(*(Cell(title, "head") for title in titles), height=head_height(titles[3:], 13))
    for unit in group.units:
        made.add(*_unit(grid, unit, key, voice), height=19)
    if not group.units:
        made.add(Cell(voice(N_("No unit of this group has a score.")), "bare"))
        return
    made.add(*_total(grid, key, voice), height=19)
    scores = figures.scores(group)
    last = FIRST_ROW + len(group.units) - 1
    start = figures.axis_start(min(scores), group.full_marks)
    made.bars.append(DataBars(Area(made.name, 4, FIRST_ROW, 4, last), start, float(max(group.full_marks, *scores))))
    moved, area = at(2, FIRST_ROW), Area(made.name, 2, FIRST_ROW, 2, last)
    made.rules.append(Rule(area, f"AND(ISNUMBER({moved}),{moved}>0)", "gained"))
    made.rules.append(Rule(area, f"AND(ISNUMBER({moved}),{moved}<0)", "dropped"))


def _unit(grid: Grid, unit: UnitScore, key: list[Line], voice: Voice) -> list[Cell]:
    row = grid.row(unit)
    cells = [
        Cell(unit.rank, "rank", note=voice.stacked(BY_CHANCE) if unit.noise else ""),
        Cell(unit.moved if unit.moved is not None else "—", "moved"),
        Cell(voice.names(unit.names), "link", link=f"#{quoted(grid.name)}!{at(4, row)}"),
        Cell(unit.score, "score", grid.away(SCORE, row)),
    ]
    for line in shown(grid.group):
        index, score = grid.group.lines.index(line), unit.lines[line.code]
        value, look = figures.stored_rate(line, score.rate, voice(labels.NOT_APPLICABLE))
        note = voice.sentence(score.why) if score.why is not None and score.rate is None else ""
        cells.append(Cell(value, look, grid.away(grid.column(index, 2), row), note=note))
    for part, pick in ((0, "n"), (1, "d")):
        for line in key:
            column = grid.column(grid.group.lines.index(line), part)
            cells.append(Cell(getattr(unit.lines[line.code], pick), "figure", grid.away(column, row)))
    return cells


def _total(grid: Grid, key: list[Line], voice: Voice) -> list[Cell]:
    """The closing row of the group's own sheet, brought here."""
    row = grid.last_row + 1
    group = grid.group
    cells = [Cell(voice(N_("Ranked units together")), "total_text", across=3), Cell("", "total_text")]
    for line in shown(group):
        index, scores = group.lines.index(line), [unit.lines[line.code] for unit in group.units]
        n = sum(score.n for score in scores)
        d = max(score.d for score in scores) if line.form == "share" else sum(score.d for score in scores)
        value, look = figures.stored_rate(line, Fraction(n, d) if d else None, "—")
        cells.append(Cell(value, f"total_{look}" if d else "total_text", grid.away(grid.column(index, 2), row)))
    for part, pick in ((0, "n"), (1, "d")):
        for line in key:
            column = grid.column(group.lines.index(line), part)
            cells.append(Cell(sum(getattr(unit.lines[line.code], pick) for unit in group.units), "total_figure", grid.away(column, row)))
    return cells


def _groups(made: Sheet, grids: list[Grid], voice: Voice) -> None:
    """One row per group: how many units, and how far apart they lie."""
    titles = ("", "", N_("Group"), N_("Highest score"), N_("Median"), N_("Lowest score"), N_("Units ranked"), N_("Listed apart"))
    heads = [Cell(voice.stacked(title), "head") if title else Cell("", "bare") for title in titles]
    made.add(*heads, height=34 if voice.both else 20)
    for grid in grids:
        scores = figures.scores(grid.group)
        area = grid.down(SCORE).fixed
        known = (("MAX", max(scores, default=None)), ("MEDIAN", figures.median(scores)), ("MIN", min(scores, default=None)))
        spread = [Cell(value, "points", f"{function}({area})") if scores else Cell("—", "none") for function, value in known]
        name = Cell(voice.names(grid.group.names), "link", link=f"#{quoted(grid.name)}!A1")
        made.add(
            Cell("", "bare"),
            Cell("", "bare"),
            name,
            *spread,
            Cell(len(grid.group.units), "figure"),
            Cell(len(grid.group.apart), "figure"),
            height=19,
        )


def _charts(made: Sheet, grid: Grid, voice: Voice) -> list[Chart]:
    group = grid.group
    count = min(len(group.units), CHARTED)
    if not count:
        return []
    height = max(7.5, 0.62 * count + 2.2)
    units = Area(made.name, 3, FIRST_ROW, 3, FIRST_ROW + count - 1)
    return [_scores(made, grid, units, height, voice), *_rates(made, grid, units, height, voice)]


def _scores(made: Sheet, grid: Grid, units: Area, height: float, voice: Voice) -> Chart:
    group, count = grid.group, units.bottom - units.top + 1
    scores = figures.scores(group)[:count]
    start = figures.axis_start(min(scores), group.full_marks)
    title = voice(N_("Total score (axis from %(start)s)"), start=str(start))
    if count < len(group.units):
        title += sentences.DOT + voice(N_("the first %(shown)s of %(count)s"), shown=count, count=len(group.units))
    series = (Series(voice(N_("Score")), replace(units, left=4, right=4), palette.BLUE),)
    end = float(max(group.full_marks, *scores))
    return Chart("bars", title, at(1, made.next_row + 1), 15.5, height, units, series, float(start), end)


def _rates(made: Sheet, grid: Grid, units: Area, height: float, voice: Voice) -> list[Chart]:
    """The two weightiest rates of which more is better, side by side."""
    group, count = grid.group, units.bottom - units.top + 1
    glance = shown(group)
    pair = [line for line in figures.heaviest(group, len(group.lines)) if line in glance and line.form == "rate" and line.direction > 0][:2]
    rates = [rate for unit in group.units[:count] for line in pair if (rate := unit.lines[line.code].rate) is not None]
    if not rates:
        return []
    low = figures.axis_start(min(rates) * 100, Fraction(100))
    columns = [5 + glance.index(line) for line in pair]
    series = tuple(
        Series(voice.told(line.title), replace(units, left=column, right=column), ink)
        for line, column, ink in zip(pair, columns, palette.SERIES, strict=False)
    )
    title = voice(N_("Rates of the weightiest lines (axis from %(start)s%%)"), start=str(low))
    place = at(6, made.next_row + 1)
    return [Chart("columns", title, place, 17.5, height, units, series, float(low), 100.0, _PERCENT, labels=count <= 6)]
