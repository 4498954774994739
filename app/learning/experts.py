"""The linear experts that vote on a message: one draws margins, one weighs what sets each label apart first, one reads odds from fields."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

Numbers = np.ndarray[Any, Any]

NEVER = -4.0
"""The score of a label that an expert has not one example of."""

_LEAST = np.float32(1e-9)


@dataclass(frozen=True)
class Expert:
    """Weights (features × labels) and a bias per label; ``telling`` scales the features per label first, where the expert does so."""

    kind: str
    weights: Numbers
    bias: Numbers
    telling: Numbers | None = None

    def scores(self, rows: csr_matrix) -> Numbers:
        """A score per message and label: above 0 the expert holds that it belongs there."""
        if self.telling is None:
            return np.asarray(rows @ self.weights) + self.bias
        scaled, squared = self._prepared
        lengths = np.sqrt(np.asarray(rows.multiply(rows) @ squared))
        return np.asarray(rows @ scaled) / np.maximum(lengths, _LEAST) + self.bias

    @cached_property
    def _prepared(self) -> tuple[Numbers, Numbers]:
        assert self.telling is not None
        return self.weights * self.telling, np.square(self.telling)


def margin(rows: csr_matrix, truth: Numbers, labels: int, strictness: float = 1.0) -> Expert:
    """Each label against all others, with the widest margin between."""
    return _each("margin", rows, truth, labels, lambda place, of: (_separator(of, truth == place, strictness), None))


def ratio(rows: csr_matrix, truth: Numbers, labels: int) -> Expert:
    """The same, after every feature is weighed by how much more often it stands in this label's messages than in others."""
    present = csr_matrix((np.ones_like(rows.data), rows.indices, rows.indptr), shape=rows.shape)

    def learn(place: int, of: csr_matrix) -> tuple[LinearSVC, Numbers]:
        mine = truth == place
        here, there = (np.asarray(present[which].sum(0)).ravel() + 0.5 for which in (mine, ~mine))
        telling = np.log((here / here.sum()) / (there / there.sum())).astype(np.float32)
        return _separator(normalize(of @ diags(telling)), mine, 0.5), telling

    return _each("ratio", rows, truth, labels, learn)


def odds(rows: csr_matrix, truth: Numbers, labels: int) -> Expert:
    """The logarithm of each label's odds; for few features and many labels."""
    model = LogisticRegression(C=3.0, max_iter=300)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(rows, truth)
    weights, bias = np.zeros((rows.shape[1], labels), np.float32), np.full(labels, 2 * NEVER, np.float32)
    if len(model.classes_) == 2:
        weights[:, model.classes_[1]], bias[model.classes_] = model.coef_[0], (0.0, model.intercept_[0])
    else:
        weights[:, model.classes_], bias[model.classes_] = model.coef_.T, model.intercept_
    return Expert("odds", weights, bias)


def _each(
    kind: str, rows: csr_matrix, truth: Numbers, labels: int, learn: Callable[[int, csr_matrix], tuple[LinearSVC, Numbers | None]]
) -> Expert:
    weights, bias = np.zeros((rows.shape[1], labels), np.float32), np.full(labels, NEVER, np.float32)
    telling: Numbers | None = np.zeros_like(weights) if kind == "ratio" else None
    for place in range(labels):
        count = int((truth == place).sum())
        if not 0 < count < len(truth):
            continue
        model, scale = learn(place, rows)
        weights[:, place], bias[place] = model.coef_[0], model.intercept_[0]
        if telling is not None and scale is not None:
            telling[:, place] = scale
    return Expert(kind, weights, bias, telling)


def _separator(rows: csr_matrix, mine: Numbers, strictness: float) -> LinearSVC:
    model = LinearSVC(C=strictness, dual=True, tol=1e-3, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(rows, mine)


KINDS: dict[str, Callable[[csr_matrix, Numbers, int], Expert]] = {"margin": margin, "ratio": ratio, "odds": odds}


def learn_experts(kinds: Sequence[str], rows: csr_matrix, truth: Numbers, labels: int) -> list[Expert]:
    """Every expert asked for, taught by the same examples; ``truth`` holds each message's place among the labels."""
    return [KINDS[kind](rows, truth, labels) for kind in kinds]
