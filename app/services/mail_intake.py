"""Mail that came in (来信受理): every message of the mailbox becomes one ticket, or is set aside there for a person to read."""

from __future__ import annotations

import logging
from collections import Counter

from app.channels import mail
from app.core.acting import acting_as
from app.core.clock import now
from app.core.mailbox import Mailbox, MailboxAway, opened
from app.core.storage import Storage
from app.domain.intake import CITIZEN
from app.domain.refusals import N_, Refused
from app.services.attachments import Limits
from app.services.intake import take_in

log = logging.getLogger(__name__)

AT_ONCE = 50
"""So many messages are fetched at a time; the others wait for the next minute."""
TAKEN, KNOWN, ASIDE = "taken", "known", "aside"


def fetch_mail(url: str, storage: Storage, limits: Limits) -> Counter[str]:
    """Deal with what waits in the mailbox at ``url``; counts by what became of it. Raises ``Refused`` where the server is away.

    A message is marked as seen only after its ticket is committed: whoever dies between fetches it again, and it is known
    by its Message-ID.
    """
    done: Counter[str] = Counter()
    try:
        with opened(url) as mailbox:
            for number in mailbox.waiting(AT_ONCE):
                done[_deal_with(mailbox, number, storage, limits)] += 1
    except MailboxAway as away:
        log.warning("mailbox: %s", away.answer)
        raise Refused("mailbox-away", N_("The mailbox cannot be read: %(answer)s"), status=503, answer=away.answer[:200]) from away
    return done


def _deal_with(mailbox: Mailbox, number: bytes, storage: Storage, limits: Limits) -> str:
    raw = mailbox.bytes_of(number)
    if raw is None:
        mailbox.set_aside(number)
        return ASIDE
    try:
        report = mail.CHANNEL.read(raw, now())
        with acting_as(CITIZEN):
            taken = take_in(report, storage, limits)
    except Refused as refused:
        if refused.status == 503:
            raise
        log.info("a message was set aside: %s", refused)
        mailbox.set_aside(number)
        return ASIDE
    mailbox.done(number)
    return TAKEN if taken.fresh else KNOWN
