"""So many points for each day that work takes less than a target (handbook §2.4, shape 8)."""

from __future__ import annotations

from fractions import Fraction

from app.domain.refusals import N_
from app.domain.scorecard import BASIC, BONUS
from app.domain.shapes.base import Given, Shape, Values

HOUR = 3600


def amount(given: Given, weight: Fraction, values: Values) -> Fraction:
    """k × (T − mean in days); a day has ``day`` hours."""
    days = (given.rate or 0) / (values["day"] * HOUR)
    return values["k"] * (values["T"] - days)


SHAPE = Shape(
    code="duration",
    position=80,
    name=N_("Points per day below the target"),
    says=N_("%(k)s for each day below %(T)s days (of %(day)s hours), at most %(weight)s"),
    amount=amount,
    example="T=2, k=10",
    needs=("T", "k"),
    optional={"day": Fraction(24)},
    sections=(BASIC, BONUS),
    forms=("duration",),
)
