"""Every indicator is judged by the worked examples it carries."""

from __future__ import annotations

import pkgutil
from fractions import Fraction

import pytest

from app.domain import indicators
from app.domain.counts import nearest_rank
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
    assert measure.counts_excluded or any(golden.unknown or golden.excluded for golden in measure.golden)


@pytest.mark.parametrize("measure", all_indicators().values(), ids=list(all_indicators()))
def test_an_indicator_says_what_it_means(measure: Indicator) -> None:
    assert measure.name and measure.numerator and measure.denominator and measure.clock and measure.basis and measure.nothing
    assert measure.direction in (-1, 0, 1)
    assert measure.form in ("rate", "share", "flow", "duration")
    assert measure.counts and set(measure.counts) <= set(GROUPS) and all(measure.counts.values())


def test_every_duty_is_counted_once_or_left_out_once() -> None:
    tally = Count()
    for verdict in set(Verdict) - {Verdict.MOST, Verdict.SOME, Verdict.HALF, Verdict.EXTRA}:
        tally.add(verdict, {"signed"})
    assert (tally.n, tally.d, tally.pending, tally.unknown, tally.excluded, tally.left_out) == (1, 2, 1, 1, 1, 3)
    assert tally.lacking == {"signed"}


def test_a_figure_with_half_cases_counts_in_halves_and_stays_exact() -> None:
    tally = Count(parts=2)
    for verdict in set(Verdict) - {Verdict.MOST, Verdict.SOME, Verdict.EXTRA}:
        tally.add(verdict)
    assert (tally.n, tally.d, tally.cases, tally.rate) == (3, 6, 3, Fraction(1, 2))
    assert (tally.pending, tally.unknown, tally.excluded) == (1, 1, 1)
    with pytest.raises(ValueError, match="half"):
        Count().add(Verdict.HALF)


def test_of_a_flow_what_only_went_out_stands_in_the_numerator_alone() -> None:
    tally = Count()
    for verdict in (Verdict.HIT, Verdict.MISS, Verdict.EXTRA, Verdict.EXTRA):
        tally.add(verdict)
    assert (tally.n, tally.d, tally.rate) == (3, 2, Fraction(3, 2))


def test_fifths_are_counted_whole_and_halves_are_none_of_them() -> None:
    """Satisfied, basically satisfied (0.8), fair (0.6), dissatisfied: 2.4 of 4 cases are 12 of 20 fifths."""
    tally = Count(parts=5)
    for verdict in (Verdict.HIT, Verdict.MOST, Verdict.SOME, Verdict.MISS):
        tally.add(verdict)
    assert (tally.n, tally.d, tally.cases, tally.rate) == (12, 20, 4, Fraction(24, 40))
    with pytest.raises(ValueError, match="5 parts"):
        tally.add(Verdict.HALF)


def test_a_duration_adds_up_seconds_over_cases() -> None:
    tally = Count(duration=True)
    for seconds in (600, 60, 240):
        tally.add(Verdict.HIT, seconds=seconds)
    assert (tally.n, tally.d, tally.rate, tally.times) == (900, 3, Fraction(300), [600, 60, 240])
    with pytest.raises(ValueError, match="nobody measured"):
        tally.add(Verdict.HIT)


@pytest.mark.parametrize(
    ("values", "median", "ninth"),
    [([], None, None), ([7], 7, 7), ([30, 10], 10, 30), ([5, 1, 3], 3, 5), (list(range(10, 0, -1)), 5, 9), (list(range(1, 12)), 6, 10)],
)
def test_medians_and_ninetieth_percentiles_are_values_that_occurred(values: list[int], median: int | None, ninth: int | None) -> None:
    assert (nearest_rank(values, 50), nearest_rank(values, 90)) == (median, ninth)


def test_the_folder_is_the_registry() -> None:
    files = {module.name for module in pkgutil.iter_modules(indicators.__path__)} - {"base"}
    assert len(files) == len(all_indicators())
    assert list(all_indicators()) == [
        *("DONE", "DONE_OT", "DONE_LATE", "DONE_CRE", "DONE_EVT", "OVER_OPEN", "VOLUME", "REPEAT", "PROACT", "CARRY", "RETURN"),
        *("RETURN_BAD", "EXT", "HANG", "REWORK", "SAT", "SAT_W", "SOLVE", "SOLVE_HALF", "RATED", "SOLVE_REAL", "CYCLE", "SIGN10", "FIRST"),
        *("DISP_ACC", "RESP", "RESP_ANY", "REPORTIN", "CALL_USE", "CALL_DUE", "CALL_ACC", "MUT_ARR", "MUT_EFF"),
        *("UNRATED", "EXCLUDED"),
    ]
