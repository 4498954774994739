"""The audit of mutual ratings, against sums done by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.domain.counts import Count
from app.domain.mutual_audit import Rated, reciprocal, severities, without_each
from app.domain.ranking import rank
from app.domain.scorecard import Group, Line, Names, UnitScore
from app.domain.scoring import published, score_unit

F = Fraction
S1, S2, D1, D2 = 1, 2, 11, 12


def said(call: str, rater: int, rated: int, worth: str, code: str = "MUT_EFF") -> Rated:
    return Rated(call, rater, rated, code, F(worth))


def test_a_rater_is_held_against_what_all_said_of_the_same_units() -> None:
    found = severities(
        [
            *(said("a", S1, D1, "1"), said("b", S1, D1, "1"), said("c", S1, D2, "1/2")),
            *(said("d", S2, D1, "1"), said("e", S2, D1, "0")),
        ]
    )
    # D1: three tops of four, 3/4. D2: 1/2, by one rater alone.
    assert [one.rater_id for one in found] == [S2, S1]
    severe, mild = found
    assert (severe.mean, severe.expected, severe.difference) == (F(1, 2), F(3, 4), F(-1, 4))
    assert (severe.ratings, severe.units, severe.shared) == (2, 1, 2)
    assert (mild.mean, mild.expected, mild.difference) == (F(5, 6), F(2, 3), F(1, 6))
    assert (mild.ratings, mild.units, mild.shared) == (3, 2, 2)


def test_two_figures_of_one_unit_are_compared_each_with_its_own() -> None:
    found = severities([said("a", S1, D1, "1"), said("a", S1, D1, "0", "MUT_ARR"), said("b", S2, D1, "0", "MUT_ARR")])
    assert {one.rater_id: one.difference for one in found} == {S1: F(0), S2: F(0)}


def test_nobody_rated_nobody() -> None:
    assert severities([]) == () and reciprocal([]) == ()


def exchange(calls: int, rater: int, rated: int, worth: str = "1", code: str = "MUT_EFF") -> list[Rated]:
    return [said(f"{rater}-{rated}-{n}", rater, rated, worth, code) for n in range(calls)]


def test_pairs_who_always_give_each_other_the_top_stand_beside_what_they_give_others() -> None:
    ratings = [
        *exchange(3, S1, D1),
        *exchange(3, S1, D1, code="MUT_ARR"),
        *exchange(4, D1, S1, code="CALL_ACC"),
        *(said("x", S1, D2, "1"), said("y", S1, D2, "1/2")),
        said("z", D1, S2, "0", "CALL_ACC"),
    ]
    (pair,) = reciprocal(ratings)
    assert (pair.one_id, pair.other_id, pair.there, pair.back) == (S1, D1, 3, 4)
    assert pair.one_elsewhere == (1, 2)
    assert pair.other_elsewhere == (0, 1)


def test_two_calls_are_too_few_and_one_lesser_word_breaks_the_pattern() -> None:
    back = exchange(3, D1, S1, code="CALL_ACC")
    assert reciprocal([*exchange(2, S1, D1), *back]) == ()
    assert reciprocal([*exchange(2, S1, D1), *back], least=2) != ()
    # On one of three calls the department came late: everything said of a call must be the top.
    late = said("1-11-0", S1, D1, "1/2", "MUT_ARR")
    assert reciprocal([*exchange(3, S1, D1), late, *back]) == ()
    assert reciprocal([*exchange(3, S1, D1), *exchange(2, D1, S1, code="CALL_ACC")]) == ()


LINES = (
    Line("DONE", "DONE", F(60)),
    Line("EFFECT", "EFFECT", F(40), parts=2, measure="MUT_EFF"),
)


def unit(unit_id: int, code: str, done: tuple[int, int], effect: tuple[int, int]) -> UnitScore:
    counts = {"DONE": Count(*done), "MUT_EFF": Count(*effect, parts=2)}
    lines, raw, _ = score_unit(LINES, counts, full_marks=F(100), min_sample=3)
    return UnitScore(unit_id, code, "", Names(code), lines, raw, published(raw), None)


def departments() -> Group:
    """A: 54 + 40, B: 60 + 30, C: 15 + 40."""
    units = rank((unit(11, "A", (9, 10), (8, 8)), unit(12, "B", (10, 10), (6, 8)), unit(13, "C", (1, 4), (2, 2))))
    return Group("department", Names("部门"), Names("方案"), 1, F(100), LINES, units, (), {"DONE": (20, 24), "EFFECT": (16, 18)})


WORDS = [
    *exchange(2, S1, 11),
    *exchange(1, S1, 12, "0"),
    *exchange(1, S1, 13),
    *exchange(2, S2, 11),
    *exchange(3, S2, 12),
]


def test_without_a_severe_rater_the_second_leads_and_who_has_no_rating_left_is_judged_by_the_rest() -> None:
    group = departments()
    assert [(one.code, one.score, one.rank) for one in group.units] == [
        ("A", Decimal("94.00"), 1),
        ("B", Decimal("90.00"), 2),
        ("C", Decimal("55.00"), 3),
    ]
    found = {one.rater_id: one for one in without_each(group, WORDS)}
    first = {change.unit_id: change for change in found[S1].changes}
    assert found[S1].ratings == 4 and found[S1].moves == 2
    assert first[11].figures == {"EFFECT": ((8, 8), (4, 4))}
    assert (first[11].score, first[11].rank) == ((Decimal("94.00"), Decimal("94.00")), (1, 2))
    assert first[12].figures == {"EFFECT": ((6, 8), (6, 6))}
    assert (first[12].score, first[12].rank) == ((Decimal("90.00"), Decimal("100.00")), (2, 1))
    # C has 1 of 4 completed and no rating left: all 100 points hang on completion.
    assert first[13].figures == {"EFFECT": ((2, 2), (0, 0))}
    assert (first[13].score, first[13].rank) == ((Decimal("55.00"), Decimal("25.00")), (3, 3))


def test_without_a_mild_rater_scores_fall_and_no_place_moves() -> None:
    found = {one.rater_id: one for one in without_each(departments(), WORDS)}
    second = {change.unit_id: change for change in found[S2].changes}
    assert set(second) == {11, 12} and found[S2].moves == 0
    assert second[12].figures == {"EFFECT": ((6, 8), (0, 2))}
    assert second[12].score == (Decimal("90.00"), Decimal("60.00"))
    assert [one.rater_id for one in without_each(departments(), WORDS)] == [S1, S2]


def test_raters_of_other_groups_units_are_not_asked() -> None:
    assert without_each(departments(), exchange(3, 11, S1, code="CALL_ACC")) == ()
