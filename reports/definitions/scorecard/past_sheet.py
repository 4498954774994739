"""The months before: every unit's published scores, with live quartiles and median and a line for each."""

from __future__ import annotations

from app.domain.refusals import N_
from app.domain.scorecard import Group, Scorecard
from reports.definitions.scorecard import figures, sentences
from reports.definitions.scorecard.sheet_heads import name_width, open_sheet
from reports.render import palette
from reports.sheets import Area, Cell, Chart, Series, Sheet, at
from reports.voice import Voice

SHOWN = 12
_CHART_COLUMNS, _CHART_ROWS = 9, 17
_QUARTERS = (
    (3, N_("Upper quartile"), palette.BLUE_SOFT, True),
    (2, N_("Median"), palette.BLUE, False),
    (1, N_("Lower quartile"), palette.BLUE_SOFT, True),
)


def has_past(scorecard: Scorecard) -> bool:
    """Whether any unit has an earlier score on record."""
    return any(len(figures.months(scorecard, group, SHOWN)) > 1 for group in scorecard.groups)


def sheet(scorecard: Scorecard, name: str, voice: Voice) -> Sheet:
    """The whole sheet, group under group."""
    keys = max((figures.months(scorecard, group, SHOWN) for group in scorecard.groups), key=len)
    made = Sheet(name=name, widths=(name_width(scorecard.groups, voice), *(10.0,) * len(keys), 3.0, *(9.0,) * _CHART_COLUMNS), fixed=1)
    how = voice.stacked(N_("Published scores as they were at the time; quartiles and median are formulas over the units of this list."))
    title = sentences.DOT.join((voice(N_("Scores over time")), voice.month(scorecard.period)))
    open_sheet(made, title, scorecard, voice, how)
    for index, group in enumerate(scorecard.groups):
        if index:
            made.breaks.append(made.next_row)
        _section(made, scorecard, group, voice)
    return made


def _section(made: Sheet, scorecard: Scorecard, group: Group, voice: Voice) -> None:
    keys = figures.months(scorecard, group, SHOWN)
    if len(keys) < 2:
        return
    made.add(Cell(voice.names(group.names), "section"), height=24)
    head = made.add(Cell(voice(N_("Unit")), "head"), *(Cell(key, "head") for key in keys), height=20)
    for unit in group.units:
        scores = [figures.score_at(unit, key, scorecard.period.key) for key in keys]
        made.add(Cell(voice.names(unit.names), "strong"), *(Cell("—", "none") if s is None else Cell(s, "points") for s in scores))
    last = made.next_row - 1
    rows = [_quarter(made, scorecard, group, keys, quarter, voice(title), head + 1, last) for quarter, title, _, _ in _QUARTERS]
    series = tuple(
        Series(voice(title), Area(made.name, 2, row, len(keys) + 1, row), ink, dashed)
        for row, (_, title, ink, dashed) in zip(rows, _QUARTERS, strict=True)
    )
    values = [score for key in keys for score in figures.past_scores(group, key, scorecard.period.key).values()]
    start = figures.axis_start(min(values), max(group.full_marks, *values))
    axis = voice(N_("median and quartiles (axis from %(start)s)"), start=str(start))
    title = sentences.DOT.join((voice.names(group.names), axis))
    categories = Area(made.name, 2, head, len(keys) + 1, head)
    place, end = at(len(keys) + 3, head), float(group.full_marks)
    made.charts.append(Chart("line", title, place, 16, 8.4, categories, series, float(start), end, labels=False))
    for _ in range(made.next_row, head + _CHART_ROWS):
        made.add(Cell("", "bare"))
    made.add(Cell("", "bare"))


def _quarter(made: Sheet, scorecard: Scorecard, group: Group, keys: list[str], quarter: int, title: str, first: int, last: int) -> int:
    cells = [Cell(title, "total_text")]
    for column, key in enumerate(keys, start=2):
        found = figures.quartiles(list(figures.past_scores(group, key, scorecard.period.key).values()))
        area = Area(made.name, column, first, column, last).local
        cells.append(Cell(found[quarter - 1], "total_points", f"QUARTILE({area},{quarter})") if found else Cell("—", "total_text"))
    return made.add(*cells)
