"""Faults at system calls: a child of ``crashing`` is watched by strace, which strikes at the n-th call of a kind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from tests.trust.machines import ROOT, program

KILL, EIO, ENOSPC, STOP = "signal=SIGKILL", "error=EIO", "error=ENOSPC", "signal=SIGSTOP"
WRITING = ("write", "pwrite64", "fsync", "fdatasync", "rename", "unlink", "unlinkat", "mkdir", "rmdir", "ftruncate", "openat", "sendto")
STRIKES = {
    KILL: WRITING,
    STOP: WRITING,
    EIO: ("write", "pwrite64", "fsync", "fdatasync", "rename", "unlink", "unlinkat", "openat", "ftruncate"),
    ENOSPC: ("write", "pwrite64", "rename", "mkdir", "openat", "ftruncate"),
}
_CALL = re.compile(r"^(?:(\d+)\s+)?(\w+)\((.*)")


@dataclass(frozen=True, slots=True)
class Point:
    """The n-th call of a kind."""

    call: str
    number: int


class House:
    """The process that forks children, and what it is told."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self.process, self.folder = process, folder

    def _say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def _hear(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    @contextmanager
    def child(self, order: Mapping[str, Any], options: Sequence[str]) -> Iterator[int]:
        """A child under strace, started; inside the block it may have been stopped. It is over when the block ends."""
        self._say(json.dumps(order))
        number = int(self._hear())
        log = self.folder / "strace.log"
        command = [program("strace"), "-f", "-o", str(log), *options, "-p", str(number)]
        with (self.folder / "strace.err").open("w+") as said:
            watcher = subprocess.Popen(command, stderr=said, stdin=subprocess.DEVNULL)
            _attached(self.folder / "strace.err", watcher)
            self._say("start")
            yield number
            self.status = int(self._hear())
            watcher.wait(30)

    def struck_a_reader(self) -> bool:
        """Whether the fault met an open that writes nothing: their number differs by a few from run to run, and no full disk stops one."""
        lines = (self.folder / "strace.log").read_text(errors="replace").splitlines()
        return any("INJECTED" in line and "openat(" in line and "O_CREAT" not in line for line in lines)

    def points(self, order: Mapping[str, Any]) -> list[Point]:
        """Every call that writes, in their order, of a run that nothing disturbs."""
        with self.child(order, ["-e", f"trace={','.join(WRITING)}"]) as number:
            pass
        assert self.status == 0
        found, seen = [], Counter[str]()
        for line in (self.folder / "strace.log").read_text(errors="replace").splitlines():
            match = _CALL.match(line)
            if match is None or (match[1] and int(match[1]) != number):
                continue
            seen[match[2]] += 1
            if match[2] != "openat" or "O_CREAT" in match[3]:
                found.append(Point(match[2], seen[match[2]]))
        return found


def _attached(place: Path, watcher: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if "attached" in place.read_text():
            return
        assert watcher.poll() is None, place.read_text()
        time.sleep(0.02)
    raise AssertionError("strace did not attach")


def _may_trace() -> None:
    """Some machines let no process trace another, whatever is installed; nothing can be struck there, and the skip says so."""
    tried = subprocess.run([program("strace"), "-f", "-o", os.devnull, "true"], capture_output=True, text=True, check=False)
    if tried.returncode and "not permitted" in tried.stderr:
        pytest.skip(f"this machine forbids tracing: {tried.stderr.strip().splitlines()[-1]}")


@contextmanager
def house(env: Mapping[str, str], folder: Path) -> Iterator[House]:
    """A house at work on the database of ``env``."""
    _may_trace()
    with (folder / "house.log").open("w") as log:
        command = [sys.executable, "-m", "tests.trust.crashing"]
        process = subprocess.Popen(command, cwd=ROOT, env=dict(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
        assert process.stdin is not None and process.stdout is not None
        try:
            assert process.stdout.readline().strip() == "ready", (folder / "house.log").read_text()
            yield House(process, folder)
        finally:
            process.stdin.close()
            process.wait(30)
            process.stdout.close()


def strike(fault: str, point: Point) -> list[str]:
    """What strace is told. A disk that is full stays full; the other faults strike once."""
    more = "+" if fault == ENOSPC and point.call in ("write", "pwrite64") else ""
    return ["-e", f"trace={point.call}", "-e", f"inject={point.call}:{fault}:when={point.number}{more}"]


def chosen(points: Sequence[Point], fault: str, count: int) -> list[Point]:
    """So many points of every kind of call that this fault can strike at, spread over the whole run; 0: all."""
    fitting = sorted((point for point in points if point.call in STRIKES[fault]), key=lambda point: point.call)
    if not count or len(fitting) <= count:
        return fitting
    found: list[Point] = []
    for _, group in groupby(fitting, key=lambda point: point.call):
        same = list(group)
        share = max(1, round(count * len(same) / len(fitting)))
        found += [same[number * len(same) // share] for number in range(min(share, len(same)))]
    return [found[number * len(found) // count] for number in range(count)] if len(found) > count else found


def stopped(number: int, seconds: float = 60) -> bool:
    """Wait until the process stands still; ``False`` where it ended instead."""
    still = 0
    for _ in range(int(seconds / 0.1)):
        try:
            state = (Path("/proc") / str(number) / "stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return False
        if state in "ZX":
            return False
        still = still + 1 if state in "tT" else 0
        if still >= 5:
            return True
        time.sleep(0.1)
    raise AssertionError("it neither stopped nor ended")


def go_on(number: int) -> None:
    """Wake it up."""
    os.kill(number, signal.SIGCONT)
