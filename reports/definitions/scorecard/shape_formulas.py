"""The twelve score shapes as worksheet formulas, one for one with ``app.domain.shapes``: what a line gives or takes at its own weight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.domain.scorecard import BONUS, DEDUCTION, Line
from app.domain.shapes import SHAPES, Values, checked_params
from app.domain.shapes.base import Band


@dataclass(frozen=True, slots=True)
class Given:
    """What a rule is told beside n and d: the group's numerator (a formula), the unit's size, and what was entered by hand."""

    group: str = "0"
    size: Fraction | None = None
    manual: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms that rules are made of: the weight's address, the ratio, the cases a line is about, those that are good or bad."""

    weight: str
    n: str
    ratio: str
    cases: str
    good: str
    bad: str
    given: Given


Formula = Callable[[Line, Terms, Values], str]


def number(value: Fraction) -> str:
    """An exact constant: whole where it is, else a quotient."""
    return str(value.numerator) if value.denominator == 1 else f"({value.numerator}/{value.denominator})"


def _rate(line: Line, t: Terms, v: Values) -> str:
    return f"{t.weight}*{t.ratio}"


def _inverse(line: Line, t: Terms, v: Values) -> str:
    return f"{t.weight}*(1-{t.ratio})"


def _deduction(line: Line, t: Terms, v: Values) -> str:
    return f"MAX(0,MIN({t.weight}-{number(v['floor'])},{number(v['k'])}*({number(v['T'])}-100*{t.ratio})))"


def _density(line: Line, t: Terms, v: Values) -> str:
    return f"{number(v['k'])}*{t.cases}/{number(t.given.size or Fraction(1))}"


def _per_case(line: Line, t: Terms, v: Values) -> str:
    lost = f"{number(v['d'])}*{t.bad}"
    return f"MIN({lost},{number(v['cap'])})" if "cap" in v.numbers else lost


def _bonus(line: Line, t: Terms, v: Values) -> str:
    return f"{number(v['b'])}*{t.good}"


def _duration(line: Line, t: Terms, v: Values) -> str:
    return f"{number(v['k'])}*({number(v['T'])}-{t.ratio}/{number(v['day'] * 3600)})"


def _share(line: Line, t: Terms, v: Values) -> str:
    return f"{t.weight}*{t.n}/{t.given.group}"


def _all_or_nothing(line: Line, t: Terms, v: Values) -> str:
    return f"IF({t.bad}>0,{t.weight},0)"


def _bands(line: Line, t: Terms, v: Values) -> str:
    return _banded(line, t, v, f"100*{t.ratio}")


def _steps(line: Line, t: Terms, v: Values) -> str:
    return _banded(line, t, v, t.cases)


def _banded(line: Line, t: Terms, v: Values, value: str) -> str:
    """Nested conditions in the order of the limits; below 0 they are taken from the weight, or by a deduction."""
    below = any(band.value < 0 for band in v.bands)

    def worth(band: Band) -> str:
        found = number(abs(band.value))
        return found if not below or line.section == DEDUCTION else f"{t.weight}-{found}"

    formula = worth(v.bands[-1])
    for band in reversed(v.bands[:-1]):
        formula = f"IF({value}{'<=' if band.inclusive else '<'}{number(band.limit or Fraction(0))},{worth(band)},{formula})"
    return formula


def _manual(line: Line, t: Terms, v: Values) -> str:
    entered = t.given.manual
    return number(entered) if entered is not None else "0" if line.section != "basic" else t.weight


FORMULAS: Mapping[str, Formula] = {
    "rate": _rate,
    "inverse": _inverse,
    "deduction": _deduction,
    "bands": _bands,
    "per_case": _per_case,
    "bonus": _bonus,
    "density": _density,
    "duration": _duration,
    "share": _share,
    "all_or_nothing": _all_or_nothing,
    "steps": _steps,
    "manual": _manual,
}


def amount(line: Line, n: str, d: str, weight: str, given: Given) -> str:
    """What the line gives or, in the section of deductions, takes: held between 0 and its weight (``app.domain.shapes.amount``)."""
    shape, values = SHAPES[line.shape], checked_params(line.shape, line.weight, line.params, line.section)
    rest, parts = f"({d}-{n})", f"/{line.parts}" if line.parts > 1 else ""
    good = (rest if line.direction < 0 and line.form == "rate" else n) + parts
    bad = (rest if line.direction > 0 and line.form == "rate" else n) + parts
    terms = Terms(weight, n, f"({n}/{d})", good if line.section == BONUS else bad, good, bad, given)
    held = f"MAX(0,MIN({weight},{FORMULAS[line.shape](line, terms, values)}))"
    return f"{weight}-{held}" if shape.loses and line.section != DEDUCTION else held
