"""Golden cases of scheme versions: published pairs come out, wrong ones are told apart, and nothing unproved is called proved."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.evaluation import Scheme
from app.domain.facts import STREET_TOWN
from app.domain.refusals import Refused
from app.domain.scheme_case import Case, Outcome, check_cases, read_expected, run_case, run_cases, said
from app.domain.scorecard import BONUS, DEDUCTION, Line, Names


def line(code: str, weight: str, shape: str = "rate", **more: object) -> Line:
    return Line(code, code, Fraction(weight), shape, **more)  # type: ignore[arg-type]


def scheme(*lines: Line, full: int = 100) -> Scheme:
    return Scheme(Names("方案", "Scheme"), 1, lines, Fraction(full))


LIANYUNGANG = scheme(
    line("SAT", "25", "deduction", params={"T": "95", "k": "0.5", "floor": "12.5"}),
    line("DONE_OT", "25", "deduction", params={"T": "100", "k": "1"}),
    line("DONE", "50"),
)


def outcome(given: str, expected: str, code: str = "", of: Scheme = LIANYUNGANG) -> Outcome:
    return run_case(Case("示例", given, code, expected), of, STREET_TOWN)


@pytest.mark.parametrize(
    ("given", "code", "expected"),
    [
        ("SAT = 6667/10000", "SAT", "12.5"),
        ("SAT = 1/2", "SAT", "12.50"),
        ("SAT = 7059/10000", "SAT", "12.8"),
        ("DONE_OT = 8982/10000", "DONE_OT", "14.82"),
        ("DONE_OT = 6667/10000", "DONE_OT", "0"),
    ],
)
def test_published_pairs_come_out(given: str, code: str, expected: str) -> None:
    # The weights of the lines without a figure would be spread over the others, so they are given full figures here.
    others = "".join(f"\n{other} = 1/1" for other in ("SAT", "DONE_OT", "DONE") if other != code)
    assert outcome(given + others, expected, code).passed


def test_cases_per_area_times_population() -> None:
    fuqin = scheme(line("VOLUME", "30", "density", params={"k": "0.01"}), line("DONE", "70"))
    found = outcome("VOLUME = 10/10\nDONE = 1/1\nsize = 0.026 × 2.141", "28.20", "VOLUME", fuqin)
    assert (found.passed, found.got) == (True, "28.20")


def test_the_total_is_expected_where_no_line_is_named() -> None:
    # 25 − 0.5 × (95 − 90) = 22.5; 25 − (100 − 98) = 23; 50 × 9/10 = 45.
    assert outcome("SAT = 9/10\nDONE_OT = 98/100\nDONE = 90/100", "90.50").passed


def test_a_line_without_a_figure_is_n_a_and_its_weight_is_spread() -> None:
    assert outcome("DONE_OT = 1/1\nDONE = 1/2", "N/A", "SAT").passed
    # 25 → 25 × 100/75 of 1, 50 → 50 × 100/75 of one half: 33.33 + 33.33.
    assert outcome("DONE_OT = 1/1\nDONE = 1/2", "66.67").passed
    assert outcome("DONE_OT = 1/1\nDONE = 1/2", "200/3").passed
    assert not outcome("DONE_OT = 1/1\nDONE = 1/2", "6667/100").passed


def test_duties_are_counted_by_the_indicators() -> None:
    given = (
        "period = 2026-09\n"
        "case | reported 2026-09-01 09:00 | due 2026-09-10 | completed 2026-09-09 | rating satisfied | rated 2026-09-10\n"
        "case | reported 2026-09-02 09:00 | due 2026-09-11 | completed 2026-09-12 | rating dissatisfied | rated 2026-09-13"
    )
    # Both are completed, one in time: 25 − (100 − 50) is below 0. Half are satisfied: 25 − 0.5 × 45 = 2.5, held at the floor.
    assert outcome(given, "50", "DONE").passed
    assert outcome(given, "0", "DONE_OT").passed
    assert outcome(given, "12.50", "SAT").passed
    assert outcome(given, "62.50").passed


def test_a_unit_without_work_has_no_total() -> None:
    assert outcome("SAT = 0/0", "N/A").passed


def test_points_by_hand_bonus_and_deduction() -> None:
    sheet = scheme(
        line("DONE", "90"),
        line("OTHER", "10", "manual"),
        line("PRAISE", "5", "manual", section=BONUS),
        line("BLAME", "5", "manual", section=DEDUCTION),
    )
    assert outcome("DONE = 1/1\nOTHER = 8.5\nPRAISE = 2\nBLAME = 1", "99.50", of=sheet).passed
    assert outcome("DONE = 1/1\nBLAME = 1", "-1", "BLAME", of=sheet).passed
    wrong = outcome("DONE = 1/1\nOTHER = 8/10", "99", of=sheet)
    assert str(wrong.why) == "Row 2: OTHER is entered by hand: give its points, not a count"


def test_one_figure_behind_two_lines_is_given_once() -> None:
    twice = scheme(line("A", "50", measure="DONE"), line("B", "50", "inverse", measure="DONE"))
    assert outcome("DONE = 9/10", "45", "A", twice).passed
    assert outcome("A = 9/10", "5", "B", twice).passed
    assert str(outcome("A = 9/10\nB = 8/10", "5", "B", twice).why) == "Row 2: B counts the same figure as an earlier row; give it once"


def test_cases_that_count_in_parts_are_given_in_cases() -> None:
    accuracy = scheme(line("CALL_ACC", "100"))
    assert outcome("CALL_ACC = 7.5/10", "75", "CALL_ACC", accuracy).passed
    assert str(outcome("CALL_ACC = 7.25/10", "72.5", "CALL_ACC", accuracy).why) == "Row 1: CALL_ACC: 29/4 is no number of cases here"


def test_a_wrong_expectation_fails_and_says_both_results() -> None:
    found = outcome("SAT = 9/10\nDONE_OT = 98/100\nDONE = 90/100", "91")
    assert (found.passed, found.got) == (False, "90.50")
    assert str(said(found)) == "“示例”: expected 91, got 90.50"


@pytest.mark.parametrize(
    ("given", "code", "sentence"),
    [
        ("RESP = 1/2", "", "“示例” could not be computed. Row 1: the version has no line RESP"),
        ("DONE = 1/2", "RESP", "“示例” could not be computed. The version has no line RESP."),
        ("DONE = 3", "", "“示例” could not be computed. Row 1: DONE is counted: write numerator/denominator, such as 737/972"),
        ("DONE = 1.5/2", "", "“示例” could not be computed. Row 1: DONE: 3/2 is no number of cases here"),
        ("DONE", "", "“示例” could not be computed. Row 1: “DONE” begins neither a count (CODE = 3/4) nor a duty"),
    ],
)
def test_a_case_that_cannot_be_computed_fails_with_the_reason(given: str, code: str, sentence: str) -> None:
    found = outcome(given, "1", code)
    assert not found.passed and found.got is None
    assert str(said(found)).startswith(sentence)


def test_a_case_of_a_version_that_cannot_be_scored_fails() -> None:
    found = outcome("DONE = 1/1", "90", of=scheme(line("DONE", "90")))
    assert "The weights add up to 90.00, the full marks are 100.00." in str(said(found))


@pytest.mark.parametrize(
    ("text", "value"), [("14.82", Fraction("14.82")), ("−1", -1), ("1/3", Fraction(1, 3)), ("n/a", None), ("不适用", None)]
)
def test_expectations_are_points_fractions_or_no_figure(text: str, value: Fraction | None) -> None:
    assert read_expected(text) == value


@pytest.mark.parametrize("text", ["", "14.825", "about 3", "1/0", "1e3", "nan"])
def test_anything_else_is_no_expectation(text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_expected(text)
    assert refused.value.code == "bad-expected"


def test_a_version_takes_effect_only_when_every_case_comes_out() -> None:
    right, wrong = (
        Case("对", "DONE = 1/1\nDONE_OT = 1/1\nSAT = 1/1", "", "100"),
        Case("错", "DONE = 1/1\nDONE_OT = 1/1\nSAT = 1/1", "", "99"),
    )
    check_cases(run_cases([right], LIANYUNGANG, STREET_TOWN))
    with pytest.raises(Refused) as none:
        check_cases(())
    assert none.value.code == "no-cases"
    with pytest.raises(Refused) as fails:
        check_cases(run_cases([right, wrong], LIANYUNGANG, STREET_TOWN))
    assert (fails.value.code, str(fails.value)) == ("case-fails", "Not approved. “错”: expected 99, got 100.00")
