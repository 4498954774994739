"""The moment of writing: what was checked is what is written, in one piece, once, or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.db import db
from app.core.runs import Silent
from app.core.transaction import transaction
from app.crud.importing import batches
from app.crud.importing.batches import ALL, Desk
from app.crud.importing.writing import Writer
from app.crud.tables import Change, ImportBatch
from app.domain.refusals import Refused
from app.entities.department import Department
from tests.importing.conftest import Bring
from tests.importing.files import workbook
from tests.people import create_department, create_street_town, reloaded

ROOT = Path(__file__).resolve().parents[2]


def names() -> list[str]:
    db.session.rollback()
    return sorted(db.session.execute(select(Department.name_zh)).scalars())


def changes() -> int:
    return db.session.execute(select(func.count(Change.id))).scalar_one()


def refused(desk: Desk, number: int) -> Refused:
    with pytest.raises(Refused) as caught:
        desk.write(number, ALL, Silent())
    return caught.value


def test_a_row_changed_between_check_and_writing_stops_the_whole_file(app: Flask, bring: Bring, desk: Desk) -> None:
    kept = create_department("D-1", name_zh="旧")
    brought = bring("Department", [["code", "name_zh"], ["D-1", "新"], ["D-2", "乙"]])
    with transaction():
        reloaded(kept).name_zh = "别人改的"
    said = refused(desk, brought.number)
    assert (said.code, said.status) == ("changed-meanwhile", 409)
    assert "were changed since it was checked" in str(said.phrase)
    assert names() == ["别人改的"]


def test_after_such_a_stop_the_new_check_is_there_and_can_be_written(app: Flask, bring: Bring, desk: Desk) -> None:
    brought = bring("Department", [["code", "name_zh"], ["D-1", "新"], ["D-2", "乙"]])
    assert brought.counts == (2, 0, 0, 0)
    create_department("D-1", name_zh="别人建的")
    refused(desk, brought.number)
    assert (brought.batch.state, brought.counts) == ("checked", (1, 1, 0, 0))
    desk.write(brought.number, ALL, Silent())
    assert names() == ["乙", "新"]


def test_a_link_that_became_ambiguous_after_the_check_stops_it(app: Flask, bring: Bring, desk: Desk) -> None:
    create_department("D-1", name_zh="局")
    brought = bring("Department", [["code", "name_zh", "parent"], ["D-5", "科", "局"]])
    create_department("D-2", name_zh="局")
    assert refused(desk, brought.number).code == "changed-meanwhile"
    assert list(brought.said()) == [(2, "parent")]


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Somebody else acts in the instant between planning and writing; what is in the list is called then."""
    acts: list[object] = []
    original = batches._locked

    def locked(session: Session, batch_id: int) -> ImportBatch:
        found = original(session, batch_id)
        while acts:
            acts.pop()(session)  # type: ignore[operator]
        return found

    monkeypatch.setattr(batches, "_locked", locked)
    return acts


def test_a_row_that_moves_on_in_the_last_instant_stops_the_whole_file(
    app: Flask, bring: Bring, desk: Desk, interrupted: list[object]
) -> None:
    kept = create_department("D-1", name_zh="旧")
    brought = bring("Department", [["code", "name_zh"], ["D-0", "零"], ["D-1", "新"]])

    def meanwhile(inner: Session) -> None:
        table = Department.__table__
        inner.connection().execute(table.update().where(table.c.id == kept.id).values(version=5))

    interrupted.append(meanwhile)
    assert refused(desk, brought.number).code == "changed-meanwhile"
    assert names() == ["旧"]


def test_a_code_taken_in_the_last_instant_stops_the_whole_file(app: Flask, bring: Bring, desk: Desk, interrupted: list[object]) -> None:
    brought = bring("Department", [["code", "name_zh"], ["D-0", "零"], ["D-1", "新"]])
    interrupted.append(lambda inner: create_street_town("D-1"))
    assert refused(desk, brought.number).code == "changed-meanwhile"
    assert names() == []


def test_a_batch_is_written_once(app: Flask, bring: Bring, desk: Desk, interrupted: list[object]) -> None:
    brought = bring("Department", [["code", "name_zh"], ["D-1", "甲"]])

    def meanwhile(inner: Session) -> None:
        batch = inner.get(ImportBatch, brought.number)
        assert batch is not None
        batch.state = "written"

    interrupted.append(meanwhile)
    assert refused(desk, brought.number).code == "already-written"
    assert names() == []
    desk.write(brought.number, ALL, Silent())
    assert refused(desk, brought.number).code == "already-written"
    assert names() == ["甲"]


def test_an_error_in_the_middle_leaves_nothing_behind(app: Flask, bring: Bring, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    brought = bring("Department", [["code", "name_zh"], *([f"D-{n}", f"部门{n}"] for n in range(1500))])
    before = changes()
    calls = iter([None])

    def fails(self: Writer, rows: object) -> None:
        if next(calls, "end") == "end":
            raise OSError("disk full")

    monkeypatch.setattr(Writer, "_log", fails)
    with pytest.raises(OSError, match="disk full"):
        desk.write(brought.number, ALL, Silent())
    monkeypatch.undo()
    assert names() == []
    assert changes() == before
    desk.write(brought.number, ALL, Silent())
    assert len(names()) == 1500


CHILD = """
import sys
from pathlib import Path
from app.core.acting import acting_as
from app.core.runs import Silent
from app.core.storage import Storage
from app.crud.importing.batches import ALL, Desk
from app.domain.actors import SYSTEM
from app.factory import create_app

url, home, batch = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
app = create_app({"SQLALCHEMY_DATABASE_URI": url, "HOME": home, "STORAGE": Storage(home)})

class Stops(Silent):
    def advance(self, done):
        if self.step.message == "Writing rows" and done >= 1000:
            print("writing", flush=True)
            sys.stdin.read()

with app.app_context(), acting_as(SYSTEM):
    Desk(Storage(home)).write(batch, ALL, Stops())
"""


def test_a_process_that_dies_while_writing_leaves_nothing_and_the_batch_can_be_written_again(
    app: Flask, bring: Bring, desk: Desk, tmp_path: Path
) -> None:
    rows = [["code", "name_zh", "parent"], ["D-0", "局", None], *([f"D-{n}", f"科{n}", "D-0"] for n in range(1, 1500))]
    brought = bring("Department", workbook(tmp_path / "many.xlsx", rows))
    before = changes()
    db.session.remove()
    url = db.engine.url.render_as_string(hide_password=False)
    home = app.config["STORAGE"].home
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, url, str(home), str(brought.number)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "FRONTLINE_HOME": str(tmp_path)},
        text=True,
    )
    assert child.stdin is not None and child.stdout is not None
    with child:
        assert child.stdout.readline() == "writing\n"
        child.kill()
    assert names() == []
    assert changes() == before
    assert (brought.batch.state, brought.counts) == ("checked", (1500, 0, 0, 0))
    desk.write(brought.number, ALL, Silent())
    assert len(names()) == 1500
    assert brought.batch.state == "written"
