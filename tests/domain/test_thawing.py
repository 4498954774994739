"""What was frozen of a duty is read back value for value."""

from __future__ import annotations

import json

import pytest

from app.domain.facts import Fact
from app.domain.indicators import all_indicators
from app.domain.snapshot import canonical
from app.domain.thawing import thawed

FACTS = [
    (f"{measure.code}-{number}-{fact.key}", fact)
    for measure in all_indicators().values()
    for number, golden in enumerate(measure.golden)
    for fact in golden.facts
]


@pytest.mark.parametrize(("name", "fact"), FACTS, ids=[name for name, _ in FACTS])
def test_every_duty_survives_freezing(name: str, fact: Fact) -> None:
    assert thawed({}, json.loads(json.dumps(canonical(fact)))) == fact


def test_what_an_older_evaluation_did_not_keep_stands_at_its_default() -> None:
    (_, fact), *_ = FACTS
    kept = {name: value for name, value in canonical(fact).items() if name not in ("due_at", "completed_at")}
    assert thawed({}, {**kept, "field_of_another_time": 1}).due_at is None
