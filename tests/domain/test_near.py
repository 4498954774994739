"""Near-repeats among many texts: found whatever was changed a little, told apart from what is only about the same."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.likeness import MARKS, marks_of, shingles
from app.domain.near import NEAR, NearTexts

FIRST = "温泉路三号楼下垃圾桶满了好几天没有人来清运，天气热味道很大，住户多次反映，请有关部门尽快派人处理。"
OTHERS = (
    "学校门前上下班时间堵车很严重，希望交警早晚高峰来疏导，孩子过马路实在不安全。",
    "南后街路灯已经坏了半个月，晚上一片漆黑，老人摔倒过两次，请市政部门来修。",
    "小区物业停车费从每月一百五涨到三百，没有公示也没有开业主大会，请物价部门核查。",
)


@pytest.fixture
def known() -> NearTexts[int]:
    texts: NearTexts[int] = NearTexts()
    for number, text in enumerate((FIRST, *OTHERS)):
        texts.add(number, text)
    return texts


@pytest.mark.parametrize(
    ("text", "runs"),
    [("", set()), ("一", {"一"}), ("一二", {"一二"}), ("一，二 三", {"一二三"}), ("ＡＢｃd", {"abc", "bcd"})],
)
def test_runs_are_three_letters_long_and_level_width_case_and_punctuation(text: str, runs: set[str]) -> None:
    assert shingles(text) == runs


def test_a_text_has_few_marks_and_texts_that_share_their_runs_share_them() -> None:
    assert len(marks_of(shingles(FIRST * 3))) == len(set(marks_of(shingles(FIRST * 3)))) == MARKS
    assert marks_of(shingles(FIRST)) == marks_of(shingles(FIRST.replace("，", " ")))
    assert len(marks_of(shingles("路灯不亮"))) == 2


@pytest.mark.parametrize(
    "text",
    [FIRST, FIRST.replace("，", " "), FIRST.replace("请有关部门", "恳请有关部门"), FIRST.replace("三号", "3号"), "尊敬的领导：" + FIRST],
)
def test_a_repeat_is_found_whatever_was_changed_a_little(known: NearTexts[int], text: str) -> None:
    (found,) = known.near(text)
    assert found.key == 0 and found.share >= NEAR


def test_what_is_only_about_the_same_is_no_repeat(known: NearTexts[int]) -> None:
    assert known.near("温泉路五号门口垃圾没人清运，味道很大，影响出行，希望环卫部门安排。") == []
    assert known.near("") == []


def test_the_most_alike_comes_first_and_the_share_is_what_both_have_of_all() -> None:
    texts: NearTexts[str] = NearTexts()
    texts.add("half", "甲乙丙丁戊")
    texts.add("whole", "甲乙丙丁")
    found = texts.near("甲乙丙丁", least=Fraction(1, 2))
    assert [(one.key, one.share) for one in found] == [("whole", Fraction(1)), ("half", Fraction(4, 5))]


def test_a_text_that_was_changed_or_dropped_is_no_longer_found_as_it_was(known: NearTexts[int]) -> None:
    known.add(0, OTHERS[0])
    assert known.near(FIRST) == [] and {one.key for one in known.near(OTHERS[0])} == {0, 1}
    known.drop(1)
    known.drop(99)
    assert [one.key for one in known.near(OTHERS[0])] == [0] and len(known) == 3
