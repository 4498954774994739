"""The whole weight is lost with the first bad case (handbook §2.4, shape 10)."""

from __future__ import annotations

from fractions import Fraction

from app.domain.refusals import N_
from app.domain.shapes.base import Given, Shape, Values


def amount(given: Given, weight: Fraction, values: Values) -> Fraction:
    """All of it as soon as there is one."""
    return weight if given.bad else Fraction(0)


SHAPE = Shape(
    code="all_or_nothing",
    position=100,
    name=N_("All or nothing"),
    says=N_("All %(weight)s are lost with the first case"),
    amount=amount,
    loses=True,
    takes=N_("Deducted: all %(weight)s with the first case"),
)
