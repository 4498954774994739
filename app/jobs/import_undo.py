"""Undoing an import batch."""

from __future__ import annotations

from typing import Any

from app.core.runs import Progress
from app.core.storage import Storage
from app.crud.importing.batches import Desk
from app.jobs.worker import Job


def work(params: dict[str, Any], progress: Progress, storage: Storage) -> dict[str, Any]:
    """Take the batch back as a whole."""
    batch = Desk(storage).undo(int(params["batch"]), progress)
    return {"next": f"/imports/{batch.id}"}


JOB = Job("import_undo", work)
