"""After the cut-off: last month's evaluation is computed provisionally, once, in the background."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app

from app.core.runs import Progress
from app.core.storage import Storage
from app.domain.refusals import N_, Phrase
from app.jobs.ticker import Periodic
from app.jobs.worker import Job
from app.services.month_close import KIND, ask_for_close, close


def ask() -> Phrase | None:
    """Every hour; nothing to do on most days."""
    number = ask_for_close()
    return Phrase(N_("Asked for as run %(number)s"), number=number) if number else None


def work(params: dict[str, Any], progress: Progress, _storage: Storage) -> dict[str, Any]:
    """Compute it, unless somebody did meanwhile."""
    return close(str(params["period"]), progress, current_app.config["PUBLIC_URL"])


PERIODIC = Periodic("month-close", N_("Provisional evaluation after the cut-off"), timedelta(hours=1), ask)
JOB = Job(KIND, work, lambda _params: ("compute", "Evaluation"))
