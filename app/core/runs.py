"""Runs: long work written down before it begins, claimed by one worker, watched while it goes on; the database is the queue."""

from __future__ import annotations

import json
import os
import socket
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, event, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.clock import now, ticks
from app.core.db import db
from app.core.languages import current_language
from app.core.phrases import to_json
from app.core.run import Run
from app.core.transaction import transaction, writing
from app.domain.refusals import N_, NotFound, Phrase, Refused

__all__ = ["Progress", "Run", "Silent", "claim", "enqueue", "finish", "reason_of", "state_of", "waiting"]

WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
"""How long to wait before a run that failed for a passing or unforeseen reason is done again; after the last it has failed."""

MOST_LOST = 5
"""A run whose workers died so often is not begun again: it may be what kills them."""

_EVERY = 0.5
_QUEUED = "frontline_queued_runs"


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
        session.info.setdefault(_QUEUED, []).append(run.id)
        return run.id


_wakers: dict[str, Callable[[int], None]] = {}


def woken_by(name: str, wake: Callable[[int], None]) -> None:
    """``wake`` is called with the number of every run that has just been queued for good; it must neither fail nor ask the database."""
    _wakers[name] = wake


@event.listens_for(Session, "after_commit")
def _wake(session: Session) -> None:
    for run_id in session.info.pop(_QUEUED, ()):
        for wake in _wakers.values():
            wake(run_id)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_QUEUED, None)


def lease() -> timedelta:
    """A running run whose worker has been silent for so long may be taken over."""
    return timedelta(seconds=current_app.config["LEASE_SECONDS"])


def _free(at: datetime) -> ColumnElement[bool]:
    """What may be claimed: queued and not put off, or left behind by a worker that went silent."""
    ready = and_(Run.state == "queued", or_(Run.not_before.is_(None), Run.not_before <= at))
    return or_(ready, and_(Run.state == "running", Run.beat < at - lease()))


def all_waiting(session: Session, most: int = 100) -> Sequence[int]:
    """The runs that may be claimed, the oldest first."""
    found = session.execute(select(Run.id, Run.state, Run.attempt).where(_free(now())).order_by(Run.id).limit(most))
    return [row.id for row in found if row.state == "queued" or not _heard_of(row.id, row.attempt)]


def waiting(session: Session) -> int | None:
    """The oldest run that may be claimed."""
    return next(iter(all_waiting(session)), None)


def _heard_of(run_id: int, attempt: int) -> bool:
    """Whether its worker's heart was heard beside the database while it held SQLite's only write lock."""
    try:
        heard = progress_file(current_app.config["STORAGE"].home / "work", run_id, attempt).stat().st_mtime
    except FileNotFoundError:
        return False
    return abs(now().timestamp() - heard) < lease().total_seconds()  # what lies ahead was heard before the clock was set back


def claim(run_id: int) -> int | None:
    """Take a run: one conditional UPDATE, so that one of many wins. Returns the attempt's number, ``None`` if lost."""
    at = now()
    with transaction() as session:
        before = session.execute(select(Run.state, Run.attempt).where(Run.id == run_id)).one_or_none()
        if before is None or (before.state == "running" and _heard_of(run_id, before.attempt)):
            return None
        taken: Any = session.execute(
            update(Run)
            .where(Run.id == run_id, _free(at))
            .values(state="running", worker=me(), beat=at, started_at=at, attempt=Run.attempt + 1, done=0, total=0, not_before=None)
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


def fail(run_id: int, attempt: int, error: BaseException) -> str:
    """Write down that it failed and why; what may pass is queued again for later. Returns the trace, empty for a refusal."""
    reason, trace = reason_of(error)
    passing = error.status == 503 if isinstance(error, Refused) else True
    with transaction() as session:
        retries = session.execute(select(Run.retries).where(Run.id == run_id)).scalar_one()
        mine = (Run.id == run_id, Run.attempt == attempt, Run.state == "running")
        if passing and retries < len(WAITS):
            values = {"state": "queued", "not_before": now() + WAITS[retries], "retries": retries + 1, "worker": ""}
        else:
            values = {"state": "failed", "finished_at": now()}
        session.execute(update(Run).where(*mine).values(reason=reason, trace=trace, **values))
    return trace


def release(run_id: int, attempt: int) -> None:
    """Give a run back that cannot be finished here: another worker need not wait for the lease."""
    with transaction() as session:
        mine = (Run.id == run_id, Run.attempt == attempt, Run.state == "running")
        session.execute(update(Run).where(*mine).values(state="queued", worker=""))


def progress_file(work: Path, run_id: int, attempt: int) -> Path:
    """Where an attempt tells how far it is, below the ``work`` folder of the store."""
    return work / f"run-{run_id}-{attempt}" / "progress.json"


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

    def conclude(self, result: dict[str, Any], also: Callable[[Session, Run], None]) -> None:
        """End the run here and now, in one transaction with what else must be written then, or not at all.

        Raises ``Refused("lost")`` where another worker has taken the run over; then nothing is written.
        """
        with transaction() as session:
            closed: Any = session.execute(
                update(Run)
                .where(Run.id == self.run_id, Run.attempt == self.attempt, Run.state == "running")
                .values(state="done", finished_at=now(), result=result, reason=None, trace="")
                .execution_options(synchronize_session=False)
            )
            if closed.rowcount != 1:
                raise Refused("lost", N_("Another worker has taken this over."), status=409)
            run = session.get(Run, self.run_id, populate_existing=True)
            assert run is not None
            also(session, run)

    def _tell(self) -> None:
        self.said = ticks()
        place = progress_file(self.folder, self.run_id, self.attempt)
        fresh = place.with_suffix(".new")
        fresh.write_text(json.dumps({"step": to_json(self.step), "done": self.done, "total": self.total}))
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
    if run.state == "running":
        with suppress(FileNotFoundError):
            found.update(json.loads(progress_file(folder, run_id, run.attempt).read_text()))
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
