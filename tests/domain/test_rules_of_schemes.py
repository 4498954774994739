"""What a scheme may say: sentences for every rule, and clear refusals of rules that cannot be."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.refusals import Refused
from app.domain.scheme_rules import check_lines, limits_first
from app.domain.scheme_sentences import plain, rule_said
from app.domain.scorecard import Line, Names
from app.domain.shapes import SHAPES, Given, amount, params_of

F = Fraction


def line(code: str, weight: str, shape: str = "rate", params: str = "", **more: object) -> Line:
    return Line(code, code, F(weight), shape, params_of(params), **more)  # type: ignore[arg-type]


SAID = [
    (line("A", "30"), "Weight × rate"),
    (line("A", "20", "inverse"), "Weight × (1 − rate)"),
    (line("A", "20", "inverse", section="deduction"), "Deducted: Weight × (1 − rate)"),
    (line("A", "25", "deduction", "T=95, k=1/2, floor=12.5"), "Weight − 0.5 per percentage point below 95, at least 12.5"),
    (line("A", "5", "deduction", "T=100, k=1/3", section="deduction"), "Deducted: 1/3 per percentage point below 100, at most 5"),
    (line("A", "1", "bands", "<50=-0.25, <75=-0.15, else=0"), "By the rate in percent: < 50: −0.25; < 75: −0.15; ≥ 75: 0"),
    (line("A", "10", "steps", "else=0, 50=10, 100=9"), "By the number of cases: ≤ 50: 10; ≤ 100: 9; > 100: 0"),
    (line("A", "30", "per_case", "d=1, cap=20"), "Weight − 1 per case, at most 20 less"),
    (line("A", "9", "per_case", "d=1, not_more_than=B", section="deduction"), "Deducted: 1 per case, at most 9; never more than B cost"),
    (line("A", "5", "bonus", "b=1", section="bonus"), "+ 1 per case, at most 5"),
    (line("A", "30", "density", "k=0.01"), "Weight − 0.01 × cases ÷ (area × population)"),
    (line("A", "10", "duration", "T=2, k=10", form="duration"), "10 for each day below 2 days (of 24 hours), at most 10"),
    (line("A", "5", "share"), "Weight × own cases ÷ cases of the group"),
    (line("A", "10", "all_or_nothing", section="deduction"), "Deducted: all 10 with the first case"),
    (line("A", "10", "manual"), "Entered by hand, with a note"),
]


@pytest.mark.parametrize(("one", "sentence"), SAID, ids=[said for _, said in SAID])
def test_a_rule_is_told_in_one_sentence(one: Line, sentence: str) -> None:
    assert str(rule_said(one)) == sentence


def test_every_shape_is_told_and_its_example_can_be_read() -> None:
    assert {one.shape for one, _ in SAID} == set(SHAPES)
    for shape in SHAPES.values():
        form = next(iter(shape.forms), "rate")
        found = amount(shape.code, Given(3, 4, rate=F(3, 4), size=F(1), group_n=9, form=form), F(20), params_of(shape.example))
        assert 0 <= found <= 20


@pytest.mark.parametrize(
    ("value", "written"),
    [("1/2", "0.5"), ("-0.25", "−0.25"), ("12", "12"), ("1/3", "1/3"), ("0.001", "0.001"), ("-7/3", "−7/3"), ("0", "0")],
)
def test_numbers_are_written_short_and_exactly(value: str, written: str) -> None:
    assert plain(F(value)) == written


@pytest.mark.parametrize(
    ("shape", "params", "code", "sentence"),
    [
        ("bands", "<50=-1, <75=-0.5", "no-else", "A: Say what is given beyond the last limit: end with else=0, for example."),
        ("bands", "<50=-1, <=50=-0.5, else=0", "limits-overlap", "A: Two limits are at 50; each limit stands once."),
        ("bands", "<50=-1, else=1", "mixed-signs", "A: Write what is given above 0, or what is taken below 0"),
        ("bands", "<50=0, else=0", "mixed-signs", "A: Write what is given above 0, or what is taken below 0"),
        ("bands", "<50=-11, else=0", "bad-parameter", "A: -11 is more than the line's weight."),
        ("bands", "50-75=-1, else=0", "unknown-parameter", "A: The score shape “Points by band of the rate” has no parameter “50-75”"),
        ("steps", "fifty=10, else=0", "unknown-parameter", "write limits as 50=10"),
        ("per_case", "", "missing-parameter", "A: The score shape “Deduction per case” needs the parameter “d”."),
        ("per_case", "d=1, cap=11", "bad-parameter", "A: “11” is out of range for the parameter “cap”."),
        ("per_case", "d=one", "bad-parameter", "A: “one” is not a number for the parameter “d”."),
        ("per_case", "d=1e9", "bad-parameter", "A: “1e9” is not a number for the parameter “d”."),
        ("duration", "T=2, k=10, day=25", "bad-parameter", "A: “25” is out of range for the parameter “day”."),
        ("duration", "T=2, k=10", "shape-cannot-read", "cannot read this kind of figure; choose another shape or another indicator."),
        ("rate", "k=1", "unknown-parameter", "A: The score shape “Weight × rate” has no parameter “k”."),
        ("per_case", "d=1, not_more_than=C", "unknown-cross-cap", "A may not take more than the line C, which the version does not have."),
        ("per_case", "d=1, not_more_than=A", "cross-caps-in-a-circle", "The lines A, A limit each other in a circle."),
        ("per_case", "d=1, not_more_than=GIFT", "cross-cap-takes-nothing", "The line GIFT takes no points, so it can limit nothing."),
    ],
)
def test_a_rule_that_cannot_be_is_refused_by_the_line_it_stands_in(shape: str, params: str, code: str, sentence: str) -> None:
    lines = [line("A", "10", shape, params), line("GIFT", "5", "bonus", "b=1", section="bonus")]
    with pytest.raises(Refused) as refused:
        check_lines(lines, F(10))
    assert refused.value.code == code
    assert sentence in str(refused.value)


def test_lines_that_limit_each_other_in_a_circle_are_refused() -> None:
    lines = [line(a, "10", "per_case", f"d=1, not_more_than={b}", section="deduction") for a, b in ("AB", "BC", "CA")]
    with pytest.raises(Refused, match="The lines A, B, C, A limit each other in a circle"):
        check_lines(lines, F(0))


@pytest.mark.parametrize(
    ("section", "shape", "params", "code"),
    [
        ("bonus", "deduction", "T=95, k=1", "shape-not-here"),
        ("bonus", "per_case", "d=1", "shape-not-here"),
        ("deduction", "bonus", "b=1", "shape-not-here"),
        ("deduction", "duration", "T=2, k=1", "shape-not-here"),
        ("deduction", "bands", "<50=1, else=0", "mixed-signs"),
        ("bonus", "bands", "<50=-1, else=0", "mixed-signs"),
        ("extra", "rate", "", "unknown-section"),
    ],
)
def test_a_shape_stands_only_where_it_makes_sense(section: str, shape: str, params: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_lines([line("A", "10", shape, params, section=section)], F(0))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "code"), [("T", "bad-parameter"), ("T=", "bad-parameter"), ("=5", "bad-parameter"), ("T=1, T=2", "parameter-twice")]
)
def test_parameters_that_cannot_be_read_are_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        params_of(text)
    assert refused.value.code == code


def test_parameters_may_be_typed_with_chinese_marks() -> None:
    assert params_of("T＝95，k=0.5, ") == {"T": "95", "k": "0.5"}
    assert params_of("＜50％=−0.25，≤75=-0.15，else=0") == {"<50%": "-0.25", "<=75": "-0.15", "else": "0"}


def test_lines_stand_behind_those_that_limit_them() -> None:
    lines = [line("A", "1", "per_case", "d=1, not_more_than=C"), line("B", "1"), line("C", "1", "per_case", "d=1, not_more_than=B")]
    assert [one.code for one in limits_first(lines)] == ["B", "C", "A"]


def test_a_line_is_called_by_its_own_name_or_else_like_its_figure() -> None:
    assert str(line("A", "1").title) == "A"
    assert line("A", "1", names=Names("按期办结", "On time")).title.values["names"] == Names("按期办结", "On time")
    assert (line("A", "1").measured, line("A", "1", measure="DONE").measured, line("A", "1", "manual").measured) == ("A", "DONE", "")
