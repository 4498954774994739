"""Every night: a copy of the database, made in the background so that nobody is reminded too late because of it."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from app.core.runs import Progress, enqueue
from app.core.storage import Storage
from app.domain.refusals import N_, Phrase
from app.jobs.ticker import Periodic
from app.jobs.worker import Job
from app.services.backup import back_up, copies_kept


def ask() -> Phrase | None:
    """Once a day."""
    if not copies_kept():
        return None
    return Phrase(N_("Asked for as run %(number)s"), number=enqueue("backup", Phrase(N_("Backup of the database")), {}))


def work(_params: dict[str, Any], progress: Progress, storage: Storage) -> dict[str, Any]:
    """Make the copy; made twice it is one copy more."""
    progress.begin(Phrase(N_("Copying the database")))
    place = back_up(storage.home)
    return {"copy": place.name, "bytes": place.stat().st_size}


PERIODIC = Periodic("backup", N_("Backup of the database"), timedelta(days=1), ask, at=time(2, 30))
JOB = Job("backup", work, lambda _params: ("read", "Run"))
