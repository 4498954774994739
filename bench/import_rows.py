"""Importing 100,000 rows on SQLite: communities and a ledger of tickets, checked and written, each way in a process of its own."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, insert, select

from app.core.acting import acting_as
from app.core.clock import now
from app.core.db import db
from app.core.runs import Silent
from app.core.storage import Storage
from app.core.transaction import transaction
from app.crud.importing.batches import ALL, Desk
from app.crud.resource import resource_of
from app.domain.actors import SYSTEM
from app.entities.channel import Channel
from app.entities.department import Department
from app.entities.matter import Matter
from app.entities.street_town import StreetTown
from app.factory import create_app
from app.services.foundation import lay_foundation
from bench import Measured

ROWS, FEW = 100_000, 5_000
STREET_TOWNS, UNITS, MATTERS, CHANNELS = 200, 150, 300, 8
RIVAL = "openpyxl read + Core insertmany, unchecked"
PROMISED = "promised for 100,000 rows: under 60 s and 300 MB; ours reads twice, checks, links, logs and can be undone"

COMMUNITY = ("code", "name_zh", "name_en", "street_town", "valid_from")
TICKET = ("来源单号", "标题", "描述", "性质", "事项类别", "街镇", "地点", "渠道", "承办单位", "上报时间", "签收时间", "期限", "办结时间")


def measure(small: bool = False) -> Iterator[Measured]:
    """Seconds and peak memory of both imports beside a reader that checks nothing."""
    rows = FEW if small else ROWS
    with tempfile.TemporaryDirectory(prefix="frontline-bench-") as folder:
        for table, write in (("Community", write_communities), ("Ticket", write_tickets)):
            book = Path(folder) / f"{table}.xlsx"
            write(book, rows)
            ours, rival = (_apart(way, table, book, Path(folder) / f"{table}-{way}") for way in ("kit", "core"))
            assert ours["rows"] == rival["rows"] == rows
            what = f"import {rows:,} rows into {table}"
            yield Measured(f"{what}: time", ours["seconds"], RIVAL, rival["seconds"], "s", PROMISED)
            yield Measured(f"{what}: processor time", ours["cpu"], RIVAL, rival["cpu"], "s")
            yield Measured(f"{what}: peak memory of the process", ours["peak"], RIVAL, rival["peak"], "MB")


def write_communities(path: Path, rows: int) -> None:
    """A workbook of communities with codes, both names, the street-town's name and a first day."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("communities")
    sheet.append(COMMUNITY)
    for n in range(rows):
        sheet.append([f"C{n:06d}", f"社区{n:06d}", f"Community {n:06d}", f"街道{n % STREET_TOWNS:03d}", "2024-01-01"])
    book.save(path)


def write_tickets(path: Path, rows: int) -> None:
    """A ledger in the product's own template: what a busy district registers in a year."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("tickets")
    sheet.append(TICKET)
    first = datetime(2024, 1, 1, 8, 0)  # noqa: DTZ001 - a cell has no zone
    for n in range(rows):
        at = first + timedelta(minutes=5 * n)
        names = (f"事项{n % MATTERS:03d}", f"街道{n % STREET_TOWNS:03d}", f"某路{n % 997}号", f"渠道{n % CHANNELS}", f"部门{n % UNITS:03d}")
        times = (at + timedelta(minutes=20), at + timedelta(days=3), at + timedelta(hours=1 + n % 90))
        sheet.append([f"R{n:07d}", f"路灯不亮，第{n}次反映", "小区门口路灯连续多日不亮，希望尽快维修。", "求助", *names, at, *times])
    book.save(path)


def _apart(way: str, table: str, book: Path, home: Path) -> dict[str, float]:
    """One way in a fresh process, so that its memory is its own."""
    environment = {**os.environ, "FRONTLINE_HOME": str(home), "DATABASE_URL": f"sqlite:///{home / 'bench.db'}"}
    command = [sys.executable, "-m", "bench.import_rows", way, table, str(book)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - ourselves
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _house() -> Flask:
    app = create_app()
    with app.app_context(), acting_as(SYSTEM):
        upgrade()
        lay_foundation()
        with transaction() as session:
            session.add_all(StreetTown(code=f"S{n:03d}", name_zh=f"街道{n:03d}") for n in range(STREET_TOWNS))
            session.add_all(Department(code=f"D{n:03d}", name_zh=f"部门{n:03d}", kind="department") for n in range(UNITS))
            session.add_all(Matter(code=f"M{n:03d}", name_zh=f"事项{n:03d}", level=1) for n in range(MATTERS))
            session.add_all(Channel(code=f"K{n}", name_zh=f"渠道{n}") for n in range(CHANNELS))
    return app


def _kit(app: Flask, table: str, book: Path) -> None:
    storage: Storage = app.config["STORAGE"]
    desk = Desk(storage)
    with storage.scratch(".xlsx") as copy:
        copy.write_bytes(book.read_bytes())
        batch = desk.receive(resource_of(table), copy, book.name, {})
    desk.check(batch.id, Silent())
    desk.write(batch.id, ALL, Silent())


def _core(_app: Flask, table: str, book: Path) -> None:
    """The least that anybody could do: every name looked up in a dictionary, every row one record, all in one statement."""
    with transaction() as session:
        names = {e: dict(session.execute(select(e.name_zh, e.id)).all()) for e in (StreetTown, Department, Matter, Channel)}
        sheet = load_workbook(book, read_only=True).worksheets[0]
        record = _community if table == "Community" else _ticket
        records = [record(cells, names) for cells in sheet.iter_rows(min_row=2, values_only=True)]
        session.execute(insert(resource_of(table).entity.__table__), records)


def _stamp() -> dict[str, Any]:
    return {"version": 1, "created_at": now(), "changed_at": now()}


def _community(cells: tuple[Any, ...], names: dict[Any, dict[str, int]]) -> dict[str, Any]:
    code, zh, en, town, first = cells
    day = date.fromisoformat(first)
    link = names[StreetTown][town]
    return {"code": code, "name_zh": zh, "name_en": en, "name_key": "", "street_town_id": link, "valid_from": day, **_stamp()}


def _ticket(cells: tuple[Any, ...], names: dict[Any, dict[str, int]]) -> dict[str, Any]:
    number, title, description, _nature, matter, town, address, channel, unit, *times = cells
    reported, _signed, due, done = (at.replace(tzinfo=UTC) for at in times)
    links = {"matter_id": names[Matter][matter], "street_town_id": names[StreetTown][town], "unit_id": names[Department][unit]}
    texts = {"number": number, "source_no": number, "title": title, "description": description, "address": address, "stage": "archived"}
    links["channel_id"] = names[Channel][channel]
    return {**texts, **links, "reported_at": reported, "due_at": due, "completed_at": done, **_stamp()}


WAYS: dict[str, Callable[[Flask, str, Path], None]] = {"kit": _kit, "core": _core}


def _tell(way: str, table: str, book: Path) -> None:
    app = _house()
    with app.app_context(), acting_as(SYSTEM):
        start, busy = time.perf_counter(), time.process_time()
        WAYS[way](app, table, book)
        seconds, cpu = time.perf_counter() - start, time.process_time() - busy
        rows = db.session.execute(select(func.count()).select_from(resource_of(table).entity.__table__)).scalar_one()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "cpu": cpu, "peak": peak}))


if __name__ == "__main__":
    _tell(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
