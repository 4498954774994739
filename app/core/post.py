"""The post office: a mail server by its URL, messages in two forms, and what went wrong said as one of a few troubles."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import format_datetime
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT = 20
"""Seconds after which a silent server counts as away."""

AWAY, SIGN_IN, LATER = "away", "sign_in", "later"
REFUSED_ADDRESS, REFUSED_SENDER, REFUSED_MESSAGE = "refused_address", "refused_sender", "refused_message"


class Trouble(Exception):
    """Why a message did not get through.

    ``lasting``: sending the same message again will not help. ``server``: it is not about this message, nothing can be
    sent now. ``answer`` is what the server said, in its own words.
    """

    def __init__(self, code: str, answer: str = "", *, lasting: bool = False, server: bool = False) -> None:
        super().__init__(code)
        self.code, self.answer, self.lasting, self.server = code, answer, lasting, server


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server: ``smtp://user:password@host:25`` (STARTTLS where it is offered; ``?tls=off`` without), ``smtps://`` (TLS)."""

    host: str
    port: int
    secure: bool
    upgrade: bool
    user: str = ""
    password: str = ""

    @classmethod
    def at(cls, url: str) -> Server:
        """Read a URL; ``ValueError`` where it is none."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("no smtp:// or smtps:// URL")
        secure = parts.scheme == "smtps"
        upgrade = parse_qs(parts.query).get("tls") != ["off"]
        port = parts.port or (465 if secure else 25)
        return cls(parts.hostname, port, secure, upgrade, unquote(parts.username or ""), unquote(parts.password or ""))

    @contextmanager
    def open(self) -> Iterator[smtplib.SMTP]:
        """A connection, signed in where the URL names somebody; ``Trouble`` where there is none to be had."""
        try:
            connection = self._connect()
        except smtplib.SMTPAuthenticationError as error:
            raise Trouble(SIGN_IN, _said(error), server=True) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Trouble(AWAY, _said(error), server=True) from error
        try:
            yield connection
        finally:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()

    def _connect(self) -> smtplib.SMTP:
        if self.secure:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=ssl.create_default_context())
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            connection.ehlo()
            if not self.secure and self.upgrade and connection.has_extn("starttls"):
                connection.starttls(context=ssl.create_default_context())
                connection.ehlo()
            if self.user:
                connection.login(self.user, self.password)
        except BaseException:
            connection.close()
            raise
        return connection


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A kept file that travels: its name in its own script, ``size`` in bytes, SHA-256 as ``digest``."""

    name: str
    media_type: str
    path: Path
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to one recipient. ``text`` is plain; a line that is an address alone becomes a link in the HTML form."""

    sender: str
    sender_name: str
    recipient: str
    subject: str
    text: str
    language: str
    message_id: str
    written_at: datetime
    files: tuple[Enclosure, ...] = ()

    def message(self) -> EmailMessage:
        """The message in both forms; ``Trouble`` where an address is none."""
        message = EmailMessage(policy=POLICY)
        try:
            message["From"] = Address(_line(self.sender_name), addr_spec=self.sender)
        except ValueError as error:
            raise Trouble(REFUSED_SENDER, str(error), server=True) from error
        try:
            message["To"] = Address(addr_spec=self.recipient)
        except ValueError as error:
            raise Trouble(REFUSED_ADDRESS, str(error), lasting=True) from error
        message["Subject"] = _line(self.subject)
        message["Date"] = format_datetime(self.written_at)
        message["Message-ID"] = f"<{self.message_id}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(self.text)
        message.add_alternative(self.html(), subtype="html")
        for file in self.files:
            kind, _, form = file.media_type.partition("/")
            message.add_attachment(_bytes(file), maintype=kind, subtype=form or "octet-stream", filename=_line(file.name))
        message["Content-Language"] = self.language  # before the forms it would become the first one's
        return message

    def html(self) -> str:
        """The same words with paragraphs and links."""
        language = "zh-CN" if self.language == "zh" else "en"
        blocks = ["<br>".join(_linked(line) for line in block.splitlines()) for block in self.text.strip().split("\n\n")]
        body = "\n".join(f"<p>{block}</p>" for block in blocks)
        head = f'<meta charset="utf-8"><title>{escape(_line(self.subject))}</title>'
        return f'<!DOCTYPE html>\n<html lang="{language}"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'


def send(connection: smtplib.SMTP, letter: Letter) -> str:
    """Hand a letter over and say that the server took it; ``Trouble`` where it does not."""
    message = letter.message()
    try:
        connection.send_message(message)
        return "250"
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()), (550, b""))
        raise _refused(REFUSED_ADDRESS, code, _text(answer)) from error
    except smtplib.SMTPSenderRefused as error:
        raise Trouble(REFUSED_SENDER, _said(error), server=True) from error
    except smtplib.SMTPServerDisconnected as error:
        raise Trouble(AWAY, _said(error), server=True) from error
    except smtplib.SMTPResponseException as error:
        raise _refused(REFUSED_MESSAGE, error.smtp_code, _text(error.smtp_error)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Trouble(REFUSED_ADDRESS, str(error), lasting=True) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Trouble(AWAY, _said(error), server=True) from error


def _bytes(file: Enclosure) -> bytes:
    try:
        return file.path.read_bytes()
    except OSError as error:
        raise Trouble("lost_file", file.name, lasting=True) from error


def _refused(kind: str, code: int, answer: str) -> Trouble:
    """Four hundreds ask to come again, five hundreds do not want to be asked again (RFC 5321 §4.2.1)."""
    return Trouble(LATER, f"{code} {answer}") if 400 <= code < 500 else Trouble(kind, f"{code} {answer}", lasting=True)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def _line(text: str) -> str:
    """Headers are one line each, whatever stands in a title."""
    return " ".join(text.split())


def _linked(line: str) -> str:
    if line.startswith(("http://", "https://")) and " " not in line:
        return f'<a href="{escape(line)}">{escape(line)}</a>'
    return escape(line)
