"""Every morning from October on: is next year's notice of days off there."""

from __future__ import annotations

from datetime import time, timedelta

from app.domain.refusals import N_, Phrase
from app.jobs.ticker import Periodic
from app.services.forewarning import tell_of_missing_calendar


def work() -> Phrase | None:
    """Nothing to say where it is."""
    year = tell_of_missing_calendar()
    return Phrase(N_("The notice of days off in %(year)s is missing"), year=str(year)) if year else None


PERIODIC = Periodic("calendar", N_("Next year's working calendar"), timedelta(days=1), work, at=time(8, 15))
