"""Bands of the rate, each with its points (handbook §2.4, shape 4)."""

from __future__ import annotations

from fractions import Fraction

from app.domain.refusals import N_
from app.domain.shapes.base import HUNDRED, Given, Shape, Values, of_bands


def amount(given: Given, weight: Fraction, values: Values) -> Fraction:
    """The points of the band in which the rate (in percent) lies; where bands are written below 0 they are taken from the weight."""
    return of_bands(HUNDRED * (given.rate or 0), weight, given, values)


SHAPE = Shape(
    code="bands",
    position=40,
    name=N_("Points by band of the rate"),
    says=N_("By the rate in percent: %(bands)s"),
    amount=amount,
    example="<50=-0.25, <75=-0.15, <90=-0.1, else=0",
    limits="percent",
)
