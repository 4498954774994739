"""Transactions: everything or nothing, nested ones are one, and of many writers at once none is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.core.acting import acting_as
from app.core.db import WRITES, db
from app.core.transaction import transaction
from app.crud.importing.bulk import insert_rows
from app.crud.tables import Change
from app.domain.actors import SYSTEM
from app.domain.refusals import ChangedMeanwhile, Refused
from app.entities.department import Department
from app.entities.unit import Unit
from tests.people import create_department, reloaded


def _codes() -> list[str]:
    db.session.expire_all()
    return list(db.session.execute(select(Department.code).order_by(Department.code)).scalars())


def _in_threads(app: Flask, work: Callable[[], None], count: int) -> None:
    """``work`` in ``count`` threads, each with a session of its own; the first failure is raised here."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            with app.app_context(), acting_as(SYSTEM):
                work()
        except BaseException as failure:  # noqa: BLE001 - raised below
            failures.append(failure)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failures:
        raise failures[0]


def test_of_two_writers_with_two_hundred_changes_each_none_is_lost(app: Flask) -> None:
    number = create_department(position=0).id
    db.session.rollback()
    beaten: list[int] = []

    def raise_it() -> None:
        for _ in range(200):
            while True:
                try:
                    with transaction() as session:
                        row = session.get(Department, number)
                        row.position = row.position + 1
                    break
                except ChangedMeanwhile:
                    beaten.append(1)

    _in_threads(app, raise_it, 2)
    with transaction() as session:
        row = session.get(Department, number)
        assert (row.position, row.version) == (400, 401)
        updates = select(Change).where(Change.action == "update", Change.row_id == number)
        logged = session.execute(updates.order_by(Change.id)).scalars().all()
    assert [change.changes["position"] for change in logged] == [[n, n + 1] for n in range(400)]
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        assert not beaten  # the write lock is taken before anything is read


def test_everything_inside_is_kept_together(app: Flask) -> None:
    with transaction() as session:
        session.add(Department(code="A", name_zh="甲", kind="department"))
        with transaction() as inner:
            assert inner is session
            session.add(Department(code="B", name_zh="乙", kind="department"))
        with db.engine.connect() as other:
            assert other.execute(text("SELECT count(*) FROM unit")).scalar_one() == 0
    assert _codes() == ["A", "B"]


def test_a_failure_anywhere_leaves_nothing(app: Flask) -> None:
    with pytest.raises(Refused, match="stop"), transaction() as session:
        session.add(Department(code="A", name_zh="甲", kind="department"))
        session.flush()
        with transaction():
            session.add(Department(code="B", name_zh="乙", kind="department"))
            session.flush()
            raise Refused("stop", "stop")
    assert _codes() == []
    create_department("C")
    assert _codes() == ["C"]
    logged = select(Change.row_label).where(Change.entity == "Department")
    assert db.session.execute(logged).scalars().all() == ["Department C"]


def test_a_stale_version_is_refused_and_changes_nothing(app: Flask) -> None:
    row = create_department(position=1)
    with pytest.raises(ChangedMeanwhile), transaction() as session:
        seen = session.get(Department, row.id)
        assert seen.version == 1
        session.connection().execute(text("UPDATE unit SET version = 2, position = 9"))
        seen.position = 5
    assert reloaded(row).position == 1


def test_what_was_read_before_is_read_afresh_inside(app: Flask) -> None:
    row = create_department(position=1)
    assert reloaded(row).position == 1
    with db.engine.connect().execution_options(**{WRITES: True}) as other, other.begin():
        other.execute(text("UPDATE unit SET position = 7"))
    with transaction():
        assert row.position == 7


def test_changes_from_outside_a_transaction_are_not_taken_along(lite: Flask) -> None:
    create_department().position = 3
    with pytest.raises(RuntimeError, match="outside a transaction"), transaction():
        raise AssertionError("never reached")


def test_a_locked_database_is_a_sentence_and_not_a_failure(lite: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    row = create_department(position=1)
    db.session.rollback()
    with db.engine.connect().execution_options(**{WRITES: True}) as other, other.begin():
        db.session.connection().exec_driver_sql("PRAGMA busy_timeout=1")
        with pytest.raises(Refused) as caught, transaction() as session:
            session.get(Department, row.id).position = 2
    assert (caught.value.code, caught.value.status) == ("busy", 503)
    assert "Nothing was saved" in str(caught.value)
    assert reloaded(row).position == 1


def test_the_next_transaction_works_after_one_that_failed(app: Flask) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), transaction() as session:
            session.add(Department(code="A", name_zh="甲", kind="department"))
            session.flush()
            raise ZeroDivisionError
    create_department("A")
    assert _codes() == ["A"]


def test_the_number_of_a_deleted_row_is_never_given_away_with_its_history(app: Flask) -> None:
    first = create_department("D-1")
    with transaction() as session:
        session.delete(session.get_one(Department, first.id))
    assert create_department("D-2").id > first.id
    second = db.session.execute(select(Department).where(Department.code == "D-2")).scalar_one()
    with transaction() as session:
        session.delete(session.get_one(Department, second.id))
    with transaction() as session:
        values = {"type": "department", "kind": "department", "name_en": "", "name_key": "", "version": 1}
        (third,) = insert_rows(session.connection(), Unit.metadata.tables["unit"], [{"code": "D-3", "name_zh": "三", **values}])
    assert third > second.id
