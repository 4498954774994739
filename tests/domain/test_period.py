"""Periods as half-open stretches of the city's time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.domain.examples import at
from app.domain.period import days_of, month_holding, month_of, months_of, period_of
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


@pytest.mark.parametrize(
    ("key", "kind", "first", "last"),
    [
        ("2026-09", "month", "2026-09-01", "2026-09-30"),
        ("2026-Q3", "quarter", "2026-07-01", "2026-09-30"),
        ("2026-H2", "half", "2026-07-01", "2026-12-31"),
        ("2026", "year", "2026-01-01", "2026-12-31"),
        ("2024-02", "month", "2024-02-01", "2024-02-29"),
        ("2024-Q1", "quarter", "2024-01-01", "2024-03-31"),
        ("2026-09@26", "month", "2026-08-26", "2026-09-25"),
        ("2026-01@26", "month", "2025-12-26", "2026-01-25"),
        ("2024-03@26", "month", "2024-02-26", "2024-03-25"),
        ("2026-Q1@26", "quarter", "2025-12-26", "2026-03-25"),
        ("2026-H2@26", "half", "2026-06-26", "2026-12-25"),
        ("2026@26", "year", "2025-12-26", "2026-12-25"),
    ],
)
def test_a_period_runs_from_its_first_to_its_last_day(key: str, kind: str, first: str, last: str) -> None:
    period = period_of(key)
    assert (period.kind, period.key) == (kind, key)
    assert (period.first, period.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("key", "before", "year_before"),
    [
        ("2026-03", "2026-02", "2025-03"),
        ("2026-01@26", "2025-12@26", "2025-01@26"),
        ("2026-Q1", "2025-Q4", "2025-Q1"),
        ("2026-Q4@26", "2026-Q3@26", "2025-Q4@26"),
        ("2026-H1", "2025-H2", "2025-H1"),
        ("2026", "2025", "2025"),
        ("2026@26", "2025@26", "2025@26"),
    ],
)
def test_the_period_before_and_that_of_the_year_before_are_of_the_same_kind(key: str, before: str, year_before: str) -> None:
    assert period_of(key).back() == period_of(before)
    assert period_of(key).year_before() == period_of(year_before)
    assert period_of(key).back().after == period_of(key).first, "no day between them, and none in both"


@pytest.mark.parametrize(
    ("days", "key"), [(366, "2024"), (365, "2026"), (91, "2024-Q1"), (90, "2026-Q1"), (366, "2024@26"), (182, "2024-H1")]
)
def test_leap_years_are_a_day_longer(days: int, key: str) -> None:
    assert len(days_of(period_of(key))) == days


@pytest.mark.parametrize("key", ["2026-Q2", "2026-H1@26", "2026", "2026-09@26"])
def test_longer_periods_are_tiled_by_their_months(key: str) -> None:
    months = list(months_of(period_of(key)))
    assert [day for month in months for day in days_of(month)] == days_of(period_of(key))


def test_a_city_with_summer_time_begins_its_quarters_at_its_own_midnights() -> None:
    """New York stands 5 hours behind in winter and 4 in summer."""
    quarter = period_of("2026-Q2", "America/New_York")
    assert quarter.start == datetime(2026, 4, 1, 4, tzinfo=UTC) and quarter.end == datetime(2026, 7, 1, 4, tzinfo=UTC)
    year = period_of("2026", "America/New_York")
    assert year.start == datetime(2026, 1, 1, 5, tzinfo=UTC) and year.back().end == year.start
    assert quarter.back().start == datetime(2026, 1, 1, 5, tzinfo=UTC) and quarter.back().zone == "America/New_York"


def test_a_period_says_which_one_of_its_year_it_is() -> None:
    told = {key: (period_of(key).year, period_of(key).number) for key in ("2026-09", "2026-01@26", "2026-Q3", "2026-H2", "2026@26")}
    assert told == {"2026-09": (2026, 9), "2026-01@26": (2026, 1), "2026-Q3": (2026, 3), "2026-H2": (2026, 2), "2026@26": (2026, 1)}


def test_small_letters_and_spaces_around_a_key_are_forgiven() -> None:
    assert period_of(" 2026-q3 ").key == "2026-Q3" and period_of("2026-h1@26").key == "2026-H1@26"


@pytest.mark.parametrize(
    "key",
    ["", "2026-Q0", "2026-Q5", "2026-H3", "2026-00", "2026-13", "2026-9", "1899", "3000-Q1", "2026@25", "@26", "2026-09-01", "２０２６"],
)
def test_what_is_no_period_is_refused(key: str) -> None:
    with pytest.raises(Refused) as refused:
        period_of(key)
    assert refused.value.code == "bad-period"


def test_an_answer_counts_in_one_quarter_only() -> None:
    """Given until the second quarter's books closed on 3 July it counts there, later in the third."""
    second, third = period_of("2026-Q2"), period_of("2026-Q3")
    ends = {second: at("2026-07-03 09:00"), third: at("2026-10-03 09:00")}
    for answered, where in (("2026-07-03 09:00:00", [second]), ("2026-07-03 09:00:01", [third]), ("2026-10-03 09:00:01", [])):
        taken = [period for period, as_of in ends.items() if period.takes(at("2026-06-30 23:00"), at(answered), as_of)]
        assert taken == where, answered
