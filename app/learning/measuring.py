"""How good suggestions are, in the figures that decide whether to use them: right at once, among three, surest part, refusals."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from sklearn.metrics import f1_score

from app.learning.confidence import calibration_error
from app.learning.experts import Numbers

SUREST = 0.8


@dataclass(frozen=True, slots=True)
class Figures:
    """All between 0 and 1. ``refused`` is the share turned away of what belongs, ``refused_outside`` of what does not."""

    messages: int
    right: float
    among_three: float
    macro_f1: float
    surest: float
    calibration_error: float
    refused: float
    outside: int = 0
    refused_outside: float = 0.0

    def told(self) -> dict[str, float]:
        """As written into a model's file: four decimals."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def measured(shares: Numbers, truth: Numbers, refused: Numbers, outside: Numbers | None = None) -> Figures:
    """Figures of messages whose label is known; ``outside`` tells, for messages of no learnt label, which were refused."""
    order = np.argsort(-shares, axis=1, kind="stable")
    certain, right = shares.max(axis=1), order[:, 0] == truth
    surest = np.argsort(-certain, kind="stable")[: max(1, round(SUREST * len(truth)))]
    return Figures(
        messages=len(truth),
        right=float(right.mean()),
        among_three=float((order[:, :3] == truth[:, None]).any(axis=1).mean()),
        macro_f1=float(f1_score(truth, order[:, 0], average="macro", labels=np.unique(truth), zero_division=0)),
        surest=float(right[surest].mean()),
        calibration_error=calibration_error(certain, right),
        refused=float(np.mean(refused)),
        outside=0 if outside is None else len(outside),
        refused_outside=0.0 if outside is None or not len(outside) else float(np.mean(outside)),
    )
