"""Worked examples are read exactly as they were written, in either language, and refused row by row."""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction

import pytest

from app.domain.case_rows import row_of
from app.domain.case_text import read_case
from app.domain.examples import at
from app.domain.facts import CASE, STREET_TOWN, Fact, Mark
from app.domain.indicators import all_indicators
from app.domain.refusals import Refused

FACTS = [
    (f"{measure.code}-{number}-{fact.key}", fact)
    for measure in all_indicators().values()
    for number, golden in enumerate(measure.golden)
    for fact in golden.facts
]


def test_counts_are_read_in_cases_and_exactly() -> None:
    text = read_case("# September\nDONE_OT = 737/972\nSAT = 8.4 / 10\nOTHER = 8.5\n\nVOLUME=30/120, group 120", STREET_TOWN)
    assert [(t.row, t.code, t.n, t.d, t.group) for t in text.tallies] == [
        (2, "DONE_OT", 737, 972, None),
        (3, "SAT", Fraction(42, 5), 10, None),
        (4, "OTHER", Fraction(17, 2), None, None),
        (6, "VOLUME", 30, 120, 120),
    ]
    assert text.facts == () and text.period is None and text.as_of is None


def test_spans_are_seconds_and_a_size_may_be_a_product() -> None:
    text = read_case("CYCLE = 36 h / 3\nsize = 0.026 × 2.141", STREET_TOWN)
    assert (text.tallies[0].n, text.tallies[0].d) == (129_600, 3)
    assert text.size == Fraction(26, 1000) * Fraction(2141, 1000)


def test_both_languages_say_the_same_duty() -> None:
    english = read_case(
        "period = 2026-09\nas of = 2026-10-03 09:00\n"
        "case | reported 2026-09-01 09:00 | due 2026-09-10 | completed 2026-09-09 | rating satisfied | rated 2026-09-11",
        STREET_TOWN,
    )
    chinese = read_case(
        "周期＝2026-09\n截止＝2026-10-03 09:00\n"
        "事项 ｜ 上报 2026-09-01 09:00 ｜ 期限 2026-09-10 ｜ 办结 2026-09-09 ｜ 评价：满意 ｜ 评价于 2026-09-11",
        STREET_TOWN,
    )
    assert english == chinese
    (fact,) = english.facts
    assert (fact.kind, fact.group, fact.reported_at, fact.due_at) == (CASE, STREET_TOWN, at("2026-09-01 09:00"), at("2026-09-10"))
    assert (fact.completed_at, fact.rating, fact.rated_at) == (at("2026-09-09"), "satisfied", at("2026-09-11"))
    assert english.as_of == at("2026-10-03 09:00")


def test_an_example_without_a_cut_off_is_cut_off_at_nine_on_the_third_day() -> None:
    assert read_case("period = 2026-09\nDONE = 1/2", STREET_TOWN).as_of == at("2026-10-03 09:00")


def test_flags_exclusions_ledgers_and_ratings_of_the_other_side_are_read() -> None:
    text = read_case(
        "period = 2026-09\n"
        "call | reported 2026-09-01 | not done | late | excluded DONE_OT force_majeure | excluded SAT duplicate | unknown due, signed\n"
        "round | reported 2026-09-01 | wants call | called 2026-09-02; 2026-09-03 10:00 | units 3 | returned approved\n"
        "call | reported 2026-09-01 | received effect partly, closed 2026-09-03, open 2026-09-05 | owed state missed",
        STREET_TOWN,
    )
    first, second, third = text.facts
    assert (first.completed, first.on_time, first.unknown) == (False, False, frozenset({"due", "signed"}))
    assert first.excluded == {"DONE_OT": "force_majeure", "SAT": "duplicate"}
    assert (second.wants_call, second.calls, second.units) == (True, (at("2026-09-02"), at("2026-09-03 10:00")), 3)
    assert second.returned == "approved"
    assert third.received == Mark("given", at("2026-09-03"), None, at("2026-09-05"), effect="partly")
    assert third.owed == Mark("missed")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("name", "fact"), FACTS, ids=[name for name, _ in FACTS])
def test_every_duty_of_the_indicators_can_be_written_and_read_back(name: str, fact: Fact, language: str) -> None:
    (again,) = read_case(f"period = 2026-09\n{row_of(fact, language)}", fact.group).facts
    numbers = {one.name: getattr(fact, one.name) for one in fields(fact) if one.name in ("key", "ticket_id", "ticket_no", "ordinal")}
    assert replace(again, **numbers) == fact


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Say what is given: counts such as DONE_OT = 737/972, or duties in rows."),
        ("# nothing but a remark", "Say what is given: counts such as DONE_OT = 737/972, or duties in rows."),
        ("DONE = 1/2\nDONE = 1/2", "Row 2: DONE was given before"),
        ("DONE = many", "Row 1: “many” is not a number; write DONE_OT = 737/972, or OTHER = 8.5 for a line entered by hand"),
        ("DONE = 1/2, of 9", "Row 1: “of 9” is not understood; only “group 200” may stand behind a count"),
        ("size = 0", "Row 1: a size is more than 0"),
        ("period = 2026-13", "Row 1: “2026-13” is not a"),
        ("case | reported 2026-09-01", "Duties need a period: add a row such as period = 2026-09."),
        ("period = 2026-09\nmatter | reported 2026-09-01", "Row 2: “matter” begins neither a count"),
        ("period = 2026-09\ncase | due 2026-09-01", "Row 2: the duty does not say when it was reported"),
        ("period = 2026-09\ncase | reported yesterday", "Row 2: “yesterday” is no time; write 2026-09-10 or 2026-09-10 17:30"),
        ("period = 2026-09\ncase | reported 2026-09-01 | reported 2026-09-02", "Row 2: “reported 2026-09-02”: this was said before"),
        ("period = 2026-09\ncase | reported 2026-09-01 | rating great", "Row 2: “great” is none of: satisfied, 满意"),
        ("period = 2026-09\ncase | reported 2026-09-01 | late often", "Row 2: “late often”: nothing may stand behind this word"),
        ("period = 2026-09\ncase | reported 2026-09-01 | due", "Row 2: “due” lacks its value"),
        ("period = 2026-09\ncase | reported 2026-09-01 | reworks many", "Row 2: “reworks many”: write a whole number"),
        ("period = 2026-09\ncase | reported 2026-09-01 | excluded *", "Row 2: “excluded *”: name the line (or *) and the reason"),
        ("period = 2026-09\ncase | reported 2026-09-01 | unknown weather", "Row 2: “weather” is none of: calls"),
        ("period = 2026-09\ncase | reported 2026-09-01 | dew 2026-09-02", "Row 2: “dew 2026-09-02” is not understood"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_row_and_the_reason(text: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        read_case(text, STREET_TOWN)
    assert str(refused.value).startswith(sentence)
    assert refused.value.field == "given"


def test_an_endless_example_is_refused() -> None:
    with pytest.raises(Refused, match="Row 201: an example has at most 200 rows"):
        read_case("\n".join(f"L{number} = 1/2" for number in range(201)), STREET_TOWN)
