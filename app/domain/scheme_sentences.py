"""A line's rule in one sentence, for pages, sheets and definitions: the same words wherever somebody asks how points come about."""

from __future__ import annotations

from fractions import Fraction

from app.domain.refusals import N_, Phrase
from app.domain.scorecard import DEDUCTION, Line
from app.domain.shapes import SHAPES, checked_params
from app.domain.shapes.base import Band, Values


def rule_said(line: Line) -> Phrase:
    """How the line turns its figure into points. Raises ``Refused`` where its parameters cannot be read."""
    shape, values = SHAPES[line.shape], checked_params(line.shape, line.weight, line.params, line.section)
    message = shape.says if line.section != DEDUCTION else shape.takes or shape.says
    said = Phrase(message, **_told(line, values)) if "%(" in message else Phrase(message)
    if line.section == DEDUCTION and not shape.takes:
        said = Phrase(N_("Deducted: %(rule)s"), rule=said)
    if values.line:
        said = Phrase(N_("%(rule)s; never more than %(line)s cost"), rule=said, line=values.line)
    return said


def _told(line: Line, values: Values) -> dict[str, str]:
    numbers = {name: plain(value) for name, value in values.numbers.items()}
    whole = {"weight": plain(line.weight), "most": plain(line.weight - values.numbers.get("floor", Fraction(0)))}
    return {"cap": plain(line.weight), "bands": "; ".join(_band(band, values.bands) for band in values.bands), **whole, **numbers}


def _band(band: Band, bands: tuple[Band, ...]) -> str:
    """One band as a sign, its limit and its points; what is left over is written against the last limit."""
    if band.limit is not None:
        return f"{'≤' if band.inclusive else '<'} {plain(band.limit)}: {plain(band.value)}"
    last = bands[-2] if len(bands) > 1 else None
    if last is None or last.limit is None:
        return plain(band.value)
    return f"{'>' if last.inclusive else '≥'} {plain(last.limit)}: {plain(band.value)}"


def plain(value: Fraction) -> str:
    """A number as people write it: a decimal where it is a short one, else a fraction."""
    sign, value = ("−" if value < 0 else ""), abs(value)
    for places in range(7):
        scaled = value * 10**places
        if scaled.denominator == 1:
            whole = str(scaled.numerator).rjust(places + 1, "0")
            return sign + (f"{whole[:-places]}.{whole[-places:]}" if places else whole)
    return f"{sign}{value.numerator}/{value.denominator}"
