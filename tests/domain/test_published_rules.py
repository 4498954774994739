"""Rules that cities have published, written down as scheme versions, and the figures they printed with them (handbook §2.2 to §2.6)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from app.domain.counts import Count, Verdict
from app.domain.ranking import rank
from app.domain.refusals import Refused
from app.domain.rounding import half_up
from app.domain.scheme_rules import check_lines
from app.domain.scorecard import Line, LineScore, Names, UnitScore
from app.domain.scoring import published, score_unit, uncapped
from app.domain.shapes import params_of

F = Fraction
DAY = 86_400


def line(code: str, weight: str, shape: str = "rate", params: str = "", **more: object) -> Line:
    """A line as it is typed: its parameters are text."""
    return Line(code, code, F(weight), shape, params_of(params), **more)  # type: ignore[arg-type]


def bad(code: str, weight: str, shape: str = "inverse", params: str = "", **more: object) -> Line:
    """A line whose figure counts what should not be."""
    return line(code, weight, shape, params, direction=-1, **more)


def of(n: int, d: int, parts: int = 1) -> Count:
    return Count(n=n, d=d, parts=parts)


def scored(lines: list[Line], counts: dict[str, Count], **more: object) -> tuple[dict[str, LineScore], Fraction]:
    full = sum((one.weight for one in lines if one.section == "basic"), F(0))
    scores, raw, apart = score_unit(lines, counts, full_marks=full, min_sample=3, **more)  # type: ignore[arg-type]
    assert apart is None and raw is not None
    return scores, raw


def points(one: Line, count: Count, **more: object) -> Decimal:
    """The published points of one line beside a plain one."""
    scores, _ = scored([one, line("REST", "1")], {one.code: count, "REST": of(1, 1)}, **more)
    found = scores[one.code].points
    assert found is not None
    return half_up(found)


JINNIU = [line("DONE", "30"), line("DONE_OT", "20"), bad("REWORK", "20"), bad("OVER_OPEN", "20"), bad("EXT", "10")]
"""日常处置率 30, 按期处置率 20, 返工率 20, 超期待处置 20, 延期 10."""


def test_rates_and_inverse_rates_add_up_to_a_district_sheet() -> None:
    """93.72 % and 75.82 % are Tianmen's; 30 × 911/972 + 20 × 737/972 + 20 × 933/972 + 20 × 911/972 + 10 × 243/243."""
    counts = {"DONE": of(911, 972), "DONE_OT": of(737, 972), "REWORK": of(39, 972), "OVER_OPEN": of(61, 972), "EXT": of(0, 243)}
    scores, raw = scored(JINNIU, counts)
    assert [str(half_up((scores[code].rate or F(0)) * 100)) for code in ("DONE", "DONE_OT")] == ["93.72", "75.82"]
    assert raw == F(30 * 911 + 20 * 737 + 20 * 933 + 20 * 911, 972) + 10
    assert str(published(raw)) == "91.22"


@pytest.mark.parametrize(
    ("target", "n", "d", "printed"),
    [
        ("95", 2, 3, "12.50"),
        ("95", 1, 2, "12.50"),
        ("95", 7059, 10000, "12.80"),
        ("95", 95, 100, "25.00"),
        ("95", 1, 1, "25.00"),
        ("98", 96, 100, "24.00"),
        ("98", 98, 100, "25.00"),
        ("98", 0, 9, "12.50"),
    ],
)
def test_satisfaction_loses_half_a_point_per_percentage_point_below_its_target(target: str, n: int, d: int, printed: str) -> None:
    assert str(points(line("SAT", "25", "deduction", f"T={target}, k=0.5, floor=12.5"), of(n, d))) == printed


def test_no_single_target_gives_both_the_pairs_of_february_and_those_of_august() -> None:
    """70.59 % gave 12.8 under a target of 95; under 98 it would have been the floor."""
    assert str(points(line("SAT", "25", "deduction", "T=98, k=0.5, floor=12.5"), of(7059, 10000))) == "12.50"


@pytest.mark.parametrize(
    ("n", "d", "printed"), [(8982, 10000, "14.82"), (6667, 10000, "0.00"), (2, 3, "0.00"), (1, 1, "25.00"), (3, 4, "0.00")]
)
def test_on_time_work_loses_a_point_per_percentage_point(n: int, d: int, printed: str) -> None:
    assert str(points(line("DONE_OT", "25", "deduction", "T=100, k=1"), of(n, d))) == printed


BANDS = "<50=-0.25, <75=-0.15, <90=-0.1, else=0"


@pytest.mark.parametrize(
    ("n", "taken"),
    [(0, "0.25"), (4999, "0.25"), (5000, "0.15"), (7499, "0.15"), (7500, "0.10"), (8999, "0.10"), (9000, "0.00"), (10000, "0.00")],
)
def test_bands_take_what_is_written_and_a_limit_belongs_to_the_band_above(n: int, taken: str) -> None:
    as_deduction = line("DONE_OT", "1", "bands", BANDS, section="deduction")
    as_basic = line("DONE_OT", "1", "bands", BANDS)
    assert points(as_deduction, of(n, 10000)) == -Decimal(taken)
    assert points(as_basic, of(n, 10000)) == 1 - Decimal(taken)


@pytest.mark.parametrize(("cases", "printed"), [(0, "20.00"), (1, "19.00"), (19, "1.00"), (20, "0.00"), (21, "0.00"), (500, "0.00")])
def test_each_repeat_point_costs_one_point_up_to_twenty(cases: int, printed: str) -> None:
    assert str(points(bad("REPEAT", "20", "per_case", "d=1"), of(cases, 1000))) == printed
    kept = points(bad("REPEAT", "30", "per_case", "d=1, cap=20"), of(cases, 1000))
    assert kept == Decimal(printed) + 10


def test_a_deduction_is_never_more_than_the_one_it_is_tied_to() -> None:
    """此项扣分 ≤ 彼项扣分: eight repeats would cost 8, but the line they are tied to cost 3."""
    lines = [line("DONE", "100"), bad("LATE", "20", "per_case", "d=1", section="deduction")]
    lines += [bad("REPEAT", "20", "per_case", "d=1, not_more_than=LATE", section="deduction")]
    counts = {"DONE": of(9, 10), "LATE": of(3, 40), "REPEAT": of(8, 40)}
    scores, raw = scored(lines, counts)
    assert (scores["LATE"].points, scores["REPEAT"].points, raw) == (-3, -3, F(84))
    scores, raw = scored(list(reversed(lines)), {**counts, "LATE": of(12, 40)})
    assert (scores["LATE"].points, scores["REPEAT"].points, raw) == (-12, -8, F(70))
    scores, raw = scored(lines, {**counts, "LATE": of(0, 0)})
    assert (scores["LATE"].points, scores["REPEAT"].points, raw) == (None, 0, F(90))


def test_bonuses_stack_above_the_full_marks_each_up_to_its_cap() -> None:
    """+1 per closed case, at most 5; +5, +2 and +2 stacked on it."""
    bonus = [line("PROACT", "5", "bonus", "b=1", section="bonus")]
    bonus += [line(code, weight, "manual", section="bonus") for code, weight in (("PRAISE", "5"), ("MEDIA", "2"), ("MODEL", "2"))]
    given = {"PRAISE": (F(5), "市级表扬"), "MEDIA": (F(2), "省级报道"), "MODEL": (F(2), "典型案例")}
    counts = {"DONE": of(1, 1), "PROACT": of(9, 30)}
    scores, raw = scored([line("DONE", "100"), *bonus], counts, manual=given)
    assert [scores[one.code].points for one in bonus] == [5, 5, 2, 2]
    assert (raw, scores["MEDIA"].note, scores["DONE"].full) == (114, "省级报道", 100)
    assert sum(score.full or 0 for score in scores.values()) == 100
    scores, raw = scored([line("DONE", "100"), *bonus], {**counts, "PROACT": of(3, 30)})
    assert (scores["PROACT"].points, scores["PRAISE"].points, raw) == (3, 0, 103)


def test_a_total_stays_between_nothing_and_full_marks_plus_bonus_cap_and_the_sum_is_kept() -> None:
    lines = [line("DONE", "100"), line("PROACT", "5", "bonus", "b=1", section="bonus")]
    lines += [bad("LATE", "200", "per_case", "d=10", section="deduction")]
    scores, raw = scored(lines, {"DONE": of(1, 2), "PROACT": of(0, 9), "LATE": of(12, 40)})
    assert (raw, uncapped(scores)) == (0, -70)
    best = {"DONE": of(1, 1), "PROACT": of(9, 9), "LATE": of(0, 40)}
    assert scored(lines, best)[1] == 105
    assert scored(lines, best, bonus_cap=F(3))[1] == 103
    assert uncapped(scored(lines, best, bonus_cap=F(3))[0]) == 105


def test_points_are_normalised_by_area_and_population() -> None:
    """抚琴: 30 − (10 × 0.01) ÷ (0.026 × 2.141) = 28.2036."""
    volume = line("VOLUME", "30", "density", "k=0.01", direction=0, form="share")
    lines, counts = [volume, line("REST", "70")], {"VOLUME": of(10, 400), "REST": of(1, 1)}
    scores, raw = scored(lines, counts, size=F("0.026") * F("2.141"))
    assert (half_up(scores["VOLUME"].points or F(0), 4), published(raw)) == (Decimal("28.2036"), Decimal("98.20"))
    scores, raw = scored(lines, counts)
    assert (scores["VOLUME"].points, str(scores["VOLUME"].why), raw) == (None, "Area and population of the unit are not recorded", 100)


@pytest.mark.parametrize(
    ("seconds", "cases", "printed"),
    [(0, 1, "10.00"), (DAY, 1, "10.00"), (3 * DAY // 2, 1, "5.00"), (5 * DAY, 3, "3.33"), (2 * DAY, 1, "0.00"), (9 * DAY, 1, "0.00")],
)
def test_fast_work_earns_ten_points_a_day_below_two(seconds: int, cases: int, printed: str) -> None:
    """(2 − days) × 10, within 0 and 10; five days over three cases are 1⅔ days."""
    assert str(points(line("CYCLE", "10", "duration", "T=2, k=10", direction=-1, form="duration"), of(seconds, cases))) == printed


def test_a_working_day_may_be_shorter_than_a_natural_one() -> None:
    assert str(points(line("CYCLE", "10", "duration", "T=2, k=10, day=8", direction=-1, form="duration"), of(DAY // 2, 1))) == "5.00"


def test_five_points_are_shared_by_what_each_unit_did_of_the_group() -> None:
    """5 × own ÷ group total: 30 of 120."""
    share = line("VISITS", "5", "share")
    assert str(points(share, of(30, 40), group_n={"VISITS": 120})) == "1.25"
    volume = line("VOLUME", "5", "share", direction=0, form="share")
    assert str(points(volume, of(30, 120))) == "1.25"


@pytest.mark.parametrize(("overdue", "taken"), [(0, 0), (1, -10), (7, -10)])
def test_any_overdue_case_costs_ten(overdue: int, taken: int) -> None:
    assert points(bad("OVER_OPEN", "10", "all_or_nothing", section="deduction"), of(overdue, 90)) == taken


@pytest.mark.parametrize(
    ("cases", "printed"),
    [(1, "10.00"), (50, "10.00"), (51, "9.00"), (100, "9.00"), (200, "7.50"), (500, "6.00"), (501, "4.00"), (1000, "4.00"), (1001, "0.00")],
)
def test_the_more_cases_the_fewer_points_by_steps(cases: int, printed: str) -> None:
    steps = line("VOLUME", "10", "steps", "50=10, 100=9, 200=7.5, 500=6, 1000=4, else=0", direction=0, form="share")
    assert str(points(steps, of(cases, 5000))) == printed


def test_what_is_entered_by_hand_is_not_deducted_unless_somebody_says_why() -> None:
    lines = [line("DONE", "90"), line("OTHER", "10", "manual")]
    scores, raw = scored(lines, {"DONE": of(1, 1)})
    assert (scores["OTHER"].points, scores["OTHER"].full, scores["OTHER"].note, raw) == (10, 10, "", 100)
    scores, raw = scored(lines, {"DONE": of(1, 1)}, manual={"OTHER": (F("7.5"), "两次缺席例会")})
    assert (scores["OTHER"].points, scores["OTHER"].lost, scores["OTHER"].note, raw) == (F("7.5"), F("2.5"), "两次缺席例会", F("97.5"))
    taken = [line("DONE", "100"), line("OTHER", "10", "manual", section="deduction")]
    assert scored(taken, {"DONE": of(1, 1)})[1] == 100
    assert scored(taken, {"DONE": of(1, 1)}, manual={"OTHER": (F(4), "通报")})[1] == 96
    with pytest.raises(Refused, match=r"10\.50 points cannot be entered for OTHER: it takes 0 to 10\.00"):
        scored(lines, {"DONE": of(1, 1)}, manual={"OTHER": (F("10.5"), "错")})


def test_counties_may_have_a_hundred_and_fifty_marks_and_a_sheet_that_loses_a_fraction_is_refused() -> None:
    counties = [line("DONE", "75"), line("SAT", "75", "deduction", "T=95, k=1.5, floor=37.5")]
    assert scored(counties, {"DONE": of(1, 1), "SAT": of(1, 1)})[1] == 150
    with pytest.raises(Refused, match=r"The weights add up to 99\.30, the full marks are 100\.00"):
        check_lines([line("DONE", "99.3"), line("REWORK", "5", section="deduction")], F(100))


def test_citizens_who_are_mostly_satisfied_count_in_fifths() -> None:
    """满意 1, 基本满意 0.8, 一般 0.6, 不满意 0: 6 + 2 × 0.8 + 0.6 of 10 are 82 %."""
    tally = Count(parts=5)
    for verdict, times in ((Verdict.HIT, 6), (Verdict.MOST, 2), (Verdict.SOME, 1), (Verdict.MISS, 1)):
        for _ in range(times):
            tally.add(verdict)
    assert (tally.n, tally.d, tally.rate, tally.cases) == (41, 50, F(82, 100), 10)
    assert str(points(line("SAT_W", "25", "deduction", "T=95, k=0.5, floor=12.5", parts=5), tally)) == "18.50"


def unit(number: int, score: str, **rates: tuple[int, int]) -> UnitScore:
    lines = {code: LineScore(code, n, d, F(0), None, None) for code, (n, d) in rates.items()}
    return UnitScore(number, f"U{number}", "", Names(f"单位{number}"), lines, F(score), Decimal(score), None)


def test_zhanjiang_gives_three_units_the_first_place_and_the_next_the_second() -> None:
    ranked = rank([unit(5, "99.56"), unit(3, "100.00"), unit(4, "99.98"), unit(2, "100.00"), unit(1, "100.00")])
    assert [(one.unit_id, one.rank) for one in ranked] == [(1, 1), (2, 1), (3, 1), (4, 2), (5, 3)]


def test_fuzhou_lets_any_number_of_units_stand_first_side_by_side() -> None:
    ranked = rank([*(unit(n, "100.00") for n in range(1, 32)), unit(40, "99.91")])
    assert [one.rank for one in ranked] == [1] * 31 + [2]


def test_equal_scores_are_told_apart_by_on_time_work_then_satisfaction_then_volume() -> None:
    lines = [line("DONE_OT", "50"), line("SAT", "50"), line("VOLUME", "0", direction=0, form="share")]
    units = [
        unit(1, "90.00", DONE_OT=(9, 10), SAT=(8, 10), VOLUME=(10, 60)),
        unit(2, "90.00", DONE_OT=(9, 10), SAT=(8, 10), VOLUME=(30, 60)),
        unit(3, "90.00", DONE_OT=(9, 10), SAT=(9, 10), VOLUME=(10, 60)),
        unit(4, "90.00", DONE_OT=(0, 0), SAT=(10, 10), VOLUME=(1, 60)),
        unit(5, "90.00", DONE_OT=(18, 20), SAT=(4, 5), VOLUME=(10, 60)),
        unit(6, "95.00", DONE_OT=(1, 10), SAT=(1, 10), VOLUME=(1, 60)),
    ]
    ranked = rank(units, "tie_break", lines)
    assert [(one.unit_id, one.rank) for one in ranked] == [(6, 1), (3, 2), (2, 3), (1, 4), (5, 4), (4, 5)]
    with pytest.raises(Refused, match="cannot be told apart"):
        check_lines([line("DONE", "100")], F(100), "tie_break")


def test_units_without_work_due_are_listed_apart_and_not_ranked() -> None:
    """无应办结工单的单位 stand apart; a bonus alone ranks nobody."""
    lines = [line("DONE", "60"), line("DONE_OT", "40"), line("PRAISE", "5", "manual", section="bonus")]
    scores, raw, apart = score_unit(lines, {}, full_marks=F(100), min_sample=3, manual={"PRAISE": (F(5), "表扬")})
    assert (raw, str(apart)) == (None, "No work fell due in this period")
    assert all(score.points is None for score in scores.values())
