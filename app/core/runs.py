"""Runs: long work written down before it begins, claimed by one worker, watched while it goes on; the database is the queue."""

from __future__ import annotations

import json
import os
import socket
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, ForeignKey, Integer, String, Text, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.acting import current_actor
from app.core.clock import now, ticks
from app.core.db import UTCDateTime, db
from app.core.languages import current_language
from app.core.phrases import to_json
from app.core.transaction import transaction, writing
from app.domain.refusals import N_, NotFound, Phrase, Refused

LEASE = timedelta(minutes=2)
"""A running run whose worker has been silent for so long may be taken over."""

_EVERY = 0.5


class Run(Model):
    """One piece of long work: what, for whom, how far, and what came of it."""

    __tablename__ = "run"
    __table_args__: Any = {}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), nullable=False, index=True)
    title: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)
    params: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)
    state: Mapped[str] = mapped_column(String(10), nullable=False, default="queued", index=True)
    step: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    done: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    total: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    attempt: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    worker: Mapped[str] = mapped_column(String(80), nullable=False, default="")
    beat: Mapped[datetime | None] = mapped_column(UTCDateTime)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    trace: Mapped[str] = mapped_column(Text, nullable=False, default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"), index=True)
    user_name: Mapped[str] = mapped_column(String(128), nullable=False, default="")
    language: Mapped[str] = mapped_column(String(5), nullable=False, default="zh")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False, default=now, index=True)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


def enqueue(kind: str, title: Phrase, params: dict[str, Any]) -> int:
    """Write work down for a worker; joins the caller's transaction. Returns the run's number."""
    with transaction() as session:
        actor = current_actor()
        run = Run(
            kind=kind,
            title=to_json(title),
            params=params,
            user_id=actor.user_id,
            user_name=actor.name,
            language=current_language(),
        )
        session.add(run)
        session.flush()
        return run.id


def waiting(session: Session) -> int | None:
    """The oldest run that may be claimed: queued, or left behind by a worker that went silent."""
    stale = now() - LEASE
    statement = select(Run.id).where(or_(Run.state == "queued", (Run.state == "running") & (Run.beat < stale)))
    return session.execute(statement.order_by(Run.id).limit(1)).scalar_one_or_none()


def claim(run_id: int) -> int | None:
    """Take a run: one conditional UPDATE, so that one of many wins. Returns the attempt's number, ``None`` if lost."""
    stale = now() - LEASE
    with transaction() as session:
        taken: Any = session.execute(
            update(Run)
            .where(Run.id == run_id, or_(Run.state == "queued", (Run.state == "running") & (Run.beat < stale)))
            .values(state="running", worker=me(), beat=now(), started_at=now(), attempt=Run.attempt + 1, done=0, total=0)
        )
        if taken.rowcount != 1:
            return None
        return session.execute(select(Run.attempt).where(Run.id == run_id)).scalar_one()


def finish(run_id: int, attempt: int, state: str, **values: Any) -> bool:
    """Close a run, unless another worker took it over meanwhile (fencing by the attempt's number)."""
    with transaction() as session:
        closed: Any = session.execute(
            update(Run)
            .where(Run.id == run_id, Run.attempt == attempt, Run.state == "running")
            .values(state=state, finished_at=now(), **values)
        )
        return bool(closed.rowcount == 1)


@dataclass
class Progress:
    """How a run tells how far it is; also its heartbeat.

    While a long write holds SQLite's only write lock, the run's row cannot be written by anybody; the state of
    affairs then goes to a small file beside the database, which is on the same machine by definition.
    """

    run_id: int
    attempt: int
    folder: Path
    said: float = 0.0
    step: Phrase | None = None
    done: int = 0
    total: int = 0

    def begin(self, step: Phrase, total: int = 0) -> None:
        """A new step; ``total`` is how many pieces it has, 0 where nobody knows."""
        self.step, self.done, self.total = step, 0, total
        self._tell()

    def advance(self, done: int) -> None:
        """So many pieces of this step are done."""
        self.done = done
        if ticks() - self.said > _EVERY:
            self._tell()

    def _tell(self) -> None:
        self.said = ticks()
        place = self.folder / f"run-{self.run_id}.json"
        fresh = place.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps({"step": to_json(self.step), "done": self.done, "total": self.total, "attempt": self.attempt}))
        fresh.replace(place)
        if db.engine.dialect.name == "sqlite" and writing(db.session()):
            return
        # A database that is busy for a moment is no reason to fail: the next beat comes soon.
        with suppress(OperationalError), db.engine.begin() as connection:
            connection.execute(
                update(Run)
                .where(Run.id == self.run_id, Run.attempt == self.attempt)
                .values(step=to_json(self.step), done=self.done, total=self.total, beat=now())
            )


class Silent(Progress):
    """Progress nobody watches: work that is done at once, in the caller's own process."""

    def __init__(self, tell: Callable[[Phrase | None, int, int], None] | None = None) -> None:
        super().__init__(0, 0, Path())
        self.listener = tell

    def _tell(self) -> None:
        self.said = ticks()
        if self.listener:
            self.listener(self.step, self.done, self.total)


def state_of(session: Session, run_id: int, folder: Path) -> dict[str, Any]:
    """Everything a progress bar needs: state, step, done, total, result, reason."""
    run = session.get(Run, run_id)
    if run is None:
        raise NotFound()
    found = {"id": run.id, "state": run.state, "step": run.step, "done": run.done, "total": run.total}
    place = folder / f"run-{run_id}.json"
    if run.state == "running" and place.exists():
        live = json.loads(place.read_text())
        if live.get("attempt") == run.attempt:
            found.update(step=live["step"], done=live["done"], total=live["total"])
    found.update(result=run.result, reason=run.reason)
    return found


def reason_of(error: BaseException) -> tuple[dict[str, Any] | None, str]:
    """Why a run failed: a sentence for its owner, the trace for administrators."""
    if isinstance(error, Refused):
        return to_json(error.phrase), ""
    phrase = Phrase(N_("Something unforeseen happened. Nothing was saved; the administrator finds the details in the run."))
    return to_json(phrase), "".join(traceback.format_exception(error))[-20_000:]


def me() -> str:
    """How this worker calls itself: host and process."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"
