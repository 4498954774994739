"""So many points for each good case, up to the line's weight (handbook §2.4, shape 6)."""

from __future__ import annotations

from fractions import Fraction

from app.domain.refusals import N_
from app.domain.scorecard import BASIC, BONUS
from app.domain.shapes.base import Given, Shape, Values


def amount(given: Given, weight: Fraction, values: Values) -> Fraction:
    """b × good cases."""
    return values["b"] * given.good


SHAPE = Shape(
    code="bonus",
    position=60,
    name=N_("Bonus per case"),
    says=N_("+ %(b)s per case, at most %(weight)s"),
    amount=amount,
    example="b=1",
    needs=("b",),
    sections=(BASIC, BONUS),
)
