"""Points, totals and ranks, against published bulletins and sums done by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest

from app.domain.indicators import Count
from app.domain.ranking import group_totals, rank
from app.domain.refusals import Phrase, Refused
from app.domain.rounding import half_up
from app.domain.scorecard import Line, Names, UnitScore
from app.domain.scoring import published, score_unit
from app.domain.shapes import SHAPES, Given, amount, gather

F = Fraction
TIMELY = {"T": "100", "k": "1"}
CONTENT = {"T": "95", "k": "0.5", "floor": "12.5"}
CONTENT_LATER = {"T": "98", "k": "0.5", "floor": "12.5"}


def line(code: str, weight: int | str, policy: str = "redistribute", **more: object) -> Line:
    return Line(code=code, name=code, weight=F(weight), na_policy=policy, **more)  # type: ignore[arg-type]


def of(n: int, d: int) -> Count:
    return Count(n=n, d=d)


def unit(unit_id: int, score: str) -> UnitScore:
    return UnitScore(
        unit_id=unit_id,
        code=f"U{unit_id}",
        source_code="",
        names=Names(f"单位{unit_id}"),
        lines={},
        raw=F(score),
        score=Decimal(score),
        rank=None,
    )


@pytest.mark.parametrize(
    ("n", "d", "printed"), [(911, 972, "93.72"), (737, 972, "75.82"), (597, 601, "99.33"), (1, 3, "33.33"), (2, 3, "66.67")]
)
def test_published_rates_come_out_to_the_second_decimal(n: int, d: int, printed: str) -> None:
    assert half_up(F(n, d) * 100) == Decimal(printed)


@pytest.mark.parametrize(
    ("value", "places", "printed"),
    [
        (F("0.125"), 2, "0.13"),
        (F("0.135"), 2, "0.14"),
        (F("2.5"), 0, "3"),
        (F("-2.5"), 0, "-3"),
        (F("-0.004"), 2, "0.00"),
        (Decimal("1.005"), 2, "1.01"),
        (Decimal("0.015"), 2, "0.02"),
        (7, 2, "7.00"),
        (F(0), 2, "0.00"),
    ],
)
def test_halves_are_rounded_away_from_zero(value: Fraction | Decimal | int, places: int, printed: str) -> None:
    assert str(half_up(value, places)) == printed


def test_rounding_does_not_depend_on_the_decimal_settings_around_it() -> None:
    with localcontext() as context:
        context.prec = 3
        assert str(half_up(F(123456789, 1000))) == "123456.79"


@pytest.mark.parametrize(
    ("rate", "params", "printed"),
    [
        ("66.67", CONTENT, "12.50"),
        ("50", CONTENT, "12.50"),
        ("70.59", CONTENT, "12.80"),
        ("95", CONTENT, "25.00"),
        ("99", CONTENT, "25.00"),
        ("89.82", TIMELY, "14.82"),
        ("66.67", TIMELY, "0.00"),
        ("100", TIMELY, "25.00"),
        ("96", CONTENT_LATER, "24.00"),
    ],
)
def test_deductions_reproduce_the_published_pairs(rate: str, params: dict[str, str], printed: str) -> None:
    assert half_up(amount("deduction", Given(rate=F(rate) / 100), F(25), params)) == Decimal(printed)


def test_points_normalised_by_size_reproduce_the_published_score() -> None:
    size = F("0.026") * F("2.141")
    found = amount("density", Given(n=10, d=400, direction=0, form="share", size=size), F(30), {"k": "0.01"})
    assert (half_up(found), half_up(found, 4)) == (Decimal("28.20"), Decimal("28.2036"))


def test_plain_and_inverse_shapes_share_the_weight_between_them() -> None:
    assert amount("rate", Given(rate=F(911, 972)), F(30), {}) == F(911 * 30, 972)
    assert amount("inverse", Given(rate=F(61, 972)), F(20), {}) == F(911 * 20, 972)


@pytest.mark.parametrize(
    ("code", "params", "refusal"),
    [
        ("curve", {}, "unknown-shape"),
        ("rate", {"k": "1"}, "unknown-parameter"),
        ("deduction", {"T": "95", "k": "1", "ceiling": "3"}, "unknown-parameter"),
        ("deduction", {"T": "95"}, "missing-parameter"),
        ("deduction", {"T": "ninety", "k": "1"}, "bad-parameter"),
        ("deduction", {"T": "1/0", "k": "1"}, "bad-parameter"),
        ("deduction", {"T": "95", "k": "-1"}, "bad-parameter"),
        ("deduction", {"T": "95", "k": "1", "floor": "26"}, "bad-parameter"),
    ],
)
def test_a_shape_refuses_what_it_does_not_know(code: str, params: dict[str, str], refusal: str) -> None:
    with pytest.raises(Refused) as refused:
        amount(code, Given(1, 2, rate=F(1, 2)), F(25), params)
    assert refused.value.code == refusal


def test_no_two_shapes_share_a_name() -> None:
    with pytest.raises(ValueError, match="rate"):
        gather([*SHAPES.values(), SHAPES["rate"]])


def test_a_scored_unit_gets_exact_points_and_a_published_total() -> None:
    lines = [line("A", 60), line("B", 40, shape="inverse")]
    scores, raw, apart = score_unit(lines, {"A": of(2, 3), "B": of(1, 8)}, full_marks=F(100), min_sample=5)
    assert (scores["A"].points, scores["B"].points, raw, apart) == (F(40), F(35), F(75), None)
    assert (scores["A"].small, scores["B"].small) == (True, False)
    assert scores["B"].lost == F(5)
    assert published(raw) == Decimal("75.00")


def test_a_sample_is_small_below_the_least_and_not_where_there_is_none() -> None:
    lines = [line("A", 50), line("B", 30), line("C", 20)]
    scores, _, _ = score_unit(lines, {"A": of(1, 2), "B": of(1, 3)}, full_marks=F(100), min_sample=3)
    assert [scores[code].small for code in "ABC"] == [True, False, False]


def test_the_weight_of_a_line_without_a_figure_is_spread_in_proportion() -> None:
    lines = [line("A", 50), line("B", 30), line("C", 20)]
    scores, raw, _ = score_unit(lines, {"A": of(1, 2), "B": of(1, 1)}, full_marks=F(100), min_sample=0)
    assert (scores["A"].full, scores["B"].full, scores["C"].full) == (F("62.5"), F("37.5"), None)
    assert raw == F("31.25") + F("37.5")
    assert (scores["C"].points, scores["C"].why) == (None, Phrase("Nothing fell due"))


def test_a_spread_weight_stretches_deductions_and_their_floor() -> None:
    lines = [line("A", 50, shape="deduction", params={"T": "95", "k": "0.5", "floor": "25"}), line("B", 50)]
    scores, _, _ = score_unit(lines, {"A": of(85, 100)}, full_marks=F(100), min_sample=0)
    assert (scores["A"].full, scores["A"].points) == (F(100), F(90))
    scores, _, _ = score_unit(lines, {"A": of(0, 100)}, full_marks=F(100), min_sample=0)
    assert scores["A"].points == F(50)


def test_a_line_without_a_figure_may_earn_full_marks_but_never_more() -> None:
    lines = [line("A", 50), line("B", 30, "full"), line("C", 20)]
    scores, raw, _ = score_unit(lines, {"A": of(1, 2)}, full_marks=F(100), min_sample=0)
    assert (scores["A"].full, scores["B"].full, scores["B"].points) == (F(70), F(30), F(30))
    assert raw == F(65)
    assert scores["B"].why == Phrase("Nothing fell due")


def test_a_line_may_demand_that_a_unit_without_it_is_listed_apart() -> None:
    lines = [line("DONE", 50, "exclude_unit"), line("B", 50)]
    scores, raw, apart = score_unit(lines, {"B": of(1, 2)}, full_marks=F(100), min_sample=0)
    assert raw is None
    assert str(apart) == "No figure for “DONE”: Nothing fell due"
    assert (scores["B"].n, scores["B"].points, scores["B"].full, scores["B"].why) == (1, None, None, apart)


def test_a_unit_without_any_figure_is_apart_whatever_the_policies_promise() -> None:
    scores, raw, apart = score_unit([line("A", 100, "full"), line("V", 0)], {"V": of(3, 9)}, full_marks=F(100), min_sample=0)
    assert (raw, apart) == (None, Phrase("No work fell due in this period"))
    assert (scores["V"].rate, scores["V"].points, scores["V"].why) == (F(1, 3), None, None)


def test_a_unit_is_apart_for_the_reason_its_weightiest_line_gives() -> None:
    counts = {"A": Count(unknown=4, lacking={"signed"}), "B": Count(unknown=4, lacking={"completed", "outcome"}), "C": Count()}
    _, raw, apart = score_unit([line("C", 40), line("A", 20), line("B", 40)], counts, full_marks=F(100), min_sample=0)
    assert (raw, apart) == (None, Phrase("The source does not record whether work was completed"))


def test_a_descriptive_line_is_shown_and_never_scored() -> None:
    scores, raw, _ = score_unit([line("A", 100), line("V", 0)], {"A": of(1, 1), "V": of(3, 9)}, full_marks=F(100), min_sample=0)
    assert (scores["V"].n, scores["V"].d, scores["V"].full, scores["V"].points, raw) == (3, 9, None, None, F(100))


def test_a_scheme_that_scores_nothing_says_so() -> None:
    _, raw, apart = score_unit([line("V", 0)], {"V": of(3, 9)}, full_marks=F(0), min_sample=0)
    assert (raw, apart) == (None, Phrase("This scheme shows figures and scores none of them"))


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ([line("A", "99.3"), line("B", 0)], "weights-do-not-add-up"),
        ([line("A", 50), line("A", 50)], "line-twice"),
        ([line("A", 120), line("B", -20)], "bad-weight"),
        ([line("A", 100, "zero")], "unknown-policy"),
        ([line("A", 100, shape="curve")], "unknown-shape"),
    ],
)
def test_a_scheme_that_cannot_be_right_is_refused(lines: list[Line], refusal: str) -> None:
    with pytest.raises(Refused) as refused:
        score_unit(lines, {"A": of(1, 1)}, full_marks=F(100), min_sample=0)
    assert refused.value.code == refusal


def test_equal_published_scores_share_a_dense_rank() -> None:
    ranked = rank([unit(5, "99.56"), unit(4, "99.98"), unit(1, "100.00"), unit(2, "100.00"), unit(3, "100.00")])
    assert [(one.unit_id, one.rank) for one in ranked] == [(1, 1), (2, 1), (3, 1), (4, 2), (5, 3)]


def test_competition_ranks_leave_gaps_after_ties() -> None:
    ranked = rank([unit(5, "99.56"), unit(4, "99.98"), unit(1, "100.00"), unit(2, "100.00"), unit(3, "100.00")], "competition")
    assert [one.rank for one in ranked] == [1, 1, 1, 4, 5]


def test_each_line_is_ranked_alone_and_spread_weights_give_nobody_a_better_place() -> None:
    """9/10 of a line is the same place, whether the line counts 60 or, after another fell away, 100."""
    lines = [line("A", 60), line("B", 40), line("V", 0, form="share")]
    counts = {
        1: {"A": of(9, 10), "B": of(1, 10), "V": of(1, 3)},
        2: {"A": of(9, 10), "B": of(0, 0), "V": of(1, 3)},
        3: {"A": of(8, 10), "B": of(9, 10), "V": of(1, 3)},
    }
    units = []
    for number, tallies in counts.items():
        scores, raw, apart = score_unit(lines, tallies, full_marks=F(100), min_sample=0)
        assert apart is None
        units.append(replace(unit(number, "1"), lines=scores, raw=raw, score=half_up(raw or F(0))))
    assert [(one.unit_id, str(one.score), one.rank) for one in rank(units)] == [(2, "90.00", 1), (3, "84.00", 2), (1, "58.00", 3)]
    places = {one.unit_id: [one.lines[code].rank for code in "ABV"] for one in rank(units)}
    assert places == {1: [1, 2, None], 2: [1, None, None], 3: [2, 1, None]}
    assert [one.lines["A"].rank for one in rank(units, "competition")] == [1, 3, 1]


def test_an_unknown_way_of_ranking_is_refused() -> None:
    with pytest.raises(Refused, match="olympic"):
        rank([unit(1, "1")], "olympic")


def test_group_totals_add_up_integers_and_a_share_is_the_whole_of_its_parts() -> None:
    lines = [line("A", 100), line("V", 0, form="share")]
    members = [
        score_unit(lines, {"A": of(1, 3), "V": of(4, 9)}, full_marks=F(100), min_sample=0)[0],
        score_unit(lines, {"A": of(2, 5), "V": of(5, 9)}, full_marks=F(100), min_sample=0)[0],
    ]
    assert group_totals(lines, members) == {"A": (3, 8), "V": (9, 9)}
