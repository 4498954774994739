"""Twenty-odd ways to get a row wrong: each is found in one pass, at its cell, with a sentence a user can act on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.languages import speaking
from app.core.transaction import transaction
from app.crud.importing.batches import ALL, GOOD
from app.domain.refusals import Refused
from app.entities.department import Department
from app.entities.matter import Matter
from app.entities.responsibility_list import ResponsibilityList
from tests.importing.conftest import Bring
from tests.importing.files import is_chinese
from tests.people import create_department, create_street_town

HEAD = ["code", "name_zh", "name_en", "short_zh", "position", "valid_from", "valid_to", "kind", "parent"]
LONG = "长" * 121

# column, the row, and the sentence; rows follow each other beneath the captions
DEPARTMENTS: list[tuple[str, dict[str, Any], str]] = [
    ("code", {"code": None}, "“Code” is missing"),
    ("code", {"code": "城管 1"}, "“城管 1” is not a code: use letters, digits, dot, dash and underscore"),
    ("code", {"code": "D" * 41}, "“Code” has 41 characters; at most 40 fit"),
    ("code", {"code": True}, "“Code” must be text"),
    ("code", {"code": "B-00"}, "the same record stands in row 2 already"),
    ("code", {"code": "S-1"}, "“S-1” is already used by another record"),
    ("name_zh", {"name_zh": "   "}, "“Name” is missing"),
    ("name_zh", {"name_zh": LONG}, "“Name” has 121 characters; at most 120 fit"),
    ("name_zh", {"name_zh": "#N/A"}, "the cell shows the error #N/A instead of a value"),
    ("name_en", {"name_en": "x" * 130}, "“Name” has 130 characters; at most 120 fit"),
    ("short_zh", {"short_zh": LONG}, "“Short name” has 121 characters; at most 60 fit"),
    ("position", {"position": "first"}, "“first” is not a whole number"),
    ("position", {"position": 1.5}, "“1.5” is not a whole number"),
    ("position", {"position": -1}, "“Position in lists” must lie between 0 and 9999; “-1” does not"),
    ("position", {"position": 12000}, "“Position in lists” must lie between 0 and 9999; “12000” does not"),
    ("valid_from", {"valid_from": "2026-02-30"}, "“2026-02-30” is not a valid date; write it as 2026-11-24"),
    ("valid_from", {"valid_from": "next spring"}, "“next spring” is not a valid date; write it as 2026-11-24"),
    ("valid_from", {"valid_from": 17}, "“17” is not a valid date; write it as 2026-11-24"),
    ("valid_to", {"valid_from": "2026-05-01", "valid_to": "2026-04-30"}, "“Valid to” 30 Apr 2026 is earlier than “Valid from” 1 May 2026"),
    ("kind", {"kind": "club"}, "“club” is not one of the possible values: Department, Enterprise, Municipal unit"),
    ("kind", {"kind": None}, "“Kind” is missing"),
    ("parent", {"parent": "环境卫生"}, "There is no Department called “环境卫生”; similar: 环境卫生中心 (D-3)"),
    ("parent", {"parent": "xyz"}, "There is no Department called “xyz”"),
    ("parent", {"parent": "综合执法队"}, "“综合执法队” could be 综合执法队 (D-1), 综合执法队 (D-2); write the code to say which"),
    ("parent", {"parent": "B-25", "code": "B-25"}, "“Parent unit” leads in a circle back to the record itself"),
    ("parent", {"parent": "B-16"}, "“Parent unit” stands in row 18, which cannot be taken itself"),
]


def rows_of(head: list[str], good: dict[str, Any], bad: list[tuple[str, dict[str, Any], str]]) -> list[list[Any]]:
    """The captions, a good row, and one row per fault that is good but for it."""
    rows: list[list[Any]] = [head, [good.get(name) for name in head]]
    for number, (_, fault, _) in enumerate(bad, start=1):
        values = {**good, head[0] if "code" in head else "number": f"B-{number:02d}", **fault}
        rows.append([values.get(name) for name in head])
    return rows


@pytest.fixture
def ground(house: Flask) -> None:
    """What the rows speak of."""
    create_street_town("S-1")
    create_department("D-1", name_zh="综合执法队")
    create_department("D-2", name_zh="综合执法队")
    create_department("D-3", name_zh="环境卫生中心")


def departments() -> list[list[Any]]:
    return rows_of(HEAD, {"code": "B-00", "name_zh": "好部门", "kind": "department"}, DEPARTMENTS)


@pytest.mark.usefixtures("ground")
def test_every_bad_department_is_refused_at_its_cell_with_a_sentence(lite: Flask, bring: Bring) -> None:
    said = bring("Department", departments()).said()
    assert said == {(row, column): sentence for row, (column, _, sentence) in enumerate(DEPARTMENTS, start=3)}
    assert len(DEPARTMENTS) > 20


@pytest.mark.usefixtures("ground")
def test_chinese_owners_get_the_same_reasons_in_chinese(lite: Flask, bring: Bring) -> None:
    with speaking("zh"):
        said = bring("Department", departments()).said("zh")
    assert len(said) == len(DEPARTMENTS)
    assert [(place, sentence) for place, sentence in said.items() if not is_chinese(sentence)] == []


@pytest.mark.usefixtures("ground")
def test_a_row_with_several_faults_is_answered_completely(lite: Flask, bring: Bring) -> None:
    brought = bring("Department", [HEAD, ["坏 码", "", "x" * 130, None, "abc", "2026-13-01", None, "club", "nobody"]])
    assert {column for _, column in brought.said()} == {"code", "name_zh", "name_en", "position", "valid_from", "kind", "parent"}
    assert (brought.batch.refused, brought.batch.problems) == (1, 7)


@pytest.mark.usefixtures("ground")
def test_the_good_rows_of_a_bad_file_are_written_and_only_they(app: Flask, bring: Bring, session: Session) -> None:
    with pytest.raises(Refused):
        bring("Department", departments(), ALL)
    assert session.execute(select(func.count(Department.id))).scalar_one() == 3
    assert bring("Department", departments(), GOOD).counts == (1, 0, 0, len(DEPARTMENTS))
    assert session.execute(select(func.count(Department.id))).scalar_one() == 4


ITEMS: list[tuple[str, dict[str, Any], str]] = [
    ("list_version", {"list_version": None}, "“Responsibility list” is missing"),
    ("list_version", {"list_version": "2099-1"}, "There is no Responsibility list called “2099-1”; similar: 2026年第一版 (2026-1)"),
    ("number", {"number": ""}, "“Item no.” is missing"),
    ("number", {"number": "B-00"}, "the same record stands in row 2 already"),
    ("number", {"number": "1/2"}, "“1/2” is not a code: use letters, digits, dot, dash and underscore"),
    ("name_zh", {"name_zh": "长" * 201}, "“Item” has 201 characters; at most 200 fit"),
    ("matter", {"matter": "餐饮油烟味"}, "There is no Matter called “餐饮油烟味”; similar: 餐饮油烟 (01001)"),
    ("lead", {"lead": "综合执法队"}, "“综合执法队” could be 综合执法队 (D-1), 综合执法队 (D-2); write the code to say which"),
    ("support", {"support": "D-3; 幽灵局"}, "There is no Department called “幽灵局”"),
    (
        "quickly",
        {"quickly": "3天"},
        "“3天” is not a limit; write 10min, 4wh (working hours), 24h, 3wd (working days), 5d or 3wd+ (from the next day)",
    ),
    ("at_once", {"at_once": "0123456789abc"}, "“Limit: at once” has 13 characters; at most 12 fit"),
    ("basis_zh", {"basis_zh": "据" * 301}, "“Basis” has 301 characters; at most 300 fit"),
]


@pytest.mark.usefixtures("ground")
def test_every_bad_responsibility_item_is_refused_at_its_cell(lite: Flask, bring: Bring) -> None:
    with transaction() as session:
        session.add(ResponsibilityList(code="2026-1", name_zh="2026年第一版", effective_from=date(2026, 1, 1)))
        session.add(Matter(code="01001", name_zh="餐饮油烟", level=3))
    head = ["list_version", "number", "name_zh", "matter", "lead", "support", "at_once", "quickly", "basis_zh"]
    good = {"list_version": "2026-1", "number": "B-00", "name_zh": "事项", "matter": "01001", "lead": "D-3", "quickly": "3wd"}
    rows: list[list[Any]] = [head, [good.get(name) for name in head]]
    for number, (_, fault, _) in enumerate(ITEMS, start=1):
        values = {**good, "number": f"B-{number:02d}", **fault}
        rows.append([values.get(name) for name in head])
    said = bring("ResponsibilityItem", rows).said()
    assert said == {(row, column): sentence for row, (column, _, sentence) in enumerate(ITEMS, start=3)}
