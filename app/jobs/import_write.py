"""Writing an import batch."""

from __future__ import annotations

from typing import Any

from app.core.runs import Progress
from app.core.storage import Storage
from app.crud.importing.batches import Desk, state_of, subject_of
from app.crud.resource import IMPORT
from app.jobs.worker import Job


def work(params: dict[str, Any], progress: Progress, storage: Storage) -> dict[str, Any]:
    """Write the batch, all of it or its good rows; one that a worker wrote before it fell silent is done."""
    number = int(params["batch"])
    if state_of(number) != "written":
        Desk(storage).write(number, str(params["mode"]), progress)
    return {"next": f"/imports/{number}"}


JOB = Job("import_write", work, lambda params: (IMPORT, subject_of(int(params["batch"]))))
