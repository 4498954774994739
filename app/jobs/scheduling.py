"""Schedules: times that have come become runs, and runs that wait are let go or given up."""

from __future__ import annotations

from datetime import timedelta

from app.domain.refusals import N_, Phrase
from app.jobs.ticker import Periodic
from app.services.scheduling import plan


def work() -> Phrase | None:
    """Say how many runs were entered or moved on."""
    moved = plan()
    return Phrase(N_("Runs entered or moved on: %(count)s"), count=moved) if moved else None


PERIODIC = Periodic("schedules", N_("Schedules"), timedelta(seconds=15), work)
