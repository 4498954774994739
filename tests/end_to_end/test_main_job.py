"""The main job from an empty machine to published scorecards, through the front door, on both databases."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.databases import Postgres, database_url
from tests.end_to_end.ledgers import Count, counted, latest_names, made_up, rows_by_month
from tests.real_data import real_file
from tests.reports.office import converted, program, results_of

ROOT = Path(__file__).resolve().parents[2]
FILES = ("scorecard-2018-09.zh.xlsx", "scorecard-2018-09.zh.pdf", "scorecard-2018-09.en.xlsx", "scorecard-2018-09.en.pdf")
COLUMNS = {"street_town": "STREET_ID", "department": "DISPOSE_UNIT_ID"}


@dataclass
class House:
    """An installation of its own: a data directory, a database, and the commands run in it."""

    home: Path
    url: str
    ledger: Path

    def run(self, *arguments: str, language: str = "en", fails: bool = False) -> str:
        """One command; what it printed. It must succeed, or fail with exit code 1 and without a traceback."""
        done = subprocess.run(
            [sys.executable, "run.py", *arguments], cwd=ROOT, env=self.environment(language), capture_output=True, text=True, check=False
        )
        said = done.stdout + done.stderr
        assert "Traceback" not in said, said
        assert done.returncode == (1 if fails else 0), said
        return said

    def environment(self, language: str) -> dict[str, str]:
        """What the commands see."""
        return {**os.environ, "FRONTLINE_HOME": str(self.home), "DATABASE_URL": self.url, "FRONTLINE_LANG": language}

    def imported(self, language: str = "en") -> str:
        """The import as the handbook writes it."""
        return self.run("import", "tickets", str(self.ledger), "--mapping", "pingshan", "--create-missing", language=language)

    @contextmanager
    def served(self) -> Iterator[str]:
        """The address of a running server."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        server = subprocess.Popen(
            [sys.executable, "run.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env=self.environment("en"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(address, server)
            yield address
        finally:
            server.terminate()
            server.wait(20)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Both databases in turn."""
    return str(request.param)


@pytest.fixture(scope="module", params=["made up", "real"])
def house(request: pytest.FixtureRequest, engine: str, tmp_path_factory: pytest.TempPathFactory) -> House:
    """An installation in which the month has been imported, scored, published and exported by commands alone."""
    folder = tmp_path_factory.mktemp("house")
    real = request.param == "real"
    ledger = real_file("ledger_pingshan/pingshan_dev_lt_2018-11.csv") if real else made_up(folder / "ledger.csv")
    url = ""
    if engine == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        server.create("frontline_walk")
        url = database_url(server, "frontline_walk")
    built = House(folder / "var", url, ledger)
    if not url:
        os.environ.pop("DATABASE_URL", None)
    assert "ready" in built.run("init")
    said = built.imported()
    rows = sum(rows_by_month(ledger).values())
    assert f"{rows:,} rows: {rows:,} new, 0 changed, 0 unchanged, 0 refused." in said
    built.run("score", "--month", "2018-09", "--publish")
    built.run("score", "--month", "2018-10")
    out = ("--out", str(folder / "out"))
    said = built.run("export", "scorecard", "--month", "2018-09", "--format", "xlsx,pdf,json", "--lang", "zh,en", *out)
    assert all(name in said for name in FILES)
    built.run("export", "scorecard", "--month", "2018-10", "--format", "json", *out)
    return built


def card(house: House, month: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((house.home.parent / "out" / f"scorecard-{month}.json").read_text("utf-8"))
    return found


def units(house: House, month: str, group: str) -> dict[str, dict[str, Any]]:
    found = [unit for unit in card(house, month)["units"] if unit["group"] == group and unit["source_code"]]
    assert len({unit["source_code"] for unit in found}) == len(found), "one unit, one line"
    return {unit["source_code"]: unit for unit in found}


def test_exactly_the_five_files_come_out(house: House) -> None:
    assert {f.name for f in (house.home.parent / "out").iterdir()} == {*FILES, "scorecard-2018-09.json", "scorecard-2018-10.json"}


@pytest.mark.parametrize("month", ["2018-09", "2018-10"])
@pytest.mark.parametrize("group", ["street_town", "department"])
def test_every_unit_counts_what_the_file_counts(house: House, month: str, group: str) -> None:
    want = counted(house.ledger, month, COLUMNS[group])
    got = units(house, month, group)
    assert set(want) <= set(got)
    for code, unit in got.items():
        count = want.get(code, Count())
        on_time = unit["indicators"]["DONE_OT"]
        rate = (
            None
            if not count.decided
            else str(Decimal(100 * count.in_time / Decimal(count.decided)).quantize(Decimal("0.01"), ROUND_HALF_UP))
        )
        assert (unit["indicators"]["VOLUME"]["n"], on_time["n"], on_time["d"], on_time["rate"]) == (
            count.tickets,
            count.in_time,
            count.decided,
            rate,
        ), code


def test_a_renamed_unit_is_one_line_under_its_latest_name(house: House) -> None:
    names = latest_names(house.ledger)
    for code, unit in units(house, "2018-10", "department").items():
        assert unit["names"]["zh"] == names[code]


def test_importing_again_changes_nothing_and_says_so(house: House) -> None:
    rows = sum(rows_by_month(house.ledger).values())
    assert f"0 new, 0 changed, {rows:,} unchanged, 0 refused." in house.imported()
    assert "文件未带来任何变化" in house.imported(language="zh")


def test_publishing_twice_changes_nothing_and_says_so(house: House) -> None:
    said = house.run("score", "--month", "2018-09", "--publish")
    assert "nothing was changed" in said
    out = house.home.parent / "again"
    house.run("export", "scorecard", "--month", "2018-09", "--format", "json", "--out", str(out))
    assert json.loads((out / "scorecard-2018-09.json").read_text("utf-8")) == card(house, "2018-09")


def test_libreoffice_recalculates_the_workbook_to_the_same_scores(house: House, tmp_path: Path) -> None:
    """Every live formula, recalculated from nothing by another program, gives the score we published."""
    source = house.home.parent / "out" / "scorecard-2018-09.en.xlsx"
    bare = load_workbook(source)  # openpyxl keeps formulas and drops what Excel would have cached
    bare.save(tmp_path / "bare.xlsx")
    converted(tmp_path / "bare.xlsx", "xlsx:Calc MS Excel 2007 XML", tmp_path / "again")
    ours, theirs = load_workbook(source, data_only=True), results_of(tmp_path / "again" / "bare.xlsx")
    compared = 0
    for sheet in bare.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    mine, other = ours[sheet.title][cell.coordinate].value, theirs[sheet.title][cell.coordinate].value
                    assert mine is not None, (sheet.title, cell.coordinate)
                    same = mine == pytest.approx(other, abs=1e-9) if isinstance(mine, (int, float)) else mine == other
                    assert same, (sheet.title, cell.coordinate, cell.value, mine, other)
                    compared += 1
    ranked = [unit for unit in card(house, "2018-09")["units"] if unit["score"] is not None]
    assert compared >= len(ranked)
    shown = {cell.value for sheet in theirs.worksheets for row in sheet.iter_rows() for cell in row if isinstance(cell.value, (int, float))}
    published = {float(unit["score"]) for unit in ranked}
    assert published <= {round(value, 2) for value in shown}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pdf_embeds_its_fonts_and_its_text_can_be_found(house: House, language: str) -> None:
    path = str(house.home.parent / "out" / f"scorecard-2018-09.{language}.pdf")
    fonts = subprocess.run([program("pdffonts"), path], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert fonts
    for line in fonts:
        embedded, subset, to_unicode = re.findall(r"\b(yes|no)\b", line)[:3]
        assert (embedded, subset, to_unicode) == ("yes", "yes", "yes"), line
    text = re.sub(
        r"\s", "", subprocess.run([program("pdftotext"), "-layout", path, "-"], check=True, capture_output=True, text=True).stdout
    )
    for unit in units(house, "2018-09", "street_town").values():
        assert re.sub(r"\s", "", unit["names"][language] or unit["names"]["zh"]) in text
    assert "一线处置" in text if language == "zh" else "Frontline" in text


def test_the_rest_api_gives_the_same_figures(house: House) -> None:
    house.run("init")
    password = "Walk-pass-2026"
    made = subprocess.run(
        [sys.executable, "-c", ACCOUNT, password], cwd=ROOT, env=house.environment("en"), capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    with house.served() as address:
        token = _post(f"{address}/api/v1/security/login", {"username": "walker", "password": password, "provider": "db"})["access_token"]
        request = urllib.request.Request(f"{address}/api/v1/scorecards/2018-09", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert json.load(answer) == card(house, "2018-09")


ACCOUNT = """
import sys
from app.commands import house
from app.core.db import db
with house() as app:
    people = app.appbuilder.sm
    people.add_user("walker", "Wei", "Walker", "walker@example.org", people.find_role("auditor"), password=sys.argv[1])
    db.session.commit()
"""


def _post(url: str, body: dict[str, str]) -> dict[str, Any]:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        found: dict[str, Any] = json.load(answer)
        return found
