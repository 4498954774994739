"""Taking a batch back: created rows go, changed ones return to what they were, unless somebody has built on them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now, stopped_at
from app.core.runs import Silent
from app.core.transaction import transaction
from app.crud.importing.batches import ALL, Desk
from app.crud.tables import Alias, Change
from app.domain.refusals import Refused
from app.entities.department import Department
from app.entities.matter import Matter
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.entities.scheme import Scheme
from app.entities.scheme_line import SchemeLine
from app.entities.scheme_version import SchemeVersion
from tests.importing.conftest import Bring
from tests.people import create_department, reloaded


def departments(session: Session) -> dict[str, tuple[Any, ...]]:
    session.expire_all()
    columns = (Department.code, Department.name_zh, Department.name_key, Department.position, Department.valid_from, Department.parent_id)
    return {row[0]: tuple(row[1:]) for row in session.execute(select(*columns))}


def test_created_rows_disappear_and_changed_rows_return(app: Flask, bring: Bring, desk: Desk, session: Session) -> None:
    create_department("D-1", name_zh="旧名", name_en="", position=7, valid_from=date(2020, 1, 1))
    before = departments(session)
    head = ["code", "name_zh", "position", "valid_from", "parent"]
    rows = [head, ["D-1", "新名", 9, None, "D-3"], ["D-2", "甲", 1, "2024-01-01", "D-1"], ["D-3", "乙", 2, None, None]]
    brought = bring("Department", rows, ALL)
    assert set(departments(session)) == {"D-1", "D-2", "D-3"}
    desk.undo(brought.number, Silent())
    assert departments(session) == before
    assert (brought.batch.state, brought.batch.undone_at is not None) == ("undone", True)
    undone = session.execute(select(Change.entity, Change.row_label).where(Change.action == "undo")).all()
    assert sorted(label for _, label in undone) == ["乙", "旧名", "甲"]


def test_supporters_come_back_as_they_were(app: Flask, bring: Bring, desk: Desk, session: Session) -> None:
    for code in ("D-1", "D-2", "D-3"):
        create_department(code)
    with transaction() as inner:
        inner.add(ResponsibilityList(code="2026-1", name_zh="第一版", effective_from=date(2026, 1, 1)))
    head = ["list_version", "number", "name_zh", "support"]
    bring("ResponsibilityItem", [head, ["2026-1", "1", "油烟", "D-1; D-2"]], ALL)
    second = bring("ResponsibilityItem", [head, ["2026-1", "1", "油烟", "D-3"], ["2026-1", "2", "噪声", "D-1; D-3"]], ALL)
    desk.undo(second.number, Silent())
    session.expire_all()
    items = session.execute(select(ResponsibilityItem)).scalars().all()
    assert [(item.number, [unit.code for unit in item.support]) for item in items] == [("1", ["D-1", "D-2"])]


def test_exact_numbers_and_days_come_back(app: Flask, bring: Bring, desk: Desk, session: Session) -> None:
    with transaction() as inner:
        scheme = Scheme(code="S", name_zh="方案", group="street_town")
        inner.add(SchemeVersion(scheme=scheme, number=1, effective_from=date(2026, 1, 1), full_marks=Decimal("99.50")))
    brought = bring("SchemeVersion", [["scheme", "number", "effective_from", "full_marks"], ["S", 1, "2026-02-01", "100.25"]], ALL)
    desk.undo(brought.number, Silent())
    session.expire_all()
    version = session.execute(select(SchemeVersion).join(Scheme).where(Scheme.code == "S")).scalar_one()
    assert (version.effective_from, version.full_marks) == (date(2026, 1, 1), Decimal("99.50"))


def refusal(desk: Desk, number: int) -> str:
    with pytest.raises(Refused) as refused:
        desk.undo(number, Silent())
    assert refused.value.status == 409
    return str(refused.value.phrase)


def test_undo_is_refused_when_a_row_was_changed_later(app: Flask, bring: Bring, desk: Desk, session: Session) -> None:
    kept = create_department("D-1", name_zh="旧名", name_en="")
    brought = bring("Department", [["code", "name_zh"], ["D-1", "新名"], ["D-2", "乙"]], ALL)
    with transaction():
        reloaded(kept).name_zh = "更新的名"
    assert refusal(desk, brought.number) == "“更新的名” was changed after the import; undo would lose that change. Nothing was undone."
    assert {code: row[0] for code, row in departments(session).items()} == {"D-1": "更新的名", "D-2": "乙"}
    assert brought.batch.state == "written"


def test_undo_is_refused_when_a_later_import_built_on_it_until_that_is_undone(
    app: Flask, bring: Bring, desk: Desk, session: Session
) -> None:
    first = bring("Department", [["code", "name_zh"], ["D-1", "甲"]], ALL)
    second = bring("Department", [["code", "name_zh"], ["D-1", "乙"]], ALL)
    assert "was changed after the import" in refusal(desk, first.number)
    desk.undo(second.number, Silent())
    desk.undo(first.number, Silent())
    assert departments(session) == {}


def test_undo_is_refused_when_others_refer_to_a_created_row(app: Flask, bring: Bring, desk: Desk, session: Session) -> None:
    brought = bring("Department", [["code", "name_zh"], ["D-1", "甲"], ["D-2", "乙"]], ALL)
    made = session.execute(select(Department).where(Department.code == "D-1")).scalar_one()
    with transaction() as inner:
        version = ResponsibilityList(code="2026-1", name_zh="第一版", effective_from=date(2026, 1, 1))
        inner.add(ResponsibilityItem(list_version=version, number="1", name_zh="油烟", lead=made))
    assert refusal(desk, brought.number) == "“甲” is used by other records by now. Nothing was undone."
    assert set(departments(session)) == {"D-1", "D-2"}


def test_undo_is_refused_when_a_created_row_supports_an_item(app: Flask, bring: Bring, desk: Desk, session: Session) -> None:
    brought = bring("Department", [["code", "name_zh"], ["D-1", "甲"]], ALL)
    made = session.execute(select(Department)).scalar_one()
    with transaction() as inner:
        version = ResponsibilityList(code="2026-1", name_zh="第一版", effective_from=date(2026, 1, 1))
        inner.add(ResponsibilityItem(list_version=version, number="1", name_zh="油烟", support=[made]))
    assert "is used by other records" in refusal(desk, brought.number)


def test_undo_is_refused_when_a_later_department_stands_beneath_a_created_one(app: Flask, bring: Bring, desk: Desk) -> None:
    brought = bring("Department", [["code", "name_zh", "parent"], ["D-1", "甲", None], ["D-2", "乙", "D-1"]], ALL)
    later = bring("Department", [["code", "name_zh", "parent"], ["D-3", "丙", "D-2"]], ALL)
    assert "is used by other records" in refusal(desk, brought.number)
    desk.undo(later.number, Silent())
    desk.undo(brought.number, Silent())


def test_lines_of_a_later_hand_are_not_deleted_with_an_imported_version(app: Flask, bring: Bring, desk: Desk, session: Session) -> None:
    bring("Scheme", [["code", "name_zh"], ["S", "方案"]], ALL)
    brought = bring("SchemeVersion", [["scheme", "number", "effective_from"], ["S", 1, "2026-02-01"]], ALL)
    version = session.execute(select(SchemeVersion).join(Scheme).where(Scheme.code == "S")).scalar_one()
    with transaction() as inner:
        inner.add(SchemeLine(scheme_version_id=version.id, indicator="DONE", weight=Decimal(10)))
    assert "is used by other records" in refusal(desk, brought.number)
    assert session.execute(select(func.count(SchemeLine.id)).where(SchemeLine.scheme_version_id == version.id)).scalar_one() == 1


def test_aliases_that_came_with_a_batch_go_with_it(app: Flask, bring: Bring, desk: Desk, session: Session) -> None:
    kept = create_department("D-1")
    brought = bring("Department", [["code", "name_zh"], ["D-2", "乙"]], ALL)
    with transaction() as inner:
        inner.add(Alias(entity="unit", row_id=kept.id, kind="former", name="随批次", batch_id=brought.number))
        inner.add(Alias(entity="unit", row_id=kept.id, kind="former", name="手工录入"))
    desk.undo(brought.number, Silent())
    assert session.execute(select(Alias.name)).scalars().all() == ["手工录入"]


def test_only_a_written_batch_can_be_undone_and_only_once(app: Flask, bring: Bring, desk: Desk) -> None:
    checked = bring("Department", [["code", "name_zh"], ["D-1", "甲"]])
    assert refusal(desk, checked.number) == "Only a written batch can be undone."
    written = bring("Department", [["code", "name_zh"], ["D-1", "甲"]], ALL)
    desk.undo(written.number, Silent())
    assert refusal(desk, written.number) == "Only a written batch can be undone."


def test_undo_ends_after_thirty_days(app: Flask, bring: Bring, desk: Desk) -> None:
    brought = bring("Department", [["code", "name_zh"], ["D-1", "甲"]], ALL)
    later: datetime = now() + timedelta(days=30)
    with stopped_at(later):
        assert "within 30 days" in refusal(desk, brought.number)


def test_a_tree_is_undone_from_its_leaves(app: Flask, bring: Bring, desk: Desk, session: Session) -> None:
    head = ["code", "name_zh", "level", "parent"]
    brought = bring("Matter", [head, ["01", "市容", 1, None], ["0101", "环卫", 2, "01"], ["010101", "垃圾", 3, "0101"]], ALL)
    desk.undo(brought.number, Silent())
    assert session.execute(select(func.count(Matter.id))).scalar_one() == 0
