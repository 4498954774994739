"""Every sign of the radar is judged by the worked examples it carries."""

from __future__ import annotations

import pkgutil
import random
from dataclasses import replace

import pytest

from app.domain import radar
from app.domain.radar import all_signs
from app.domain.radar.base import Golden, Sign

CASES = [(sign, golden) for sign in all_signs().values() for golden in sign.golden]
each = pytest.mark.parametrize("sign", all_signs().values(), ids=list(all_signs()))


@pytest.mark.parametrize(("sign", "golden"), CASES, ids=[f"{sign.code}: {golden.title}" for sign, golden in CASES])
def test_a_golden_case_finds_its_tickets(sign: Sign, golden: Golden) -> None:
    found = sign.seen_in(golden.sweep, golden.thresholds)
    assert sorted((one.ticket_no, one.unit_id) for one in found) == sorted(golden.found)


@each
def test_a_sign_says_what_it_looks_for_and_what_else_it_may_be(sign: Sign) -> None:
    assert sign.name and sign.looks_for.endswith(".") and sign.innocent.endswith(".")
    assert sign.looks_for.count(".") == 1
    assert sign.thresholds and all(one.name and one.unit and one.default > 0 for one in sign.thresholds)


@each
def test_a_sign_carries_an_example_of_what_it_sees_and_of_what_it_leaves_alone(sign: Sign) -> None:
    assert len(sign.golden) >= 2
    assert any(golden.found for golden in sign.golden)
    for golden in sign.golden:
        kinds = (golden.sweep.turns, golden.sweep.parts, golden.sweep.answers, golden.sweep.delays)
        assert len(golden.found) < sum(len(rows) for rows in kinds), "nothing is left alone"


@each
def test_what_comes_first_in_the_table_is_found_no_sooner(sign: Sign) -> None:
    for golden in sign.golden:
        rows = {name: list(getattr(golden.sweep, name)) for name in ("parts", "answers", "delays")}
        for several in rows.values():
            random.Random(7).shuffle(several)
        mixed = replace(golden.sweep, **{name: tuple(several) for name, several in rows.items()})
        assert {(f.ticket_id, f.unit_id, f.at) for f in sign.seen_in(mixed, golden.thresholds)} == {
            (f.ticket_id, f.unit_id, f.at) for f in sign.seen_in(golden.sweep, golden.thresholds)
        }


def test_the_folder_is_the_registry() -> None:
    files = {module.name for module in pkgutil.iter_modules(radar.__path__)} - radar.NOT_SIGNS
    assert len(files) == len(all_signs())
    assert list(all_signs()) == [
        *("sign_idle", "month_end", "just_in_time", "ping_pong", "clock_reset", "one_phone", "call_withdrawn", "bare_extensions"),
    ]


def test_a_telephone_is_never_told() -> None:
    sign = all_signs()["one_phone"]
    golden = sign.golden[0]
    for one in sign.seen_in(golden.sweep, golden.thresholds):
        assert "1390001" not in str(one.seen)
        assert "***01" in str(one.seen)
