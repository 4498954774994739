"""What a route is given and what it is: a parcel for one recipient, the settings of this house, and why it did not get through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.core.post import Enclosure
from app.domain.refusals import N_

__all__ = ["TROUBLES", "Enclosure", "Parcel", "Route", "Settings"]


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one recipient gets. ``recipient`` is a mail address, a URL or a folder; ``message_id`` stays the same over all attempts.

    ``text`` is plain, in the recipient's language; ``link`` leads to the files for whoever may sign in. ``sender`` and
    ``sender_name`` stand on mail.
    """

    message_id: str
    language: str
    sender: str
    sender_name: str
    recipient: str
    subject: str
    text: str
    link: str
    files: tuple[Enclosure, ...]
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Settings:
    """What a route must know of this installation and of the registered target.

    ``attach_bytes`` is how much a mail may carry. ``drop`` is where all drop folders lie. ``secret`` and ``allow_private`` are the
    target's: the key its messages are signed with, and whether it may lie at a private address. ``patience`` is in seconds.
    """

    smtp_url: str = ""
    attach_bytes: int = 10 * 2**20
    drop: Path | None = None
    secret: str = ""
    allow_private: bool = False
    patience: float = 20


Send = Callable[[Parcel, Settings], str]
"""Delivers, and says what the receiver answered; ``app.core.post.Trouble`` where it did not get through."""

Check = Callable[[str, Settings], None]
"""``Refused`` in words where an address can never be one of this route; asks nobody on the network."""


@dataclass(frozen=True, slots=True)
class Route:
    """One way out. ``name`` is a message id; ``carries`` says that the files themselves travel and not only a
    link to them; ``registered`` that its addresses are delivery targets, kept by administrators."""

    code: str
    name: str
    send: Send
    check: Check
    carries: bool = False
    registered: bool = True


TROUBLES = {
    "away": N_("The receiver cannot be reached"),
    "later": N_("The receiver asks to come again later"),
    "sign_in": N_("The mail server does not accept our name and password"),
    "refused_address": N_("The receiver does not know the recipient"),
    "refused_sender": N_("The mail server does not accept our sender address"),
    "refused_message": N_("The receiver does not accept the message"),
    "not_configured": N_("This installation names no mail server or no sender address"),
    "private": N_("The address lies in a private network, which is not allowed for this target"),
    "redirected": N_("The receiver sends us on to another address; only registered addresses are used"),
    "address": N_("The address cannot be used"),
    "no_target": N_("The target is no longer registered or no longer in use"),
    "no_room": N_("The folder cannot be written to"),
    "lost_file": N_("A file is no longer kept or no longer the same"),
    "too_large": N_("The files are too large for a mail, and the recipient cannot fetch them here"),
    "stale": N_("Too old to be sent; it stands in “My files”"),
}
"""What can go wrong, by the code that ``Trouble`` carries, in words for whoever keeps the schedule."""
