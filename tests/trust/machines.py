"""Machines for tests: workers, beats and a Redis of their own, each a real process, ended when its block ends."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def program(name: str) -> str:
    """Where a program is; without it the test is skipped, visibly, and fails where everything must be there."""
    found = shutil.which(name)
    if found is None:
        if os.environ.get("FRONTLINE_TEST_COMPLETE"):
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")
    return found


def surroundings(home: Path, database: str, **more: str) -> dict[str, str]:
    """The environment of an installation of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FRONTLINE_") and name != "DATABASE_URL"}
    return {**kept, "FRONTLINE_HOME": str(home), "DATABASE_URL": database, "FRONTLINE_LANG": "en", **more}


@contextmanager
def running(command: list[str], env: Mapping[str, str], said: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process and whatever it starts, until the block ends."""
    with said.open("ab") as log:
        process = subprocess.Popen(command, env=dict(env), cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask the process and its children to end; after a while make them."""
    for sign, patience in ((signal.SIGTERM, 15), (signal.SIGKILL, 15)):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
        break
    process.wait(5)


def frontline(*arguments: str) -> list[str]:
    """The command line of our own program."""
    return [sys.executable, str(ROOT / "run.py"), *arguments]


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A broker on loopback that keeps nothing; its URL."""
    server = program("redis-server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    with running(command, os.environ, folder / "redis.log"):
        wait_until(lambda: _answers(port), 15)
        yield f"redis://127.0.0.1:{port}/0"


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False


def wait_until(holds: Callable[[], bool], seconds: float) -> None:
    """Wait for something; fail where it does not come in time."""
    end_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end_at, "it did not come in time"
        time.sleep(0.2)
