"""Every hour: due times that were reckoned by an older calendar are told anew."""

from __future__ import annotations

from datetime import timedelta

from app.domain.refusals import N_, Phrase
from app.jobs.ticker import Periodic
from app.services.recomputation import recompute_all


def work() -> Phrase | None:
    """Nothing to do while the calendar stands."""
    done = recompute_all()
    return Phrase(N_("Tickets checked: %(seen)s, changed: %(changed)s"), seen=done.seen, changed=done.changed) if done.seen else None


PERIODIC = Periodic("due-times", N_("Due times after a change of the calendar"), timedelta(hours=1), work, lease=timedelta(hours=2))
