"""A model judged by labelled messages: the figures together and per label, and how many of the messages it had been taught."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import precision_recall_fscore_support

from app.domain.refusals import N_, Refused
from app.learning.experts import Numbers
from app.learning.measuring import Figures, measured
from app.learning.model import Model
from app.learning.samples import Samples
from app.learning.training import mark


@dataclass(frozen=True, slots=True)
class OfLabel:
    """One label: how many messages it had, which share of them it was suggested for, and which share of its suggestions were right."""

    label: str
    messages: int
    found: float
    right: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """``taught`` messages were among the model's own examples: they flatter it."""

    figures: Figures
    labels: tuple[OfLabel, ...]
    taught: int


def judge(model: Model, samples: Samples) -> Judgement:
    """Figures over every labelled row; messages of a label that the model never learnt should have been refused."""
    place = {label: number for number, label in enumerate(model.labels)}
    known = samples.only([at for at, label in enumerate(samples.labels) if label in place])
    outside = samples.only([at for at, label in enumerate(samples.labels) if label and label not in place])
    if not len(known):
        raise Refused("too-few", N_("No row of the file has a label that the model has learnt."))
    refused_outside = np.array([one.refused is not None for one in model.suggest(outside.texts, outside.fields)], bool)
    refused = np.array([one.refused is not None for one in model.suggest(known.texts, known.fields)], bool)
    truth = np.array([place[label] for label in known.labels])
    shares = model.confidence.shares(model.scores(known.texts, known.fields))
    taught = sum(mark(text) in model.seen for text in known.texts) if not model.columns.fields else 0
    figures = measured(shares, truth, refused, refused_outside)
    return Judgement(figures, tuple(_per_label(model, truth, shares.argmax(axis=1))), taught)


def _per_label(model: Model, truth: Numbers, said: Numbers) -> list[OfLabel]:
    which = np.unique(truth)
    right, found, _, count = precision_recall_fscore_support(truth, said, labels=which, zero_division=0)
    told = [OfLabel(model.labels[label], int(n), float(f), float(r)) for label, n, f, r in zip(which, count, found, right, strict=True)]
    return sorted(told, key=lambda one: (-one.messages, one.label))
