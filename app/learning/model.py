"""A learnt model: what it looks at, its experts, how sure it is, below which bar it says nothing, and what it was learnt from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.domain.refusals import N_, Phrase
from app.learning.confidence import Confidence, belonging
from app.learning.experts import Expert, Numbers
from app.learning.features import Features, plain
from app.learning.samples import Columns

SHOWN = 3
SHORTEST = 4
"""Characters: a message of fewer says nothing that could be learnt."""

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The likeliest labels with the certainty of each, the likeliest first; ``refused`` says why nobody should be sent, where so."""

    labels: tuple[str, ...]
    certain: tuple[float, ...]
    refused: Phrase | None = None


@dataclass(frozen=True)
class Model:
    """``learnt`` tells what it was learnt from and how it was judged then, in figures anybody can read; ``seen`` marks its examples."""

    labels: tuple[str, ...]
    columns: Columns
    features: Features
    experts: tuple[Expert, ...]
    confidence: Confidence
    bar: float
    learnt: dict[str, Any]
    seen: frozenset[str] = frozenset()

    def scores(self, texts: Sequence[str], fields: Sequence[Sequence[str]]) -> list[Numbers]:
        """What each expert says: a score per message and label."""
        rows = self.features.rows(texts, fields)
        return [expert.scores(rows) for expert in self.experts]

    def suggest(self, texts: Sequence[str], fields: Sequence[Sequence[str]] = ()) -> Iterator[Suggestion]:
        """One suggestion a message, in their order."""
        for start in range(0, len(texts), _AT_ONCE):
            some = texts[start : start + _AT_ONCE]
            scores = self.scores(some, fields[start : start + _AT_ONCE] or [()] * len(some))
            shares, near = self.confidence.shares(scores), belonging(scores)
            order = np.argsort(-shares, axis=1, kind="stable")[:, :SHOWN]
            for place, text in enumerate(some):
                named = tuple(self.labels[label] for label in order[place])
                certain = tuple(float(shares[place, label]) for label in order[place])
                yield Suggestion(named, certain, self._refusal(text, named[0], float(near[place])))

    def _refusal(self, text: str, nearest: str, near: float) -> Phrase | None:
        if self.columns.fields:
            return (
                None
                if near >= self.bar
                else Phrase(N_("Nothing like it was learnt: the nearest is “%(label)s”, and it is not near."), label=nearest)
            )
        length = len(plain(text))
        if not length:
            return Phrase(N_("The message is empty."))
        if length < SHORTEST:
            return Phrase(N_("The message is too short to tell: %(count)d characters."), count=length)
        if near < self.bar:
            return Phrase(N_("Nothing like it was learnt: the nearest is “%(label)s”, and it is not near."), label=nearest)
        return None
