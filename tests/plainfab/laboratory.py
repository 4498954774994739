"""Visiting the laboratory: a process of plain Flask-AppBuilder beside the tests, its rows put back before each of them."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

ROOT = Path(__file__).resolve().parents[2]

PREPARED = """
DELETE FROM cases; DELETE FROM word; DELETE FROM office; DELETE FROM desk; DELETE FROM room;
INSERT INTO office (id, name, phone) VALUES (1, 'North', '13900000001'), (2, 'South', '13900000002');
INSERT INTO cases (id, title, phone, done, size, opened, office_id, changed_by) VALUES
 (1, 'case of north', '13911110001', 0, NULL, '2026-03-01 08:30:15.123456', 1, 'the program'),
 (2, 'case of south', '13922220002', 0, 5, '2026-03-01 08:30:15.123456', 2, 'the program'),
 (3, 'case of nobody', '13933330003', 0, NULL, '2026-03-01 08:30:15.123456', NULL, 'the program');
INSERT INTO word (code, text) VALUES ('hot', 'very warm');
INSERT INTO room (id, name) VALUES (1, 'upper'), (2, 'lower');
INSERT INTO desk (id, number, room_id) VALUES (1, 'window', 1);
"""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: HTTPMessage
    text: str

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)


@dataclass
class Visitor:
    """A browser without scripts: it keeps cookies and follows nothing."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """One request; a mapping is sent as a form, anything else as JSON."""
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        data = None
        if isinstance(body, dict) and method == "POST" and not path.startswith("/api/"):
            data, sent["Content-Type"] = urlencode(body, doseq=True), "application/x-www-form-urlencoded"
        elif body is not None:
            data, sent["Content-Type"] = json.dumps(body), "application/json"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, data, sent)
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return Answer(answer.status, answer.headers, answer.read().decode())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        """A page."""
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, body: Any = None) -> Answer:
        """A form, or JSON where the path is an API's."""
        return self.ask("POST", path, body if body is not None else {})

    def put(self, path: str, body: Any) -> Answer:
        """JSON."""
        return self.ask("PUT", path, body)


class Laboratory:
    """Plain Flask-AppBuilder, running."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def visitor(self, name: str = "") -> Visitor:
        """Somebody at the door; signed in where there is a name."""
        found = Visitor(self.port)
        if name:
            assert found.get(f"/bench/enter/{name}").status == 200
        return found

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What stands in the database."""
        with sqlite3.connect(self.folder / "plain.db", timeout=20) as connection:
            return connection.execute(statement).fetchall()

    def prepare(self, script: str = PREPARED) -> None:
        """Put rows into the database."""
        connection = sqlite3.connect(self.folder / "plain.db", timeout=20)
        connection.executescript(script)
        connection.close()

    @cached_property
    def experiments(self) -> dict[str, Any]:
        """What the experiments that need an application of their own found."""
        return self.experiment("")

    def experiment(self, name: str) -> dict[str, Any]:
        """Run them in a process of their own."""
        command = [sys.executable, "-W", "ignore", "-m", "tests.plainfab.experiments", *([name] if name else [])]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True, env=_plain())
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found


def _plain() -> dict[str, str]:
    """An environment without anything of the house."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("FRONTLINE", "PYTEST"))}


@pytest.fixture(scope="session")
def _laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    folder = tmp_path_factory.mktemp("laboratory")
    command = [sys.executable, "-W", "ignore", "-m", "tests.plainfab.serve", str(folder)]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True, env=_plain()) as process,
    ):
        assert process.stdout is not None
        port = process.stdout.readline()
        assert port.strip().isdecimal(), (folder / "log").read_text()
        yield Laboratory(folder, int(port))
        process.terminate()


@pytest.fixture
def laboratory(_laboratory: Laboratory) -> Laboratory:
    """Plain Flask-AppBuilder with its rows as they were prepared."""
    _laboratory.prepare()
    return _laboratory
