"""Every minute: notices that go by mail are written down and sent."""

from __future__ import annotations

from datetime import timedelta

from app.domain.refusals import N_, Phrase
from app.jobs.ticker import Periodic
from app.services.mailing import send_mails, write_mails


def work() -> Phrase | None:
    """What is written is kept, whether or not it can be sent."""
    written = write_mails()
    sent = send_mails()
    return Phrase(N_("Mails written: %(written)s, sent: %(sent)s"), written=written, sent=sent) if written or sent else None


PERIODIC = Periodic("mail", N_("Outgoing mail"), timedelta(minutes=1), work)
