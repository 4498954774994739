"""Mail: a letter in two forms with the files on it, or with a link where they are too heavy."""

from __future__ import annotations

from email.headerregistry import Address
from smtplib import SMTP

from app.core.languages import words
from app.core.post import Letter, Server, Trouble
from app.core.post import send as hand_over
from app.delivery.base import Parcel, Route, Settings
from app.domain.refusals import N_, Refused

ON_THE_WAY = 1.4
"""Files grow by so much when they are written in letters (Base64 with its line ends)."""


def send(parcel: Parcel, settings: Settings) -> str:
    """The server's answer; ``Trouble`` where it is away or refuses."""
    if not settings.smtp_url or not parcel.sender:
        raise Trouble("not_configured", server=True)
    with Server.at(settings.smtp_url).open() as connection:
        heavy = _weight(parcel) > _most(connection, settings)
        if heavy and not parcel.link:
            raise Trouble("too_large", lasting=True)  # whoever cannot sign in has no other way to them
        return hand_over(connection, _letter(parcel, attached=not heavy))


def _letter(parcel: Parcel, *, attached: bool) -> Letter:
    text = parcel.text
    if parcel.files and not attached:
        too_heavy = words(parcel.language)(N_("The files are too large for a letter; they lie in “My files”."))
        text = f"{text}\n\n{too_heavy}"
    return Letter(
        sender=parcel.sender,
        sender_name=parcel.sender_name,
        recipient=parcel.recipient,
        subject=parcel.subject,
        text=text,
        language=parcel.language,
        message_id=parcel.message_id,
        written_at=parcel.written_at,
        files=parcel.files if attached else (),
    )


def _weight(parcel: Parcel) -> int:
    return sum(file.size for file in parcel.files)


def _most(connection: SMTP, settings: Settings) -> int:
    """How many bytes of files may go: what this house allows, and what the server says it takes (RFC 1870)."""
    said = connection.esmtp_features.get("size", "")
    theirs = int(int(said) / ON_THE_WAY) if said.isdecimal() and int(said) else settings.attach_bytes
    return min(settings.attach_bytes, theirs)


def check(address: str, settings: Settings) -> None:
    """A mail address."""
    try:
        Address(addr_spec=address)
    except (ValueError, IndexError):
        raise Refused("address", N_("“%(value)s” is not a mail address."), field="address", value=address[:60]) from None


ROUTE = Route("mail", N_("E-mail"), send, check, carries=True, registered=False)
