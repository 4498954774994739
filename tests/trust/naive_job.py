"""The job as it is often written: straight to its final name, a row at a time, told first and written down last. Kept to be refuted."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import text

from app.core.acting import acting_as
from app.core.db import db
from app.core.storage import digest_of
from app.domain.actors import SYSTEM
from reports.definitions import report
from reports.printing import render
from reports.report import Order

TABLES = (
    "CREATE TABLE naive_run (id INTEGER PRIMARY KEY, state TEXT)",
    "CREATE TABLE naive_file (name TEXT, digest TEXT)",
    "CREATE TABLE naive_sent (name TEXT)",
    "INSERT INTO naive_run VALUES (1, 'queued')",
)


def naive(app: Flask, period: str, people: list[str]) -> None:
    """Do it unless it is done."""
    out = Path(app.config["HOME"]) / "out"
    out.mkdir(exist_ok=True)
    with app.app_context(), acting_as(SYSTEM), db.engine.connect() as connection:
        if connection.execute(text("SELECT state FROM naive_run")).scalar_one() == "done":
            return
        connection.execute(text("UPDATE naive_run SET state = 'running'"))
        connection.commit()
        definition = report("scorecard")
        matter = definition.read(db.session(), Order(period))
        db.session.remove()
        for fmt in ("xlsx", "pdf"):
            place = out / f"scorecard-{period}.zh.{fmt}"
            render(matter, "scorecard", fmt, ["zh"], place)
            connection.execute(text("INSERT INTO naive_file VALUES (:name, :digest)"), {"name": place.name, "digest": digest_of(place)})
            connection.commit()
        for person in people:
            connection.execute(text("INSERT INTO naive_sent VALUES (:name)"), {"name": person})
            connection.commit()
        connection.execute(text("UPDATE naive_run SET state = 'done'"))
        connection.commit()
