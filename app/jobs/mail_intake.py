"""Every minute: what came to the district's mailbox becomes tickets; nothing where no mailbox is set."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from app.domain.refusals import N_, Phrase
from app.jobs.ticker import Periodic
from app.services.attachments import Limits
from app.services.mail_intake import ASIDE, KNOWN, TAKEN, fetch_mail


def work() -> Phrase | None:
    """Fetch, and say how many."""
    config = current_app.config
    if not config["IMAP_URL"]:
        return None
    done = fetch_mail(config["IMAP_URL"], config["STORAGE"], Limits(config["ATTACHMENT_MB"] * 2**20, config["ATTACHMENTS_MOST"]))
    if not done:
        return None
    sentence = N_("Messages registered: %(taken)s, known already: %(known)s, set aside in the mailbox: %(aside)s")
    return Phrase(sentence, taken=done[TAKEN], known=done[KNOWN], aside=done[ASIDE])


PERIODIC = Periodic("mail-intake", N_("Incoming mail"), timedelta(minutes=1), work)
