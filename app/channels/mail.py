"""E-mail (电子信箱): one message that came to the district's mailbox becomes one report, known again by its Message-ID."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage, MIMEPart
from email.policy import default
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any

from app.channels import Channel
from app.core.file_names import clean_name
from app.domain.intake import LONGEST_NUMBER, Enclosed, Report, title_of
from app.domain.refusals import N_, Refused

CODE = "EMAIL"
LONGEST = 20_000
OLDEST = timedelta(days=365)
"""A message that says it is older than so has a wrong clock; it is from when it was fetched."""

_AUTOMATIC = re.compile(r"^(?:auto-(?:generated|replied|notified)|bulk|junk|list)", re.IGNORECASE)
_BLANK = re.compile(r"\n{3,}")


def read(raw: bytes, moment: datetime) -> Report:
    """``moment`` is now. Raises ``Refused`` for a message that nobody wrote (automatic answers, bounces) or that says nothing."""
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    if is_automatic(message):
        raise Refused("automatic", N_("An automatic answer, not a report"))
    subject, text = _header(message, "Subject"), _words_of(message)
    title = " ".join(subject.split())[:200] or title_of(text)
    if not title:
        raise Refused("empty", N_("The message says nothing: no subject and no text"))
    name, address = parseaddr(_header(message, "From"))
    values: dict[str, Any] = {
        "title": title,
        "description": text[:LONGEST],
        "reporter_name": (name or address)[:60],
        "reported_at": _sent_at(message, moment),
    }
    return Report(CODE, CODE, number_of(message, raw), values, tuple(_files(message)), strict=False)


def number_of(message: EmailMessage, raw: bytes) -> str:
    """The Message-ID; where there is none, or a longer one than can be kept, the digest of the message."""
    found = "".join(_header(message, "Message-ID").split()).strip("<>")
    fits = found.isascii() and found.isprintable() and 0 < len(found) <= LONGEST_NUMBER
    return found if fits else "sha256-" + hashlib.sha256((found.encode("utf-8", "replace")) or raw).hexdigest()


def is_automatic(message: EmailMessage) -> bool:
    """Whether a program wrote it: an answer to those would be answered again, and they report nothing."""
    marks = (_header(message, "Auto-Submitted"), _header(message, "Precedence"))
    bounced = message.get_content_type() == "multipart/report" or _header(message, "Return-Path").strip() == "<>"
    return bounced or any(_AUTOMATIC.match(mark.strip()) for mark in marks)


def _header(message: EmailMessage, name: str) -> str:
    """A header as text, whatever its sender did to it."""
    try:
        return str(message.get(name, ""))
    except (ValueError, TypeError, IndexError, AttributeError, LookupError):
        raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    try:
        return str(make_header(decode_header(str(raw))))
    except (ValueError, LookupError):
        return str(raw)


def _words_of(message: EmailMessage) -> str:
    """The plain text, or what the page says without its marks."""
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    text = _decoded(part)
    if part.get_content_type() == "text/html":
        reader = _Page()
        reader.feed(text)
        text = "".join(reader.found)
    return _BLANK.sub("\n\n", text.replace("\r\n", "\n")).strip()


def _decoded(part: MIMEPart) -> str:
    payload = part.get_payload(decode=True)
    body = payload if isinstance(payload, bytes) else b""
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "gb18030"):
        try:
            return body.decode("gb18030" if charset.lower() in ("gb2312", "gbk") else charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("utf-8", "replace")


def _sent_at(message: EmailMessage, moment: datetime) -> datetime:
    try:
        found = parsedate_to_datetime(_header(message, "Date"))
    except ValueError:
        return moment
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found if moment - OLDEST <= found <= moment else moment


def _files(message: EmailMessage) -> Iterator[Enclosed]:
    """What is attached, pictures within the text included."""
    body = message.get_body(("plain", "html"))
    for part in message.walk():
        if part.is_multipart() or part is body or part.get_content_type() in ("text/html", "text/calendar"):
            continue
        name = part.get_filename() or ""
        if not name and part.get_content_maintype() == "text":
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload:
            yield Enclosed(name or clean_name("", ("bin",), "file"), io.BytesIO(payload))


class _Page(HTMLParser):
    """The words of a page: no scripts, no styles, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Begin a block, or what is not shown."""
        self.silent += tag in ("script", "style", "title")
        if tag in ("p", "div", "br", "tr", "li", "h1", "h2", "h3"):
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End what is not shown."""
        self.silent = max(0, self.silent - (tag in ("script", "style", "title")))

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self.silent:
            self.found.append(" ".join(data.split(" ")))


CHANNEL = Channel(CODE, N_("E-mail"), read)
