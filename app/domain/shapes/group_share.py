"""Weight × the unit's part of what the whole group counted (handbook §2.4, shape 9)."""

from __future__ import annotations

from fractions import Fraction

from app.domain.refusals import N_
from app.domain.shapes.base import Given, Shape, Values


def amount(given: Given, weight: Fraction, values: Values) -> Fraction:
    """w × own cases ÷ the group's; where the group has none there is no figure, so nobody asks for it."""
    return weight * given.n / given.group_n if given.group_n else Fraction(0)


SHAPE = Shape(
    code="share",
    position=90,
    name=N_("Weight × share of the group"),
    says=N_("Weight × own cases ÷ cases of the group"),
    amount=amount,
)
