"""Undoing an import batch."""

from __future__ import annotations

from typing import Any

from app.core.runs import Progress
from app.core.storage import Storage
from app.crud.importing.batches import Desk, state_of, subject_of
from app.crud.resource import IMPORT
from app.jobs.worker import Job


def work(params: dict[str, Any], progress: Progress, storage: Storage) -> dict[str, Any]:
    """Take the batch back as a whole; one that a worker undid before it fell silent is done."""
    number = int(params["batch"])
    if state_of(number) != "undone":
        Desk(storage).undo(number, progress)
    return {"next": f"/imports/{number}"}


JOB = Job("import_undo", work, lambda params: (IMPORT, subject_of(int(params["batch"]))))
