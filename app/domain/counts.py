"""What a figure counted for one unit: verdicts, how much of a case each is worth, and the integers they add up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from functools import cache


class Verdict(Enum):
    """Where a duty stands for one indicator in one period."""

    OUT = "out"
    """Not concerned: another month, another kind of duty."""
    HIT = "hit"
    """In numerator and denominator."""
    MOST = "most"
    """Counts four fifths (only where ``Indicator.parts`` can say so)."""
    SOME = "some"
    """Counts three fifths (only where ``Indicator.parts`` can say so)."""
    HALF = "half"
    """Counts half: in the denominator, and in the numerator with half its worth (only where ``Indicator.parts`` can say so)."""
    MISS = "miss"
    """In the denominator only."""
    EXTRA = "extra"
    """In the numerator only: of a flow, what went out in the period without having come in within it."""
    PENDING = "pending"
    """Could still go either way at the cut-off: counted nowhere, shown as pending."""
    UNKNOWN = "unknown"
    """The source does not record what it takes: counted nowhere, and said so."""
    EXCLUDED = "excluded"
    """Taken out by an approved exclusion."""

    __hash__ = object.__hash__  # verdicts are counted by the million, and there is one of each


WORTH = {
    Verdict.HIT: Fraction(1),
    Verdict.MOST: Fraction(4, 5),
    Verdict.SOME: Fraction(3, 5),
    Verdict.HALF: Fraction(1, 2),
    Verdict.MISS: Fraction(0),
}
"""How much of a case stands in the numerator, for every verdict that stands in the denominator."""

COUNTED = (*WORTH, Verdict.EXTRA)
"""Verdicts that stand in the denominator or, of a flow, in the numerator alone."""


@cache
def parts_of(parts: int) -> Mapping[Verdict, tuple[int, int]]:
    """What every counted verdict adds to numerator and denominator where a case is ``parts``; others cannot be said in such a figure."""
    worth = {verdict: share * parts for verdict, share in WORTH.items()}
    whole = {verdict: (share.numerator, parts) for verdict, share in worth.items() if share.denominator == 1}
    return whole | {Verdict.EXTRA: (parts, 0)}


@dataclass(slots=True)
class Count:
    """What an indicator counted for one unit: two integers, and what was left out and why.

    ``lacking`` names what the sources of the ``unknown`` duties never recorded. Every case is ``parts`` of ``d``, so that cases
    which count in part keep both integers whole. ``times`` are how long counted duties took, in seconds, as far as that is known.
    Of a ``duration`` the numerator is the sum of these seconds.
    """

    n: int = 0
    d: int = 0
    pending: int = 0
    unknown: int = 0
    excluded: int = 0
    lacking: set[str] = field(default_factory=set)
    parts: int = 1
    times: list[int] = field(default_factory=list)
    duration: bool = False

    @property
    def cases(self) -> int:
        """How many duties stand behind the denominator."""
        return self.d // self.parts

    @property
    def rate(self) -> Fraction | None:
        """The exact fraction, or ``None`` where nothing fell due."""
        return Fraction(self.n, self.d) if self.d else None

    @property
    def left_out(self) -> int:
        """How many duties are counted nowhere although they concern the figure."""
        return self.pending + self.unknown + self.excluded

    def add(self, verdict: Verdict, lacking: Iterable[str] = (), seconds: int | None = None, times: int = 1) -> None:
        """Count a verdict ``times``; ``lacking`` is what its source does not record, ``seconds`` how long each of these duties took.

        Raises ``ValueError`` for a verdict that is no whole number of parts, and for a duration without its seconds.
        """
        worth = parts_of(self.parts).get(verdict)
        if worth is not None:
            self._count(worth, seconds, times)
        elif verdict in COUNTED:
            raise ValueError(f"“{verdict.value}” in a figure that counts cases in {self.parts} parts")
        elif verdict is Verdict.PENDING:
            self.pending += times
        elif verdict is Verdict.UNKNOWN:
            self.unknown += times
            self.lacking.update(lacking)
        elif verdict is Verdict.EXCLUDED:
            self.excluded += times

    def _count(self, worth: tuple[int, int], seconds: int | None, times: int) -> None:
        if seconds is not None:
            self.times += [seconds] * times
        if not self.duration:
            self.n += worth[0] * times
        elif seconds is None:
            raise ValueError("a duration was counted that nobody measured")
        else:
            self.n += seconds * times
        self.d += worth[1] * times


def nearest_rank(values: Sequence[int], percent: int) -> int | None:
    """The value that ``percent`` of all values do not exceed: the ⌈percent × count⌉-th in order; ``None`` of nothing."""
    return sorted(values)[max(-(-percent * len(values) // 100), 1) - 1] if values else None
