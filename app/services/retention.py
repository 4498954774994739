"""Retention (保留期限): what has been kept for as long as it must be goes: old logs, read notices, files nobody refers to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import String, delete, or_, select
from sqlalchemy.orm import Session

from app.core.acting import acting_as
from app.core.clock import now
from app.core.runs import Run
from app.core.storage import Storage
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.entities.artefact import Artefact
from app.entities.clock_log import ClockLog
from app.entities.notice import Notice
from app.entities.parameter import parameter

LOG_DAYS = 90
NOTICE_DAYS, RUN_FILE_DAYS = "365", "90"

GRACE = timedelta(days=1)
"""A file that is younger may belong to work that has not been written down yet."""

TELL_ONLY = frozenset({"artefact", "artefact_reading", "evaluation_file"})
"""Tables whose hashes do not keep a file: they go on telling what it was when it is gone."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How much went."""

    lines: int
    notices: int
    files: int


def sweep(storage: Storage) -> Swept:
    """Let go of what need not be kept any longer; harmless to repeat and to break off."""
    at = now()
    with acting_as(SYSTEM):
        with transaction() as session:
            lines = _gone(session, delete(ClockLog).where(ClockLog.ended_at < at - timedelta(days=LOG_DAYS)))
            old = at - timedelta(days=int(parameter("notices_days", NOTICE_DAYS)))
            notices = _gone(session, delete(Notice).where(Notice.read_at < old, Notice.created_at < old))
        old_files = [path for path in _files(storage) if _age(path, at) > GRACE]
        with transaction() as session:
            wanted = set(referred_to(session, at))
        files = sum(_remove(path, at) for path in old_files if path.name not in wanted)
        files += sum(storage.clear(path) for path in storage.left_over() if _age(path, at) > GRACE)
        return Swept(lines, notices, files)


def referred_to(session: Session, at: datetime) -> Iterator[str]:
    """The hashes of every file that somebody may still ask for."""
    for table in Model.metadata.sorted_tables:
        if table.name in TELL_ONLY:
            continue
        for column in table.columns:
            if (column.name == "digest" or column.name.endswith("_digest")) and isinstance(column.type, String):
                yield from session.execute(select(column).where(column != "")).scalars()
    kept = or_(Artefact.kept_until.is_(None), Artefact.kept_until > at)
    yield from session.execute(select(Artefact.digest).where(kept)).scalars()
    since = at - timedelta(days=int(parameter("run_files_days", RUN_FILE_DAYS)))
    for result in session.execute(select(Run.result).where(or_(Run.finished_at.is_(None), Run.finished_at > since))).scalars():
        if result and "digest" in result:
            yield result["digest"]


def _gone(session: Session, statement: Any) -> int:
    found: Any = session.execute(statement.execution_options(synchronize_session=False))
    return int(found.rowcount)


def _files(storage: Storage) -> Iterator[Path]:
    return (path for path in (storage.home / "files").glob("??/*") if path.is_file())


def _age(path: Path, at: datetime) -> timedelta:
    try:
        return timedelta(seconds=at.timestamp() - path.stat().st_mtime)
    except FileNotFoundError:
        return timedelta()


def _remove(path: Path, at: datetime) -> bool:
    """Look once more before it goes: somebody may have kept the same bytes again meanwhile."""
    if _age(path, at) <= GRACE:
        return False
    path.unlink(missing_ok=True)
    return True
