"""Versions of the responsibility list: one in force at a time, and what changes between two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.deadlines import limit_of
from app.domain.examples import at
from app.domain.refusals import Refused
from app.domain.responsibility import Change, Item, Version, check_versions, conflicts, diff, in_force
from app.domain.scorecard import Names

FIRST = Version("1", at("2025-01-01"), at("2026-01-01"))
SECOND = Version("2", at("2026-01-01"), at("2026-07-01"))
OPEN = Version("3", at("2026-07-01"))
LIGHTS = Item("10101", Names("路灯不亮"), lead="D01", supporting=("D02", "S01"), limits={"quickly": limit_of("2wd")})
NOISE = Item("20101", Names("噪声扰民"), lead="D03")


@pytest.mark.parametrize(("instant", "number"), [("2025-12-31 23:59:59", "1"), ("2026-01-01 00:00:00", "2"), ("2030-01-01", "3")])
def test_one_version_is_in_force_at_any_instant(instant: str, number: str) -> None:
    assert in_force([OPEN, FIRST, SECOND], at(instant)).number == number


def test_no_version_in_force_is_said_and_not_guessed() -> None:
    with pytest.raises(Refused) as refused:
        in_force([FIRST, OPEN], at("2026-03-01"))
    assert refused.value.code == "no-version-in-force"


@pytest.mark.parametrize(
    "late", [replace(OPEN, start=at("2026-06-30 23:59:59")), replace(OPEN, start=at("2026-01-01"), end=at("2026-01-02"))]
)
def test_overlapping_versions_are_refused_by_name(late: Version) -> None:
    with pytest.raises(Refused) as refused:
        in_force([late, FIRST, SECOND], at("2025-06-01"))
    assert refused.value.code == "versions-overlap"
    assert {refused.value.phrase.values["one"], refused.value.phrase.values["other"]} == {"2", "3"}


def test_two_open_ended_versions_overlap() -> None:
    with pytest.raises(Refused, match="Versions 3 and 4"):
        check_versions([OPEN, Version("4", at("2028-01-01"))])


def test_a_version_must_end_after_it_starts() -> None:
    with pytest.raises(Refused) as refused:
        check_versions([replace(FIRST, end=FIRST.start)])
    assert refused.value.code == "version-never-in-force"


def test_a_difference_names_what_came_what_went_and_what_changed() -> None:
    moved = replace(LIGHTS, lead="D09", limits={"quickly": limit_of("1wd")})
    waste = Item("30101", Names("暴露垃圾"), lead="S01")
    found = diff([LIGHTS, NOISE], [waste, moved])
    assert (found.added, found.removed) == ((waste,), (NOISE,))
    assert found.changed == (Change(LIGHTS, moved, ("lead", "limits")),)


def test_the_order_of_supporting_units_is_no_change() -> None:
    assert diff([LIGHTS], [replace(LIGHTS, supporting=("S01", "D02"))]).changed == ()
    (change,) = diff([LIGHTS], [replace(LIGHTS, supporting=("S01",))]).changed
    assert change.parts == ("supporting",)


def test_an_item_with_two_leads_is_a_conflict() -> None:
    rival = replace(LIGHTS, lead="D05")
    (found,) = conflicts([rival, NOISE, LIGHTS])
    assert (found.matter, found.name.zh, found.leads) == ("10101", "路灯不亮", ("D01", "D05"))
    assert conflicts([LIGHTS, NOISE]) == ()


def test_lists_that_name_an_item_twice_cannot_be_compared() -> None:
    with pytest.raises(Refused, match="路灯不亮"):
        diff([LIGHTS], [LIGHTS, replace(LIGHTS, lead="D05")])
