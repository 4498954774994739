"""Mailing (发件箱): notices that go by mail become mails, mails go out, and nothing is lost when the server is away.

Notices become mails outside the quiet hours: one each, or one a day with everything still unread. A mail is written and its
notices are marked in one transaction; sending is another one, claimed by a conditional UPDATE, so that it may repeat a message
after a crash (under the same Message-ID) but never forgets one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import or_, select, update

from app.core.acting import acting_as
from app.core.clock import now
from app.core.db import db
from app.core.languages import LANGUAGES, Words, words
from app.core.phrases import from_json
from app.core.post import Letter, Server, Trouble, send
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.refusals import N_, Phrase, Refused
from app.domain.reminders import AT_ONCE, DIGEST, MEMORY
from app.entities.account import Account
from app.entities.mail import Mail
from app.entities.notice import Notice
from app.entities.parameter import parameter
from app.services.outbox import Outbox

MOST = 200
"""So many in one go."""
LINES = 100
"""So many lines in one digest."""

OUTBOX = Outbox(Mail)


def why_waiting() -> Phrase | None:
    """What is missing before mail can go out; nothing where all is set."""
    if not current_app.config["SMTP_URL"]:
        return Phrase(N_("No mail is sent: this installation names no mail server (FRONTLINE_SMTP_URL). What is written waits here."))
    if not parameter("mail_from"):
        return Phrase(N_("No mail is sent: the parameter “Sender address” is empty. What is written waits here."))
    return None


# --- from notices to mails ----------------------------------------------------------------------------------


def write_mails() -> int:
    """Turn notices whose time has come into mails; how many mails were written."""
    with acting_as(SYSTEM):
        at = now()
        _drop_what_needs_no_mail()
        ripe = select(Notice.id, Notice.user_id, Notice.mail).where(Notice.mail_after <= at, Notice.mail.in_((AT_ONCE, DIGEST)))
        rows = db.session.execute(ripe.order_by(Notice.id).limit(MOST)).all()
        written = sum(_write([row.id], AT_ONCE) for row in rows if row.mail == AT_ONCE)
        for user_id in sorted({row.user_id for row in rows if row.mail == DIGEST}):
            mine = select(Notice.id).where(Notice.user_id == user_id, Notice.mail == DIGEST, Notice.read_at.is_(None))
            written += _write(list(db.session.execute(mine.order_by(Notice.id)).scalars()), DIGEST)
        return written


def _drop_what_needs_no_mail() -> None:
    """What was read meanwhile on screen, or is so old that nobody was there to write it, is not mailed."""
    needless = or_(Notice.read_at.is_not(None), Notice.created_at < now() - MEMORY)
    waiting = (Notice.mail.in_((AT_ONCE, DIGEST)), Notice.mail_after <= now(), needless)
    if db.session.execute(select(Notice.id).where(*waiting).limit(1)).first() is None:
        return
    with transaction() as session:
        session.execute(update(Notice).where(*waiting).values(mail="", mail_after=None).execution_options(synchronize_session=False))


def _write(numbers: Sequence[int], how: str) -> int:
    """One mail about these notices; whoever marks them first writes it."""
    if not numbers:
        return 0
    with transaction() as session:
        taken = (
            update(Notice).where(Notice.id.in_(numbers), Notice.mail == how, Notice.read_at.is_(None)).values(mail="sent", mail_after=None)
        )
        mine = sorted(session.execute(taken.returning(Notice.id).execution_options(synchronize_session=False)).scalars())
        if not mine:
            return 0
        notices = session.execute(select(Notice).where(Notice.id.in_(mine)).order_by(Notice.id)).scalars().all()
        account = session.get(Account, notices[0].user_id)
        if account is None or not account.active or not account.email:
            return 0
        writer = words(account.language if account.language in LANGUAGES else None)
        subject, body = _digest(writer, notices) if how == DIGEST else _single(writer, notices[0])
        host = urlsplit(current_app.config["PUBLIC_URL"]).hostname or "frontline"
        mail = Mail(recipient=account.email, subject=subject[:300], body=body, language=writer.language, next_at=now())
        mail.message_id = f"frontline.{how}.{notices[0].id}@{host}"
        session.add(mail)
        return 1


def _said(writer: Words, notice: Notice) -> str:
    return writer.phrase(from_json(notice.text) or Phrase(""))


def _link(notice: Notice | None = None) -> str:
    home = f"{current_app.config['PUBLIC_URL']}/inbox/"
    return f"{home}{notice.id}/open" if notice is not None else home


def product_name(writer: Words) -> str:
    """What this installation calls the product."""
    return parameter(f"product.{writer.language}", writer(N_("Frontline")))


def _single(writer: Words, notice: Notice) -> tuple[str, str]:
    said = _said(writer, notice)
    what = (from_json(notice.text) or Phrase("")).values.get("what")
    brief = writer.phrase(what) if isinstance(what, Phrase) else said
    subject = writer(N_("%(product)s: %(what)s"), product=product_name(writer), what=brief)
    return subject, "\n\n".join((said, _link(notice), _foot(writer)))


def _digest(writer: Words, notices: Sequence[Notice]) -> tuple[str, str]:
    subject = writer(N_("%(product)s: unread notices (%(count)s)"), product=product_name(writer), count=len(notices))
    lines = [f"{writer.moment(notice.created_at)}\n{_said(writer, notice)}\n{_link(notice)}" for notice in notices[:LINES]]
    if len(notices) > LINES:
        lines.append(writer(N_("and %(count)s more in your inbox:"), count=len(notices) - LINES) + "\n" + _link())
    return subject, "\n\n".join((*lines, _foot(writer)))


def _foot(writer: Words) -> str:
    return writer(N_("You choose in your inbox how you are told by mail:")) + "\n" + _link()


# --- from mails to the server -------------------------------------------------------------------------------


def send_mails() -> int:
    """Send what is due; how many got through. Raises ``Refused`` where the server is away; then everything waits."""
    with acting_as(SYSTEM):
        OUTBOX.give_up_the_stale()
        if why_waiting() is not None:
            return 0
        numbers = OUTBOX.due(MOST)
        if not numbers:
            return 0
        try:
            with Server.at(current_app.config["SMTP_URL"]).open() as connection:
                return sum(_send_one(connection, number) for number in numbers)
        except Trouble as trouble:
            OUTBOX.put_off(numbers, trouble)
            raise Refused("mail-away", N_("%(why)s; mail waits"), why=Phrase(_words_of(trouble.code)), status=503) from trouble


def _words_of(code: str) -> str:
    option = next((option for option in Mail.__fields__["error"].options() if option.value == code), None)  # type: ignore[attr-defined]
    return option.label if option else code


def _send_one(connection: Any, number: int) -> bool:
    """Claim a mail, hand it over, and write down what came of it; another sender's mail is left alone."""
    with transaction() as session:
        mail = OUTBOX.claim(session, number)
        if mail is None:
            return False
        attempt, letter = mail.attempts, _letter(mail)
    try:
        send(connection, letter)
    except Trouble as trouble:
        if trouble.server:
            OUTBOX.release(number, attempt)
            raise
        OUTBOX.failed(number, attempt, trouble)
        return False
    return OUTBOX.close(number, attempt, state="sent", sent_at=now(), next_at=None, error="", answer="")


def _letter(mail: Mail) -> Letter:
    return Letter(
        sender=parameter("mail_from"),
        sender_name=product_name(words(mail.language)),
        recipient=mail.recipient,
        subject=mail.subject,
        text=mail.body,
        language=mail.language,
        message_id=mail.message_id,
        written_at=mail.created_at,
    )
