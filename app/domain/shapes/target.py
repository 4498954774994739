"""So many points less for each percentage point below a target (handbook §2.4, shape 3)."""

from __future__ import annotations

from fractions import Fraction

from app.domain.refusals import N_
from app.domain.scorecard import BASIC, DEDUCTION
from app.domain.shapes.base import HUNDRED, Given, Shape, Values, clamp


def amount(given: Given, weight: Fraction, values: Values) -> Fraction:
    """k × (T − rate in percentage points), at most so much that ``floor`` is left."""
    below = values["T"] - HUNDRED * (given.rate or 0)
    return clamp(values["k"] * below, Fraction(0), weight - values["floor"])


SHAPE = Shape(
    code="deduction",
    position=30,
    name=N_("Deduction per percentage point below the target"),
    says=N_("Weight − %(k)s per percentage point below %(T)s, at least %(floor)s"),
    amount=amount,
    example="T=95, k=0.5, floor=12.5",
    loses=True,
    takes=N_("Deducted: %(k)s per percentage point below %(T)s, at most %(most)s"),
    needs=("T", "k"),
    optional={"floor": Fraction(0)},
    sections=(BASIC, DEDUCTION),
)
