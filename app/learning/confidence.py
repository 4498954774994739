"""How sure a suggestion is, so that of those given 80 % four in five are right; and how far a message belongs to what was learnt at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from app.learning.experts import Numbers

REFUSED_OF_KNOWN = 0.08
"""Share of messages that do belong which the bar may turn away; the rest of the promised tenth is left for what is new."""

_LEAST = 1e-9
_BINS = 15


@dataclass(frozen=True)
class Confidence:
    """How the experts' scores become shares: each expert's ``steepness``, and ``sharpness`` of their mean."""

    steepness: tuple[float, ...]
    sharpness: float

    def shares(self, scores: Sequence[Numbers]) -> Numbers:
        """A share of certainty per message and label; the shares of a message add up to 1."""
        mean = sum(_shares(steep * one) for steep, one in zip(self.steepness, scores, strict=True)) / len(scores)
        return _shares(self.sharpness * np.log(np.maximum(mean, _LEAST)))


def fit_confidence(scores: Sequence[Numbers], truth: Numbers) -> Confidence:
    """The confidence that would have surprised least by messages the experts had not seen."""

    exact = [np.asarray(one, np.float64) for one in scores]  # in single precision the search sees no slope

    def surprise(logs: Numbers) -> float:
        given = _confidence(logs).shares(exact)[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(given, 1e-6)).mean())

    start = np.log(np.array([3.0] * len(scores) + [1.0]))
    found = minimize(surprise, start, method="L-BFGS-B", bounds=[(-3.0, 3.0)] * len(start))
    return _confidence(found.x)


def _confidence(logs: Numbers) -> Confidence:
    values = [float(value) for value in np.exp(logs)]
    return Confidence(tuple(values[:-1]), values[-1])


def _shares(scores: Numbers) -> Numbers:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def belonging(scores: Sequence[Numbers]) -> Numbers:
    """How near each message is to its nearest label, all experts together: high for what was learnt, low for what nobody knows."""
    return np.asarray(sum(one.max(axis=1) for one in scores))


def bar(belongings: Numbers, refused: float = REFUSED_OF_KNOWN) -> float:
    """The least belonging that is dispatched, so that this share of what does belong is refused."""
    return float(np.quantile(belongings, refused))


def calibration_error(certain: Numbers, right: Numbers) -> float:
    """How far, on average, what was said to be certain is from what came true (expected calibration error, 15 equal steps)."""
    steps = np.minimum((certain * _BINS).astype(int), _BINS - 1)
    gaps = [abs(certain[steps == step].mean() - right[steps == step].mean()) * (steps == step).mean() for step in np.unique(steps)]
    return float(sum(gaps))
