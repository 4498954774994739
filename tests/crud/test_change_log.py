"""The change log: every change of a record with its values before and after, in the same transaction, or nothing at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.db import db
from app.core.languages import words
from app.core.transaction import transaction
from app.crud import writing
from app.crud.aliases import OtherName, aliases_of, save_aliases
from app.crud.columns import Origin, Reading
from app.crud.resource import resource_of
from app.crud.tables import Change
from app.crud.traces import traces
from app.domain.actors import Actor
from app.domain.refusals import Refused
from app.entities.account import Account
from app.entities.department import Department
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.entities.staff_profile import StaffProfile
from tests.people import create_department, create_person

FORM = Reading(origin=Origin.FORM)


def _log(entity: str) -> list[tuple[str, Any]]:
    """(action, changes) of every line about ``entity``, oldest first."""
    statement = select(Change.action, Change.changes).where(Change.entity == entity).order_by(Change.id)
    return [tuple(row) for row in db.session.execute(statement)]


def _change(entity: str, row: Any, **raw: Any) -> Any:
    db.session.expire_all()
    return writing.change(resource_of(entity), row.id, row.version, raw, FORM)


def test_each_change_is_written_down_with_before_and_after(app: Flask) -> None:
    person = Actor(user_id=None, name="林晓", sees_all=True)
    parent = create_department("D-TOP")
    with acting_as(person):
        row = create_department("D-1", name_zh="原名", valid_from=date(2026, 1, 1))
        _change("Department", row, name_zh="新名", name_en="", parent=str(parent.id), valid_from="", position="7")
        writing.delete(resource_of("Department"), row.id, row.version)
    create, update, delete = _log("Department")[1:]
    assert create == ("create", None)
    assert update[0] == "update"
    assert update[1] == {
        "name_zh": ["原名", "新名"],
        "name_en": ["Department D-1", ""],
        "parent": [None, parent.id],
        "valid_from": ["2026-01-01", None],
        "position": [100, 7],
    }
    assert delete[0] == "delete"
    assert delete[1]["name_zh"] == ["新名", None]
    assert delete[1]["parent"] == [parent.id, None]
    lines = db.session.execute(select(Change).where(Change.row_id == row.id, Change.entity == "Department")).scalars().all()
    assert {line.user_name for line in lines} == {"林晓"}
    assert len({line.row_label for line in lines}) == 2


def test_a_save_that_changes_nothing_is_no_change(app: Flask) -> None:
    row = create_department(valid_from=date(2026, 1, 1))
    typed = {"code": row.code, "name_zh": row.name_zh, "name_en": row.name_en, "valid_from": "2026-01-01", "position": "100"}
    _change("Department", row, **typed)
    assert row.version == 1
    assert [action for action, _ in _log("Department")] == ["create"]


def _item(**values: Any) -> ResponsibilityItem:
    with transaction() as session:
        version = ResponsibilityList(code="2026-1", name_zh="清单", effective_from=date(2026, 1, 1))
        session.add(version)
        session.flush()
        row = ResponsibilityItem(list_version_id=version.id, number="1", name_zh="占道", **values)
        session.add(row)
    return row


def test_several_links_are_logged_as_the_numbers_before_and_after(app: Flask) -> None:
    one, two, three = (create_department(f"D-{n}") for n in (1, 2, 3))
    row = _item(lead_id=one.id, support=[one, two])
    _change("ResponsibilityItem", row, support=[str(three.id), str(two.id)], lead=str(two.id))
    _change("ResponsibilityItem", row, support=[])
    updates = [changes for action, changes in _log("ResponsibilityItem") if action == "update"]
    assert updates == [
        {"support": [[one.id, two.id], [two.id, three.id]], "lead": [one.id, two.id]},
        {"support": [[two.id, three.id], []]},
    ]


def test_changing_only_links_is_a_new_version_too(app: Flask) -> None:
    one, two = create_department("D-1"), create_department("D-2")
    row = _item(support=[one])
    _change("ResponsibilityItem", row, support=[str(two.id)])
    assert row.version == 2
    with pytest.raises(Refused, match="Somebody changed this record"):
        writing.change(resource_of("ResponsibilityItem"), row.id, 1, {"support": []}, FORM)


def test_values_that_were_not_loaded_are_logged_all_the_same(app: Flask) -> None:
    row = create_department("D-1", name_zh="原名", position=3)
    with transaction():
        db.session.expire(row)
        row.position = 4
        row.name_zh = "新名"
    assert _log("Department")[-1] == ("update", {"name_zh": ["原名", "新名"], "position": [3, 4]})


def test_a_change_that_fails_leaves_no_line(app: Flask) -> None:
    row = create_department()
    with pytest.raises(Refused), transaction() as session:
        session.get(Department, row.id).position = 9
        session.flush()
        raise Refused("stop", "stop")
    assert [action for action, _ in _log("Department")] == ["create"]


def test_accounts_are_logged_by_their_declared_columns_and_never_their_password(app: Flask) -> None:
    account = create_person("viewer")
    roles = [role.id for role in account.roles]
    with transaction() as session:
        row = session.get(Account, account.id)
        row.password, row.active, row.roles = "another hash", False, []
    logged = {name: pair for action, changes in _log("User") if action == "update" for name, pair in changes.items()}
    assert logged == {"active": [True, False], "roles": [roles, []]}
    assert "hash" not in str(_log("User"))


def test_other_names_are_logged_and_make_a_new_version(app: Flask) -> None:
    row = create_department()
    with transaction() as session:
        save_aliases(session, session.get(Department, row.id), [OtherName("旧名"), OtherName("简称", "short")])
    assert _log("Department")[-1] == ("update", {"aliases": [[], ["former 旧名 zh", "short 简称 zh"]]})
    with transaction() as session:
        save_aliases(session, session.get(Department, row.id), [OtherName("简称", "short"), OtherName("旧名")])
    assert len(_log("Department")) == 2


def test_a_new_record_inherits_nothing_from_a_deleted_one_with_its_number(lite: Flask) -> None:
    old = create_department("D-OLD")
    with transaction() as session:
        save_aliases(session, session.get(Department, old.id), [OtherName("旧名")])
    number = old.id
    db.session.expire_all()
    writing.delete(resource_of("Department"), number, old.version)
    with transaction() as session:
        new = Department(id=number, code="D-NEW", name_zh="新", kind="department")
        session.add(new)
    assert aliases_of(db.session(), new) == []
    with transaction():
        new.position = 5
    shown = traces(db.session(), resource_of("Department"), number, words("en"))
    assert [trace.action for trace in shown] == ["Changed", "Created"]


def test_personal_values_stay_masked_in_the_log_as_it_is_shown(app: Flask) -> None:
    account = create_person("street_town")
    with transaction() as session:
        profile = session.execute(select(StaffProfile).where(StaffProfile.account_id == account.id)).scalar_one()
        profile.phone = "13912345678"
    shown = traces(db.session(), resource_of("StaffProfile"), profile.id, words("en"))
    assert shown[0].changes == (("Telephone", "—", "139****5678"),)
