"""A small district evaluated by hand, and the states an evaluation may pass through."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from app.domain.evaluation import STATES, TRANSITIONS, Assessed, Scheme, evaluate_group, moved
from app.domain.examples import at, duty
from app.domain.facts import COMPLETED, DEPARTMENT, DISPATCHED, ROUND, SIGNED, STREET_TOWN, Fact
from app.domain.indicators import Verdict
from app.domain.period import month_of
from app.domain.refusals import Phrase, Refused
from app.domain.scorecard import Group, Line, Names, Past

F = Fraction
SEPTEMBER = month_of("2026-09")
CLOSE = at("2026-10-03 09:00")
LINES = (
    Line("DONE", "Completion rate", F(40)),
    Line("DONE_OT", "On-time completion rate", F(40)),
    Line("SIGN10", "Signed within 10 minutes", F(20)),
    Line("VOLUME", "Volume received", F(0)),
)
SCHEME = Scheme(Names("街镇考核方案"), 2, LINES)
UNITS = {
    1: Assessed("01", Names("鼓东街道", "Gudong"), "350102001", history=(Past("2026-08", Decimal("90.00"), 3),), rates={"DONE": F(9, 10)}),
    2: Assessed("02", Names("鼓西街道"), history=(Past("2026-07", Decimal("95.00"), 1),)),
    3: Assessed("03", Names("温泉街道")),
    4: Assessed("04", Names("东街街道")),
}
NO_SIGNING = frozenset({SIGNED, DISPATCHED})


def case(number: int, unit_id: int, done: str | None, **known: Any) -> Fact:
    return replace(duty(number, "2026-09-01", due_at="2026-09-10", **known), unit_id=unit_id, completed_at=at(done) if done else None)


def turn(number: int, unit_id: int, **known: Any) -> Fact:
    return replace(duty(number, "2026-09-01", kind=ROUND, group=STREET_TOWN, **known), unit_id=unit_id)


def facts() -> list[Fact]:
    """Unit 1: two of two in time. Unit 2: one in time, one late, one open. Unit 3: one in time, one late. Unit 4: nothing."""
    return [
        case(1, 1, "2026-09-09"),
        case(2, 1, "2026-09-10"),
        case(3, 2, "2026-09-09"),
        case(4, 2, "2026-09-11"),
        case(5, 2, None),
        case(6, 3, "2026-09-09"),
        case(7, 3, "2026-09-30"),
        turn(8, 1, dispatched_at="2026-09-01 08:00", signed_at="2026-09-01 08:05"),
        turn(9, 3, unknown=NO_SIGNING),
        replace(turn(10, 77), group=DEPARTMENT),
    ]


def evaluated(given: list[Fact], scheme: Scheme = SCHEME) -> Group:
    return evaluate_group(STREET_TOWN, Names("街镇"), scheme, given, UNITS, SEPTEMBER, CLOSE)[0]


def test_a_small_district_comes_out_as_computed_on_paper() -> None:
    """Unit 1: 100. Unit 2: (2/3 × 40 + 1/3 × 40) × 100/80 = 50. Unit 3: (40 + 1/2 × 40) × 100/80 = 75."""
    group = evaluated(facts())
    assert [(unit.code, unit.score, unit.rank) for unit in group.units] == [
        ("01", Decimal("100.00"), 1),
        ("03", Decimal("75.00"), 2),
        ("02", Decimal("50.00"), 3),
    ]
    assert [(unit.code, str(unit.apart), unit.score, unit.rank) for unit in group.apart] == [
        ("04", "No work fell due in this period", None, None),
    ]
    assert group.total == {"DONE": (6, 7), "DONE_OT": (4, 7), "SIGN10": (1, 1), "VOLUME": (7, 7)}


def test_a_volume_is_measured_against_the_whole_group() -> None:
    group = evaluated(facts())
    assert {unit.code: (unit.lines["VOLUME"].n, unit.lines["VOLUME"].d) for unit in (*group.units, *group.apart)} == {
        "01": (2, 7),
        "02": (3, 7),
        "03": (2, 7),
        "04": (0, 7),
    }
    assert [(line.code, line.form, line.direction) for line in group.lines][3] == ("VOLUME", "share", 0)


def test_a_missing_figure_says_why() -> None:
    by_code = {unit.code: unit for unit in evaluated(facts()).units}
    assert by_code["03"].lines["SIGN10"].why == Phrase("The source does not record signing times")
    assert by_code["02"].lines["SIGN10"].why == Phrase("No round was dispatched")
    assert (by_code["03"].lines["SIGN10"].unknown, by_code["03"].lines["SIGN10"].full) == (1, None)
    assert by_code["01"].lines["SIGN10"].why is None


def test_what_can_still_happen_and_what_was_excluded_are_reasons_of_their_own() -> None:
    waiting = [case(1, 1, None, excluded={"DONE": "duplicate"}), replace(case(2, 2, None), due_at=at("2026-09-30"))]
    early = evaluate_group(STREET_TOWN, Names("街镇"), SCHEME, waiting, UNITS, SEPTEMBER, at("2026-09-20"))[0]
    reasons = {unit.code: unit.lines["DONE"].why for unit in (*early.units, *early.apart)}
    assert reasons["01"] == Phrase("Everything that would count was excluded")
    assert reasons["02"] == Phrase("What counts here is not decided yet")


def test_earlier_results_travel_along_and_only_last_month_is_the_previous_rank() -> None:
    by_code = {unit.code: unit for unit in evaluated(facts()).units}
    assert (by_code["01"].previous_rank, by_code["01"].moved, by_code["01"].lines["DONE"].previous) == (3, 2, F(9, 10))
    assert (by_code["02"].previous_rank, by_code["02"].moved, by_code["02"].lines["DONE"].previous) == (None, None, None)


def test_marks_hold_every_duty_that_counts_somewhere_once() -> None:
    _, marks = evaluate_group(STREET_TOWN, Names("街镇"), SCHEME, reversed(facts()), UNITS, SEPTEMBER, CLOSE)
    assert [one.fact.key for one in marks] == ["case-1", "case-2", "case-3", "case-4", "case-5", "case-6", "case-7", "round-8", "round-9"]
    assert dict(marks[4].verdicts) == {"DONE": Verdict.MISS, "DONE_OT": Verdict.MISS, "VOLUME": Verdict.HIT}
    assert dict(marks[8].verdicts) == {"SIGN10": Verdict.UNKNOWN}


def test_flags_without_moments_still_make_a_scorecard() -> None:
    ledger = [
        replace(duty(n, "2026-09-05", completed=True, on_time=n % 4 > 0, unknown=frozenset({COMPLETED, SIGNED, DISPATCHED})), unit_id=1)
        for n in range(8)
    ]
    (unit,) = evaluated(ledger).units
    assert (unit.lines["DONE"].rate, unit.lines["DONE_OT"].rate, unit.lines["SIGN10"].rate) == (F(1), F(3, 4), None)
    assert unit.score == Decimal("87.50")


SHEET = (
    Line("DONE", "Completion rate", F(50)),
    Line("DONE_OT", "On-time completion rate", F(30), "deduction", {"T": "100", "k": "1"}),
    Line("OTHER", "Other", F(10), "manual", names=Names("其他", "Other")),
    Line("CROWD", "Volume received", F(10), "density", {"k": "0.5"}, measure="VOLUME"),
    Line("LATE", "Late", F(5), "per_case", {"d": "1"}, measure="DONE_OT", section="deduction"),
    Line("GOOD", "Good", F(2), "bonus", {"b": "0.5"}, measure="DONE", section="bonus"),
)


def test_a_whole_sheet_comes_out_as_computed_on_paper() -> None:
    """Sizes 2, none and 1/2. Unit 1: 50 + 30 + 10 + (10 − 0.5 × 2 / 2) + 0.5 × 2. Unit 3: 50 + 0 + 10 + (10 − 0.5 × 2 / 0.5) − 1 + 1.

    Unit 2 has no size, so 10 points are spread over 80: 50 × 2/3 × 90/80, nothing for 1 of 3 in time, 4 by hand, 2 late, 2 good.
    """
    units = {1: replace(UNITS[1], size=F(2)), 2: UNITS[2], 3: replace(UNITS[3], size=F(1, 2), year_before={"LATE": F(1, 4)}), 4: UNITS[4]}
    entries = {(2, "OTHER"): (F(4), "两次未参加例会")}
    scheme = Scheme(Names("考核方案"), 3, SHEET, ties="competition")
    group, _ = evaluate_group(STREET_TOWN, Names("街镇"), scheme, facts(), units, SEPTEMBER, CLOSE, entries)
    found = {unit.code: unit for unit in group.units}
    assert {code: (unit.raw, unit.rank) for code, unit in found.items()} == {"01": (F("100.5"), 1), "03": (68, 2), "02": (F("40.5"), 3)}
    second = found["02"].lines
    assert [second[line.code].points for line in SHEET] == [F("37.5"), 0, 4, None, -2, 1]
    assert [second[line.code].full for line in SHEET] == [F("56.25"), F("33.75"), 10, None, 0, 0]
    assert (second["OTHER"].note, str(second["CROWD"].why)) == ("两次未参加例会", "Area and population of the unit are not recorded")
    assert (found["01"].size, found["01"].uncapped, group.bonus_cap) == (2, F("100.5"), 2)
    assert (found["03"].lines["LATE"].year_before, found["03"].lines["DONE_OT"].year_before) == (F(1, 4), None)
    assert group.total["LATE"] == group.total["DONE_OT"] == (4, 7) and group.total["OTHER"] == (0, 0)


def test_one_figure_in_two_lines_is_counted_and_marked_once() -> None:
    _, marks = evaluate_group(STREET_TOWN, Names("街镇"), Scheme(Names("方案"), 1, SHEET), facts(), UNITS, SEPTEMBER, CLOSE)
    assert {code for one in marks for code in one.verdicts} == {"DONE", "DONE_OT", "VOLUME"}


def test_how_long_signing_took_stands_beside_the_rate() -> None:
    """Three signatures after 60, 300 and 660 seconds, one that never came: the rate counts four, the times three."""
    times = [
        turn(n, 1, dispatched_at="2026-09-01 08:00", signed_at=f"2026-09-01 08:{minute}") for n, minute in enumerate(("01", "05", "11"))
    ]
    unit = next(one for one in evaluated([*times, turn(9, 1, dispatched_at="2026-09-02 08:00")]).units)
    score = unit.lines["SIGN10"]
    assert (score.n, score.d, score.median, score.p90) == (2, 4, 300, 660)


def test_a_unit_outside_the_group_is_refused_rather_than_forgotten() -> None:
    with pytest.raises(Refused) as refused:
        evaluated([*facts(), case(11, 9, None)])
    assert refused.value.code == "unit-outside-group"
    out_of_month = replace(case(11, 9, "2026-09-01"), reported_at=at("2026-01-01"), due_at=at("2026-01-05"), completed_at=at("2026-01-02"))
    assert evaluated([*facts(), out_of_month]) == evaluated(facts())


@pytest.mark.parametrize(
    ("given", "scheme", "refusal"),
    [
        ([case(1, 1, None), case(1, 1, None)], SCHEME, "fact-twice"),
        ([], replace(SCHEME, lines=(Line("NOPE", "Nope", F(100)),)), "unknown-indicator"),
        ([], replace(SCHEME, lines=LINES[:2]), "weights-do-not-add-up"),
        ([], replace(SCHEME, ties="olympic"), "unknown-ties"),
    ],
)
def test_what_cannot_be_evaluated_is_refused(given: list[Fact], scheme: Scheme, refusal: str) -> None:
    with pytest.raises(Refused) as refused:
        evaluated(given, scheme)
    assert refused.value.code == refusal


ALLOWED = {
    ("computed", "published"),
    ("computed", "preliminary"),
    ("computed", "final"),
    ("computed", "superseded"),
    ("published", "superseded"),
    ("preliminary", "appeals"),
    ("preliminary", "final"),
    ("preliminary", "superseded"),
    ("appeals", "final"),
    ("appeals", "superseded"),
    ("final", "superseded"),
}


@pytest.mark.parametrize(("state", "to"), list(product(STATES, STATES)))
def test_an_evaluation_moves_forward_or_not_at_all(state: str, to: str) -> None:
    if (state, to) in ALLOWED:
        assert moved(state, to) == to
    else:
        with pytest.raises(Refused) as refused:
            moved(state, to)
        assert refused.value.code == "impossible-state"


def test_every_state_has_its_transitions() -> None:
    assert TRANSITIONS.keys() == STATES.keys()
