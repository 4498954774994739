"""Months as half-open stretches of the city's time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.domain.examples import at
from app.domain.period import days_of, month_holding, month_of
from app.domain.refusals import Refused


def test_a_month_begins_at_the_citys_midnight_and_ends_before_the_next() -> None:
    september = month_of("2026-09")
    assert september.start == datetime(2026, 8, 31, 16, tzinfo=UTC)
    assert september.holds(at("2026-09-01 00:00:00"))
    assert september.holds(at("2026-09-30 23:59:59"))
    assert not september.holds(at("2026-10-01 00:00:00"))
    assert not september.holds(None)


@pytest.mark.parametrize(("key", "before", "days"), [("2026-01", "2025-12", 31), ("2024-02", "2024-01", 29), ("2026-12", "2026-11", 31)])
def test_a_month_knows_its_days_and_the_month_before(key: str, before: str, days: int) -> None:
    assert month_of(key).back() == month_of(before)
    assert len(days_of(month_of(key))) == days
    assert days_of(month_of(key))[0] == date.fromisoformat(f"{key}-01")


def test_an_instant_lies_in_the_citys_month() -> None:
    assert month_holding(datetime(2026, 8, 31, 16, tzinfo=UTC)) == month_of("2026-09")
    assert month_holding(datetime(2026, 8, 31, 15, 59, tzinfo=UTC)) == month_of("2026-08")


@pytest.mark.parametrize("key", ["1900-01", "2999-12", " 2026-09 "])
def test_a_month_may_be_any_from_1900_to_2999(key: str) -> None:
    assert month_of(key).key == key.strip()


@pytest.mark.parametrize("key", ["", "2026", "2026-00", "2026-13", "1899-12", "3000-01", "2026-9", "2026-09-01"])
def test_what_is_no_month_is_refused(key: str) -> None:
    with pytest.raises(Refused) as refused:
        month_of(key)
    assert refused.value.code == "bad-month"
