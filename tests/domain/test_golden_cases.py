"""Every indicator is judged by the worked examples it carries."""

from __future__ import annotations

import pkgutil
from fractions import Fraction

import pytest

from app.domain import indicators
from app.domain.facts import GROUPS
from app.domain.indicators import Count, Golden, Indicator, Verdict, all_indicators, count

CASES = [(measure, golden) for measure in all_indicators().values() for golden in measure.golden]


@pytest.mark.parametrize(("measure", "golden"), CASES, ids=[f"{measure.code}: {golden.title}" for measure, golden in CASES])
def test_a_golden_case_gives_its_integers(measure: Indicator, golden: Golden) -> None:
    counted = count(measure, golden.facts, golden.period, golden.as_of)
    assert (counted.n, counted.d) == (golden.n, golden.d)
    assert (counted.pending, counted.unknown, counted.excluded) == (golden.pending, golden.unknown, golden.excluded)


@pytest.mark.parametrize("measure", all_indicators().values(), ids=list(all_indicators()))
def test_an_indicator_carries_two_golden_cases_and_one_of_what_cannot_be_counted(measure: Indicator) -> None:
    assert len(measure.golden) >= 2
    assert any(golden.unknown or golden.excluded for golden in measure.golden)


@pytest.mark.parametrize("measure", all_indicators().values(), ids=list(all_indicators()))
def test_an_indicator_says_what_it_means(measure: Indicator) -> None:
    assert measure.name and measure.numerator and measure.denominator and measure.clock and measure.basis and measure.nothing
    assert measure.direction in (-1, 0, 1)
    assert measure.form in ("rate", "share")
    assert measure.counts and set(measure.counts) <= set(GROUPS) and all(measure.counts.values())


def test_every_duty_is_counted_once_or_left_out_once() -> None:
    tally = Count()
    for verdict in set(Verdict) - {Verdict.HALF}:
        tally.add(verdict, {"signed"})
    assert (tally.n, tally.d, tally.pending, tally.unknown, tally.excluded, tally.left_out) == (1, 2, 1, 1, 1, 3)
    assert tally.lacking == {"signed"}


def test_a_figure_with_half_cases_counts_in_halves_and_stays_exact() -> None:
    tally = Count(halves=True)
    for verdict in Verdict:
        tally.add(verdict)
    assert (tally.n, tally.d, tally.cases, tally.rate) == (3, 6, 3, Fraction(1, 2))
    assert (tally.pending, tally.unknown, tally.excluded) == (1, 1, 1)
    with pytest.raises(ValueError, match="half"):
        Count().add(Verdict.HALF)


def test_the_folder_is_the_registry() -> None:
    files = {module.name for module in pkgutil.iter_modules(indicators.__path__)} - {"base"}
    assert len(files) == len(all_indicators())
    assert list(all_indicators()) == [
        *("DONE", "DONE_OT", "OVER_OPEN", "VOLUME", "CARRY", "RETURN", "RETURN_BAD", "EXT", "HANG", "REWORK", "SAT", "SOLVE"),
        *("SIGN10", "FIRST", "DISP_ACC", "RESP", "RESP_ANY", "REPORTIN", "CALL_USE", "CALL_DUE", "CALL_ACC", "MUT_ARR", "MUT_EFF"),
        "UNRATED",
    ]
