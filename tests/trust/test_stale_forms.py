"""H3: thousands of random lives with stale forms, on both databases; a planted defect must be found."""

from __future__ import annotations

import os

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from app.services.progress import move
from tests.services.casework import create_office
from tests.trust.stale_forms import forgetful, machines

RUNS = int(os.environ.get("FRONTLINE_TRUST_RUNS", "20"))
"""`make trust` asks for 5,000."""
STEPS = 8


PARTS = 4
"""The runs are shared out, so that idle processors help; each part has a seed of its own."""


def _settings(runs: int, phases: tuple[Phase, ...] = (Phase.generate, Phase.shrink)) -> settings:
    return settings(
        max_examples=runs,
        phases=phases,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize("part", range(1, PARTS + 1))
def test_random_lives_with_stale_forms_never_part_from_the_rules(app: Flask, part: int) -> None:
    (machine,) = machines(create_office(), move)
    runs = -(-RUNS // PARTS)
    run_state_machine_as_test(seed(part)(machine), settings=_settings(runs))
    assert machine.accepted_runs > runs


def test_a_way_of_moving_that_forgets_the_version_is_found(lite: Flask) -> None:
    (machine,) = machines(create_office(), forgetful)
    with pytest.raises(AssertionError, match="the page was stale"):
        run_state_machine_as_test(seed(1)(machine), settings=_settings(400, (Phase.generate,)))
