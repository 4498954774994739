"""Plain FAB's traps in tables, start-up and SQLite, each shown in the laboratory and shown repaired in the house."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_appbuilder import Model
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from app.core.clock import stopped_at
from app.core.db import db
from app.core.transaction import transaction
from app.entities.department import Department
from app.factory import create_app
from tests.people import create_department, create_person
from tests.plainfab.laboratory import Laboratory

# Trap 19: an add-on that fails is only logged.


def test_plain_fab_starts_without_a_wing_that_is_missing_or_broken(laboratory: Laboratory) -> None:
    assert laboratory.experiments["missing_wing"] == {"started": True, "wings": []}
    assert laboratory.experiments["broken_wing"] == {"started": True, "wings": []}


@pytest.mark.filterwarnings("ignore")
def test_our_house_does_not_start_without_its_wings(lite: Flask) -> None:
    wing = "tests.plainfab.nowhere.Wing"
    with pytest.raises(RuntimeError, match=r"wings did not start: \['tests.plainfab.nowhere.Wing'\]"):
        create_app({"ADDON_MANAGERS": [wing], "SQLALCHEMY_DATABASE_URI": lite.config["SQLALCHEMY_DATABASE_URI"]})


# Trap 20: rows that nobody signed in has made; time without a zone.


def test_plain_fab_cannot_write_where_nobody_is_signed_in(laboratory: Laboratory) -> None:
    assert laboratory.experiments["audit_mixin"] == {"actor_may_be_missing": False, "zone": "None"}


def test_our_rows_are_written_by_jobs_too_and_their_time_is_utc(app: Flask) -> None:
    moment = datetime(2026, 3, 1, 23, 30, 15, tzinfo=UTC)
    with stopped_at(moment):
        row = create_department()
    db.session.expire_all()
    assert (row.created_by_id, row.changed_by_id) == (None, None)
    assert row.created_at == moment == row.changed_at
    assert row.created_at.tzinfo is not None
    with pytest.raises(StatementError, match="naive instant"), transaction():
        row.created_at = datetime(2026, 3, 1)
        db.session.flush()


# Trap 21: two classes with one table name become one.


def test_plain_fab_merges_two_tables_of_one_name(laboratory: Laboratory) -> None:
    assert laboratory.experiments["merged_tables"] == {"columns": ["id", "street", "town"], "same": True}


def test_no_two_of_our_classes_share_a_table_by_accident(lite: Flask) -> None:
    owners: dict[str, set[str]] = {}
    for mapper in Model.registry.mappers:
        owners.setdefault(mapper.local_table.name, set()).add(mapper.base_mapper.class_.__name__)
    assert {table: names for table, names in owners.items() if len(names) > 1} == {}


# Trap 22: one AppBuilder for several applications.


def test_plain_fab_loses_its_sign_in_page_in_a_second_application(laboratory: Laboratory) -> None:
    assert laboratory.experiments["second_application"] == {"login": [200, 404]}


def test_a_second_house_has_its_sign_in_page_too(lite: Flask) -> None:
    second = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": lite.config["SQLALCHEMY_DATABASE_URI"]})
    for app in (lite, second):
        assert app.test_client().get("/login/").status_code == 200


# Trap 23: SQLite without foreign keys.


def test_plain_fab_deletes_an_office_that_has_cases(laboratory: Laboratory) -> None:
    assert laboratory.rows("PRAGMA foreign_keys") == [(0,)]
    laboratory.visitor("north").post("/officeview/delete/1")
    assert laboratory.rows("SELECT id FROM office") == [(2,)]


def test_our_sqlite_keeps_its_manners(lite: Flask) -> None:
    expected = {"foreign_keys": 1, "journal_mode": "wal", "synchronous": 2, "busy_timeout": 30_000}
    with db.engine.connect() as connection:
        assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected} == expected


def test_the_database_itself_keeps_a_department_that_is_used(app: Flask) -> None:
    parent = create_department("D-1")
    create_department("D-2", parent_id=parent.id)
    with pytest.raises(IntegrityError), transaction() as session:
        session.connection().execute(text("DELETE FROM unit WHERE code = 'D-1'"))
    assert db.session.execute(select(Department.code).order_by(Department.code)).scalars().all() == ["D-1", "D-2"]


def test_no_foreign_key_leads_from_accounts_to_our_tables(lite: Flask) -> None:
    for table in ("ab_user", "ab_role"):
        assert not inspect(db.engine).get_foreign_keys(table) or all(
            key["referred_table"].startswith("ab_") for key in inspect(db.engine).get_foreign_keys(table)
        )
    assert create_person("viewer").id
