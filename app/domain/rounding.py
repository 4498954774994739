"""Rounding as people do it on paper: half away from zero, exactly, whatever the machine's decimal settings are."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def half_up(value: Fraction | Decimal | int, places: int = 2) -> Decimal:
    """``value`` with ``places`` decimals, rounded half away from zero (四舍五入; domain handbook §2.3).

    Exact for any size of fraction, and zero is never written with a minus.
    """
    exact = Fraction(value) * 10**places
    whole = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    negative = exact < 0 and whole > 0
    return Decimal((int(negative), tuple(map(int, str(whole))), -places))
