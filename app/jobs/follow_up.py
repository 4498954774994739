"""Every morning: the command centre is told how many completed tickets were drawn for follow-up."""

from __future__ import annotations

from datetime import time, timedelta

from app.domain.refusals import N_, Phrase
from app.jobs.ticker import Periodic
from app.services.follow_up import tell_of_draw


def work() -> Phrase | None:
    """Once a day."""
    count = tell_of_draw()
    return Phrase(N_("Tickets drawn: %(count)s"), count=count) if count else None


PERIODIC = Periodic("follow-up", N_("Draw for follow-up"), timedelta(days=1), work, at=time(8, 0))
