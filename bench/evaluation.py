"""Computing an evaluation beside one raw SQL aggregate over the same rows, with and without a million older tickets in the table."""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import insert, text

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.period import month_of
from app.entities.assignment_round import AssignmentRound
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.department import Department
from app.entities.rating import Rating
from app.entities.street_town import StreetTown
from app.entities.ticket import Ticket
from app.factory import create_app
from app.services.evaluation import compute
from app.services.evaluation_work import work_out
from app.services.foundation import lay_foundation
from bench import Measured

ROWS, FEW = 30_000, 3_000
OLDER, FEWER = 1_000_000, 100_000
MONTH = month_of("2026-10")
STAMP = datetime(2026, 11, 1, tzinfo=UTC)
STAMPS = {"version": 1, "created_at": STAMP, "changed_at": STAMP}
RIVAL = "one SQL aggregate over the same rows"


def measure(small: bool = False) -> Iterator[Measured]:
    """Seconds, and megabytes at the peak."""
    rows, older = (FEW, FEWER) if small else (ROWS, OLDER)
    with tempfile.TemporaryDirectory(prefix="frontline-bench-") as folder:
        for extra in (0, older):
            _run(folder, "age" if extra else "build", rows, extra)
            found: dict[str, float] = json.loads(_run(folder, "measure", rows, extra).splitlines()[-1])
            what = f"evaluation of {rows:,} tickets" + (f", {extra:,} older ones" if extra else "")
            note = f"{found['duties']:,.0f} duties; promised: at most 3"
            yield Measured(f"{what}: collect, count, score", found["count"], RIVAL, found["sql"], note=note)
            yield Measured(f"{what}: and seal and keep", found["compute"], RIVAL, found["sql"])
            yield Measured(f"{what}: memory at the peak", found["peak"], "promised", 300.0, "MB")
            if not extra:
                alone = found
        yield Measured("with older tickets against without: count", found["count"], "without; promised: at most 1.3", alone["count"])


def _run(folder: str, action: str, rows: int, older: int) -> str:
    environment = {**os.environ, "FRONTLINE_HOME": folder, "DATABASE_URL": ""}
    command = [sys.executable, "-W", "ignore", "-m", "bench.evaluation", action, str(rows), str(older)]
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout  # noqa: S603


def build(rows: int) -> None:
    """A month of ``rows`` tickets: 10 street-towns, 40 departments, two thirds with the street-towns, every third of those calls."""
    chance = Random(4)  # noqa: S311 - figures, not secrets
    upgrade()
    lay_foundation()
    with transaction() as session:
        towns = [StreetTown(code=f"S{n:02d}", name_zh=f"街道{n:02d}") for n in range(10)]
        departments = [Department(code=f"D{n:02d}", name_zh=f"部门{n:02d}") for n in range(40)]
        session.add_all([*towns, *departments])
        session.flush()
        kept: dict[Any, list[dict[str, Any]]] = {Ticket: [], AssignmentRound: [], Call: [], CalledUnit: [], Rating: []}
        for number in range(1, rows + 1):
            _ticket(kept, number, rows, [unit.id for unit in towns], [unit.id for unit in departments], chance)
        for entity, found in kept.items():
            session.execute(insert(entity), found)


def _ticket(
    kept: dict[Any, list[dict[str, Any]]], number: int, rows: int, towns: list[int], departments: list[int], chance: Random
) -> None:
    at = MONTH.start + timedelta(seconds=number * 2_592_000 // rows)
    street, department = chance.choice(towns), chance.choice(departments)
    held = street if number % 3 else department
    due = at + timedelta(hours=8 if number % 4 else 48)
    done = at + timedelta(seconds=chance.randrange(600, 200_000)) if number % 20 else None
    times = {"due_at": due, "completed_at": done}
    whole = {"number": f"T{number:08d}", "title": "路灯不亮", "reported_at": at, "street_town_id": street, "unit_id": held, "rounds": 1}
    kept[Ticket].append({"id": number, **whole, **times, "stage": "archived" if done else "handling", **STAMPS})
    signed = at + timedelta(seconds=chance.randrange(30, 900))
    turn = {"id": number, "ticket_id": number, "unit_id": held, "ordinal": 1, "kind": "dispatch", "dispatched_at": at, "signed_at": signed}
    limits = {"sign_due_at": at + timedelta(minutes=10), "contact_due_at": at + timedelta(hours=24), "contacted_at": signed}
    kept[AssignmentRound].append({**turn, **limits, **times, **STAMPS})
    if number % 9 == 1:
        called, issued = chance.choice(departments), at + timedelta(hours=1)
        kept[Call].append({"id": number, "ticket_id": number, "street_town_id": street, "ordinal": 1, "issued_at": issued, **STAMPS})
        limit = {"sign_due_at": issued + timedelta(hours=1), "response_due_at": issued + timedelta(hours=4), "due_at": due}
        answer = {"responded_at": issued + timedelta(seconds=chance.randrange(60, 20_000)), "finished_at": done}
        kept[CalledUnit].append({"call_id": number, "unit_id": called, "role": "lead", **limit, **answer, **STAMPS})
    if done and number % 2:
        said = {"satisfaction": "satisfied" if number % 5 else "dissatisfied", "submitted_at": done + timedelta(hours=1)}
        kept[Rating].append({"ticket_id": number, "kind": "public", "round": 1, "state": "given", **said, **STAMPS})


def age(rows: int, older: int) -> None:
    """Copies of the month, one month further back each time, until ``older`` tickets lie behind it."""
    with transaction() as session:
        for step in range(1, -(-older // rows) + 1):
            for entity in (Ticket, AssignmentRound, Call, CalledUnit, Rating):
                session.execute(text(_copied(entity.__table__, rows, step)))
        session.execute(text("ANALYZE"))


def _copied(table: Any, rows: int, step: int) -> str:
    """The rows of the first month once more: ``step`` times further on in number and back in time, what was open closed."""
    shift, days = rows * step, 31 * step
    values = []
    for column in table.columns:
        name = f'"{column.name}"'
        if column.name in ("id", "ticket_id", "call_id"):
            values.append(f"{name} + {shift}" if column.name != "id" or table.name in ("ticket", "assignment_round", "call") else "NULL")
        elif column.name == "number":
            values.append(f"'O' || (id + {shift})")
        elif column.name in ("completed_at", "finished_at"):
            values.append(f"strftime('%Y-%m-%d %H:%M:%S.000000', COALESCE({name}, due_at), '-{days} days')")
        elif str(column.type) == "DATETIME":
            values.append(f"strftime('%Y-%m-%d %H:%M:%S.000000', {name}, '-{days} days')")
        else:
            values.append(name)
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    first = {"ticket": "id", "called_unit": "call_id"}.get(table.name, "ticket_id")
    return f"INSERT INTO {table.name} ({names}) SELECT {', '.join(values)} FROM {table.name} WHERE {first} <= {rows}"  # noqa: S608


AGGREGATE = """
WITH duty AS (
  SELECT 'case' AS kind, street_town_id AS unit, reported_at, NULL AS dispatched_at, NULL AS signed_at, due_at, completed_at,
         NULL AS limit_at, NULL AS answered_at, NULL AS contact_due_at, NULL AS contacted_at, reworks, id AS ticket_id
  FROM ticket WHERE reported_at >= :start AND reported_at < :end AND NOT voided
  UNION ALL
  SELECT 'round', r.unit_id, t.reported_at, r.dispatched_at, r.signed_at, r.due_at, r.completed_at,
         NULL, NULL, r.contact_due_at, r.contacted_at, r.reworks, r.ticket_id
  FROM assignment_round r JOIN ticket t ON t.id = r.ticket_id WHERE t.reported_at >= :start AND t.reported_at < :end AND NOT t.voided
  UNION ALL
  SELECT 'call', p.unit_id, t.reported_at, c.issued_at, p.signed_at, p.due_at, p.finished_at,
         p.response_due_at, p.responded_at, NULL, NULL, 0, c.ticket_id
  FROM called_unit p JOIN call c ON c.id = p.call_id JOIN ticket t ON t.id = c.ticket_id
  WHERE t.reported_at >= :start AND t.reported_at < :end AND NOT t.voided
)
SELECT kind, unit, COUNT(*), SUM(due_at >= :start AND due_at < :end), SUM(completed_at <= :as_of AND due_at < :end),
       SUM(completed_at <= due_at), SUM(due_at <= :as_of AND completed_at IS NULL), SUM(completed_at >= :start AND completed_at < :end),
       SUM(reworks > 0), SUM((julianday(signed_at) - julianday(dispatched_at)) * 86400 <= 600), SUM(limit_at < :end),
       SUM(answered_at <= limit_at), SUM(contact_due_at < :end), SUM(contacted_at <= contact_due_at),
       SUM(g.satisfaction IN ('satisfied', 'basic')), SUM(g.satisfaction <> '')
FROM duty LEFT JOIN (SELECT ticket_id AS rated, satisfaction FROM rating WHERE kind = 'public' AND state = 'given') g ON rated = ticket_id
GROUP BY kind, unit
"""


def _sql() -> float:
    moments = {"start": "2026-09-30 16:00:00.000000", "end": "2026-10-31 16:00:00.000000", "as_of": "2026-11-03 01:00:00.000000"}
    with sqlite3.connect(Path(os.environ["FRONTLINE_HOME"]) / "frontline.db") as connection:
        return _best(lambda: connection.execute(AGGREGATE, moments).fetchall())


def _best(work: Callable[[], object], times: int = 3) -> float:
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return min(spent)


def main(action: str, rows: int, older: int) -> None:
    """Prepare the database, or print what was measured as JSON."""
    app = create_app()
    with app.app_context(), acting_as(SYSTEM), stopped_at(datetime(2026, 11, 5, tzinfo=UTC)):
        if action == "build":
            build(rows)
        elif action == "age":
            age(rows, older)
        else:
            duties = len(work_out(db.session(), MONTH).ground.facts)
            count = _best(lambda: work_out(db.session(), MONTH))
            whole = _best(lambda: compute(MONTH.key), 1)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(json.dumps({"sql": _sql(), "count": count, "compute": whole, "peak": peak, "duties": duties}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
