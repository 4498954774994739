"""Quarters, half-years and years, and months cut at the 26th: counted from the tickets like months, and compared with their own kind."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flask import Flask

from app.core.acting import acting_as
from app.core.db import db
from app.domain.actors import SYSTEM
from app.domain.refusals import NotFound, Refused
from app.domain.scorecard import LineScore, Scorecard, UnitScore
from app.queries.scores import scorecard_of
from app.services.evaluation import compute, required
from tests.services.month_of_tickets import Month, city, walk_the_month
from tests.services.test_recount import differences


def card_of(month: Month, key: str, at: str) -> Scorecard:
    month.office.at = city(at)
    with month.office.now(), acting_as(SYSTEM):
        return scorecard_of(db.session(), compute(key))


def unit_of(card: Scorecard, code: str = "S-1") -> UnitScore:
    return next(unit for group in card.groups for unit in (*group.units, *group.apart) if unit.code == code)


def line_of(card: Scorecard, indicator: str, code: str = "S-1") -> LineScore:
    return unit_of(card, code).lines[indicator]


def settle(m: Month, letter: str, day: str, *, done: str, rated: str = "", satisfaction: str = "satisfied") -> None:
    """Reported and signed at 9 on ``day``, completed at ``done``, reviewed an hour later, rated at ``rated``."""
    m.report(letter, f"{day} 09:00", sign=f"{day} 09:01")
    m.do("clerk", f"{day} 09:05", "contact", note="已电话联系市民。")
    m.completed(done)
    if rated:
        m.do("reviewer", done, "take_review")
        m.do("reviewer", done, "pass_review", checks=["evidence", "opinion"])
        m.rated(rated, satisfaction)


def test_longer_periods_count_what_plain_sql_counts(app: Flask) -> None:
    month = walk_the_month()
    month.office.at = city("07-05 09:00")
    with month.office.now(), acting_as(SYSTEM):
        for key in ("2026-Q1", "2026-H1", "2026", "2026-03@26"):
            assert differences(compute(key)) == [], key


def test_a_quarter_is_counted_from_its_tickets_and_not_averaged_from_its_months(lite: Flask) -> None:
    """One of one in January, one of three in March: two of four, not the mean of 100 % and 33.33 %."""
    m = Month()
    settle(m, "A", "01-06", done="01-06 15:00")
    settle(m, "B", "03-03", done="03-03 15:00")
    for letter in "CD":
        m.report(letter, "03-03 10:00", sign="03-03 10:01")
    pairs = {key: line_of(card_of(m, key, "04-05 09:00"), "DONE_OT") for key in ("2026-01", "2026-03", "2026-Q1")}
    assert {key: (line.n, line.d) for key, line in pairs.items()} == {"2026-01": (1, 1), "2026-03": (1, 3), "2026-Q1": (2, 4)}


def test_a_late_rating_counts_in_one_month_and_in_one_quarter(lite: Flask) -> None:
    """Completed in March, rated a minute after the books of March and of the first quarter were closed."""
    m = Month()
    settle(m, "A", "03-30", done="03-30 15:00", rated="04-02 10:00")
    settle(m, "B", "03-31", done="03-31 15:00", rated="04-03 09:01", satisfaction="dissatisfied")
    found = {}
    for key in ("2026-03", "2026-04", "2026-05", "2026-Q1", "2026-Q2", "2026-H1", "2026"):
        line = line_of(card_of(m, key, "07-05 09:00"), "SAT")
        found[key] = (line.n, line.d)
    assert found == {
        "2026-03": (1, 1), "2026-04": (0, 1), "2026-05": (0, 0),
        "2026-Q1": (1, 1), "2026-Q2": (0, 1), "2026-H1": (1, 2), "2026": (1, 2),
    }  # fmt: skip


def test_a_month_cut_at_the_26th_takes_the_last_days_of_the_calendar_month_before(lite: Flask) -> None:
    m = Month()
    settle(m, "A", "02-25", done="02-25 15:00")
    settle(m, "B", "02-26", done="02-26 15:00")
    settle(m, "C", "03-25", done="03-25 15:00")
    settle(m, "D", "03-26", done="03-26 15:00")
    at = "04-05 09:00"
    assert {key: line_of(card_of(m, key, at), "VOLUME").n for key in ("2026-02", "2026-03", "2026-02@26", "2026-03@26")} == {
        "2026-02": 2, "2026-03": 2, "2026-02@26": 1, "2026-03@26": 2,
    }  # fmt: skip


def test_trend_and_former_place_are_those_of_the_same_kind_of_period(lite: Flask) -> None:
    m = Month()
    settle(m, "A", "01-06", done="01-06 15:00")
    settle(m, "B", "04-06", done="04-09 15:00")
    for key in ("2026-01", "2026-Q1", "2026-04"):
        card_of(m, key, "07-05 09:00")
    quarter = card_of(m, "2026-Q2", "07-05 09:00")
    assert [past.key for past in unit_of(quarter).history] == ["2026-Q1"]
    assert line_of(quarter, "DONE_OT").previous == 1
    april = card_of(m, "2026-04", "07-05 09:00")
    assert [past.key for past in unit_of(april).history] == ["2026-01"]
    assert line_of(april, "DONE_OT").previous is None, "March was never evaluated"


def test_a_figure_is_compared_with_the_same_period_of_the_year_before(lite: Flask) -> None:
    """A year is compared with the year before it, and that is both times the same one."""
    m = Month()
    settle(m, "A", "2025-03-04", done="2025-03-04 15:00")
    m.report("B", "2025-03-04 10:00", sign="2025-03-04 10:01")
    settle(m, "C", "03-03", done="03-03 15:00")
    for key in ("2025-03", "2025"):
        card_of(m, key, "07-05 09:00")
    found = {key: line_of(card_of(m, key, "07-05 09:00"), "DONE_OT") for key in ("2026-03", "2026-Q1", "2026")}
    assert {key: (str(line.rate), line.previous, line.year_before) for key, line in found.items()} == {
        "2026-03": ("1", None, Fraction(1, 2)),
        "2026-Q1": ("1", None, None),
        "2026": ("1", Fraction(1, 2), Fraction(1, 2)),
    }


@pytest.mark.parametrize("key", ["2026-Q5", "2026-3", "09/2026", "2026-02-30", "latest"])
def test_a_key_that_names_no_period_is_refused_in_words(lite: Flask, key: str) -> None:
    Month()
    with pytest.raises(Refused, match=r"is not a period\. Write it as 2026-09, 2026-Q3, 2026-H2 or 2026"):
        compute(key)


def test_a_period_that_was_never_computed_names_the_latest_one_of_its_kind(lite: Flask) -> None:
    m = Month()
    settle(m, "A", "03-03", done="03-03 15:00")
    card_of(m, "2026-03", "04-05 09:00")
    with pytest.raises(NotFound, match="2026-05 has not been evaluated yet; the latest evaluation is 2026-03"):
        required(db.session(), "2026-05")
    with pytest.raises(NotFound, match=r"2026-Q1 has not been evaluated yet\.$"):
        required(db.session(), "2026-Q1")
