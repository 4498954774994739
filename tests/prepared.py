"""What takes long to walk is walked once per engine: the database is kept as it then stood, and copied for whoever asks for it again."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, current_app
from flask_appbuilder import Model
from sqlalchemy import event, inspect

from app.core.acting import acting_as
from app.core.db import db
from app.domain.actors import SYSTEM

T = TypeVar("T")


class _Noting(pickle.Pickler):
    """Rows are noted by table and number, never with their values."""

    def persistent_id(self, obj: Any) -> tuple[type, Any] | None:
        return (type(obj), inspect(obj).identity) if isinstance(obj, Model) else None


class _Fetching(pickle.Unpickler):
    """Rows are fetched from the database, as any test would."""

    def persistent_load(self, pid: Any) -> Any:
        kind, number = pid
        return db.session.get(kind, number)


class Shelf:
    """The databases that were kept for one application; ``store`` and ``restore`` copy them by name."""

    def __init__(self, app: Flask, store: Callable[[str], None], restore: Callable[[str], None]) -> None:
        self.store, self.restore = store, restore
        self.kept: dict[str, bytes] = {}
        self.touched = False
        """Whether anything was written since the database was fresh; then nothing is kept, and nothing is taken from here."""
        app.extensions["shelf"] = self
        with app.app_context():
            event.listen(db.engine, "commit", self._touch)

    def _touch(self, _: Any) -> None:
        self.touched = True

    def take(self, name: str, make: Callable[[], T]) -> T:
        """What ``make`` makes of a fresh database: made the first time, copied from then on."""
        db.session.rollback()
        if self.touched:
            return make()
        with acting_as(SYSTEM):
            if name not in self.kept:
                made, noted = make(), io.BytesIO()
                _Noting(noted).dump(made)
                self.kept[name] = noted.getvalue()
                self._away()
                self.store(name)
            else:
                self._away()
                self.restore(name)
            self.touched = True
            found: T = _Fetching(io.BytesIO(self.kept[name])).load()
        return found

    @staticmethod
    def _away() -> None:
        """Nobody is connected while files are copied."""
        db.session.remove()
        db.engine.dispose()


def walked_once(make: Callable[[], T]) -> Callable[[], T]:
    """``make`` without arguments, as a function that gives everybody the same database and rows of his own session."""

    @wraps(make)
    def made() -> T:
        shelf: Shelf | None = current_app.extensions.get("shelf")
        return make() if shelf is None else shelf.take(f"{make.__module__}.{make.__qualname__}".replace(".", "_").lower(), make)

    return made
