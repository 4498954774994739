"""``run.py dispatch`` as a process of its own: learn, suggest, judge, without a database; wrong files and columns get a sentence."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.commands.test_front_door import said
from tests.learning.messages import OUTSIDE, messages


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a model, learnt by the command from a CSV file as Excel saves it."""
    place = tmp_path_factory.mktemp("dispatch")
    samples = messages(20)
    with (place / "taught.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["内容", "类别"])
        writer.writerows(zip(samples.texts, samples.labels, strict=True))
    code, text = said(place, "dispatch", "train", str(place / "taught.csv"), "--text-column", "内容", "--label-column", "类别")
    assert code == 0 and "dispatch-0001.model" in text
    return place


def test_suggestions_have_three_labels_even_where_they_are_refused_one_line_a_row(home: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["编号", "内容"])
    texts = ["路口红绿灯不亮，公交车半小时才来一班", "", OUTSIDE[1]]
    for number, text in enumerate(texts, start=1):
        sheet.append([number, text])
    book.save(home / "open.xlsx")
    out = home / "out.csv"
    code, text = said(home, "dispatch", "suggest", str(home / "open.xlsx"), "--text-column", "内容", "--out", str(out), FRONTLINE_LANG="en")
    assert code == 0 and "3 messages, 2 of them cannot be dispatched" in text
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["row"] for row in rows] == ["2", "3", "4"] and rows[0]["label1"] == "交通"
    assert [row["cannot_dispatch"] for row in rows] == ["0", "1", "1"]
    assert rows[0]["reason"] == "" and rows[1]["reason"] == "The message is empty."
    for row in rows:
        assert {row["label1"], row["label2"], row["label3"]} == {"交通", "市容", "教育"}
        assert 1 >= float(row["confidence1"]) >= float(row["confidence2"]) >= float(row["confidence3"]) >= 0


def test_judging_takes_the_columns_the_model_learnt_from_and_says_when_it_is_flattered(home: Path) -> None:
    code, text = said(home, "dispatch", "evaluate", str(home / "taught.csv"), FRONTLINE_LANG="en")
    assert code == 0 and "1.0000  right among three" in text
    assert "60 of these messages were among the model's own examples" in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("suggest", "nowhere.csv", "--text-column", "内容", "--out", "o.csv"), "There is no file"),
        (("suggest", "taught.csv", "--text-column", "文", "--out", "o.csv"), "no column “文”. It has: 内容、类别"),
        (("suggest", "taught.csv", "--text-column", "内容", "--out", "no/where/o.csv"), "cannot be written"),
        (("suggest", "taught.csv", "--text-column", "内容", "--out", "o.csv", "--model", "taught.csv"), "is no model"),
        (("train", "taught.csv", "--text-column", "内容", "--label-column", "内容"), "60 labels"),
        (("evaluate", "taught.csv", "--label-column", "内容"), "No row of the file has a label"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(home: Path, arguments: tuple[str, ...], says: str) -> None:
    placed = [str(home / word) if word.endswith((".csv", ".model")) else word for word in arguments]
    code, text = said(home, "dispatch", *placed, FRONTLINE_LANG="en")
    assert says in text and code == 1


def test_a_home_without_a_model_says_how_to_get_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("内容\n路灯不亮\n", "utf-8")
    arguments = ("dispatch", "suggest", str(tmp_path / "a.csv"), "--text-column", "内容", "--out", str(tmp_path / "o.csv"))
    code, text = said(tmp_path, *arguments, FRONTLINE_LANG="en")
    assert code == 1 and "There is no model yet" in text and not (tmp_path / "o.csv").exists()
