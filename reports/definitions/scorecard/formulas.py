"""The scoring rules as worksheet formulas: recomputed from n and d, they come out at the published second decimal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.domain.scheme_rules import FULL, REDISTRIBUTE
from app.domain.scorecard import Line
from app.domain.shapes import Values, checked_params

GUARD = "1E-10"
"""Added before rounding to two decimals.

A worksheet adds doubles, and a sum that is exactly half-way (94.125) may come out a hair below it; doubles
err by some 1E-13 here, so this lifts every half-way case over the edge. It could only be wrong for a score
that lies within 1E-10 below a half-way value without being it.
"""

Formula = Callable[[str, str, Values], str]


@dataclass(frozen=True, slots=True)
class Places:
    """Where one line of one unit stands in the sheet; ``weight`` is the fixed address of its weight."""

    n: str
    d: str
    rate: str
    full: str
    points: str
    weight: str


def _number(value: Fraction) -> str:
    """An exact constant: a decimal where it is one, else a quotient."""
    if value.denominator == 1:
        return str(value.numerator)
    return f"({value.numerator}/{value.denominator})"


SHAPES: Mapping[str, Formula] = {
    "rate": lambda w, r, p: f"{w}*{r}",
    "inverse": lambda w, r, p: f"{w}*(1-{r})",
    "deduction": lambda w, r, p: f"MAX({_number(p['floor'])},MIN({w},{w}-{_number(p['k'])}*({_number(p['T'])}-100*{r})))",
    "density": lambda w, r, p: f"{w}-{_number(p['k'])}*{r}",
}
"""Points at the weight the rule was written for, as in ``app.domain.shapes``; a shape not here has no live formula."""


def rate(places: Places, nothing: str) -> str:
    """n/d in percent, or the word for "does not apply"."""
    return f"IF({places.d}>0,100*{places.n}/{places.d},{text(nothing)})"


def with_figure(lines: list[tuple[Line, Places]]) -> str:
    """The weights of the lines that have a figure."""
    return "+".join(f"IF({p.d}>0,{p.weight},0)" for line, p in lines if line.weight) or "0"


def spread(lines: list[tuple[Line, Places]]) -> str:
    """The weights that are spread over the others, because their lines have no figure."""
    return "+".join(f"IF({p.d}>0,0,{p.weight})" for line, p in lines if line.weight and line.na_policy == REDISTRIBUTE) or "0"


def full(line: Line, places: Places, carrying: str, spare: str, nothing: str) -> str:
    """What the line is worth once spare weights are spread in proportion (handbook §2.5)."""
    without = places.weight if line.na_policy == FULL else text(nothing)
    return f"IF({places.d}>0,{places.weight}*({carrying}+{spare})/{carrying},{without})"


def points(line: Line, places: Places, nothing: str) -> str:
    """Points out of ``full``; empty for a shape that has no formula, whose cell then holds the published points."""
    rule = SHAPES.get(line.shape)
    if rule is None:
        return ""
    values = checked_params(line.shape, line.weight, line.params, line.section)
    without = places.full if line.na_policy == FULL else text(nothing)
    ratio = f"{places.n}/{places.d}"
    if line.shape == "rate":
        return f"IF({places.d}>0,{places.full}*{ratio},{without})"
    earned = rule(places.weight, f"({ratio})", values)
    return f"IF({places.d}>0,MAX(0,MIN({places.weight},{earned}))*{places.full}/{places.weight},{without})"


def score(addresses: list[str]) -> str:
    """The published total: the exact points summed, then rounded half up once."""
    return f"ROUND(SUM({','.join(addresses)})+{GUARD},2)"


def text(value: str) -> str:
    """A text constant inside a formula."""
    return '"' + value.replace('"', '""') + '"'
