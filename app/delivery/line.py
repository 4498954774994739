"""The line out: one POST to a checked address and what came back; it follows nobody anywhere and waits no longer than it is told."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer

from app.core.post import AWAY, LATER, REFUSED_MESSAGE, Trouble
from app.delivery.guard import Place, look_up

MOST_ANSWER = 1 << 16
"""So many bytes of an answer are read."""
LATER_STATES = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Reply:
    """What a receiver answered to a message that it took."""

    status: int
    body: bytes

    @property
    def said(self) -> str:
        """In its own words, short."""
        return f"{self.status} {self.body.decode('utf-8', 'replace')}".strip()[:300]


def post(url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool, patience: float) -> Reply:
    """Send ``body`` and read the answer, all within ``patience`` seconds; ``Trouble`` where it was not taken.

    The connection goes to an address that was looked at, never to the name again: a name that changes its mind in between
    (DNS rebinding) leads nowhere. Proxies of the environment are not used. A redirect is an answer, not an invitation.
    """
    place = look_up(url, allow_private=allow_private)
    connection = (_SafeLine if place.secure else _Line)(place, patience)
    watch = Timer(patience, connection.hang_up)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", place.target, body, {**headers, "Host": place.called, "User-Agent": "Frontline", "Connection": "close"})
        with connection.getresponse() as answer:
            reply = Reply(answer.status, answer.read(MOST_ANSWER))
        if connection.cut:
            raise TimeoutError(f"no whole answer within {patience:g} s")  # half a head would pass for a whole one
    except (HTTPException, OSError, ValueError) as error:
        raise Trouble(AWAY, str(error) or type(error).__name__, server=True) from error
    finally:
        watch.cancel()
        connection.close()
    return _taken(reply)


def _taken(reply: Reply) -> Reply:
    if 200 <= reply.status < 300:
        return reply
    if 300 <= reply.status < 400:
        raise Trouble("redirected", reply.said, lasting=True)
    if reply.status in LATER_STATES:
        raise Trouble(LATER, reply.said)
    raise Trouble(REFUSED_MESSAGE, reply.said, lasting=True)


def _reached(place: Place, patience: float) -> socket.socket:
    """The first of the addresses that answers."""
    last: OSError | None = None
    for address in place.addresses:
        try:
            return socket.create_connection((address, place.port), patience)
        except OSError as error:
            last = error
    raise last or OSError("no address")


class _Line(HTTPConnection):
    """To a place, in the open."""

    def __init__(self, place: Place, patience: float) -> None:
        super().__init__(place.host, place.port, timeout=patience)
        self.place, self.patience = place, patience
        self.wire: socket.socket | None = None
        self.cut = False

    def connect(self) -> None:
        """To one of the checked addresses."""
        self.sock = self.wire = _reached(self.place, self.patience)

    def hang_up(self) -> None:
        """End it from outside, whatever it is waiting for."""
        self.cut = True
        _shut(self.wire)


class _SafeLine(HTTPSConnection):
    """To a place, encrypted; the certificate must be the named host's."""

    def __init__(self, place: Place, patience: float) -> None:
        self.certificates = ssl.create_default_context()
        super().__init__(place.host, place.port, timeout=patience, context=self.certificates)
        self.place, self.patience = place, patience
        self.wire: socket.socket | None = None
        self.cut = False

    def connect(self) -> None:
        """To one of the checked addresses."""
        self.wire = plain = _reached(self.place, self.patience)
        try:
            self.sock = self.wire = self.certificates.wrap_socket(plain, server_hostname=self.place.host)
        except BaseException:
            plain.close()
            raise

    def hang_up(self) -> None:
        """End it from outside, whatever it is waiting for."""
        self.cut = True
        _shut(self.wire)


def _shut(wire: socket.socket | None) -> None:
    """``http.client`` forgets its socket as soon as the head of an answer is there; the wire is kept for this."""
    if wire is not None:
        with suppress(OSError):
            wire.shutdown(socket.SHUT_RDWR)
