"""Every morning: signs that the radar sees for the first time this month."""

from __future__ import annotations

from datetime import time, timedelta

from app.domain.refusals import N_, Phrase
from app.jobs.ticker import Periodic
from app.services.forewarning import tell_of_new_signs


def work() -> Phrase | None:
    """Nothing to say where nothing is new."""
    new = tell_of_new_signs()
    return Phrase(N_("New signs: %(count)s"), count=new) if new else None


PERIODIC = Periodic("early-warning", N_("New signs on the radar"), timedelta(days=1), work, at=time(7, 30))
