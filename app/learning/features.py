"""What is looked at in a message: runs of one to four characters, its opening once more, short fields as they stand; no dictionary."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

OPENING = 25
"""Characters of a message's opening, where its writer says what it is about; they weigh a second time."""

FEW_ROWS = 1_000
MOST_WEIGHTS = 6_000_000
"""Features × labels that a model holds, so that its file stays small; the rarest runs are left out first."""

LEAST_FEATURES = 20_000
_RUNS = {"body": (1, 4), "opening": (1, 3)}
_WEIGHT = {"body": 1.0, "opening": 0.6}
_BESIDE = "\x1f"
_PAIRED = 0.4
"""Weight of two fields' values seen together, beside 1 for each alone."""


def plain(text: str) -> str:
    """The same text however it was typed: width and case are levelled, spaces and line ends dropped."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@dataclass(frozen=True)
class Block:
    """One kind of features: its terms in order, and how rare each is (inverse document frequency; fields have a fixed weight)."""

    kind: str
    terms: tuple[str, ...]
    rarity: np.ndarray[Any, Any]

    @cached_property
    def counter(self) -> CountVectorizer:
        """Counts the terms in texts that are plain already."""
        return _counter(self.kind, vocabulary={term: place for place, term in enumerate(self.terms)})

    def rows(self, plain_texts: Sequence[str], fields: Sequence[Sequence[str]]) -> csr_matrix:
        """One row a message."""
        return self.weighed(self.counter.transform(_material(self.kind, plain_texts, fields)))

    def weighed(self, counts: csr_matrix) -> csr_matrix:
        """Repetition counts little, rarity counts much, and a long message no more than a short one; fields count as they stand."""
        counts = counts.copy()
        if self.kind == "field":
            counts.data = self.rarity[counts.indices]
            return counts
        counts.data = (1 + np.log(counts.data)) * self.rarity[counts.indices]
        weighed = normalize(counts, copy=False)
        weighed.data *= np.float32(_WEIGHT[self.kind])
        return weighed


@dataclass(frozen=True)
class Features:
    """All blocks side by side."""

    blocks: tuple[Block, ...]

    @property
    def width(self) -> int:
        """How many features there are."""
        return sum(len(block.terms) for block in self.blocks)

    def rows(self, texts: Sequence[str], fields: Sequence[Sequence[str]]) -> csr_matrix:
        """The messages as rows of numbers."""
        levelled = [plain(text) for text in texts]
        return _joined([block.rows(levelled, fields) for block in self.blocks])


def learn_features(texts: Sequence[str], fields: Sequence[Sequence[str]], labels: int) -> tuple[Features, csr_matrix]:
    """The features worth keeping for so many labels, and the rows of what they were learnt from."""
    levelled = [plain(text) for text in texts]
    most = max(LEAST_FEATURES, MOST_WEIGHTS // max(labels, 1))
    blocks, parts = [], []
    for kind in ("body", "opening", *(["field"] if fields and fields[0] else [])):
        if kind != "field" and not any(levelled):
            continue
        counter = _counter(kind, min_df=2 if len(texts) >= FEW_ROWS else 1, max_features=most if kind == "body" else most // 4)
        counts = counter.fit_transform(_material(kind, levelled, fields))
        found = np.bincount(counts.indices, minlength=counts.shape[1])
        terms = tuple(counter.get_feature_names_out())
        rarity = np.log((1 + len(texts)) / (1 + found)) + 1
        if kind == "field":
            rarity = np.array([_PAIRED if _BESIDE in term else 1.0 for term in terms])
        block = Block(kind, terms, rarity.astype(np.float32))
        blocks.append(block)
        parts.append(block.weighed(counts))
    return Features(tuple(blocks)), _joined(parts)


def _counter(kind: str, **more: Any) -> CountVectorizer:
    if kind == "field":
        return CountVectorizer(analyzer=list, dtype=np.float32, **{**more, "min_df": 1})
    return CountVectorizer(analyzer="char", ngram_range=_RUNS[kind], lowercase=False, dtype=np.float32, **more)


def _material(kind: str, levelled: Sequence[str], fields: Sequence[Sequence[str]]) -> Sequence[Any]:
    if kind == "field":
        return [_values(row) for row in fields]
    return [text[:OPENING] for text in levelled] if kind == "opening" else levelled


def _joined(parts: list[csr_matrix]) -> csr_matrix:
    rows = hstack(parts, format="csr", dtype=np.float32)
    rows.indices, rows.indptr = rows.indices.astype(np.int32), rows.indptr.astype(np.int32)
    return rows


def _values(row: Sequence[str]) -> list[str]:
    alone = [f"{place}={' '.join(value.split())}" for place, value in enumerate(row)]
    return alone + [_BESIDE.join(pair) for pair in combinations(alone, 2)]
