"""Intervals and noise, against published tables and sums done by hand (with z = 1, where Wilson's interval of 3 of 3 begins at 3/4)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from app.domain.fairness import Z95, Interval, interval_of, judged, root, wilson, within_noise
from app.domain.ranking import rank
from app.domain.rounding import half_up
from app.domain.scorecard import Group, Line, LineScore, Names, UnitScore

F = Fraction
ONE = F(1)


@pytest.mark.parametrize(
    ("n", "d", "low", "high"),
    [(81, 263, "0.2553", "0.3662"), (15, 148, "0.0624", "0.1605"), (0, 20, "0.0000", "0.1611"), (1, 29, "0.0061", "0.1718")],
)
def test_the_interval_is_the_one_in_newcombes_table(n: int, d: int, low: str, high: str) -> None:
    """R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), method 3."""
    found = wilson(n, d)
    assert found is not None
    assert (half_up(found.low, 4), half_up(found.high, 4)) == (Decimal(low), Decimal(high))


def test_all_and_none_keep_their_end_and_nothing_due_has_no_interval() -> None:
    assert wilson(3, 3, z=ONE) == Interval(F(3, 4), F(1))
    assert wilson(0, 3, z=ONE) == Interval(F(0), F(1, 4))
    assert wilson(0, 0) is None


def test_an_interval_lies_within_bounds_holds_its_rate_and_narrows_with_more_cases() -> None:
    for d in range(1, 40):
        for n in range(d + 1):
            found, more = wilson(n, d), wilson(10 * n, 10 * d)
            assert found is not None and more is not None
            assert 0 <= found.low <= F(n, d) <= found.high <= 1
            assert more.high - more.low < found.high - found.low


def test_both_ends_solve_the_equation_that_defines_them() -> None:
    """(rate − p)² × cases = z² × p(1 − p), the score test turned round."""
    for n, d, parts in ((4, 6, 1), (13, 16, 2), (37, 50, 5), (541, 590, 1)):
        found = wilson(n, d, parts)
        assert found is not None
        for end in (found.low, found.high):
            assert abs((F(n, d) - end) ** 2 * F(d, parts) - Z95**2 * end * (1 - end)) < F(1, 10**10)


def test_parts_of_cases_are_no_further_cases() -> None:
    assert wilson(6, 6, 2, ONE) == wilson(3, 3, 1, ONE)
    assert wilson(15, 15, 5, ONE) == Interval(F(3, 4), F(1))
    assert wilson(0, 10, 5, ONE) == Interval(F(0), F(1, 3))


def test_squares_have_exact_roots() -> None:
    assert root(F("39.0625")) == F("6.25")
    assert root(F(2)) == F(1414213562373, 10**12)
    assert root(F(0)) == 0


def line(code: str, weight: int, **more: object) -> Line:
    return Line(code=code, name=code, weight=F(weight), **more)  # type: ignore[arg-type]


LINES = (line("A", 30), line("B", 40), line("M", 30, shape="manual"))


def unit(code: str, manual: str, n: int = 3, d: int = 3, full: int | None = None) -> UnitScore:
    """A unit with n of d in both rates and ``manual`` points entered by hand."""
    weights = {"A": F(30), "B": F(40)}
    scores = {name: LineScore(name, n, d, w, w, w * F(n, d)) for name, w in weights.items()}
    scores["M"] = LineScore("M", 0, 0, F(30), F(30), F(manual))
    raw = sum((score.points or F(0) for score in scores.values()), F(0))
    return UnitScore(ord(code), code, "", Names(code), scores, raw, half_up(raw), None)


def group(*units: UnitScore) -> Group:
    return Group("street_town", Names("街镇"), Names("方案"), 1, F(100), LINES, rank(units), (), {})


def noisy(found: Group) -> list[str]:
    return [one.code for one in found.units if one.noise]


def test_a_margin_is_the_root_of_the_squared_half_widths_and_points_by_hand_add_nothing() -> None:
    (found,) = judged(group(unit("X", "17")), ONE).units
    # 30 × 1/8 = 3.75 and 40 × 1/8 = 5 make 6.25.
    assert found.margin == F("6.25")
    assert (found.lines["A"].low, found.lines["A"].high) == (F(3, 4), F(1))
    assert found.lines["M"].low is None


def test_a_gap_is_noise_while_it_is_narrower_than_both_margins_together() -> None:
    # √(6.25² + 6.25²) = 8.8388…
    assert noisy(judged(group(unit("X", "30"), unit("Y", "21.17")), ONE)) == ["Y"]
    assert noisy(judged(group(unit("X", "30"), unit("Y", "21.16")), ONE)) == []
    assert not within_noise(F(5), F(9), F(16))


def test_who_leads_and_who_shares_a_place_carries_no_mark_and_the_next_is_held_against_all_of_them() -> None:
    close = unit("P", "30")
    exact = replace(close, code="Q", lines={**close.lines, "A": replace(close.lines["A"], n=3000, d=3000)})
    third = unit("R", "22")
    found = judged(group(close, exact, third), ONE)
    assert [(one.code, one.rank, one.noise) for one in found.units] == [("P", 1, False), ("Q", 1, False), ("R", 2, True)]
    for names in (("P", "Q"), ("Q", "P")):
        renamed = [replace(close, code=names[0]), replace(exact, code=names[1]), third]
        assert noisy(judged(group(*renamed), ONE)) == ["R"]


def test_spread_weights_widen_the_margin_with_the_points() -> None:
    one = unit("X", "17")
    stretched = replace(one, lines={**one.lines, "B": replace(one.lines["B"], full=F(80), points=F(80))})
    (found,) = judged(group(stretched), ONE).units
    assert found.margin is not None and found.margin == root(F("3.75") ** 2 + F(10) ** 2)


def test_a_deduction_is_taken_at_its_own_size_and_a_shape_that_stands_still_moves_nothing() -> None:
    steep = line("D", 20, shape="deduction", params={"T": "100", "k": "2"})
    scored = LineScore("D", 3, 3, F(20), F(20), F(20))
    whole = replace(group(unit("X", "17")), lines=(steep,))
    one = replace(whole.units[0], lines={"D": scored})
    (found,) = judged(replace(whole, units=(one,)), ONE).units
    # At 75 % the line gives 20 − 2 × 25, which is held at 0: half of 20.
    assert found.margin == 10
    level = replace(steep, params={"T": "70", "k": "2"})
    (found,) = judged(replace(whole, lines=(level,), units=(one,)), ONE).units
    assert found.margin == 0


@pytest.mark.parametrize("form", ["share", "duration"])
def test_shares_and_durations_have_no_interval(form: str) -> None:
    assert interval_of(line("A", 30, form=form), LineScore("A", 3, 10, F(30), F(30), F(9))) is None


def test_a_unit_listed_apart_has_intervals_but_no_margin() -> None:
    alone = replace(unit("X", "17"), raw=None, score=None)
    alone = replace(alone, lines={code: replace(score, full=None, points=None) for code, score in alone.lines.items()})
    found = judged(replace(group(), apart=(alone,)), ONE)
    assert found.apart[0].margin is None and not found.apart[0].noise
    assert found.apart[0].lines["B"].low == F(3, 4)
