"""Every five minutes: lists in the watched folder are imported; nothing where there is no such folder."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from app.domain.refusals import N_, Phrase
from app.jobs.ticker import Periodic
from app.services.handover import DONE, FAILED, take_files


def work() -> Phrase | None:
    """Import, and say how many files."""
    moved = take_files(current_app.config["HANDOVER"], current_app.config["STORAGE"])
    if not moved:
        return None
    return Phrase(N_("Hand-over files imported: %(done)s, refused: %(failed)s"), done=moved[DONE], failed=moved[FAILED])


PERIODIC = Periodic("handover", N_("Hand-over files"), timedelta(minutes=5), work, lease=timedelta(hours=2))
