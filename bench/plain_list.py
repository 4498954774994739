"""The rival of our lists: the same table in plain Flask-AppBuilder, in a process that never imports the house."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_appbuilder import AppBuilder, Model, ModelView
from flask_appbuilder.models.sqla.base import SQLA
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, insert
from sqlalchemy.orm import relationship

REPEATS = 15


class Town(Model):
    """Half of the link that every ticket has."""

    __tablename__ = "town"
    id = Column(Integer, primary_key=True)
    name = Column(String(60))

    def __repr__(self) -> str:
        return str(self.name)


class Ticket(Model):
    """A ticket with the columns that our list shows."""

    __tablename__ = "ticket"
    id = Column(Integer, primary_key=True)
    number = Column(String(30), unique=True)
    title = Column(String(200))
    stage = Column(String(20), index=True)
    town_id = Column(Integer, ForeignKey("town.id"), index=True)
    town = relationship(Town)
    reported_at = Column(DateTime, index=True)
    due_at = Column(DateTime)


class Tickets(ModelView):
    """Declared as FAB's documentation declares a list."""

    datamodel = SQLAInterface(Ticket)
    route_base = "/tickets"
    list_columns = ["number", "title", "stage", "town", "reported_at", "due_at"]
    search_columns = ["number", "title", "stage", "town"]
    order_columns = ["number", "reported_at", "due_at"]
    base_order = ("reported_at", "desc")
    page_size = 50


ASKED = {
    "first page": "/tickets/list/",
    "filtered by text": "/tickets/list/?_flt_0_title=7",
    "200 pages down": "/tickets/list/?page_Tickets=200",
}


def build(folder: Path, rows: int) -> Flask:
    """The application with ``rows`` tickets and one person."""
    app = Flask("plain")
    app.config.update(WTF_CSRF_ENABLED=False, SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'plain.db'}")
    app.secret_key = "bench"  # noqa: S105 - of an application that lives for a minute
    db = SQLA(app)
    with app.app_context():
        builder = AppBuilder(app, db.session)
        builder.add_view(Tickets, "Tickets")
        builder.sm.add_user("bench", "a", "b", "bench@example.invalid", builder.sm.find_role("Admin"), "bench-password")
        first = datetime(2026, 1, 1)  # noqa: DTZ001 - plain FAB knows no zones
        moments = [first + timedelta(minutes=n) for n in range(rows)]
        values = [
            {"number": f"T{n:07d}", "title": f"路灯不亮，第{n}次反映", "stage": "archived", "town_id": n % 10 + 1, "reported_at": at}
            | {"due_at": at + timedelta(days=3)}
            for n, at in enumerate(moments)
        ]
        with db.engine.begin() as connection:
            connection.execute(insert(Town), [{"id": n + 1, "name": f"街道{n:02d}"} for n in range(10)])
            connection.execute(insert(Ticket), values)
    return app


def timed(get: Callable[[str], Any], paths: dict[str, str]) -> dict[str, float]:
    """Median milliseconds per page, warm."""
    found = {}
    for what, path in paths.items():
        spans = []
        for _ in range(REPEATS + 2):
            start = time.perf_counter()
            answer = get(path)
            spans.append(1000 * (time.perf_counter() - start))
            assert answer.status_code == 200, (what, answer.status_code)
        found[what] = statistics.median(spans[2:])
        found[f"{what}: KB"] = len(answer.data) / 1024
    return found


def main(rows: int) -> None:
    """Print the medians as JSON."""
    with tempfile.TemporaryDirectory(prefix="frontline-bench-") as folder:
        client = build(Path(folder), rows).test_client()
        client.post("/login/", data={"username": "bench", "password": "bench-password"})
        print(json.dumps(timed(client.get, ASKED)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
