"""Points by how many cases there were (handbook §2.4, shape 11)."""

from __future__ import annotations

from fractions import Fraction

from app.domain.refusals import N_
from app.domain.shapes.base import Given, Shape, Values, of_bands


def amount(given: Given, weight: Fraction, values: Values) -> Fraction:
    """The points of the first step that is not exceeded; where steps are written below 0 they are taken from the weight."""
    return of_bands(given.cases, weight, given, values)


SHAPE = Shape(
    code="steps",
    position=110,
    name=N_("Points by number of cases"),
    says=N_("By the number of cases: %(bands)s"),
    amount=amount,
    example="50=10, 100=9, 200=7.5, 500=6, 1000=4, else=0",
    limits="cases",
)
