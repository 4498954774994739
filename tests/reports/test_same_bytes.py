"""The same frozen scorecard gives the same bytes, in another process, zone, locale, hash seed and year."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from reports.printing import render
from tests.reports import specimens

KINDS = (("pdf", "zh"), ("pdf", "zh+en"), ("xlsx", "zh"), ("xlsx", "en"), ("json", "zh"))
ELSEWHERE = {"TZ": "America/New_York", "PYTHONHASHSEED": "4711", "LC_ALL": "C", "LANG": "de_DE.UTF-8", "SOURCE_DATE_EPOCH": "86400"}


def digests(folder: Path) -> list[str]:
    """SHA-256 of every kind of file, made from a small specimen."""
    card = specimens.scorecard(tickets=250, departments=12)
    made = [render(card, "scorecard", fmt, languages.split("+"), folder / f"{languages}.{fmt}") for fmt, languages in KINDS]
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in made]


def test_twice_in_one_process_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    first.mkdir()
    second.mkdir()
    assert digests(first) == digests(second)


def test_another_process_in_another_world_gives_the_same_bytes(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    script = f"from pathlib import Path; from tests.reports.test_same_bytes import digests; print(*digests(Path({str(there)!r})))"
    world = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG"))} | ELSEWHERE
    root = Path(__file__).resolve().parents[2]
    answer = subprocess.run([sys.executable, "-c", script], cwd=root, env=world, check=True, capture_output=True, text=True)
    assert answer.stdout.split() == digests(here)


def test_two_threads_that_print_at_the_same_time_give_the_same_bytes(tmp_path: Path) -> None:
    """A worker does several runs at a time in one process; fonts and templates are shared between them."""
    folders = [tmp_path / str(number) for number in range(3)]
    for folder in folders:
        folder.mkdir()
    alone = digests(folders[0])
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(2) as threads:
            together = list(threads.map(digests, folders[1:]))
    finally:
        sys.setswitchinterval(before)
    assert together == [alone, alone]
