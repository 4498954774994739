"""Chance that repeats itself, and office hours as people keep them."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from app.demo.chance import Shares, Weighted, drawn, seeded
from app.demo.office import Office
from app.domain.examples import at

WEEK = Office("Asia/Shanghai", lambda day: day.weekday() < 5 and day != date(2026, 10, 1))


def test_the_same_parts_give_the_same_chance_and_others_do_not() -> None:
    assert [seeded(1, "a").random() for _ in range(2)] == [seeded(1, "a").random()] * 2
    assert seeded(1, "a").random() != seeded(1, "b").random()


def test_things_are_picked_as_often_as_they_weigh() -> None:
    chance = Random(1)
    found = Counter(Weighted((("a", 3), ("b", 1), ("never", 0))).pick(chance) for _ in range(8000))
    assert set(found) == {"a", "b"}
    assert found["a"] / 8000 == pytest.approx(0.75, abs=0.02)


def test_a_curve_is_drawn_between_its_ends_with_its_median_in_the_middle() -> None:
    chance = Random(2)
    found = sorted(drawn(chance, ((0, 10), (0.5, 20), (1, 100))) for _ in range(4001))
    assert found[0] >= 10 and found[-1] <= 100
    assert found[2000] == pytest.approx(20, abs=2)


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.3, 0.9, 1.0])
def test_a_share_never_strays_by_more_than_two_cases(rate: float) -> None:
    shares, chance, hits = Shares(), Random(3), 0
    for number in range(1, 500):
        hits += shares.falls("unit", rate, chance)
        assert abs(hits - rate * number) < 2


def test_shares_of_different_units_do_not_touch() -> None:
    shares, chance = Shares(), Random(4)
    assert not any(shares.falls("never", 0.0, chance) or not shares.falls("always", 1.0, chance) for _ in range(100))


@pytest.mark.parametrize(
    ("instant", "following", "preceding"),
    [
        ("2026-09-30 09:00", "2026-09-30 09:00", "2026-09-30 09:00"),
        ("2026-09-30 12:30", "2026-09-30 14:00", "2026-09-30 11:59"),
        ("2026-09-30 19:00", "2026-10-02 08:00", "2026-09-30 17:59"),
        ("2026-10-01 10:00", "2026-10-02 08:00", "2026-09-30 17:59"),
        ("2026-10-04 10:00", "2026-10-05 08:00", "2026-10-02 17:59"),
    ],
)
def test_the_office_opens_next_and_was_open_last(instant: str, following: str, preceding: str) -> None:
    assert WEEK.next_open(at(instant)) == at(following)
    assert WEEK.last_open(at(instant)) == at(preceding)
    assert WEEK.is_open(at(instant)) == (instant == following)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-09-30 09:00", 2, "2026-09-30 11:00"),
        ("2026-09-30 11:00", 2, "2026-09-30 15:00"),
        ("2026-09-30 17:00", 3, "2026-10-02 10:00"),
        ("2026-10-02 20:00", 9, "2026-10-06 09:00"),
    ],
)
def test_office_time_passes_only_while_the_office_is_open(start: str, hours: int, end: str) -> None:
    assert WEEK.after(at(start), timedelta(hours=hours)) == at(end)
