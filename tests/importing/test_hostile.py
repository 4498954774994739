"""Hostile files (H11): refused by their outside before any parser sees them, with a sentence in the reader's language."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.languages import words
from app.crud.importing import sheets
from app.crud.importing.guard import guard
from app.crud.importing.sheets import Table
from app.crud.tables import ImportBatch
from app.domain.refusals import Refused
from tests.importing.conftest import Bring
from tests.importing.files import is_chinese
from tests.importing.hostile import SHEET, STRINGS, archive, bomb, honest, locked, lying, sheet_xml, spoilt

Make = Callable[[Path], Path]

ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
DAMAGED = "The workbook is damaged or encrypted and cannot be read."
BOMB = "The workbook unpacks to far more than its size suggests. It was not opened."
MACROS = "The workbook contains macros. Save it as a plain .xlsx and try again."
LINKS = "The workbook takes values from other files. In Excel choose Data, Edit Links, Break Link; save it and try again."
ENTITY = "The workbook declares XML entities, which honest workbooks do not. It was not opened."
OLD = "This is an old or protected workbook. Save it as .xlsx without a password and try again."
FAR = "A cell in %s lies outside what can be imported (300,000 rows, 200 columns). Delete stray cells."
WIDE = "The sheet spans 50,000 rows and 150 columns, more than can be imported. Delete stray cells or split it."


def put(content: bytes) -> Make:
    """A file of these bytes."""

    def make(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return make


def with_parts(**parts: bytes) -> Make:
    """An honest workbook with these parts added."""
    return lambda path: spoilt(path, {name.replace("__", "/"): content for name, content in parts.items()})


def with_sheet(rows: str, prolog: str = "") -> Make:
    """A workbook whose sheet holds these rows."""
    return lambda path: spoilt(path, {SHEET: sheet_xml(rows, prolog)})


def unnumbered(rows: int, cells: int) -> str:
    """Rows and cells that do not say where they stand."""
    return ("<row>" + "<c/>" * cells + "</row>") * rows


HOSTILE: dict[str, tuple[str, Make, str]] = {
    "a zip bomb": ("b.xlsx", lambda path: bomb(path, 300), BOMB),
    "a bomb within the limit of size but not of ratio": ("b.xlsx", lambda path: bomb(path, 40), BOMB),
    "a bomb that understates itself": ("b.xlsx", lambda path: lying(path, 40, 900), BOMB),
    "thousands of parts": ("b.xlsx", lambda path: spoilt(path, {f"xl/media/{n}.png": b"" for n in range(2001)}), BOMB),
    "entities in a sheet": ("b.xlsx", with_sheet("<row><c><v>&b;</v></c></row>", ENTITIES), ENTITY),
    "entities in the strings": ("b.xlsx", lambda path: spoilt(path, {STRINGS: ENTITIES.encode() + b"<sst/>"}), ENTITY),
    "entities in another encoding": ("b.xlsx", lambda path: spoilt(path, {STRINGS: (ENTITIES + "<sst/>").encode("utf-16")}), DAMAGED),
    "a cell far below": ("b.xlsx", with_sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), FAR % "row 1048576"),
    "a cell far to the right": ("b.xlsx", with_sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>'), FAR % "column XFD"),
    "too many unnumbered rows": ("b.xlsx", with_sheet("<row/>" * 300_001), FAR % "row 300001"),
    "cells that pretend to say where they stand": ("b.xlsx", with_sheet("<row>" + '<c xr="A1"/>' * 201 + "</row>"), FAR % "column 202"),
    "too many unnumbered columns": ("b.xlsx", with_sheet(unnumbered(1, 201)), FAR % "column 201"),
    "too large an area": ("b.xlsx", with_sheet('<row r="50000"><c r="ET50000"><v>1</v></c></row>'), WIDE),
    "macros": ("b.xlsx", with_parts(xl__vbaProject=b"x"), MACROS),
    "macros by name": ("b.xlsm", lambda path: archive(path, honest()), MACROS),
    "old macro sheets": ("b.xlsx", lambda path: spoilt(path, {"xl/macrosheets/sheet1.xml": b"<x/>"}), MACROS),
    "links to other files": ("b.xlsx", lambda path: spoilt(path, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}), LINKS),
    "a protected workbook": ("b.xlsx", put(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), OLD),
    "an old workbook": ("b.xls", put(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), OLD),
    "parts with a password": ("b.xlsx", locked, DAMAGED),
    "half a workbook": ("b.xlsx", lambda path: put(archive(path, honest()).read_bytes()[:900])(path), DAMAGED),
    "two tables of contents": ("b.xlsx", lambda path: put(archive(path, honest()).read_bytes() + b"PK\x05\x06" + bytes(18))(path), DAMAGED),
    "text called a workbook": ("b.xlsx", put(b"code,name_zh\n"), "The file is not a workbook."),
    "an archive that is no workbook": ("b.xlsx", lambda path: archive(path, {"a.txt": b"x"}), "The file is not a workbook."),
    "a workbook called a text": (
        "b.csv",
        lambda path: archive(path, honest()),
        "The file is an archive, but its name does not end in .xlsx.",
    ),
    "a program called a text": ("b.csv", put(b"MZ\x00\x00\x90"), "The file is not a text file."),
    "a picture": ("b.png", put(b"\x89PNG\r\n\x1a\n"), "Only .xlsx workbooks and .csv files can be imported."),
    "nothing": ("b.xlsx", put(b""), "The file is empty."),
    "too many bytes": ("b.csv", put(b"a" * (64 * 2**20 + 1)), "The file is larger than 64 MB. Split it."),
}


def refusal(make: Make, folder: Path, name: str) -> Refused:
    with pytest.raises(Refused) as refused:
        guard(make(folder / "upload"), name)
    return refused.value


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_by_its_outside(case: str, tmp_path: Path) -> None:
    name, make, sentence = HOSTILE[case]
    phrase = refusal(make, tmp_path, name).phrase
    assert words("en").phrase(phrase) == sentence
    assert is_chinese(words("zh").phrase(phrase))


def test_a_long_way_down_between_two_cells_is_refused_wherever_they_stand(tmp_path: Path) -> None:
    rows = unnumbered(1, 1) + "<row/>" * 400_000 + unnumbered(1, 1)
    assert refusal(with_sheet(rows), tmp_path, "b.xlsx").code == "far-cell"


def test_too_many_shared_texts_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.crud.importing.guard.MOST_STRINGS", 1_000)
    strings = b"<sst>" + b"<si><t>a</t></si>" * 1_001 + b"</sst>"
    phrase = refusal(lambda path: spoilt(path, {STRINGS: strings}), tmp_path, "b.xlsx").phrase
    assert words("en").phrase(phrase) == "The workbook holds more texts than can be imported at once. Split it."


def test_looking_at_a_bomb_takes_hardly_any_memory(tmp_path: Path) -> None:
    path = lying(tmp_path / "upload", 40, 900)
    tracemalloc.start()
    with pytest.raises(Refused):
        guard(path, "b.xlsx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 2**20


def test_a_refused_file_never_reaches_a_parser_nor_becomes_a_batch(
    lite: Flask, bring: Bring, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets.CalamineWorkbook, "from_path", None, raising=False)
    with pytest.raises(Refused):
        bring("Department", spoilt(tmp_path / "b.xlsx", {SHEET: sheet_xml("<row/>", ENTITIES)}))
    assert session.execute(select(func.count(ImportBatch.id))).scalar_one() == 0


def test_honest_files_are_let_in(tmp_path: Path) -> None:
    assert guard(archive(tmp_path / "a", honest()), "b.xlsx") == "xlsx"
    assert guard(put("code,name_zh\nD-1,局\n".encode("gb18030"))(tmp_path / "b"), "b.CSV") == "csv"
    assert guard(put("code\tname_zh\nD-1\t局\n".encode("utf-16"))(tmp_path / "c"), "b.txt") == "csv"


def test_a_formula_nobody_calculated_is_named_by_its_cell(lite: Flask, bring: Bring, tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="str"><v>code</v></c><c r="B1" t="str"><v>name_zh</v></c></row>'
    rows += '<row r="2"><c r="A2" t="str"><v>D-1</v></c><c r="B2"><f>"城"&amp;"管"</f></c></row>'
    with pytest.raises(Refused) as refused:
        bring("Department", spoilt(tmp_path / "b.xlsx", {SHEET: sheet_xml(rows)}))
    said = "Cell B2 holds a formula whose result was never stored. Open the workbook in Excel, save it, and import it again."
    assert words("en").phrase(refused.value.phrase) == said
    assert is_chinese(words("zh").phrase(refused.value.phrase))


def test_a_calculated_formula_counts_as_its_result(lite: Flask, bring: Bring, tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="str"><v>code</v></c><c r="B1" t="str"><v>name_zh</v></c></row>'
    rows += '<row r="2"><c r="A2" t="str"><v>D-1</v></c><c r="B2" t="str"><f>"城"&amp;"管"</f><v>城管</v></c></row>'
    brought = bring("Department", spoilt(tmp_path / "b.xlsx", {SHEET: sheet_xml(rows)}))
    assert brought.counts == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"code,name_zh\n" + b"," * 7_000_001, "A line of the file is longer than a table can be. Check its separators and line ends."),
        (b"code,name_zh\n" + b"," * 300, "More than 300,000 rows or 200 columns. Split the file."),
        (b'code,name_zh\nD-1,"open\n', "Row 2 of the file cannot be read: a quotation mark is missing or doubled."),
        (b"code,name_zh\nD-1,\xff\xff\n", "The file's characters cannot be read. Save it as “CSV UTF-8” and try again."),
    ],
)
def test_text_that_is_no_table_is_refused_while_it_is_read(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = put(content)(tmp_path / "b")
    with pytest.raises(Refused) as refused:
        list(Table(path, guard(path, "b.csv")).lines())
    assert words("en").phrase(refused.value.phrase) == sentence
