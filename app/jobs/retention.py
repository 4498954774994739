"""Every night: what has been kept for long enough goes."""

from __future__ import annotations

from datetime import time, timedelta

from flask import current_app

from app.domain.refusals import N_, Phrase
from app.jobs.ticker import Periodic
from app.services.retention import sweep


def work() -> Phrase | None:
    """Say what went."""
    gone = sweep(current_app.config["STORAGE"])
    if not (gone.lines or gone.notices or gone.files):
        return None
    said = N_("Removed: log lines %(lines)s, read notices %(notices)s, files nobody refers to %(files)s")
    return Phrase(said, lines=gone.lines, notices=gone.notices, files=gone.files)


PERIODIC = Periodic("retention", N_("Removal of what need not be kept"), timedelta(days=1), work, at=time(3, 15), lease=timedelta(hours=2))
