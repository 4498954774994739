"""How sure a suggestion is, so that of those given 80 % four in five are right; and how far a message belongs to what was learnt at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from app.learning.experts import Numbers

REFUSED_OF_KNOWN = 0.095
"""Share of messages that do belong which the bar turns away, as measured on examples held back; of new ones it is rather less."""

SECOND = 0.3
"""How much a second label that fits counts for belonging: what is known tends to touch two classes, what is strange none."""

_LEAST = 1e-9
_BINS = 15


@dataclass(frozen=True)
class Confidence:
    """How the experts' scores become shares: each expert's ``steepness``, ``sharpness`` of their mean, what each label is short of."""

    steepness: tuple[float, ...]
    sharpness: float
    lean: tuple[float, ...]

    def shares(self, scores: Sequence[Numbers]) -> Numbers:
        """A share of certainty per message and label; the shares of a message add up to 1."""
        mean = sum(_shares(steep * one) for steep, one in zip(self.steepness, scores, strict=True)) / len(scores)
        return _shares(self.sharpness * np.log(np.maximum(mean, _LEAST)) + np.asarray(self.lean))


def fit_confidence(scores: Sequence[Numbers], truth: Numbers) -> Confidence:
    """The confidence that would have surprised least by messages the experts had not seen; rare labels are not talked down."""
    exact = [np.asarray(one, np.float64) for one in scores]  # in single precision the search sees no slope
    labels = exact[0].shape[1]
    places = np.arange(len(truth))

    def surprise(logs: Numbers) -> float:
        return float(-np.log(np.maximum(_confidence(logs, (0.0,) * labels).shares(exact)[places, truth], 1e-6)).mean())

    start = np.log(np.array([3.0] * len(exact) + [1.0]))
    even = _confidence(minimize(surprise, start, method="L-BFGS-B", bounds=[(-3.0, 3.0)] * len(start)).x, (0.0,) * labels)
    return replace(even, lean=_lean(np.log(np.maximum(even.shares(exact), _LEAST)), truth))


def _lean(logs: Numbers, truth: Numbers) -> tuple[float, ...]:
    """What to add to each label's logarithm; held near nothing where there are few messages to tell."""
    wanted = np.eye(logs.shape[1])[truth]

    def surprise(lean: Numbers) -> tuple[float, Numbers]:
        shares = _shares(logs + lean)
        given = float(-(wanted * np.log(np.maximum(shares, _LEAST))).sum() + (lean**2).sum())
        return given, (shares - wanted).sum(axis=0) + 2 * lean

    return tuple(float(value) for value in minimize(surprise, np.zeros(logs.shape[1]), jac=True, method="L-BFGS-B").x)


def _confidence(logs: Numbers, lean: tuple[float, ...]) -> Confidence:
    values = [float(value) for value in np.exp(logs)]
    return Confidence(tuple(values[:-1]), values[-1], lean)


def _shares(scores: Numbers) -> Numbers:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def belonging(scores: Sequence[Numbers]) -> Numbers:
    """How near each message is to its nearest labels, all experts together: high for what was learnt, low for what nobody knows."""
    best = [np.sort(one, axis=1) for one in scores]
    return np.asarray(sum(one[:, -1] + SECOND * one[:, -2] for one in best))


def bar(belongings: Numbers, refused: float = REFUSED_OF_KNOWN) -> float:
    """The least belonging that is dispatched, so that this share of what does belong is refused."""
    return float(np.quantile(belongings, refused))


def calibration_error(certain: Numbers, right: Numbers) -> float:
    """How far, on average, what was said to be certain is from what came true (expected calibration error, 15 equal steps)."""
    steps = np.minimum((certain * _BINS).astype(int), _BINS - 1)
    gaps = [abs(certain[steps == step].mean() - right[steps == step].mean()) * (steps == step).mean() for step in np.unique(steps)]
    return float(sum(gaps))
