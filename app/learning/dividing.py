"""Which examples are held back to judge by: the latest where times are told, else every group in turn; repeats are never on both sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.model_selection import GroupKFold

from app.domain.near import NearTexts
from app.learning.experts import Numbers

FOLDS = 4
LATEST = 0.2
"""Share of the examples, the latest ones, that is judged where times are told."""

_TIMED = 0.95
"""Where fewer tell their time, times decide nothing."""


def groups_of(texts: Sequence[str], told: Sequence[str]) -> Numbers:
    """A number per message, the same for messages of one group: the groups told, and near-repeats found where none is told."""
    owner = list(range(len(texts)))

    def first(place: int) -> int:
        while owner[place] != place:
            owner[place] = owner[owner[place]]
            place = owner[place]
        return place

    seen: dict[str, int] = {}
    for place, name in enumerate(told):
        if name:
            owner[first(place)] = first(seen.setdefault(name, place))
    if not any(told):
        known: NearTexts[int] = NearTexts()
        for place, text in enumerate(texts):
            for near in known.near(text):
                owner[first(place)] = first(near.key)
            known.add(place, text)
    return np.array([first(place) for place in range(len(texts))])


def divisions(groups: Numbers, times: Sequence[str]) -> Iterator[tuple[Numbers, Numbers]]:
    """(places to learn from, places to judge by): once by time, or ``FOLDS`` times by group."""
    if sum(map(bool, times)) >= _TIMED * len(times):
        order = np.array(sorted(range(len(times)), key=lambda place: (times[place], place)))
        cut = len(order) - max(1, int(LATEST * len(order)))
        judged = order[cut:]
        yield order[:cut][~np.isin(groups[order[:cut]], groups[judged])], judged
        return
    count = min(FOLDS, len(np.unique(groups)))
    yield from GroupKFold(count).split(np.zeros(len(groups)), groups=groups)
