"""Learning a model from examples: judged on examples held back, then taught by all of them; the same examples give the same model."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any

import numpy as np

from app.core.runs import Progress, Silent
from app.domain.refusals import N_, Phrase, Refused
from app.learning.confidence import bar, belonging, fit_confidence
from app.learning.dividing import divisions, groups_of
from app.learning.experts import Numbers, learn_experts
from app.learning.features import learn_features
from app.learning.measuring import Figures, measured
from app.learning.model import Model
from app.learning.samples import Columns, Samples

FEWEST = 20


def usable(samples: Samples, columns: Columns) -> Samples:
    """The examples that tell a label and a message (or a field)."""
    places = [place for place, label in enumerate(samples.labels) if label and (samples.texts[place] or any(samples.fields[place]))]
    examples = Counter(samples.labels[place] for place in places)
    if len(places) < FEWEST or sum(count > 1 for count in examples.values()) < 2:
        raise Refused(
            "too-few",
            N_("Too little to learn from: %(count)d usable rows, %(labels)d labels in “%(column)s”; needed are %(fewest)d and 2."),
            count=len(places),
            labels=len(examples),
            column=columns.label,
            fewest=FEWEST,
        )
    return samples.only(places)


def train(given: Samples, columns: Columns, progress: Progress | None = None) -> Model:
    """A model of ``given``; refuses what is too little to learn from. ``progress`` is told how far it is."""
    progress = progress or Silent()
    samples = usable(given, columns)
    labels = tuple(sorted(set(samples.labels)))
    truth = np.array([labels.index(label) for label in samples.labels])
    progress.begin(Phrase(N_("Looking for repeats")))
    repeat = not columns.fields or any(samples.groups)  # the same short values again are another matter, not a repeat
    groups = groups_of(samples.texts, samples.groups) if repeat else np.arange(len(samples))
    parts = list(divisions(groups, samples.times))
    kinds = ("margin", "odds") if columns.fields else ("margin", "ratio")
    features, rows = learn_features(samples.texts, samples.fields, len(labels))
    judged, scores = [], []
    progress.begin(Phrase(N_("Judging on what is held back, then learning from all")), len(parts) + 1)
    for number, (taught, held) in enumerate(parts, start=1):
        experts = learn_experts(kinds, rows[taught], truth[taught], len(labels))
        judged.append(held)
        scores.append([expert.scores(rows[held]) for expert in experts])
        progress.advance(number)
    order = np.concatenate(judged)
    unseen = [np.concatenate([fold[kind] for fold in scores]) for kind in range(len(kinds))]
    confidence = fit_confidence(unseen, truth[order])
    least = bar(belonging(unseen))
    figures = measured(confidence.shares(unseen), truth[order], belonging(unseen) < least)
    experts = learn_experts(kinds, rows, truth, len(labels))
    learnt = _learnt(given, samples, groups, figures, by_time=len(parts) == 1)
    return Model(labels, columns, features, tuple(experts), confidence, least, learnt, frozenset(map(mark, samples.texts)))


def mark(text: str) -> str:
    """A message's mark, by which a model knows its own examples again without keeping them."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def fingerprint(samples: Samples) -> str:
    """SHA-256 of everything that was learnt from, in its order; row numbers do not count."""
    told = [samples.texts, samples.fields, samples.labels, samples.groups, samples.times]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _learnt(given: Samples, samples: Samples, groups: Numbers, figures: Figures, *, by_time: bool) -> dict[str, Any]:
    return {
        "data": fingerprint(samples),
        "rows": len(given),
        "examples": len(samples),
        "groups": len(np.unique(groups)),
        "examples_of": dict(sorted(Counter(samples.labels).items())),
        "judged": "latest" if by_time else "folds",
        "figures": figures.told(),
    }
