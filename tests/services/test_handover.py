"""The watched folder: a list is imported whole and set aside with a report, a bad one changes nothing, and a repetition neither."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core.clock import stopped_at
from app.core.db import db
from app.crud.tables import ImportBatch
from app.entities.ticket import Ticket
from app.jobs.handover import work
from tests.services.casework import MORNING, create_office

HEAD = "工单编号,工单类型,问题分类,标题,主要内容,工单状态,来电人,电话,被反映街乡镇,办理结果,办结时间,是否解决,是否满意\n"
GOOD = HEAD + "202603010001,诉求,,路灯不亮,晚上看不见路,办理中,王小明,13812345678,街道S-1,,,,\n"
BAD = HEAD + "202603010002,诉求,,井盖破损,,办理中,,,无此街道,,,,\n"


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder for the hotline's lists."""
    app: Flask = request.getfixturevalue("app" if "app" in request.fixturenames else "lite")
    create_office()
    before, app.config["HANDOVER"] = app.config["HANDOVER"], tmp_path
    request.addfinalizer(lambda: app.config.update(HANDOVER=before))
    place = tmp_path / "hotline12345"
    place.mkdir()
    return place


def put(folder: Path, name: str, text: str, seconds_old: int = 60) -> Path:
    """A list that was written so long ago."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    moment = MORNING.timestamp() - seconds_old
    os.utime(path, (moment, moment))
    return path


def look() -> str:
    with stopped_at(MORNING):
        return str(work())


def tickets() -> int:
    return int(db.session.execute(select(func.count()).select_from(Ticket)).scalar_one())


def test_a_list_is_imported_and_set_aside_with_a_report(app: Flask, folder: Path) -> None:
    put(folder, "三月.csv", GOOD)
    assert look() == "Hand-over files imported: 1, refused: 0"
    ticket = db.session.execute(select(Ticket)).scalar_one()
    assert (ticket.title, ticket.source.code, ticket.source_no) == ("路灯不亮", "HOTLINE", "202603010001")
    assert [path.name for path in sorted((folder / "done").iterdir())] == ["20260302-090000-三月.csv", "20260302-090000-三月.csv.txt"]
    report = (folder / "done" / "20260302-090000-三月.csv.txt").read_text(encoding="utf-8")
    assert "1 rows: 1 new" in report
    assert look() == "None"


def test_the_same_list_again_changes_nothing(app: Flask, folder: Path) -> None:
    for _ in range(2):
        put(folder, "a.csv", GOOD)
        look()
    assert tickets() == 1
    assert len(list((folder / "done").glob("*.txt"))) == 2


def test_a_bad_list_is_refused_whole_and_its_report_names_the_row(app: Flask, folder: Path) -> None:
    put(folder, "b.csv", GOOD + BAD.removeprefix(HEAD))
    assert look() == "Hand-over files imported: 0, refused: 1"
    assert tickets() == 0
    report = next((folder / "failed").glob("*.txt")).read_text(encoding="utf-8")
    assert "Row 3, column “被反映街乡镇”: " in report and "无此街道" in report


@pytest.mark.parametrize("text", ["", "nothing\n", "\x00\x01\x02", HEAD])
def test_what_is_no_list_is_set_aside_and_nothing_registered(lite: Flask, folder: Path, text: str) -> None:
    put(folder, "c.csv", text)
    assert look() == "Hand-over files imported: 0, refused: 1"
    assert tickets() == 0
    assert next((folder / "failed").glob("*.txt")).read_text(encoding="utf-8").strip()


def test_files_that_are_growing_hidden_linked_or_foreign_are_left_alone(lite: Flask, folder: Path, tmp_path: Path) -> None:
    put(folder, "growing.csv", GOOD, seconds_old=5)
    put(folder, ".hidden.csv", GOOD)
    put(folder, "~$open.csv", GOOD)
    put(folder, "notes.txt", GOOD)
    put(tmp_path, "elsewhere.csv", GOOD)
    (folder / "linked.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert look() == "None"
    assert db.session.execute(select(func.count()).select_from(ImportBatch)).scalar_one() == 0
    assert not (folder / "done").exists() and not (folder / "failed").exists()
