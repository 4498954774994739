"""The dry run of an import batch."""

from __future__ import annotations

from typing import Any

from app.core.runs import Progress
from app.core.storage import Storage
from app.crud.importing.batches import Desk, subject_of
from app.crud.resource import IMPORT
from app.jobs.worker import Job


def work(params: dict[str, Any], progress: Progress, storage: Storage) -> dict[str, Any]:
    """Check the batch; its page shows the result."""
    batch = Desk(storage).check(int(params["batch"]), progress)
    return {"next": f"/imports/{batch.id}"}


JOB = Job("import_check", work, lambda params: (IMPORT, subject_of(int(params["batch"]))))
