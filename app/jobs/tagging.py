"""Every hour: the marks frequent, recurrent and hard of live tickets."""

from __future__ import annotations

from datetime import timedelta

from app.domain.refusals import N_, Phrase
from app.jobs.ticker import Periodic
from app.services.tagging import retag


def work() -> Phrase | None:
    """Set and remove them."""
    changed = retag()
    return Phrase(N_("Marks changed: %(count)s"), count=changed) if changed else None


PERIODIC = Periodic("tags", N_("Frequent, recurrent and hard matters"), timedelta(hours=1), work)
