"""Importing a large workbook: 100,000 communities, each linked to its street-town, checked and written, in a process of its own."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from app.core.acting import acting_as
from app.core.db import db
from app.core.runs import Silent
from app.core.storage import Storage
from app.core.transaction import transaction
from app.crud.importing.batches import ALL, Desk
from app.crud.resource import resource_of
from app.domain.actors import SYSTEM
from app.entities.community import Community
from app.entities.street_town import StreetTown
from app.factory import create_app
from app.services.foundation import lay_foundation

ROWS = 100_000
STREET_TOWNS = 200
Result = tuple[str, float, str]


def measure(rows: int = ROWS) -> list[Result]:
    """(what, figure, unit) for the product and for its rival: openpyxl's reader and one ORM object per row."""
    with tempfile.TemporaryDirectory(prefix="frontline-bench-") as folder:
        book = Path(folder) / "communities.xlsx"
        write_book(book, rows)
        found: list[Result] = []
        for name, way in (("import, dry run and write", "kit"), ("rival: openpyxl read + ORM add per row, no checks", "orm")):
            told = _apart(way, book, Path(folder) / way)
            found += [(f"{name}: {part}", figure, unit) for part, figure, unit in told]
        return found


def write_book(path: Path, rows: int) -> None:
    """A workbook of communities with codes, both names, the street-town's name and a first day."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("communities")
    sheet.append(["code", "name_zh", "name_en", "street_town", "valid_from"])
    for number in range(rows):
        town = number % STREET_TOWNS
        sheet.append([f"C{number:06d}", f"社区{number:06d}", f"Community {number:06d}", f"街道{town:03d}", "2024-01-01"])
    book.save(path)


def _apart(way: str, book: Path, home: Path) -> list[Result]:
    """One way in a fresh process, so that its memory is its own."""
    environment = {**os.environ, "FRONTLINE_HOME": str(home), "DATABASE_URL": f"sqlite:///{home / 'bench.db'}"}
    command = [sys.executable, "-m", "bench.import_rows", way, str(book)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
    return [(part, figure, unit) for part, figure, unit in json.loads(done.stdout.splitlines()[-1])]


def _house() -> Flask:
    app = create_app()
    with app.app_context(), acting_as(SYSTEM):
        upgrade()
        lay_foundation()
        with transaction() as session:
            session.add_all(
                StreetTown(code=f"S{n:03d}", name_zh=f"街道{n:03d}", name_en=f"Street-town {n:03d}") for n in range(STREET_TOWNS)
            )
    return app


def _kit(app: Flask, book: Path) -> None:
    storage: Storage = app.config["STORAGE"]
    desk = Desk(storage)
    with storage.scratch(".xlsx") as copy:
        copy.write_bytes(book.read_bytes())
        batch = desk.receive(resource_of("Community"), copy, book.name, {})
    desk.check(batch.id, Silent())
    desk.write(batch.id, ALL, Silent())


def _orm(_app: Flask, book: Path) -> None:
    with transaction() as session:
        towns = dict(session.execute(select(StreetTown.name_zh, StreetTown.id)).all())
        sheet = load_workbook(book, read_only=True).worksheets[0]
        for code, zh, en, town, _first in sheet.iter_rows(min_row=2, values_only=True):
            session.add(Community(code=code, name_zh=zh, name_en=en, street_town_id=towns[town]))


WAYS: dict[str, Callable[[Flask, Path], None]] = {"kit": _kit, "orm": _orm}


def _tell(way: str, book: Path) -> None:
    app = _house()
    with app.app_context(), acting_as(SYSTEM):
        start, cpu = time.perf_counter(), time.process_time()
        WAYS[way](app, book)
        seconds, busy = time.perf_counter() - start, time.process_time() - cpu
        count = db.session.execute(select(func.count()).select_from(Community.__table__)).scalar_one()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([("rows", count, ""), ("time", seconds, "s"), ("processor time", busy, "s"), ("peak memory", peak, "MB")]))


if __name__ == "__main__":
    _tell(sys.argv[1], Path(sys.argv[2]))
