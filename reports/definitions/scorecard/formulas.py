"""The scoring rules as worksheet formulas: recomputed from n and d, they come out at the published second decimal."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.scheme_rules import FULL, REDISTRIBUTE
from app.domain.scorecard import BASIC, DEDUCTION, MANUAL, Line
from app.domain.shapes import NOT_MORE_THAN
from reports.definitions.scorecard.shape_formulas import Given, amount

GUARD = "1E-10"
"""Added before rounding to two decimals.

A worksheet adds doubles, and a sum that is exactly half-way (94.125) may come out a hair below it; doubles
err by some 1E-13 here, so this lifts every half-way case over the edge. It could only be wrong for a score
that lies within 1E-10 below a half-way value without being it.
"""


@dataclass(frozen=True, slots=True)
class Places:
    """Where one line of one unit stands in the sheet; ``weight`` is the fixed address of its weight.

    ``figure`` is the condition under which the line has a figure; ``given`` what its rule is told beside n and d.
    """

    n: str
    d: str
    rate: str
    full: str
    points: str
    weight: str
    figure: str
    given: Given


Row = list[tuple[Line, Places]]


def rate(line: Line, places: Places, nothing: str) -> str:
    """n/d in percent (of a duration the mean in hours), or the word for "does not apply"."""
    value = f"{places.n}/{places.d}/3600" if line.form == "duration" else f"100*{places.n}/{places.d}"
    return f"IF({places.d}>0,{value},{text(nothing)})"


def with_figure(row: Row) -> str:
    """The basic weights of the measured lines that have a figure."""
    return "+".join(f"IF({p.figure},{p.weight},0)" for line, p in _measured(row)) or "0"


def spread(row: Row) -> str:
    """The weights that are spread over the others, because their lines have no figure."""
    return "+".join(f"IF({p.figure},0,{p.weight})" for line, p in _measured(row) if line.na_policy == REDISTRIBUTE) or "0"


def _measured(row: Row) -> Row:
    return [(line, p) for line, p in row if line.weight and line.section == BASIC and line.shape != MANUAL]


def full(line: Line, places: Places, carrying: str, spare: str, nothing: str) -> str:
    """What the line is worth once spare weights are spread in proportion (handbook §2.5); 0 for what is added or taken beside."""
    if line.shape == MANUAL and line.section == BASIC:
        return places.weight
    without = places.weight if line.na_policy == FULL and line.section == BASIC else text(nothing)
    worth = f"{places.weight}*({carrying}+{spare})/{carrying}" if line.section == BASIC else "0"
    return f"IF({places.figure},{worth},{without})"


def points(line: Line, places: Places, row: Row, nothing: str) -> str:
    """Points out of ``full``: what is earned, added, or (below 0) taken."""
    worth = amount(line, places.n, places.d, places.weight, places.given)
    limit = line.params.get(NOT_MORE_THAN)
    other = next(((one, p) for one, p in row if one.code == limit), None) if limit else None
    taken = worth if line.section == DEDUCTION else f"{places.weight}-({worth})"
    if other is not None:
        taken = f"MIN({taken},{_lost(*other)})"
        worth = taken if line.section == DEDUCTION else f"{places.weight}-{taken}"
    if line.section == DEDUCTION:
        earned = f"-({worth})"
    elif line.section == BASIC:
        earned = (
            f"{places.full}*{places.n}/{places.d}" if line.shape == "rate" and other is None else f"({worth})*{places.full}/{places.weight}"
        )
    else:
        earned = worth
    without = places.full if line.na_policy == FULL and line.section == BASIC else text(nothing)
    return f"IF({places.figure},{earned},{without})"


def _lost(line: Line, places: Places) -> str:
    """What another line cost at its own weight; nothing where it has no figure."""
    if line.section == DEDUCTION:
        return f"IF(ISNUMBER({places.points}),-{places.points},0)"
    own = f"{places.points}*{places.weight}/{places.full}" if line.section == BASIC else places.points
    return f"IF(ISNUMBER({places.points}),{places.weight}-{own},0)"


def score(addresses: list[str], most: str) -> str:
    """The published total: the exact points summed, held between 0 and ``most``, then rounded half up once."""
    return f"ROUND(MAX(0,MIN({most},SUM({','.join(addresses)})))+{GUARD},2)"


def text(value: str) -> str:
    """A text constant inside a formula."""
    return '"' + value.replace('"', '""') + '"'
