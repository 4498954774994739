"""Finding near-repeats among 100,000 open matters, beside comparing with every one of them; recall and precision on labelled groups."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from statistics import quantiles

from app.domain.likeness import likeness, shingles
from app.domain.near import LONGEST, NearTexts
from app.learning.samples import Columns, Samples, read_samples
from bench import Measured
from tests.learning.messages import ASKS, SAID, STREETS
from tests.real_data import real_or_none

OPEN, FEW = 100_000, 5_000
ASKED = 200
RIVAL = "comparing with every one (20 asked)"


def measure(small: bool = False) -> Iterator[Measured]:
    """Milliseconds a question, then pairs missed and pairs wrong of 100 where groups are known."""
    matters = _matters(FEW if small else OPEN)
    known: NearTexts[int] = NearTexts()
    for number, text in enumerate(matters):
        known.add(number, text)
    spent = []
    for text in matters[:: len(matters) // ASKED]:
        start = time.perf_counter()
        known.near("您好：" + text)
        spent.append(1000 * (time.perf_counter() - start))
    runs = [shingles(text[:LONGEST]) for text in matters[:FEW]]
    start = time.perf_counter()
    for own in runs[:20]:
        max(likeness(own, other) for other in runs)
    rival = 1000 * (time.perf_counter() - start) / 20 * len(matters) / FEW
    note = f"slowest of 20: {quantiles(spent, n=20)[-1]:.2f} ms; promised: under 20 ms"
    yield Measured(f"near-repeats among {len(matters):,}, each", sum(spent) / len(spent), RIVAL, rival, unit="ms", note=note)
    for name, text in (("labeled_raw_dev", "text"), ("labeled_tokens_only_dev", "tokens")):
        path = real_or_none(f"messages_labelled/{name}.csv.gz")
        if path:
            yield from _groups(name, read_samples(path, Columns(text, group="near_dup_group")))


def _groups(name: str, samples: Samples) -> Iterator[Measured]:
    truth, found = true_pairs(samples), found_pairs(samples.texts)
    recall, precision = len(truth & found) / len(truth), len(truth & found) / len(found)
    note = f"{len(truth)} pairs: recall {recall:.3f}, precision {precision:.3f} (promised 0.9 each)"
    yield Measured(f"{name}: pairs missed, of 100", 100 * (1 - recall), "promised at most", 10.0, unit=" ", note=note)
    yield Measured(f"{name}: pairs wrong, of 100", 100 * (1 - precision), "promised at most", 10.0, unit=" ")


def true_pairs(samples: Samples) -> set[tuple[int, int]]:
    """Places of the messages that were labelled as repeats of each other."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place, group in enumerate(samples.groups):
        groups[group].append(place)
    return {pair for members in groups.values() for pair in combinations(members, 2)}


def found_pairs(texts: list[str]) -> set[tuple[int, int]]:
    """Places of the messages that are found to repeat each other, each asked for as it comes in."""
    known: NearTexts[int] = NearTexts()
    pairs = set()
    for place, text in enumerate(texts):
        pairs |= {(near.key, place) for near in known.near(text)}
        known.add(place, text)
    return pairs


def _matters(count: int) -> list[str]:
    """Real messages cut and joined anew where they are at hand, made-up ones otherwise: all different, as long as the real ones."""
    chance = random.Random(1)  # noqa: S311
    path = real_or_none("messages_labelled/stream_att3.csv.gz")
    pieces = read_samples(path, Columns("detail")).texts if path else [one for said in SAID.values() for one in said]
    return [
        f"{chance.choice(STREETS)}{chance.randint(1, 9999)}号{_half(chance, pieces)}{_half(chance, pieces)}{chance.choice(ASKS)}"
        for _ in range(count)
    ]


def _half(chance: random.Random, pieces: list[str]) -> str:
    one = chance.choice(pieces)
    start = chance.randint(0, max(0, len(one) - 150))
    return one[start : start + 150]
