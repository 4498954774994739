"""Weight × rate (handbook §2.4, shape 1)."""

from __future__ import annotations

from fractions import Fraction

from app.domain.refusals import N_
from app.domain.shapes.base import Given, Shape, Values


def amount(given: Given, weight: Fraction, values: Values) -> Fraction:
    """w × rate."""
    return weight * (given.rate or 0)


SHAPE = Shape(
    code="rate",
    position=10,
    name=N_("Weight × rate"),
    says=N_("Weight × rate"),
    amount=amount,
)
