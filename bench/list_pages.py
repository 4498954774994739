"""A list of tickets as a browser asks for it: our page beside plain Flask-AppBuilder's, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert

from app.core.acting import acting_as
from app.core.clock import now
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.entities.account import Account
from app.entities.street_town import StreetTown
from app.entities.ticket import Ticket
from app.factory import create_app
from app.services.foundation import lay_foundation
from app.services.sign_in import set_first_password
from bench import Measured
from bench.plain_list import timed

ROWS, FEW = 100_000, 12_000
RIVAL = "plain FAB 5.3 ModelView, SQLite"
PASSWORD = "Bench-pass-2026"  # noqa: S105 - of a database that lives for a minute
PAGES = ("first page", "filtered by text", "200 pages down")


def measure(small: bool = False) -> Iterator[Measured]:
    """Median milliseconds of a page, and how much is sent."""
    rows = FEW if small else ROWS
    with tempfile.TemporaryDirectory(prefix="frontline-bench-") as folder:
        ours, plain = (_apart(module, rows, Path(folder)) for module in ("bench.list_pages", "bench.plain_list"))
    note = "ours with row scope, labels in two languages, time left, links by name and a capped count"
    for what in PAGES:
        yield Measured(f"list of {rows:,} tickets, {what}", ours[what], RIVAL, plain[what], "ms", note if what == PAGES[0] else "")
    yield Measured(f"list of {rows:,} tickets, size of a page", ours[f"{PAGES[0]}: KB"], RIVAL, plain[f"{PAGES[0]}: KB"], "KB")


def _apart(module: str, rows: int, folder: Path) -> dict[str, float]:
    home = folder / module
    home.mkdir()
    environment = {**os.environ, "FRONTLINE_HOME": str(home), "DATABASE_URL": ""}
    command = [sys.executable, "-W", "ignore", "-m", module, str(rows)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)  # noqa: S603
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _house(rows: int) -> Flask:
    app = create_app()
    with app.app_context(), acting_as(SYSTEM):
        upgrade()
        lay_foundation()
        with transaction() as session:
            towns = [StreetTown(code=f"S{n:02d}", name_zh=f"街道{n:02d}") for n in range(10)]
            session.add_all(towns)
            role = app.appbuilder.sm.find_role("evaluator")
            account = Account(username="bench", first_name="a", last_name="", email="bench@example.invalid", active=True, roles=[role])
            set_first_password(account, PASSWORD)
            session.add(account)
            session.flush()
            moments = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n) for n in range(rows)]
            stamp = {"version": 1, "created_at": now(), "changed_at": now(), "stage": "archived"}
            session.execute(
                insert(Ticket),
                [
                    {
                        "number": f"T{n:07d}",
                        "title": f"路灯不亮，第{n}次反映",
                        "street_town_id": towns[n % 10].id,
                        "reported_at": at,
                        **stamp,
                    }
                    | {"due_at": at + timedelta(days=3)}
                    for n, at in enumerate(moments)
                ],
            )
    return app


def main(rows: int) -> None:
    """Print the medians as JSON."""
    app = _house(rows)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/login/", data={"username": "bench", "password": PASSWORD})
    order = "/tickets/list/?o=-reported_at"
    asked = {PAGES[0]: order, PAGES[1]: f"{order}&f=title.ct.7", PAGES[2]: f"{order}&c=a{rows - 10_000}&s=10000"}
    print(json.dumps(timed(client.get, asked)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
