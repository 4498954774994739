"""Responsibility items from files: links by any name, several supporting units, limits, and names told apart by the day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.transaction import transaction
from app.crud.importing.batches import ALL
from app.crud.tables import Alias, Change
from app.entities.matter import Matter
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from tests.importing.conftest import Bring
from tests.people import create_department

HEAD = ["list_version", "number", "name_zh", "name_en", "matter", "lead", "support", "at_once", "quickly", "within_limit", "basis_zh"]


@pytest.fixture
def ground(house: Flask) -> dict[str, Any]:
    """A list, a matter and four departments to speak of."""
    units = {
        code: create_department(code, name_zh=zh, name_en=en)
        for code, zh, en in [
            ("D-1", "城市管理局", "Urban Management"),
            ("D-2", "生态环境局", "Environment"),
            ("D-3", "公安分局", "Police"),
            ("D-4", "住房建设局", "Housing"),
        ]
    }
    with transaction() as session:
        session.add(ResponsibilityList(code="2026-1", name_zh="2026年第一版", name_en="2026, first", effective_from=date(2026, 1, 1)))
        session.add(Matter(code="01001", name_zh="餐饮油烟", name_en="Restaurant fumes", level=3))
    return units


def item(session: Session, number: str) -> ResponsibilityItem:
    session.expire_all()
    return session.execute(select(ResponsibilityItem).where(ResponsibilityItem.number == number)).scalar_one()


def test_an_item_links_to_its_list_matter_lead_and_supporters(app: Flask, bring: Bring, session: Session, ground: dict[str, Any]) -> None:
    rows = [
        HEAD,
        ["2026-1", "1", "油烟扰民", "Fumes", "餐饮油烟", "Environment", "城市管理局；D-3、住房建设局", "4wh", "3wd", "10wd", "第三条"],
    ]
    assert bring("ResponsibilityItem", rows, ALL).counts == (1, 0, 0, 0)
    found = item(session, "1")
    assert (found.list_version.code, found.matter.code, found.lead.code) == ("2026-1", "01001", "D-2")
    assert [unit.code for unit in found.support] == ["D-1", "D-3", "D-4"]
    assert (found.at_once, found.quickly, found.within_limit, found.basis_zh) == ("4wh", "3wd", "10wd", "第三条")


def test_supporters_have_no_order_so_another_order_is_no_change(app: Flask, bring: Bring, ground: dict[str, Any]) -> None:
    head = ["list_version", "number", "name_zh", "support"]
    bring("ResponsibilityItem", [head, ["2026-1", "1", "油烟", "D-1; D-2; D-3"]], ALL)
    assert bring("ResponsibilityItem", [head, ["2026-1", "1", "油烟", "D-3; D-1; D-2; D-1"]], ALL).counts == (0, 0, 1, 0)


def test_supporters_are_replaced_and_the_change_log_tells_both_sides(
    app: Flask, bring: Bring, session: Session, ground: dict[str, Any]
) -> None:
    head = ["list_version", "number", "name_zh", "support"]
    bring("ResponsibilityItem", [head, ["2026-1", "1", "油烟", "D-1; D-2"]], ALL)
    brought = bring("ResponsibilityItem", [head, ["2026-1", "1", "油烟", "D-4"]], ALL)
    assert [unit.code for unit in item(session, "1").support] == ["D-4"]
    line = session.execute(select(Change).where(Change.batch_id == brought.number)).scalar_one()
    assert line.changes == {"support": [[ground["D-1"].id, ground["D-2"].id], [ground["D-4"].id]]}


def test_an_empty_cell_takes_the_supporters_away_and_a_missing_column_does_not(
    app: Flask, bring: Bring, session: Session, ground: dict[str, Any]
) -> None:
    head = ["list_version", "number", "name_zh", "support"]
    bring("ResponsibilityItem", [head, ["2026-1", "1", "油烟", "D-1; D-2"]], ALL)
    bring("ResponsibilityItem", [head[:3], ["2026-1", "1", "新名"]], ALL)
    assert len(item(session, "1").support) == 2
    bring("ResponsibilityItem", [head, ["2026-1", "1", "新名", None]], ALL)
    assert item(session, "1").support == []


def test_two_lists_may_use_the_same_item_number(app: Flask, bring: Bring, session: Session, ground: dict[str, Any]) -> None:
    with transaction() as inner:
        inner.add(ResponsibilityList(code="2026-2", name_zh="第二版", effective_from=date(2026, 7, 1)))
    rows = [["list_version", "number", "name_zh"], ["2026-1", "1", "甲"], ["第二版", "1", "乙"]]
    assert bring("ResponsibilityItem", rows, ALL).counts == (2, 0, 0, 0)
    assert bring("ResponsibilityItem", rows, ALL).counts == (0, 0, 2, 0)


def test_a_former_name_leads_to_the_unit_that_carries_another_one_today(
    app: Flask, bring: Bring, session: Session, ground: dict[str, Any]
) -> None:
    with transaction() as inner:
        inner.add(Alias(entity="unit", row_id=ground["D-2"].id, kind="former", name="环境保护局", valid_to=date(2019, 3, 1)))
    bring("ResponsibilityItem", [["list_version", "number", "name_zh", "lead"], ["2026-1", "1", "油烟", "环境保护局"]], ALL)
    assert item(session, "1").lead_id == ground["D-2"].id


def test_a_name_that_two_units_once_carried_is_told_apart_by_the_code_only(app: Flask, bring: Bring, ground: dict[str, Any]) -> None:
    with transaction() as inner:
        for code, end in (("D-2", date(2019, 3, 1)), ("D-3", date(2021, 3, 1))):
            inner.add(Alias(entity="unit", row_id=ground[code].id, kind="former", name="综合执法队", valid_to=end))
    brought = bring("ResponsibilityItem", [["list_version", "number", "name_zh", "lead"], ["2026-1", "1", "油烟", "综合执法队"]])
    assert brought.said() == {(2, "lead"): "“综合执法队” could be 生态环境局 (D-2), 公安分局 (D-3); write the code to say which"}
