"""The text model on real messages and on a district's units, beside the plain linear model; judged on what neither has seen."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from statistics import median

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from app.learning.files import read_model, write_model
from app.learning.judging import judge
from app.learning.measuring import Figures, measured
from app.learning.model import Model
from app.learning.samples import Columns, Samples, read_samples
from app.learning.training import train
from bench import Measured
from tests.real_data import real_or_none

RIVAL = "TF-IDF of 2-3 characters, LinearSVC"
MESSAGES = ("messages_labelled/labeled_raw_dev.csv.gz", "text"), ("messages_labelled/labeled_tokens_only_dev.csv.gz", "tokens")
LEDGER = "ledger_pingshan/pingshan_dev_lt_2018-11.csv"
UNITS = Columns(
    "SUB_TYPE_NAME",
    "UNIT_NORM",
    time="CREATE_TIME",
    fields=(
        *("SUB_TYPE_NAME", "MAIN_TYPE_NAME", "EVENT_TYPE_NAME", "EVENT_PROPERTY_NAME"),
        *("EVENT_SRC_NAME", "STREET_NAME", "COMMUNITY_NAME"),
    ),
)
JUDGED = "2018-10"
PROMISED = {
    "macro_f1": ("macro F1", "0.93"),
    "among_three": ("right among three", "0.993"),
    "surest": ("right among the surest four fifths", "0.975"),
}
FEW = 1_500


def measure(small: bool = False) -> Iterator[Measured]:
    """What is wrong of 100, so that smaller is better; notes tell the figures as promised."""
    files = [(real_or_none(name), text) for name, text in MESSAGES]
    if all(path for path, _ in files):
        yield from _messages([(path, text) for path, text in files if path], small)
    ledger = real_or_none(LEDGER)
    if ledger:
        yield from _units(ledger)


def _messages(files: list[tuple[Path, str]], small: bool) -> Iterator[Measured]:
    parts = [read_samples(path, Columns(text, "label", "near_dup_group")) for path, text in files]
    both = Samples(*(list(chain.from_iterable(of)) for of in zip(*(part.columns() for part in parts), strict=True)))
    held = np.array([int(hashlib.sha256(f"j{group}".encode()).hexdigest(), 16) % 5 == 0 for group in both.groups])
    taught, unseen = both.only(list(np.flatnonzero(~held)[: FEW if small else None])), both.only(list(np.flatnonzero(held)))
    start = time.process_time()
    model = train(taught, Columns("text", "label", "near_dup_group"))
    spent = time.process_time() - start
    start = time.process_time()
    plain = _rival(taught, unseen)
    yield Measured(f"teach {len(taught):,} messages", spent, RIVAL, time.process_time() - start, note="promised: under 120 s on one core")
    figures = judge(model, unseen).figures
    yield from _wrong(f"{len(unseen):,} messages", figures, plain)
    yield Measured(
        "calibration error, of 100",
        100 * figures.calibration_error,
        "its margin as a share",
        100 * plain.calibration_error,
        unit=" ",
        note=f"{figures.calibration_error:.4f} (promised at most 0.03)",
    )
    yield from _room_and_pace(model, unseen)
    if not small:
        yield from _strangers(taught, unseen)


def _wrong(what: str, ours: Figures, rival: Figures) -> Iterator[Measured]:
    for name, (said, promised) in PROMISED.items():
        mine, theirs = getattr(ours, name), getattr(rival, name)
        note = f"{said} {mine:.4f} (promised {promised}), rival {theirs:.4f}"
        yield Measured(f"{what}: {said}, short of 100", 100 * (1 - mine), RIVAL, 100 * (1 - theirs), unit=" ", note=note)


def _rival(taught: Samples, unseen: Samples) -> Figures:
    """The plain model's figures; its margins pass for certainty."""
    labels = sorted(set(taught.labels))
    counter = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), min_df=2, sublinear_tf=True, dtype=np.float32)
    separator = LinearSVC(C=0.5).fit(counter.fit_transform(taught.texts), taught.labels)
    known = [place for place, label in enumerate(unseen.labels) if label in labels]
    margins = separator.decision_function(counter.transform([unseen.texts[place] for place in known]))
    raised = np.exp(margins)
    truth = np.array([labels.index(unseen.labels[place]) for place in known])
    return measured(raised / raised.sum(axis=1, keepdims=True), truth, margins.max(axis=1) < 0)


def _room_and_pace(model: Model, unseen: Samples) -> Iterator[Measured]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.model"
        write_model(model, path)
        yield Measured("model file", path.stat().st_size / 1e6, "promised at most", 60.0, unit="MB")
        again = read_model(path)
    list(again.suggest(unseen.texts[:5]))
    spent = []
    for text in unseen.texts[:300]:
        start = time.process_time()
        list(again.suggest([text]))
        spent.append(1000 * (time.process_time() - start))
    yield Measured("one message, alone (median)", median(spent), "promised at most", 3.0, unit="ms")


def _strangers(taught: Samples, unseen: Samples) -> Iterator[Measured]:
    """Every class in turn is a stranger: left out of what is taught, it should be refused."""
    refused = []
    for label in sorted(set(taught.labels)):
        rest = taught.only([place for place, one in enumerate(taught.labels) if one != label])
        figures = judge(train(rest, Columns("text", "label", "near_dup_group")), unseen).figures
        refused.append(figures.refused_outside)
        note = (
            f"strangers refused {figures.refused_outside:.3f} (promised 0.667), known refused {figures.refused:.3f} (promised at most 0.1)"
        )
        yield Measured(f"stranger {label}: not refused, of 100", 100 * (1 - refused[-1]), "promised at most", 100 / 3, unit=" ", note=note)
    yield Measured("strangers on average: not refused, of 100", 100 * (1 - float(np.mean(refused))), "promised at most", 100 / 3, unit=" ")


def _units(ledger: Path) -> Iterator[Measured]:
    every = read_samples(ledger, UNITS)
    before = every.only([place for place, when in enumerate(every.times) if when[:7] < JUDGED])
    after = every.only([place for place, when in enumerate(every.times) if when[:7] == JUDGED])
    figures = judge(train(before, UNITS), after).figures
    told = [_as_text(part) for part in (before, after)]
    plain = _rival(*told)
    for said, mine, theirs, promised in (
        ("right at once", figures.right, plain.right, "0.72"),
        ("right among three", figures.among_three, plain.among_three, "0.86"),
    ):
        note = f"{said} {mine:.4f} (promised {promised}), rival {theirs:.4f}; units of {JUDGED} from the months before"
        yield Measured(f"units: {said}, short of 100", 100 * (1 - mine), RIVAL, 100 * (1 - theirs), unit=" ", note=note)


def _as_text(samples: Samples) -> Samples:
    """The rival reads fields as text, too."""
    return replace(samples, texts=[" ".join(row) for row in samples.fields])
