"""Every minute: the moves that time itself makes."""

from __future__ import annotations

from datetime import timedelta

from app.domain.refusals import N_, Phrase
from app.jobs.ticker import Periodic
from app.services.clockwork import sweep


def work() -> Phrase | None:
    """Lapses, ends of suspensions, ends of rating windows."""
    swept = sweep()
    if not (swept.made or swept.refused):
        return None
    return Phrase(N_("Moves made: %(made)s, refused: %(refused)s"), made=swept.made, refused=swept.refused)


PERIODIC = Periodic("clock", N_("Lapses, ends of suspensions and rating windows"), timedelta(minutes=1), work)
