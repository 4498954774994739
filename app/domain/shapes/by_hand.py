"""Points entered by hand, with a note; in principle nothing is deducted (handbook §2.4, shape 12)."""

from __future__ import annotations

from fractions import Fraction

from app.domain.refusals import N_
from app.domain.scorecard import BASIC, MANUAL
from app.domain.shapes.base import Given, Shape, Values


def amount(given: Given, weight: Fraction, values: Values) -> Fraction:
    """What was entered; without an entry a basic line keeps its weight, and nothing is added or taken."""
    if given.manual is not None:
        return given.manual
    return weight if given.section == BASIC else Fraction(0)


SHAPE = Shape(
    code=MANUAL,
    position=120,
    name=N_("Entered by hand"),
    says=N_("Entered by hand, with a note"),
    amount=amount,
    forms=(),
)
