"""Weight × (1 − rate) (handbook §2.4, shape 2)."""

from __future__ import annotations

from fractions import Fraction

from app.domain.refusals import N_
from app.domain.shapes.base import Given, Shape, Values


def amount(given: Given, weight: Fraction, values: Values) -> Fraction:
    """w × (1 − rate)."""
    return weight * (1 - (given.rate or 0))


SHAPE = Shape(
    code="inverse",
    position=20,
    name=N_("Weight × (1 − rate)"),
    says=N_("Weight × (1 − rate)"),
    amount=amount,
)
