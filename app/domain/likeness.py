"""How alike two texts are: the share of their runs of neighbouring characters that both have, in any language and without a dictionary."""

from __future__ import annotations

import unicodedata
import zlib
from fractions import Fraction
from itertools import pairwise


def bigrams(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters and digits; width, case, spaces and punctuation make no difference."""
    plain = [letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum()]
    return frozenset(one + next_one for one, next_one in pairwise(plain))


def shingles(text: str) -> frozenset[str]:
    """The runs of three letters and digits, levelled as in ``bigrams``; a shorter text is one run."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())
    if len(plain) < 3:
        return frozenset({plain} if plain else ())
    return frozenset(plain[start : start + 3] for start in range(len(plain) - 2))


MARKS = 24
_SPREAD = 2654435761
"""Knuth's multiplier: neighbouring check sums end up far apart."""


def marks_of(runs: frozenset[str]) -> tuple[int, ...]:
    """The smallest ``MARKS`` numbers that the runs stand for: texts that share many runs share many of these (a bottom-k sketch)."""
    return tuple(sorted({(zlib.crc32(run.encode()) * _SPREAD) & 0xFFFFFFFF for run in runs})[:MARKS])


def likeness(one: frozenset[str], other: frozenset[str]) -> Fraction:
    """Twice the pairs both have, out of all pairs of both (Dice): 0 for nothing in common, 1 for the same pairs."""
    together = len(one) + len(other)
    return Fraction(2 * len(one & other), together) if together else Fraction(0)
