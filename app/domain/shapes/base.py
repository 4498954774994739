"""What a score shape is: how a unit's figure becomes an amount of points, and which parameters the rule takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from app.domain.refusals import N_, Refused
from app.domain.scorecard import BASIC, BONUS, DEDUCTION, SECTIONS

HUNDRED = Fraction(100)

FORMS = ("rate", "share", "flow")
"""Figures that are numbers of cases; a duration is not."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a line is scored by: the unit's integers and what they are measured against.

    ``group_n`` is the numerator over the whole group, ``size`` the unit's area × population, ``manual`` what was entered by hand.
    Every case is ``parts`` of ``n`` and ``d``.
    """

    n: int = 0
    d: int = 0
    parts: int = 1
    rate: Fraction | None = None
    direction: int = 1
    group_n: int | None = None
    size: Fraction | None = None
    manual: Fraction | None = None
    form: str = "rate"
    section: str = BASIC

    @property
    def good(self) -> Fraction:
        """Cases that speak for the unit: those counted, or, where less is better, the others."""
        return Fraction(self.d - self.n if self.direction < 0 and self.form == "rate" else self.n, self.parts)

    @property
    def bad(self) -> Fraction:
        """Cases that speak against the unit: the others, or, where less is better (or neither), those counted."""
        return Fraction(self.d - self.n if self.direction > 0 and self.form == "rate" else self.n, self.parts)

    @property
    def cases(self) -> Fraction:
        """The cases a line is about: a bonus is for good ones, everything else for bad ones."""
        return self.good if self.section == BONUS else self.bad


@dataclass(frozen=True, slots=True)
class Values:
    """A rule's parameters, read: numbers, another line's code, and the limits of bands or steps."""

    numbers: Mapping[str, Fraction] = field(default_factory=dict)
    line: str = ""
    bands: tuple[Band, ...] = ()

    def __getitem__(self, name: str) -> Fraction:
        return self.numbers[name]


@dataclass(frozen=True, slots=True)
class Band:
    """Everything below ``limit`` (with it, where it is ``inclusive``; without any, where there is none) has one ``value``."""

    limit: Fraction | None
    inclusive: bool
    value: Fraction


Amount = Callable[[Given, Fraction, Values], Fraction]
"""(what is given, weight, parameters) → an exact amount of points; held between 0 and the weight by whoever asks."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One way of scoring (domain handbook §2.4).

    ``amount`` says what is gained; with ``loses`` what is lost, which a deduction line takes and any other line leaves of its weight.
    ``needs`` and ``optional`` are its numbers (with their defaults; ``None``: not given), ``crosses`` says that another line may
    limit what it takes, ``limits`` that it has bands or steps. ``sections`` are the parts of a sheet it makes sense in, ``forms`` the
    figures it can read. ``example`` are parameters as they are written.
    """

    code: str
    position: int
    name: str
    says: str
    """The rule in words, as a basic or bonus line has it."""
    amount: Amount
    example: str = ""
    loses: bool = False
    takes: str = ""
    """The rule in words, as a deduction line has it; empty where it is the same with “deducted” before it."""
    needs: tuple[str, ...] = ()
    optional: Mapping[str, Fraction | None] = field(default_factory=dict)
    crosses: bool = False
    limits: str = ""
    sections: tuple[str, ...] = SECTIONS
    forms: tuple[str, ...] = FORMS


def clamp(value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """``value``, but never below ``low`` nor above ``high``."""
    return max(low, min(high, value))


def banded(value: Fraction, bands: tuple[Band, ...]) -> Fraction:
    """The value of the first band that holds ``value``; they stand in order of their limits."""
    return next(b.value for b in bands if b.limit is None or value < b.limit or (b.inclusive and value == b.limit))


def of_bands(value: Fraction, weight: Fraction, given: Given, values: Values) -> Fraction:
    """What bands give: their value, or, where values are written below 0, what they leave of the weight (a deduction takes it)."""
    found = banded(value, values.bands)
    if not any(band.value < 0 for band in values.bands):
        return found
    return -found if given.section == DEDUCTION else weight + found


def refused(code: str, message: str, **values: Any) -> Refused:
    """A refusal of the line's parameters."""
    return Refused(code, message, field="params", **values)


NOT_A_NUMBER = N_("“%(value)s” is not a number for the parameter “%(name)s”.")
OUT_OF_RANGE = N_("“%(value)s” is out of range for the parameter “%(name)s”.")
