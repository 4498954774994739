"""Chance that falls the same way on every machine: seeds, weighted picks, curves of delays and steady shares.

Only additions, multiplications and comparisons are used. Logarithms and exponentials differ in their last
digit between platforms, and one digit is enough to make another year.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Hashable, Iterable, Sequence
from datetime import timedelta
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")

Curve = Sequence[tuple[float, float]]
"""A distribution as (share of cases, value) points, straight lines between them."""


def seeded(*parts: object) -> Random:
    """A source of chance that depends on ``parts`` alone."""
    return Random(":".join(map(str, parts)))


def below(chance: Random, number: int) -> int:
    """A whole number from 0 to ``number`` - 1; several times quicker than ``randrange``, and a year draws many."""
    return int(chance.random() * number)


def drawn(chance: Random, curve: Curve) -> float:
    """A value of ``curve``: its first point is the least, its last the greatest."""
    at = chance.random()
    left, low = curve[0]
    for right, high in curve[1:]:
        if at <= right:
            return low + (high - low) * (at - left) / (right - left)
        left, low = right, high
    return low


def seconds(chance: Random, curve: Curve) -> timedelta:
    """A delay of whole seconds; the curve's values are seconds."""
    return timedelta(seconds=int(drawn(chance, curve)))


def minutes(chance: Random, curve: Curve) -> timedelta:
    """A delay of whole seconds; the curve's values are minutes."""
    return timedelta(seconds=int(60 * drawn(chance, curve)))


class Weighted(Generic[T]):
    """Things to pick from, each as often as its weight says."""

    __slots__ = ("_sums", "_things")

    def __init__(self, things: Iterable[tuple[T, int]]) -> None:
        pairs = [(thing, weight) for thing, weight in things if weight > 0]
        self._things = [thing for thing, _ in pairs]
        self._sums = list(accumulate(weight for _, weight in pairs))

    def pick(self, chance: Random) -> T:
        """One of the things."""
        return self._things[bisect(self._sums, below(chance, self._sums[-1]))]


class Shares:
    """Yes or no at a given rate, kept steady: what one case misses, the next makes up for.

    Plain dice would give a unit with a hundred tickets a month a swing of several points either way and
    drown every difference between units.
    """

    __slots__ = ("_owed",)

    def __init__(self) -> None:
        self._owed: dict[Hashable, float] = {}

    def falls(self, key: Hashable, rate: float, chance: Random) -> bool:
        """Whether it happens this time; over many times it happens at ``rate`` (0 to 1)."""
        owed = self._owed.get(key, 0.5) + rate
        hit = owed > chance.random() + 0.5
        self._owed[key] = owed - 1 if hit else owed
        return hit
