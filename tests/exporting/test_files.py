"""What is inside an exported file: the rows and columns of the list, typed, labelled, masked, and harmless."""

from __future__ import annotations

import csv
import io
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import Table
from werkzeug.datastructures import MultiDict

from app.core.db import db
from app.core.languages import words
from app.core.runs import Silent
from app.core.transaction import transaction
from app.crud.exporting import export_csv, export_workbook, file_name
from app.crud.importing.batches import Desk
from app.crud.importing.bulk import append_rows
from app.crud.listing import Asked, read_request
from app.crud.resource import resource_of
from app.entities.matter import Matter
from tests.people import create_department, create_street_town
from tests.web.doors import create_ticket

DEPARTMENT = ("code", "name", "kind", "position", "valid_from", "parent")
HOSTILE = ("=1+1", "+86 591", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0")


def asked_for(table: str, query: str) -> Asked:
    """A request as the list's address makes it."""
    return read_request(resource_of(table), MultiDict(parse_qsl(query)))


def workbook(table: str, columns: tuple[str, ...], path: Path, query: str = "", language: str = "en") -> list[Any]:
    """The first sheet's rows of an export, as cells."""
    count = export_workbook(db.session(), resource_of(table), asked_for(table, query), columns, words(language), path, Silent())
    rows = list(load_workbook(path).worksheets[0].iter_rows())
    assert count == len(rows) - 1
    return rows


def values(rows: list[Any]) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in rows]


def text(table: str, columns: tuple[str, ...], query: str = "", language: str = "en") -> list[list[str]]:
    """The records of a CSV export."""
    pieces = export_csv(db.session(), resource_of(table), asked_for(table, query), columns, words(language), Silent())
    data = b"".join(pieces)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def units(request: pytest.FixtureRequest) -> None:
    """Four departments, one beneath another."""
    request.getfixturevalue("app" if "app" in request.fixturenames else "lite")
    top = create_department("D-1", name_zh="城市管理局", name_en="Urban Management", position=3, valid_from=date(2024, 5, 6))
    create_department("D-2", name_zh="环卫中心", name_en="", kind="enterprise", position=1, parent_id=top.id)
    create_department("D-3", name_zh="公安分局", name_en="Police", position=2, valid_from=date(2025, 1, 1))
    create_department("D-4", name_zh="园林中心", name_en="Parks", kind="enterprise", position=0)


@pytest.mark.usefixtures("units")
def test_exactly_the_filtered_rows_come_out_in_the_order_of_the_list(app: Flask, tmp_path: Path) -> None:
    rows = values(workbook("Department", ("code",), tmp_path / "d.xlsx", "f=kind.eq.enterprise&o=position"))
    assert rows == [["Code"], ["D-4"], ["D-2"]]
    assert values(workbook("Department", ("code",), tmp_path / "e.xlsx", "f=kind.eq.enterprise&q=园林"))[1:] == [["D-4"]]
    assert [row[0] for row in text("Department", ("code",), "o=-code")] == ["Code", "D-4", "D-3", "D-2", "D-1"]
    assert text("Department", ("code",), "q=城市管理") == [["Code"], ["D-1"]]


@pytest.mark.usefixtures("units")
def test_cells_have_the_types_of_their_columns(lite: Flask, tmp_path: Path) -> None:
    head, first, second, *_ = workbook("Department", DEPARTMENT, tmp_path / "d.xlsx", "o=code")
    assert [cell.value for cell in head] == [
        "Code",
        "Name (Chinese)",
        "Name (English)",
        "Kind",
        "Position in lists",
        "Valid from",
        "Parent unit",
    ]
    assert [cell.value for cell in first][:5] == ["D-1", "城市管理局", "Urban Management", "Department", 3]
    assert (first[4].data_type, first[5].is_date, first[5].value, first[5].number_format) == ("n", True, datetime(2024, 5, 6), "yyyy-mm-dd")
    assert [cell.value for cell in second] == ["D-2", "环卫中心", None, "Enterprise", 1, None, "Urban Management"]


@pytest.mark.usefixtures("units")
def test_dictionaries_and_captions_speak_the_readers_language(lite: Flask, tmp_path: Path) -> None:
    english = values(workbook("Department", ("code", "kind"), tmp_path / "en.xlsx", "o=code"))
    chinese = values(workbook("Department", ("code", "kind"), tmp_path / "zh.xlsx", "o=code", "zh"))
    assert (english[:3], chinese[:3]) == (
        [["Code", "Kind"], ["D-1", "Department"], ["D-2", "Enterprise"]],
        [["编码", "类型"], ["D-1", "责任部门"], ["D-2", "企业"]],
    )
    assert text("Department", ("kind",), "f=code.eq.D-2", "zh") == [["类型"], ["企业"]]


def test_moments_stand_in_the_citys_time(lite: Flask, tmp_path: Path) -> None:
    create_ticket(create_street_town(), reported_at=datetime(2026, 3, 2, 1, 30, tzinfo=UTC))
    _, row = workbook("Ticket", ("reported_at",), tmp_path / "t.xlsx")
    assert (row[0].value, row[0].number_format) == (datetime(2026, 3, 2, 9, 30), "yyyy-mm-dd hh:mm")
    assert text("Ticket", ("reported_at",))[1][0].startswith("2026-03-02 09:30")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_that_looks_like_a_formula_stays_text(lite: Flask, tmp_path: Path, hostile: str) -> None:
    with transaction() as session:
        session.add(Matter(code="M-1", name_zh=hostile, level=1))
    name = hostile.strip()
    cell = workbook("Matter", ("name",), tmp_path / "m.xlsx")[1][0]
    assert (cell.value.strip(), cell.data_type) == (name, "s")
    said = text("Matter", ("name",))[1][0]
    assert said.startswith("'") and said[1:].strip() == name


def test_a_disarmed_csv_comes_back_as_it_was(lite: Flask, tmp_path: Path) -> None:
    with transaction() as session:
        session.add_all(Matter(code=f"M-{place}", name_zh=value.strip(), level=1) for place, value in enumerate(HOSTILE))
    from_text = [row[0].removeprefix("'") for row in text("Matter", ("name",), "o=code")[1:]]
    assert from_text == [value.strip() for value in HOSTILE]


def test_the_file_says_what_it_is_and_who_took_it_out(lite: Flask, units: None, tmp_path: Path) -> None:
    workbook("Department", ("code",), tmp_path / "d.xlsx", "f=kind.eq.enterprise&q=中心")
    about = {row[0].value: row[1].value for row in load_workbook(tmp_path / "d.xlsx").worksheets[1].iter_rows()}
    assert about["Content"] == "Departments"
    assert "Enterprise" in about["Filter"] and "中心" in about["Filter"]
    assert about["Exported by"] and about["Exported at"]


@pytest.mark.parametrize(("language", "name"), [("en", "Street-towns-"), ("zh", "街镇-")])
def test_the_file_is_named_in_the_readers_language(lite: Flask, language: str, name: str) -> None:
    assert file_name(resource_of("StreetTown"), words(language), "xlsx").startswith(name)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_exported_list_can_be_imported_as_it_is(lite: Flask, units: None, tmp_path: Path, language: str) -> None:
    """Every caption, label, day and link of an export is one that the import understands; nothing has changed on the way."""
    path = tmp_path / "d.xlsx"
    workbook("Department", DEPARTMENT, path, "", language)
    desk = Desk(lite.config["STORAGE"])
    batch = desk.check(desk.receive(resource_of("Department"), path, "d.xlsx", {}).id, Silent())
    assert (batch.created, batch.changed, batch.same, batch.refused, batch.note) == (0, 0, 4, 0, "[]")


def test_personal_columns_are_masked_in_both_kinds_of_files(lite: Flask, tmp_path: Path) -> None:
    create_ticket(create_street_town(), reporter_name="林则徐", reporter_phone="13912340000")
    columns = ("reporter_name", "reporter_phone")
    assert values(workbook("Ticket", columns, tmp_path / "t.xlsx"))[1] == ["林**", "139****0000"]
    assert text("Ticket", columns)[1] == ["林**", "139****0000"]
    with zipfile.ZipFile(tmp_path / "t.xlsx") as archive:
        assert not any(b"13912340000" in archive.read(name) for name in archive.namelist())


def many(number: int) -> None:
    """A long table of communities."""
    town, table = create_street_town(), resource_of("Community").entity.__table__
    assert isinstance(table, Table)
    rows = [{"code": f"C-{n:06d}", "name_zh": f"社区{n}", "street_town_id": town.id} for n in range(number)]
    with transaction() as session:
        append_rows(session.connection(), table, rows, {"name_en": "", "name_key": "", "version": 1})


def test_a_long_export_is_streamed_in_bounded_memory(app: Flask) -> None:
    """Ten times the rows take hardly more memory: rows are fetched, written and forgotten a thousand at a time."""
    many(20_000)
    peaks = []
    for query in ("f=code.sw.C-000", "f=code.sw.C-0"):
        asked = asked_for("Community", query)
        db.session.remove()
        tracemalloc.start()
        pieces = export_csv(db.session(), resource_of("Community"), asked, ("code", "name", "street_town"), words("en"), Silent())
        size = sum(len(piece) for piece in pieces)
        peaks.append((size, tracemalloc.get_traced_memory()[1]))
        tracemalloc.stop()
    (small, little), (large, much) = peaks
    assert large > 15 * small
    assert much < little + 6 * 2**20
