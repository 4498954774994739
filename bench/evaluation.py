"""Computing an evaluation beside one SQL statement that gives the same figures, with and without a million older tickets in the table."""

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
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.domain.actors import SYSTEM
from app.factory import create_app
from app.services.evaluation import compute
from app.services.evaluation_work import Work, work_out
from bench import Measured
from bench.district_month import MONTH, age, build
from bench.evaluation_sql import A_FEW_SUMS, every_figure, figures

ROWS, FEW = 30_000, 3_000
OLDER, FEWER = 1_000_000, 100_000
MOMENTS = {
    "start": "2026-09-30 16:00:00.000000",
    "end": "2026-10-31 16:00:00.000000",
    "as_of": "2026-11-03 01:00:00.000000",
    "opened": "2026-10-03 01:00:00.000000",
    "month_before": "2026-08-31 16:00:00.000000",
}
"""October 2026 in the city, both cut-offs, and 30 days before it began."""

SAME, FEWER_SUMS = "one SQL statement: the same figures of all units", "15 plain sums over the month's tickets"


def measure(small: bool = False) -> Iterator[Measured]:
    """Processor seconds, and megabytes at the peak; nothing is timed before both sides agree on every figure of every unit."""
    rows, older = (FEW, FEWER) if small else (ROWS, OLDER)
    with tempfile.TemporaryDirectory(prefix="frontline-bench-") as folder:
        for extra in (0, older):
            _run(folder, "age" if extra else "build", rows, extra)
            found: dict[str, float] = json.loads(_run(folder, "measure", rows, extra).splitlines()[-1])
            kept: dict[str, float] = json.loads(_run(folder, "keep", rows, extra).splitlines()[-1])
            what = f"evaluation of {rows:,} tickets" + (f", {extra:,} older ones" if extra else "")
            note = f"{found['duties']:,.0f} duties, {found['figures']:,.0f} figures alike on both sides; promised for 30,000: at most 3"
            yield Measured(f"{what}: collect, count, score", found["count"], SAME, found["every"], note=note)
            yield Measured(f"{what}: the same", found["count"], FEWER_SUMS, found["few"])
            yield Measured(f"{what}: and seal, check and keep", kept["compute"], SAME, found["every"])
            yield Measured(f"{what}: memory at the peak", kept["peak"], "promised", 300.0, "MB")
            if not extra:
                alone = found
        yield Measured("with older tickets against without: count", found["count"], "without; promised: at most 1.3", alone["count"])


def _run(folder: str, action: str, rows: int, older: int) -> str:
    environment = {**os.environ, "FRONTLINE_HOME": folder, "DATABASE_URL": ""}
    command = [sys.executable, "-W", "ignore", "-m", "bench.evaluation", action, str(rows), str(older)]
    return subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout  # noqa: S603


@contextmanager
def _rival() -> Iterator[sqlite3.Connection]:
    """A bare connection with the same room for pages as ours."""
    with sqlite3.connect(Path(os.environ["FRONTLINE_HOME"]) / "frontline.db") as connection:
        for pragma in ("temp_store=MEMORY", "cache_size=-16384"):
            connection.execute(f"PRAGMA {pragma}")
        yield connection


def compared(work: Work, connection: sqlite3.Connection) -> int:
    """How many figures both sides agree on. Raises ``AssertionError`` where they differ, and where a figure counts nothing at all."""
    theirs = figures(connection, MOMENTS)
    ours = {
        (group.code, unit.unit_id, code): (line.n, line.d)
        for group in work.groups
        for unit in (*group.units, *group.apart)
        for code, line in unit.lines.items()
    }
    differing = {key: (pair, theirs.get(key, (0, 0))) for key, pair in ours.items() if theirs.get(key, (0, 0)) != pair}
    if differing:
        raise AssertionError(f"{len(differing)} figures differ, for example {next(iter(differing.items()))}")
    nothing = {code for _, _, code in theirs} - {code for (_, _, code), (_, d) in ours.items() if d}
    if nothing:
        raise AssertionError(f"nothing is counted by {sorted(nothing)}")
    return len(ours)


def _measured() -> dict[str, float]:
    """The best of several turns, taken in turn, in processor seconds: both sides work in this process, and others on the machine."""
    session = db.session()
    with _rival() as connection:
        work = work_out(session, MONTH)
        found = {"duties": float(len(work.ground.facts)), "figures": float(compared(work, connection))}
        del work
        statement = every_figure()
        turns: dict[str, Callable[[], object]] = {
            "every": lambda: connection.execute(statement, MOMENTS).fetchall(),
            "few": lambda: connection.execute(A_FEW_SUMS, MOMENTS).fetchall(),
            "count": lambda: work_out(session, MONTH),
        }
        spent: dict[str, list[float]] = {name: [] for name in turns}
        for _ in range(4):
            for name, turn in turns.items():
                start = time.process_time()
                turn()
                spent[name].append(time.process_time() - start)
    return found | {name: min(seconds) for name, seconds in spent.items()}


def _kept() -> dict[str, float]:
    """One computation, as the worker does it."""
    start = time.process_time()
    compute(MONTH.key)
    return {"compute": time.process_time() - start, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def main(action: str, rows: int, older: int) -> None:
    """Prepare the database, or print what was measured as JSON."""
    app = create_app()
    with app.app_context(), acting_as(SYSTEM), stopped_at(datetime(2026, 11, 5, tzinfo=UTC)):
        if action == "build":
            build(rows)
        elif action == "age":
            age(rows, older)
        else:
            print(json.dumps(_measured() if action == "measure" else _kept()))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
