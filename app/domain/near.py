"""Finding near-repeats of a text among very many: few marks stand for a text, only texts that share marks are compared in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from app.domain.likeness import likeness, marks_of, shingles

Key = TypeVar("Key", bound=Hashable)

NEAR = Fraction(3, 4)
"""Least likeness of two texts' runs of three characters that is called a repeat; below it people write about the same, not the same."""

CROWDED = 400
"""A mark that more texts share tells nothing: it is a form of address, or a template's heading."""

ENOUGH = 4
"""One mark in so many must be shared; texts that are three quarters alike share half of them."""

COMPARED = 40
LONGEST = 600
"""Characters that are compared: whoever repeats a message repeats its beginning."""


@dataclass(frozen=True, slots=True)
class Near(Generic[Key]):
    """A text that was found, and how alike it is."""

    key: Key
    share: Fraction


class NearTexts(Generic[Key]):
    """Texts by key, to be asked for the nearest of another text; adding and dropping cost as little as asking."""

    def __init__(self) -> None:
        self._marks: dict[Key, tuple[int, ...]] = {}
        self._texts: dict[Key, str] = {}
        self._holders: dict[int, set[Key]] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, key: Key, text: str) -> None:
        """Take a text in, in place of what ``key`` stood for before."""
        self.drop(key)
        beginning = text[:LONGEST]
        self._texts[key], self._marks[key] = beginning, marks_of(shingles(beginning))
        for mark in self._marks[key]:
            self._holders.setdefault(mark, set()).add(key)

    def drop(self, key: Key) -> None:
        """Forget a text; nothing happens where it is not known."""
        if self._texts.pop(key, None) is None:
            return
        for mark in self._marks.pop(key):
            holders = self._holders[mark]
            holders.discard(key)
            if not holders:
                del self._holders[mark]

    def near(self, text: str, least: Fraction = NEAR, most: int = 10) -> list[Near[Key]]:
        """The texts at least so alike, the most alike first; made for repeats, so below one half many are missed."""
        own = shingles(text[:LONGEST])
        marks = marks_of(own)
        shared: Counter[Key] = Counter()
        for mark in marks:
            holders = self._holders.get(mark, ())
            if len(holders) <= CROWDED:
                shared.update(holders)
        enough = max(1, len(marks) // ENOUGH)
        alike = [key for key, count in shared.most_common(COMPARED) if count >= enough]
        found = [Near(key, likeness(own, shingles(self._texts[key]))) for key in alike]
        return sorted((one for one in found if one.share >= least), key=lambda one: -one.share)[:most]
