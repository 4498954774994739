"""Telling due times anew after the working calendar has changed, in the background."""

from __future__ import annotations

from typing import Any

from app.core.runs import Progress
from app.core.storage import Storage
from app.crud.resource import UPDATE
from app.jobs.worker import Job
from app.services.recomputation import recompute_all


def work(_params: dict[str, Any], progress: Progress, _storage: Storage) -> dict[str, Any]:
    """Every live ticket; harmless to repeat."""
    done = recompute_all(progress)
    return {"seen": done.seen, "changed": done.changed}


JOB = Job("recompute", work, lambda _params: (UPDATE, "CalendarDay"))
