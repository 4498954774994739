"""Overhearing the database: which statements a piece of work sends to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from app.core.db import db


@contextmanager
def statements(values: list[Any] | None = None) -> Iterator[list[str]]:
    """The statements that are sent to the database inside, and what was filled into them."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, filled: Any, *_rest: Any) -> None:
        found.append(statement)
        if values is not None:
            values.append(filled)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
