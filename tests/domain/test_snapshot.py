"""The seal of an evaluation: the same for the same content everywhere, another for any other content."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.domain.evaluation import Scheme
from app.domain.examples import at, duty
from app.domain.facts import COMPLETED, DUE, SIGNED, Fact, Mark
from app.domain.period import month_of
from app.domain.scorecard import Line, Names
from app.domain.snapshot import canonical, snapshot_digest

ROOT = Path(__file__).resolve().parents[2]
LINES = (Line("DONE", "Completion rate", Fraction(200, 3)), Line("DONE_OT", "On-time", Fraction(100, 3), params={"b": "2", "a": "1"}))
SCHEME = Scheme(Names("街镇"), 3, LINES)
FACTS = [
    duty(
        1, "2026-09-01 08:00", due_at="2026-09-10", excluded={"DONE": "duplicate", "*": "测试"}, unknown=frozenset({SIGNED, DUE, COMPLETED})
    ),
    duty(2, "2026-09-02", completed_at="2026-09-03 12:00:01"),
]
SEPTEMBER, CLOSE = month_of("2026-09"), at("2026-10-03 09:00")


def sealed(facts: list[Fact] = FACTS, **other: object) -> str:
    versions = {"list_version": "2026-1", "calendar_version": "2026"}
    known: dict[str, object] = {"period": SEPTEMBER, "as_of": CLOSE, "schemes": {"street_town": SCHEME}}
    return snapshot_digest(facts=facts, **(known | versions | other))  # type: ignore[arg-type]


PRINT_IT = "from tests.domain.test_snapshot import sealed; print(sealed())"


@pytest.mark.parametrize(("seed", "zone", "locale"), [("0", "UTC", "C"), ("4242", "America/New_York", "zh_CN.UTF-8")])
def test_hash_seed_zone_and_locale_have_no_say(seed: str, zone: str, locale: str) -> None:
    surroundings = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PYTHONPATH": str(ROOT)}
    told = subprocess.run([sys.executable, "-c", PRINT_IT], env=surroundings, cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == sealed()


def test_neither_the_order_of_facts_nor_the_zone_of_instants_matters() -> None:
    abroad = [replace(fact, reported_at=fact.reported_at.astimezone(ZoneInfo("Europe/Berlin"))) for fact in reversed(FACTS)]
    assert sealed(abroad, as_of=CLOSE.astimezone(ZoneInfo("Asia/Tokyo"))) == sealed()


def test_the_order_of_lines_and_parameters_does_not_matter() -> None:
    first, second = SCHEME.lines
    turned = replace(SCHEME, lines=(replace(second, params={"a": "1", "b": "2"}), first))
    assert sealed(schemes={"street_town": turned}) == sealed()


@pytest.mark.parametrize(
    "other",
    [
        {"period": month_of("2026-08")},
        {"period": replace(SEPTEMBER, opened=CLOSE)},
        {"as_of": at("2026-10-03 09:00:01")},
        {"list_version": "2026-2"},
        {"calendar_version": "2027"},
        {"schemes": {"department": SCHEME}},
        {"schemes": {"street_town": replace(SCHEME, version=4)}},
        {"schemes": {"street_town": replace(SCHEME, min_sample=4)}},
        {"schemes": {"street_town": replace(SCHEME, lines=(replace(SCHEME.lines[0], weight=Fraction(2, 3)), SCHEME.lines[1]))}},
        {"facts": FACTS[:1]},
        {"facts": [FACTS[0], replace(FACTS[1], completed_at=at("2026-09-03 12:00:02"))]},
        {"facts": [FACTS[0], replace(FACTS[1], excluded={"DONE": "duplicate"})]},
    ],
)
def test_anything_the_figures_depend_on_changes_the_seal(other: dict[str, object]) -> None:
    assert sealed(**other) != sealed()  # type: ignore[arg-type]


def test_seals_of_the_first_form_are_still_made_as_they_were() -> None:
    """Sealed by the program of that time, when facts knew nothing of calls, contacts and mutual ratings."""
    assert sealed(form=1) == "5279126b99c58a08d06645d611e2491cdc31e586d152a259f2afc523466781f1"


def test_a_seal_holds_what_a_duty_knows_and_not_what_duties_may_know() -> None:
    known = replace(FACTS[1], received=Mark("given", CLOSE, effect="solved"))
    assert sealed([FACTS[0], known]) != sealed()
    assert "received" not in canonical(FACTS[1]) and canonical(known)["received"]["effect"] == "solved"


def test_the_seal_is_sixty_four_hexadecimal_digits() -> None:
    assert len(sealed()) == 64
    int(sealed(), 16)


def test_values_have_one_written_form() -> None:
    assert canonical(Fraction(6, 4)) == "3/2"
    assert canonical(Decimal("1.50")) == "1.50"
    assert canonical(at("2026-09-01 08:00")) == "2026-09-01T00:00:00.000000+00:00"
    assert canonical(frozenset({"b", "a"})) == ["a", "b"]
    assert canonical({"x": (1, True, None)}) == {"x": [1, True, None]}


def test_what_has_no_exact_written_form_is_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        canonical({"rate": 0.5})
    with pytest.raises(ValueError, match="zone"):
        canonical(datetime(2026, 9, 1))
