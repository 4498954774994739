"""How alike two texts are: the share of their pairs of neighbouring characters that both have, in any language and without a dictionary."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from itertools import pairwise


def bigrams(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters and digits; width, case, spaces and punctuation make no difference."""
    plain = [letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum()]
    return frozenset(one + next_one for one, next_one in pairwise(plain))


def likeness(one: frozenset[str], other: frozenset[str]) -> Fraction:
    """Twice the pairs both have, out of all pairs of both (Dice): 0 for nothing in common, 1 for the same pairs."""
    together = len(one) + len(other)
    return Fraction(2 * len(one & other), together) if together else Fraction(0)
