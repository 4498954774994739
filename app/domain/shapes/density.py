"""So many points less for cases per area × population (handbook §2.4, shape 7)."""

from __future__ import annotations

from fractions import Fraction

from app.domain.refusals import N_
from app.domain.scorecard import BASIC, DEDUCTION
from app.domain.shapes.base import Given, Shape, Values


def amount(given: Given, weight: Fraction, values: Values) -> Fraction:
    """k × cases ÷ size; a unit without a size has no figure, so nobody asks for it."""
    return values["k"] * given.cases / given.size if given.size else Fraction(0)


SHAPE = Shape(
    code="density",
    position=70,
    name=N_("Deduction by cases per size"),
    says=N_("Weight − %(k)s × cases ÷ (area × population)"),
    amount=amount,
    example="k=0.01",
    loses=True,
    takes=N_("Deducted: %(k)s × cases ÷ (area × population)"),
    needs=("k",),
    sections=(BASIC, DEDUCTION),
)
