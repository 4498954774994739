"""A real mail server on this machine for tests: it keeps what it is given, and can be told to refuse or to be away."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any
from warnings import catch_warnings, filterwarnings

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@dataclass
class PostBox:
    """What came in, and what is answered: per recipient, or to everything."""

    port: int
    messages: list[EmailMessage] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    content: str = ""
    hangs_up: bool = False

    @property
    def url(self) -> str:
        """Where it is."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, _options: Any) -> str:
        """Take an address, or refuse it."""
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep a message, or refuse it."""
        if self.hangs_up:
            server.transport.close()
            return "421 closing"
        if self.content:
            return self.content
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """What was sent to somebody."""
        return [message for message in self.messages if message["To"] == address]


def plain(message: EmailMessage) -> str:
    """The text form."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def html(message: EmailMessage) -> str:
    """The HTML form."""
    body = message.get_body(("html",))
    assert body is not None
    return str(body.get_content())


@contextmanager
def listening(box: PostBox, password: str = "") -> Iterator[PostBox]:
    """The server, alive inside."""
    options: dict[str, Any] = {}
    if password:

        def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
            known = isinstance(data, LoginPassword) and data.password == password.encode()
            return AuthResult(success=known, handled=known)

        options = {"authenticator": check, "auth_required": True, "auth_require_tls": False}
    with catch_warnings():
        filterwarnings("ignore", message="Requiring AUTH")  # a password without encryption, on this machine only
        controller = Controller(box, hostname="127.0.0.1", port=box.port, **options)
        controller.start()
        try:
            yield box
        finally:
            controller.stop()
