"""The pulse of a run: a thread that says every now and then that its worker is alive, however long a step is silent."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from types import TracebackType

from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import now
from app.core.db import db
from app.core.runs import Run, lease

log = logging.getLogger(__name__)

_PER_LEASE = 5


class Pulse:
    """Beats while its block lasts; a process that is stopped or dead beats no more, and its run may be taken over.

    On SQLite it beats in the file of the run's progress, because a long write keeps the run's row from being written by anybody;
    elsewhere in the row itself. Needs an application context to begin with, none to go on.
    """

    def __init__(self, run_id: int, attempt: int, place: Path) -> None:
        self.run_id, self.attempt, self.place = run_id, attempt, place
        self.engine, self.every = db.engine, lease().total_seconds() / _PER_LEASE
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._go_on, name=f"pulse-{run_id}", daemon=True)

    def __enter__(self) -> Pulse:
        self.place.write_text("{}")
        self.thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop.set()
        self.thread.join()

    def _go_on(self) -> None:
        while not self.stop.wait(self.every):
            try:
                self._beat()
            except FileNotFoundError:
                return  # somebody else has taken the run over and cleared the desk
            except (OSError, SQLAlchemyError) as error:
                log.warning("pulse of run %s: %s", self.run_id, error)

    def _beat(self) -> None:
        if self.engine.dialect.name == "sqlite":
            with self.place.open("rb+"):  # it must be there: touching it anew would revive an attempt that is over
                self.place.touch()
            return
        with self.engine.begin() as connection:
            mine = (Run.id == self.run_id, Run.attempt == self.attempt, Run.state == "running")
            connection.execute(update(Run).where(*mine).values(beat=now()))
