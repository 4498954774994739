"""The main job, command by command from an empty directory, beside the least that anybody could do with the same ledger."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook

from bench import Measured
from tests.end_to_end.ledgers import made_up
from tests.real_data import real_or_none

ROOT = Path(__file__).resolve().parents[1]
ROWS, FEW = 30_000, 600
RIVAL = "csv.DictReader, a Counter, one openpyxl sheet"
PROMISED = "promised together: under 120 s"
COMMANDS = {
    "init": ("init",),
    "import": ("import", "tickets", "{ledger}", "--mapping", "pingshan", "--create-missing"),
    "score and publish": ("score", "--month", "2018-09", "--publish"),
    "export four files": ("export", "scorecard", "--month", "2018-09", "--format", "xlsx,pdf", "--lang", "zh,en", "--out", "{out}"),
}


def measure(small: bool = False) -> Iterator[Measured]:
    """Seconds of each command and of all together."""
    with tempfile.TemporaryDirectory(prefix="frontline-bench-") as folder:
        home = Path(folder) / "home"
        real = None if small else real_or_none("ledger_pingshan/pingshan_dev_lt_2018-11.csv")
        ledger = real or made_up(Path(folder) / "ledger.csv", FEW if small else ROWS)
        start = time.perf_counter()
        rows = _least(ledger, Path(folder) / "least.xlsx")
        least = time.perf_counter() - start
        total = 0.0
        for name, command in COMMANDS.items():
            words = [word.format(ledger=ledger, out=Path(folder) / "out") for word in command]
            start = time.perf_counter()
            environment = {**os.environ, "FRONTLINE_HOME": str(home), "DATABASE_URL": ""}
            subprocess.run([sys.executable, "run.py", *words], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
            spent = time.perf_counter() - start
            total += spent
            yield Measured(f"main job, {rows:,} tickets: {name}", spent, RIVAL, least)
        yield Measured(f"main job, {rows:,} tickets: together", total, RIVAL, least, note=PROMISED)


def _least(ledger: Path, path: Path) -> int:
    counts: Counter[tuple[str, str]] = Counter()
    rows = 0
    with ledger.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            rows += 1
            counts[row["DISPOSE_UNIT_NAME"], "all"] += 1
            counts[row["DISPOSE_UNIT_NAME"], "in time"] += row["INTIME_ARCHIVE_NUM"] == "1"
    book = Workbook(write_only=True)
    sheet = book.create_sheet("units")
    for (unit, what), count in sorted(counts.items()):
        sheet.append([unit, what, count])
    book.save(path)
    return rows
