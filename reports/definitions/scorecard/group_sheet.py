"""A group's sheet: every unit with n, d, rate, full marks and points per line, and the score as live formulas over them."""

from __future__ import annotations

from fractions import Fraction

from app.domain.refusals import N_
from app.domain.scheme_rules import REDISTRIBUTE
from app.domain.scorecard import BASIC, MANUAL, Group, Line, LineScore, Scorecard, UnitScore
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
from reports.definitions.scorecard.group_pages import BY_CHANCE
from reports.definitions.scorecard.shape_formulas import number
from reports.definitions.scorecard.sheet_heads import head_height, name_width, open_sheet
from reports.sheets import Cell, DataBars, Rule, Sheet, at, letter
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
    lines = [(line, grid.places(index, unit)) for index, line in enumerate(grid.group.lines)]
    basic = [line for line in grid.group.lines if line.section == BASIC and line.shape != MANUAL]
    carrying = sum((line.weight for line in basic if unit.lines[line.code].why is None), Fraction(0))
    missing = [line for line in basic if unit.lines[line.code].why is not None]
    spare = sum((line.weight for line in missing if line.na_policy == REDISTRIBUTE), Fraction(0))
    most = f"${letter(SCORE)}${WEIGHT_ROW}+{number(grid.group.bonus_cap)}"
    cells = [
        Cell(unit.rank, "rank", note=voice.stacked(BY_CHANCE) if unit.noise else ""),
        Cell(unit.moved if unit.moved is not None else "—", "moved"),
        Cell(unit.code, "text"),
        Cell(voice.names(unit.names), "strong"),
        Cell(unit.score, "score", formulas.score([places.points for _, places in lines], most)),
        Cell(unit.score, "published"),
        Cell(carrying, "points", formulas.with_figure(lines)),
        Cell(spare, "points", formulas.spread(lines)),
    ]
    for index in range(len(grid.group.lines)):
        cells += _line(grid, lines, index, unit, voice)
    return cells


def _line(grid: Grid, row: formulas.Row, index: int, unit: UnitScore, voice: Voice) -> list[Cell]:
    line, places = row[index]
    score = unit.lines[line.code]
    nothing = voice(labels.NOT_APPLICABLE)
    reason = voice.sentence(score.why) if score.why is not None and score.rate is None else ""
    note = "\n".join(filter(None, (reason, sentences.left_out(score, voice), score.note)))
    value, look = figures.stored_rate(line, score.rate, nothing)
    cells = [Cell(score.n, "figure"), Cell(score.d, "figure"), Cell(value, look, formulas.rate(line, places, nothing), note=note)]
    if not line.weight:
        unscored = voice(labels.NOT_SCORED)
        return [*cells, Cell(unscored, "none"), Cell(unscored, "none")]
    here = grid.row(unit)
    full = formulas.full(line, places, at(CARRYING, here), at(SPARE, here), nothing)
    points = formulas.points(line, places, row, nothing)
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
        shown, look = figures.stored_rate(line, value, "—")
        median = Cell("—", "total_text") if value is None else Cell(shown, f"total_{look}", f"MEDIAN({area})")
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
    value, look = figures.stored_rate(line, Fraction(n, d) if d else None, "—")
    ratio = f"{sum_n}/{sum_d}/{figures.HOUR}" if line.form == figures.DURATION else f"100*{sum_n}/{sum_d}"
    rate = Cell(value, f"total_{look}" if d else "total_text", f'IF({sum_d}>0,{ratio},"—")')
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
        counted = [cell for line in group.lines for cell in _counted(line, unit.lines[line.code], voice)]
        dash = Cell("—", "center")
        made.add(dash, dash, Cell(unit.code, "text"), Cell(why[0], "strong"), Cell(why[1], "text", across=4), *counted, height=18)


def _counted(line: Line, score: LineScore, voice: Voice) -> list[Cell]:
    nothing = Cell(voice(labels.NOT_APPLICABLE), "none")
    rate = Cell(*figures.stored_rate(line, score.rate, voice(labels.NOT_APPLICABLE)))
    return [Cell(score.n, "figure"), Cell(score.d, "figure"), rate, nothing, nothing]
