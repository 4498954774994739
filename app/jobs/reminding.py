"""Every minute: reminders whose time has come."""

from __future__ import annotations

from datetime import timedelta

from app.domain.refusals import N_, Phrase
from app.jobs.ticker import Periodic
from app.services.reminders import remind


def work() -> Phrase | None:
    """Sweep the open clocks."""
    told = remind()
    return Phrase(N_("Notices given: %(count)s"), count=told) if told else None


PERIODIC = Periodic("reminders", N_("Reminders"), timedelta(minutes=1), work)
