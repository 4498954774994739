"""So many points less for each bad case, up to a cap, and never more than another line cost (handbook §2.4, shape 5)."""

from __future__ import annotations

from fractions import Fraction

from app.domain.refusals import N_
from app.domain.scorecard import BASIC, DEDUCTION
from app.domain.shapes.base import Given, Shape, Values


def amount(given: Given, weight: Fraction, values: Values) -> Fraction:
    """d × bad cases, at most ``cap``; the cross-cap is the scheme's, which knows the other line."""
    lost = values["d"] * given.bad
    return min(lost, values["cap"]) if "cap" in values.numbers else lost


SHAPE = Shape(
    code="per_case",
    position=50,
    name=N_("Deduction per case"),
    says=N_("Weight − %(d)s per case, at most %(cap)s less"),
    amount=amount,
    example="d=1, cap=20",
    loses=True,
    takes=N_("Deducted: %(d)s per case, at most %(cap)s"),
    needs=("d",),
    optional={"cap": None},
    crosses=True,
    sections=(BASIC, DEDUCTION),
)
