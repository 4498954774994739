"""Every ten seconds: what runs have made goes to everybody who is to have it outside the inbox."""

from __future__ import annotations

from datetime import timedelta

from app.domain.refusals import N_, Phrase
from app.jobs.ticker import Periodic
from app.services.delivering import deliver_due


def work() -> Phrase | None:
    """What is made is kept, whether or not it can be sent."""
    sent = deliver_due()
    return Phrase(N_("Delivered: %(count)s"), count=sent) if sent else None


PERIODIC = Periodic("deliveries", N_("Delivery of files"), timedelta(seconds=10), work)
"""A bounded sweep: two hundred parcels, twenty seconds each at the very worst of a slow receiver that is then left alone."""
