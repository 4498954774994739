"""Learning: it finds the class, knows how sure it is, refuses what nobody taught it, and learns the same twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.domain.refusals import Refused
from app.learning.confidence import calibration_error, fit_confidence
from app.learning.dividing import divisions, groups_of
from app.learning.judging import judge
from app.learning.model import Model
from app.learning.samples import Columns, Samples
from app.learning.training import fingerprint, train
from tests.learning.messages import OUTSIDE, messages

COLUMNS = Columns("text", "label", "group")


@pytest.fixture(scope="module")
def model() -> Model:
    return train(messages(60), COLUMNS)


def test_messages_it_has_not_seen_get_their_class(model: Model) -> None:
    judgement = judge(model, messages(20, seed=2))
    assert judgement.figures.right > 0.95 and judgement.figures.among_three == 1.0
    assert judgement.figures.refused <= 0.2
    assert [(one.label, one.messages) for one in judgement.labels] == [("交通", 20), ("市容", 20), ("教育", 20)]


def test_what_nobody_taught_it_is_refused_with_a_reason_and_keeps_its_labels(model: Model) -> None:
    suggestions = list(model.suggest(OUTSIDE))
    assert sum(one.refused is not None for one in suggestions) >= 4
    assert all(len(one.labels) == len(one.certain) == 3 and sum(one.certain) == pytest.approx(1) for one in suggestions)
    assert all(one.labels[0] in str(one.refused) for one in suggestions if one.refused)


@pytest.mark.parametrize(("text", "says"), [("", "empty"), (" \n ", "empty"), ("垃圾", "too short"), ("A" * 50, "Nothing like it")])
def test_a_message_that_says_nothing_is_refused_and_the_reason_names_it(model: Model, text: str, says: str) -> None:
    (only,) = model.suggest([text])
    assert says in str(only.refused) and len(only.labels) == 3


def test_the_likeliest_comes_first_and_width_case_and_spaces_make_no_difference(model: Model) -> None:
    one, other = model.suggest(["路口红绿灯不亮ABC", "路口 红绿灯\n不亮ａｂｃ"])
    assert one == other and list(one.certain) == sorted(one.certain, reverse=True) and one.labels[0] == "交通"


def test_messages_of_labels_never_learnt_are_counted_apart(model: Model) -> None:
    known = messages(5, seed=3)
    strange = Samples([1] * 5, list(OUTSIDE), [()] * 5, ["农业"] * 5, [""] * 5, [""] * 5)
    both = Samples(*(one + other for one, other in zip(known.columns(), strange.columns(), strict=True)))
    figures = judge(model, both).figures
    assert (figures.messages, figures.outside) == (15, 5) and figures.refused_outside >= 0.8


def test_its_own_examples_are_known_again(model: Model) -> None:
    assert judge(model, messages(60)).taught == 180
    assert judge(model, messages(10, seed=9)).taught == 0


def test_what_it_was_learnt_from_is_on_record(model: Model) -> None:
    assert model.learnt["examples"] == model.learnt["groups"] == 180
    assert model.learnt["examples_of"] == {"交通": 60, "市容": 60, "教育": 60}
    other = messages(60)
    assert model.learnt["data"] == fingerprint(other)
    other.labels[0] = "别的"
    assert model.learnt["data"] != fingerprint(other)


def test_too_little_to_learn_from_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="12 usable rows, 3 labels in “label”"):
        train(messages(4), COLUMNS)
    one_label = messages(20)
    one_label.labels[:] = ["市容"] * 60
    with pytest.raises(Refused, match="1 labels"):
        train(one_label, COLUMNS)


def test_rows_without_label_or_message_teach_nothing() -> None:
    given = messages(30)
    given.labels[0] = given.texts[1] = ""
    learnt = train(given, COLUMNS).learnt
    assert (learnt["rows"], learnt["examples"]) == (90, 88)


def test_short_fields_teach_where_there_is_no_text_to_speak_of() -> None:
    rows = [
        ("占道经营", "甲街", "甲街执法队"),
        ("占道经营", "乙街", "乙街执法队"),
        ("路灯", "甲街", "路灯所"),
        ("路灯", "乙街", "路灯所"),
    ] * 15
    samples = Samples(
        list(range(60)), [kind for kind, _, _ in rows], [(kind, place) for kind, place, _ in rows], [unit for *_, unit in rows],
        list(map(str, range(60))), [""] * 60,
    )  # fmt: skip
    model = train(samples, replace(COLUMNS, fields=("kind", "place")))
    told = list(model.suggest(["占道经营"] * 2 + ["路灯"], [("占道经营", "甲街"), ("占道经营", "乙街"), ("路灯", "乙街")]))
    assert [one.labels[0] for one in told] == ["甲街执法队", "乙街执法队", "路灯所"]


def test_a_group_is_never_on_both_sides_and_everything_is_judged_once() -> None:
    groups = np.array([0, 0, 1, 2, 2, 3, 4, 5, 6, 7])
    parts = list(divisions(groups, [""] * 10))
    assert sorted(np.concatenate([held for _, held in parts])) == list(range(10))
    assert all(not set(groups[taught]) & set(groups[held]) for taught, held in parts)


def test_where_times_are_told_the_latest_fifth_is_judged_without_its_repeats_among_the_taught() -> None:
    times = [f"2018-10-{day:02d}" for day in (10, 1, 2, 3, 4, 5, 6, 7, 8, 9)]
    groups = np.array([7, 1, 7, 3, 4, 5, 6, 8, 9, 10])
    ((taught, held),) = divisions(groups, times)
    assert sorted(held) == [0, 9]
    assert sorted(taught) == [1, 3, 4, 5, 6, 7, 8], "the second message repeats the one that is judged"


def test_repeats_are_found_where_no_group_is_told() -> None:
    same = "温泉路三号楼下垃圾桶满了好几天没有人来清运，天气热味道很大，请有关部门尽快处理。"
    texts = [same, "学校门前上下班堵车很严重，希望交警来疏导一下早晚高峰。", same.replace("请有关部门", "烦请有关部门"), "路灯不亮"]
    found = groups_of(texts, [""] * 4)
    assert found[0] == found[2] and len(set(found)) == 3
    told = groups_of(texts, ["a", "b", "c", "b"])
    assert told[1] == told[3] and len(set(told)) == 3, "what is told is taken as it is told"


def test_the_calibration_error_is_the_mean_gap_weighed_by_how_many() -> None:
    certain = np.array([0.95] * 10 + [0.55] * 10)
    right = np.array([True] * 9 + [False] + [True] * 5 + [False] * 5)
    assert calibration_error(certain, right) == pytest.approx(0.5 * 0.05 + 0.5 * 0.05)


def test_rare_labels_are_not_talked_down() -> None:
    """Experts that give a rare label's messages a little too little are put right by what was seen to be short."""
    chance = np.random.default_rng(0)
    truth = np.array([0] * 360 + [1] * 40)
    first = chance.normal(0, 0.5, 400) + np.where(truth == 0, 1.2, 0.2)
    scores = [np.column_stack([first, 0.4 - first])]
    said = fit_confidence(scores, truth).shares(scores)
    assert abs(said[:, 1].mean() - 0.1) < 0.02, "a label's shares add up to how often it comes"
