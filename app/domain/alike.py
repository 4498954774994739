"""Duties that no judge can tell apart, so that tens of thousands of them need not each be judged under every figure.

A judge sees the words, numbers and flags of a duty; of its moments it sees only how they lie to one another, to the bounds of the
period and to the cut-off. Two duties that agree in all of this get the same verdicts under every figure, whatever the figures are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable
from dataclasses import fields
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from app.domain.facts import Fact, Mark
from app.domain.indicators.base import Indicator
from app.domain.period import Period

UNSEEN = frozenset({"key", "ticket_id", "ticket_no", "unit_id", "ordinal"})
"""Whose duty it is and what it is called: no judge looks at that."""

LENGTHS = frozenset({"worked"})
"""Of these a judge only asks whether they are known; how long something took is read where it is counted."""

_ONE, _SEVERAL, _SAID = "datetime", "tuple[datetime, ...]", "Mark"
"""How the fields that hold moments are declared: one moment, several of them, and what one side said, with moments of its own."""


def _named(kind: type, wanted: Callable[[str], bool]) -> tuple[str, ...]:
    """The fields of ``kind`` that judges see and whose declared type is ``wanted``."""
    return tuple(one.name for one in fields(kind) if one.name not in UNSEEN | LENGTHS and wanted(str(one.type).removesuffix(" | None")))


def _is_word(declared: str) -> bool:
    return declared not in (_ONE, _SEVERAL, _SAID) and not declared.startswith("dict")


_MOMENTS = attrgetter(*_named(Fact, _ONE.__eq__))
_WORDS = attrgetter(*_named(Fact, _is_word))
_LISTS = attrgetter(*_named(Fact, _SEVERAL.__eq__))
_MARKS = attrgetter(*_named(Fact, _SAID.__eq__))
_LENGTHS = attrgetter(*sorted(LENGTHS))
_SAID_MOMENTS = attrgetter(*_named(Mark, _ONE.__eq__))
_SAID_WORDS = attrgetter(*_named(Mark, _is_word))


class Alikeness:
    """What the judges of some figures can see of a duty in a period, cut off at an instant, as one value."""

    def __init__(self, measures: Iterable[Indicator], period: Period, as_of: datetime) -> None:
        bounds = (period.start, period.takes_late_from(as_of), period.end, as_of)
        self._bounds = tuple(bound.astimezone(UTC) for bound in bounds)  # instants of one zone are compared much faster
        self._makes = tuple(sorted({made for measure in measures for made in measure.makes}))

    def of(self, fact: Fact) -> Hashable:
        """Equal for duties that get the same verdicts."""
        seen: list[Any] = [_WORDS(fact), _LENGTHS(fact) is None]
        moments = [*self._bounds, *_MOMENTS(fact)]
        for name, length in self._makes:
            moment = getattr(fact, name)
            moments.append(None if moment is None else moment + length)
        for several in _LISTS(fact):
            if several:
                moments += several
            seen.append(len(several))
        for mark in _MARKS(fact):
            if mark is not None:
                moments += _SAID_MOMENTS(mark)
            seen.append(None if mark is None else _SAID_WORDS(mark))
        if fact.excluded:
            seen.append(tuple(sorted(fact.excluded.items())))
        order = sorted([moment for moment in moments if moment is not None])
        seen.append(tuple([None if moment is None else bisect_left(order, moment) for moment in moments]))
        return tuple(seen)
