"""The mailbox: messages fetched from an IMAP server by its URL, each set aside only after it was dealt with."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT = 20
"""Seconds after which a silent server counts as away."""
LARGEST = 40 * 2**20
"""A message beyond this is not fetched; it stays where it is, flagged."""


class MailboxAway(Exception):
    """The server cannot be reached or lets nobody in; ``answer`` is what it said."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Address:
    """``imaps://user:password@host:993/INBOX``, or ``imap://`` with STARTTLS; ``?tls=off`` without, for servers on the same machine."""

    host: str
    port: int
    secure: bool
    upgrade: bool
    user: str
    password: str
    folder: str

    @classmethod
    def at(cls, url: str) -> Address:
        """Read a URL; ``ValueError`` where it is none."""
        parts = urlsplit(url)
        if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username or parts.port == 0:
            raise ValueError("no imap:// or imaps:// URL with a user")
        secure = parts.scheme == "imaps"
        folder = unquote(parts.path.strip("/")) or "INBOX"
        upgrade = parse_qs(parts.query).get("tls") != ["off"]
        port = parts.port or (993 if secure else 143)
        return cls(parts.hostname, port, secure, upgrade, unquote(parts.username), unquote(parts.password or ""), folder)


class Mailbox:
    """An open folder. Messages are named by their numbers, which stay while the folder is open."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self.connection = connection

    def waiting(self, most: int) -> list[bytes]:
        """The oldest messages that were neither dealt with (seen) nor set aside (flagged)."""
        status, found = self.connection.uid("SEARCH", "UNSEEN", "UNFLAGGED")
        return found[0].split()[:most] if status == "OK" and found and found[0] else []

    def bytes_of(self, number: bytes) -> bytes | None:
        """A message as it came; ``None`` for one that is too large."""
        _, sizes = self.connection.uid("FETCH", number.decode(), "(RFC822.SIZE)")
        head = sizes[0] if sizes else None
        text = head if isinstance(head, bytes) else head[0] if isinstance(head, tuple) else b""
        size = text.rpartition(b"RFC822.SIZE ")[2].split(b")")[0].split(b" ")[0]
        if not size.isdigit() or int(size) > LARGEST:
            return None
        _, parts = self.connection.uid("FETCH", number.decode(), "(BODY.PEEK[])")
        return next((part[1] for part in parts or () if isinstance(part, tuple)), None)

    def done(self, number: bytes) -> None:
        """It was dealt with."""
        self.connection.uid("STORE", number.decode(), "+FLAGS", "(\\Seen)")

    def set_aside(self, number: bytes) -> None:
        """It was not; a person looks at it in the mailbox, where it is flagged."""
        self.connection.uid("STORE", number.decode(), "+FLAGS", "(\\Flagged)")


@contextmanager
def opened(url: str) -> Iterator[Mailbox]:
    """Sign in and open the folder; ``MailboxAway`` where that, or anything said inside, fails."""
    address = Address.at(url)
    connection: imaplib.IMAP4 | None = None
    try:
        connection = _connected(address)
        connection.login(address.user, address.password)
        status, said = connection.select(f'"{address.folder}"')
        if status != "OK":
            raise MailboxAway(repr(said))
        yield Mailbox(connection)
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxAway(str(error)) from error
    finally:
        if connection is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                connection.logout()
            with suppress(OSError):
                connection.shutdown()


def _connected(address: Address) -> imaplib.IMAP4:
    if address.secure:
        return imaplib.IMAP4_SSL(address.host, address.port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT)
    connection = imaplib.IMAP4(address.host, address.port, timeout=TIMEOUT)
    if address.upgrade:
        connection.starttls(ssl.create_default_context())
    return connection
