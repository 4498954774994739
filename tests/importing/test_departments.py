"""A workbook of departments: matched by caption, linked by name, written once, and never written twice."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.languages import speaking, words
from app.core.phrases import from_json
from app.core.transaction import transaction
from app.crud.importing.batches import ALL, GOOD
from app.crud.tables import Alias, Change
from app.domain.refusals import Refused
from app.entities.department import Department
from tests.importing.conftest import Bring
from tests.importing.files import is_chinese
from tests.people import create_department, create_street_town

CODES = ["code", "name_zh", "name_en", "short_zh", "position", "valid_from", "valid_to", "kind", "parent"]


def department(session: Session, code: str) -> Department:
    session.expire_all()
    return session.execute(select(Department).where(Department.code == code)).scalar_one()


def _said(note: str, language: str) -> list[str]:
    """A batch's remarks, as a reader of that language has them."""
    return [words(language).phrase(found) for found in map(from_json, json.loads(note)) if found]


def test_a_workbook_becomes_departments_and_says_so(app: Flask, bring: Bring, session: Session) -> None:
    rows = [
        CODES,
        ["D-1", "城市管理局", "Urban Management", "城管局", 5, date(2024, 1, 1), None, "department", None],
        ["D-2", "环卫中心", "", "", None, None, None, "enterprise", "城市管理局"],
    ]
    brought = bring("Department", rows, ALL)
    assert brought.counts == (2, 0, 0, 0)
    first, second = department(session, "D-1"), department(session, "D-2")
    assert (first.name_zh, first.name_en, first.short_zh, first.position) == ("城市管理局", "Urban Management", "城管局", 5)
    assert (first.valid_from, first.valid_to, first.kind, first.parent_id) == (date(2024, 1, 1), None, "department", None)
    assert (second.parent_id, second.kind, second.position, second.version) == (first.id, "enterprise", 100, 1)
    assert first.name_key.startswith("chengshiguanliju csglj")
    log = session.execute(select(Change.action, Change.row_label, Change.batch_id).order_by(Change.id)).all()
    assert [tuple(line) for line in log[-2:]] == [("create", "城市管理局", brought.number), ("create", "环卫中心", brought.number)]


def test_the_same_file_again_changes_nothing_and_says_so(app: Flask, bring: Bring, session: Session) -> None:
    rows = [CODES, ["D-1", "城市管理局", "Urban Management", "城管局", 5, date(2024, 1, 1), None, "department", None]]
    bring("Department", rows, ALL)
    again = bring("Department", rows, ALL)
    assert again.counts == (0, 0, 1, 0)
    assert department(session, "D-1").version == 1


def test_a_row_whose_code_exists_changes_only_what_differs(app: Flask, bring: Bring, session: Session) -> None:
    create_department("D-1", name_zh="旧名", name_en="Old", position=7)
    brought = bring("Department", [["code", "name_zh", "position"], ["D-1", "新名", 7], ["D-2", "另一个", 8]], ALL)
    assert brought.counts == (1, 1, 0, 0)
    changed = department(session, "D-1")
    assert (changed.name_zh, changed.name_en, changed.position, changed.version) == ("新名", "Old", 7, 2)
    assert changed.name_key.startswith("xinming")
    line = session.execute(select(Change).where(Change.batch_id == brought.number, Change.action == "update")).scalar_one()
    assert line.changes == {"name_zh": ["旧名", "新名"]}


def test_columns_that_the_file_lacks_keep_what_is_stored_or_get_their_default(app: Flask, bring: Bring, session: Session) -> None:
    create_department("D-1", kind="enterprise", short_zh="简称")
    brought = bring("Department", [["code", "name_zh"], ["D-1", "新名"], ["D-2", "新的"]], ALL)
    assert brought.counts == (1, 1, 0, 0)
    assert (department(session, "D-1").kind, department(session, "D-1").short_zh) == ("enterprise", "简称")
    assert (department(session, "D-2").kind, department(session, "D-2").position) == ("department", 100)


@pytest.mark.parametrize(
    "captions",
    [
        ["Code *", "Name (Chinese) *", "Name (English)", "Kind", "Valid from"],
        ["编码", "名称（中文）*", "名称（英文）", "类型", "启用日期"],
        ["编码\n*", " 名称 (中文) ", "name_en", "KIND", "Valid  From"],
        ["code", "名称", "Name (English)", "kind", "valid_from"],
    ],
)
def test_columns_are_known_by_code_and_by_caption_in_either_language(
    lite: Flask, bring: Bring, session: Session, captions: list[str]
) -> None:
    bring("Department", [captions, ["D-1", "城管局", "Urban Management", "企业", "2024-01-02"]], ALL)
    found = department(session, "D-1")
    assert (found.name_zh, found.name_en, found.kind, found.valid_from) == ("城管局", "Urban Management", "enterprise", date(2024, 1, 2))


def test_columns_may_stand_in_any_order_and_be_matched_by_hand(lite: Flask, bring: Bring, session: Session) -> None:
    rows = [["全称", "备注", "部门编号"], ["城管局", "不导入", "D-1"]]
    brought = bring("Department", rows, ALL, columns={"全称": "name_zh", "部门编号": "code"})
    assert department(session, "D-1").name_zh == "城管局"
    assert "备注" in brought.batch.note


def test_a_misspelt_caption_is_said_and_not_passed_over(lite: Flask, bring: Bring) -> None:
    brought = bring("Department", [["code", "name_zh", "Valid fron"], ["D-1", "城管局", "2024-01-01"]])
    assert _said(brought.batch.note, "en") == ["Columns nothing was read from: Valid fron."]
    assert _said(brought.batch.note, "zh") == ["未读取的列：Valid fron。"]


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (
            ["code", "name_en"],
            "The file has no column for “Name (Chinese)”. Its first line must hold the captions; the template shows them.",
        ),
        (
            ["部门", "负责人"],
            "The file has no column for “Code”, “Name (Chinese)”. Its first line must hold the captions; the template shows them.",
        ),
        (["code", "name_zh", "Code"], "The column “Code” stands twice in the file."),
        (["编码", "code", "name_zh"], "The column “Code” stands twice in the file."),
    ],
)
def test_missing_and_doubled_columns_are_refused_before_any_row(lite: Flask, bring: Bring, header: list[str], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        bring("Department", [header, ["x"] * len(header)])
    assert words("en").phrase(refused.value.phrase) == sentence


def test_a_column_chosen_by_hand_must_exist(lite: Flask, bring: Bring) -> None:
    with pytest.raises(Refused) as refused:
        bring("Department", [["a", "b"], ["D-1", "城管局"]], columns={"a": "code", "b": "nonsense"})
    assert refused.value.code == "no-such-column"


@pytest.mark.parametrize(
    "spelling",
    ["2024-03-05", "2024/3/5", "2024.03.05", "2024年3月5日", " 2024-03-05 ", "20240305", "2024-03-05 00:00:00", "2024-03-05T00:00:00"],
)
def test_dates_are_read_in_every_usual_spelling(lite: Flask, bring: Bring, session: Session, spelling: str) -> None:
    bring("Department", [["code", "name_zh", "valid_from"], ["D-1", "城管局", spelling]], ALL)
    assert department(session, "D-1").valid_from == date(2024, 3, 5)


@pytest.mark.parametrize("cell", [date(2024, 3, 5), datetime(2024, 3, 5, 13, 30), 45356, 20240305])
def test_date_cells_and_the_numbers_behind_them_are_days(lite: Flask, bring: Bring, session: Session, cell: Any) -> None:
    bring("Department", [["code", "name_zh", "valid_from"], ["D-1", "城管局", cell]], ALL)
    assert department(session, "D-1").valid_from == date(2024, 3, 5)


@pytest.mark.parametrize("said", ["企业", "Enterprise", "enterprise", " ENTERPRISE "])
def test_choices_are_read_in_both_languages_and_by_code(lite: Flask, bring: Bring, session: Session, said: str) -> None:
    bring("Department", [["code", "name_zh", "kind"], ["D-1", "城管局", said]], ALL)
    assert department(session, "D-1").kind == "enterprise"


@pytest.mark.parametrize("order", [[1, 2, 3], [3, 2, 1], [2, 3, 1]])
def test_rows_may_belong_to_each_other_in_any_order(app: Flask, bring: Bring, session: Session, order: list[int]) -> None:
    lines = {1: ["D-1", "局", None], 2: ["D-2", "处", "局"], 3: ["D-3", "科", "D-2"]}
    bring("Department", [["code", "name_zh", "parent"], *(lines[n] for n in order)], ALL)
    assert department(session, "D-3").parent.code == "D-2"
    assert department(session, "D-2").parent.code == "D-1"


def test_a_superior_may_be_named_by_the_new_name_this_very_file_gives_it(app: Flask, bring: Bring, session: Session) -> None:
    create_department("D-1", name_zh="旧局")
    bring("Department", [["code", "name_zh", "parent"], ["D-2", "处", "新局"], ["D-1", "新局", None]], ALL)
    assert department(session, "D-2").parent.code == "D-1"


@pytest.mark.parametrize(
    "spelling", ["D-1", "城市管理局", "Urban Management Bureau", "城管办", "老城管", "城市管理局 (D-1)", "城市管理局（D-1）"]
)
def test_a_superior_is_found_by_code_name_alias_and_name_with_code(lite: Flask, bring: Bring, session: Session, spelling: str) -> None:
    first = create_department("D-1", name_zh="城市管理局", name_en="Urban management bureau")
    with transaction() as inner:
        inner.add(Alias(entity="unit", row_id=first.id, kind="short", name="城管办"))
        inner.add(Alias(entity="unit", row_id=first.id, kind="former", name="老城管", valid_to=date(2018, 10, 21)))
    bring("Department", [["code", "name_zh", "parent"], ["D-2", "中心", spelling]], ALL)
    assert department(session, "D-2").parent_id == first.id


def test_all_or_nothing_writes_nothing_when_one_row_is_bad(app: Flask, bring: Bring, session: Session) -> None:
    rows = [["code", "name_zh"], ["D-1", "好"], ["D-2", ""], ["D-3", "好"]]
    with pytest.raises(Refused) as refused:
        bring("Department", rows, ALL)
    assert words("en").phrase(refused.value.phrase) == "1 rows cannot be taken, so nothing was written."
    assert session.execute(select(Department.id)).all() == []


def test_the_good_rows_alone_are_written_when_their_owner_says_so(app: Flask, bring: Bring, session: Session) -> None:
    brought = bring("Department", [["code", "name_zh"], ["D-1", "好"], ["D-2", ""], ["D-3", "好"]], GOOD)
    assert brought.counts == (2, 0, 0, 1)
    assert sorted(session.execute(select(Department.code)).scalars()) == ["D-1", "D-3"]


def test_good_rows_beneath_a_bad_one_are_refused_with_it(app: Flask, bring: Bring, session: Session) -> None:
    rows = [["code", "name_zh", "parent"], ["D-3", "科", "D-2"], ["D-2", "处", "D-1"], ["D-1", "", None], ["D-9", "别的", None]]
    brought = bring("Department", rows, GOOD)
    assert brought.counts == (1, 0, 0, 3)
    assert brought.said() == {
        (2, "parent"): "“Parent unit” stands in row 3, which cannot be taken itself",
        (3, "parent"): "“Parent unit” stands in row 4, which cannot be taken itself",
        (4, "name_zh"): "“Name” is missing",
    }
    assert session.execute(select(Department.code)).scalars().all() == ["D-9"]


def test_nobody_becomes_his_own_superior(app: Flask, bring: Bring, session: Session) -> None:
    top = create_department("D-1")
    create_department("D-2", parent_id=top.id)
    rows = [["code", "name_zh", "parent"], ["D-1", "局", "D-2"], ["D-5", "自己", "D-5"], ["D-6", "甲", "D-7"], ["D-7", "乙", "D-6"]]
    brought = bring("Department", rows, GOOD)
    circle = "“Parent unit” leads in a circle back to the record itself"
    assert brought.said() == {(row, "parent"): circle for row in (2, 3, 4, 5)}


def test_a_street_towns_code_is_not_free_for_a_department(app: Flask, bring: Bring) -> None:
    create_street_town("S-1")
    brought = bring("Department", [["code", "name_zh"], ["S-1", "冒名"]])
    assert brought.said() == {(2, "code"): "“S-1” is already used by another record"}


def test_csv_is_read_like_a_workbook(lite: Flask, bring: Bring, session: Session) -> None:
    rows = [["code", "name_zh", "kind", "valid_from"], ["D-1", "城管局", "企业", "2024年3月5日"]]
    bring("Department", rows, ALL, kind="csv")
    found = department(session, "D-1")
    assert (found.name_zh, found.kind, found.valid_from) == ("城管局", "enterprise", date(2024, 3, 5))


def test_a_file_of_captions_alone_is_refused(lite: Flask, bring: Bring) -> None:
    with pytest.raises(Refused) as refused:
        bring("Department", [["code", "name_zh"]])
    assert words("en").phrase(refused.value.phrase) == "The file holds captions, but no rows beneath them."


def test_the_owner_is_told_in_the_own_language(lite: Flask, bring: Bring) -> None:
    with speaking("zh"):
        brought = bring("Department", [["编码", "名称（中文）", "启用日期"], ["D-1", "", "2024-02-30"]])
    said = brought.said("zh")
    assert set(said) == {(2, "名称（中文）"), (2, "启用日期")}
    assert "名称" in said[2, "名称（中文）"]
    assert "2024-02-30" in said[2, "启用日期"]
    assert all(is_chinese(sentence) for sentence in said.values())
