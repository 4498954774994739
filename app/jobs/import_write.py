"""Writing an import batch."""

from __future__ import annotations

from typing import Any

from app.core.runs import Progress
from app.core.storage import Storage
from app.crud.importing.batches import Desk
from app.jobs.worker import Job


def work(params: dict[str, Any], progress: Progress, storage: Storage) -> dict[str, Any]:
    """Write the batch, all of it or its good rows."""
    batch = Desk(storage).write(int(params["batch"]), str(params["mode"]), progress)
    return {"next": f"/imports/{batch.id}"}


JOB = Job("import_write", work)
