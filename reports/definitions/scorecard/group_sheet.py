"""A group's sheet: every unit with n, d, rate, full marks and points per line, and the score as live formulas over them."""

from __future__ import annotations

from fractions import Fraction

from app.domain.refusals import N_
from app.domain.scorecard import Group, Line, LineScore, Scorecard, UnitScore
from reports.definitions.scorecard import figures, formulas, labels, sentences
from reports.definitions.scorecard.group_grid import (
    BAND_ROW,
    CARRYING,
    FIRST_ROW,
    HEAD_ROW,
    MOVED,
    PER_LINE,
    SCORE,
    SPARE,
    WEIGHT_ROW,
    Grid,
)
from reports.definitions.scorecard.sheet_heads import head_height, name_width, open_sheet
from reports.sheets import Cell, DataBars, Rule, Sheet, at
from reports.voice import Voice

_PAGE = 190.0
"""Characters across a landscape page at the smallest size one can read."""
_FULL_SIZE = 108.0
"""Characters across a landscape page at full size, where the program sets the widest of the usual typefaces."""
_NAMES = 30.0
"""The unit column, at least: with the three before it it holds the texts that open the sheet."""


def sheet(scorecard: Scorecard, grid: Grid, voice: Voice) -> Sheet:
    """The whole sheet."""
    group = grid.group
    wide = max(name_width([group], voice), _NAMES)
    counts = 9.0 if voice.languages == ("zh",) else 12.5
    made = Sheet(
        name=grid.name,
        widths=(7, 8, 12, wide, 11, 10, 10, 10, *((counts, counts, 10, 9, 9) * len(group.lines))),
        head=WEIGHT_ROW,
        fixed=4,
    )
    _lay_out_pages(made, grid)
    how = voice.stacked(
        N_(
            "Score = the points summed and rounded once; rate = n/d; “out of” = the weight after weights of lines without a figure were"
            " spread. Change n or d, and everything follows."
        )
    )
    open_sheet(made, _title(scorecard, group, voice), scorecard, voice, how, group)
    _heads(made, group, voice)
    for unit in group.units:
        made.add(*_unit(grid, unit, voice), height=18)
    _closing(made, scorecard, grid, voice)
    _apart(made, group, voice)
    if group.units:
        scores = figures.scores(group)
        start, end = figures.axis_start(min(scores), group.full_marks), max(group.full_marks, *scores)
        made.bars.append(DataBars(grid.down(SCORE), start, float(end)))
        moved = at(MOVED, FIRST_ROW)
        made.rules.append(Rule(grid.down(MOVED), f"AND(ISNUMBER({moved}),{moved}>0)", "gained"))
        made.rules.append(Rule(grid.down(MOVED), f"AND(ISNUMBER({moved}),{moved}<0)", "dropped"))
    return made


def _lay_out_pages(made: Sheet, grid: Grid) -> None:
    """Pages side by side: each begins with the fixed columns, holds whole indicators, and is as large as the widest allows."""
    fixed = sum(made.widths[: made.fixed])
    used = widest = sum(made.widths[:SPARE])
    for index in range(len(grid.group.lines)):
        first = grid.column(index, 0)
        line = sum(made.widths[first - 1 : first - 1 + PER_LINE])
        if used + line > _PAGE:
            made.column_breaks.append(first)
            used = fixed
        used += line
        widest = max(widest, used)
    made.scale = min(100, int(100 * _FULL_SIZE / widest))


def _title(scorecard: Scorecard, group: Group, voice: Voice) -> str:
    return f"{voice.names(group.names)} · {voice.month(scorecard.period)}"


def _heads(made: Sheet, group: Group, voice: Voice) -> None:
    units = (N_("Rank"), N_("Moved"), N_("Code"), N_("Unit"))
    totals = (N_("Score"), N_("Published score"), N_("Weights with a figure"), N_("Weights spread"))
    fixed = [voice.stacked(title) for title in (*units, *totals)]
    parts = [voice.stacked(title) for title in (N_("Numerator"), N_("Denominator"), N_("Rate"), N_("Out of"), N_("Points"))]
    band_row = made.add(
        Cell("", "head", across=SPARE),
        *(Cell(f"{voice.sentence(line.title)} ({sentences.weight(line, voice)})", "head", across=PER_LINE) for line in group.lines),
        height=22.0 if not voice.both else 36.0,
    )
    head_row = made.add(
        *(Cell(title, "head") for title in fixed),
        *(Cell(title, "head") for _ in group.lines for title in parts),
        height=max(head_height(fixed[4:], 10), head_height(parts, made.widths[SPARE])),
    )
    empty = Cell("", "weights_text")
    weights = [cell for line in group.lines for cell in (empty, empty, empty, Cell(line.weight, "weights"), empty)]
    label = Cell(voice(N_("Weights")), "weights_text", across=4)
    made.add(label, Cell(group.full_marks, "weights"), empty, empty, empty, *weights, height=18)
    if (band_row, head_row) != (BAND_ROW, HEAD_ROW):
        raise ValueError("the grid and the sheet disagree about rows")


def _unit(grid: Grid, unit: UnitScore, voice: Voice) -> list[Cell]:
    row = grid.row(unit)
    lines = [(line, grid.places(index, row)) for index, line in enumerate(grid.group.lines)]
    carrying = sum((line.weight for line, _ in lines if unit.lines[line.code].d), Fraction(0))
    spare = sum((line.weight for line, _ in lines if not unit.lines[line.code].d and line.na_policy == "redistribute"), Fraction(0))
    cells = [
        Cell(unit.rank, "rank"),
        Cell(unit.moved if unit.moved is not None else "—", "moved"),
        Cell(unit.code, "text"),
        Cell(voice.names(unit.names), "strong"),
        Cell(unit.score, "score", formulas.score([places.points for _, places in lines])),
        Cell(unit.score, "published"),
        Cell(carrying, "points", formulas.with_figure(lines)),
        Cell(spare, "points", formulas.spread(lines)),
    ]
    for index, line in enumerate(grid.group.lines):
        cells += _line(grid, index, row, line, unit.lines[line.code], voice)
    return cells


def _line(grid: Grid, index: int, row: int, line: Line, score: LineScore, voice: Voice) -> list[Cell]:
    places = grid.places(index, row)
    nothing = voice(labels.NOT_APPLICABLE)
    left_out = sentences.left_out(score, voice)
    reason = voice.sentence(score.why) if score.why is not None and score.rate is None else ""
    note = "\n".join(filter(None, (reason, left_out)))
    rate = Cell(nothing, "none") if score.rate is None else Cell(score.rate * 100, "rate")
    cells = [
        Cell(score.n, "figure"),
        Cell(score.d, "figure"),
        Cell(rate.value, rate.look, formulas.rate(places, nothing), note=note),
    ]
    if not line.weight:
        unscored = voice(labels.NOT_SCORED)
        return [*cells, Cell(unscored, "none"), Cell(unscored, "none")]
    carrying, spare = at(CARRYING, row), at(SPARE, row)
    full = formulas.full(line, places, carrying, spare, nothing)
    points = formulas.points(line, places, nothing)
    return [
        *cells,
        Cell(nothing if score.full is None else score.full, "none" if score.full is None else "points", full),
        Cell(nothing if score.points is None else score.points, "none" if score.points is None else "points", points),
    ]


def _closing(made: Sheet, scorecard: Scorecard, grid: Grid, voice: Voice) -> None:
    """All units together (sums and rates), and the median of the ranked ones."""
    if not grid.group.units:
        return
    row = made.next_row
    total = [Cell(voice(N_("Ranked units together")), "total_text", across=4), *[Cell("", "total_text")] * 4]
    middle = [Cell(voice(N_("Median")), "total_text", across=4), *_median_scores(grid), *[Cell("", "total_text")] * 3]
    medians = figures.standing(scorecard, grid.group).medians
    for index, line in enumerate(grid.group.lines):
        total += _sums(grid, index, row, line)
        value = medians[line.code]
        area = grid.down(grid.column(index, 2)).local
        empty = Cell("", "total_text")
        median = Cell("—", "total_text") if value is None else Cell(value * 100, "total_rate", f"MEDIAN({area})")
        middle += [empty, empty, median, empty, empty]
    made.add(*total, height=18)
    made.add(*middle, height=18)


def _median_scores(grid: Grid) -> list[Cell]:
    value = figures.median(figures.scores(grid.group))
    return [Cell(value, "total_points", f"MEDIAN({grid.down(SCORE).local})")]


def _sums(grid: Grid, index: int, row: int, line: Line) -> list[Cell]:
    scores = [unit.lines[line.code] for unit in grid.group.units]
    n, d = sum(score.n for score in scores), sum(score.d for score in scores)
    share = line.form == "share"
    if share:
        # The whole of a share is the same for every unit: it is not added up.
        d = max((score.d for score in scores), default=0)
    up, down = (grid.down(grid.column(index, part)).local for part in (0, 1))
    sum_n, sum_d = at(grid.column(index, 0), row), at(grid.column(index, 1), row)
    formula = f'IF({sum_d}>0,100*{sum_n}/{sum_d},"—")'
    rate = Cell(Fraction(100 * n, d), "total_rate", formula) if d else Cell("—", "total_text", formula)
    empty = Cell("", "total_text")
    return [
        Cell(n, "total_figure", f"SUM({up})"),
        Cell(d, "total_figure", f"{'MAX' if share else 'SUM'}({down})"),
        rate,
        empty,
        empty,
    ]


def _apart(made: Sheet, group: Group, voice: Voice) -> None:
    if not group.apart:
        return
    made.add(Cell("", "bare"))
    heading = sentences.DOT.join((voice(N_("Listed apart")), voice(N_("%(count)s units"), count=len(group.apart))))
    made.add(Cell(heading, "section"), height=22)
    for unit in group.apart:
        why = voice.names(unit.names), voice.sentence(unit.apart).replace("\n", " ") if unit.apart else "—"
        counted = [cell for line in group.lines for cell in _counted(unit.lines[line.code], voice)]
        dash = Cell("—", "center")
        made.add(dash, dash, Cell(unit.code, "text"), Cell(why[0], "strong"), Cell(why[1], "text", across=4), *counted, height=18)


def _counted(score: LineScore, voice: Voice) -> list[Cell]:
    nothing = Cell(voice(labels.NOT_APPLICABLE), "none")
    rate = nothing if score.rate is None else Cell(score.rate * 100, "rate")
    return [Cell(score.n, "figure"), Cell(score.d, "figure"), rate, nothing, nothing]
