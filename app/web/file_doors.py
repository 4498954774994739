"""What the doors for files share: where files lie, what is allowed, and how one is handed out so that it can do no harm."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, current_app, send_file

from app.core.storage import Storage
from app.crud.file_types import BY_MEDIA_TYPE
from app.entities.attachment import Attachment
from app.services.attachments import Limits

SANDBOX = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
FENCES = {
    "audio": SANDBOX + " allow-same-origin",
    "paper": "default-src 'none'; object-src 'self'; img-src 'self' blob: data:; style-src 'unsafe-inline'; frame-ancestors 'none'",
}
"""Other fences where browsers would show nothing in that one: players fetch from their own house (scripts stay forbidden),
and PDF is not shown in a sandbox at all; its readers are one themselves."""


def storage() -> Storage:
    """The file store of this installation."""
    found: Storage = current_app.config["STORAGE"]
    return found


def limits() -> Limits:
    """What this installation allows."""
    config = current_app.config
    return Limits(bytes=config["ATTACHMENT_MB"] * 2**20, files=config["ATTACHMENTS_MOST"])


def handed_out(row: Attachment, *, save: bool) -> Response:
    """The bytes as they were given; ``save`` or a kind that browsers do not show by themselves makes it a download."""
    kind = BY_MEDIA_TYPE.get(row.media_type)
    inline = kind is not None and bool(kind.shown) and not save
    answer = send_file(
        storage().path(row.digest), row.media_type if kind is not None else "application/octet-stream", conditional=True, max_age=0
    )
    answer.headers["Content-Disposition"] = disposition(row.name, inline=inline)
    answer.headers["Content-Security-Policy"] = FENCES.get(kind.shown, SANDBOX) if kind is not None else SANDBOX
    return answer


def kept_file(digest: str, media_type: str, name: str) -> Response:
    """A kept file that hangs on no ticket, always to be saved."""
    known = media_type in BY_MEDIA_TYPE
    answer = send_file(storage().path(digest), media_type if known else "application/octet-stream", conditional=True, max_age=0)
    answer.headers["Content-Disposition"] = disposition(name, inline=False)
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def disposition(name: str, *, inline: bool) -> str:
    """The header that names a file in its own script; old programs get letters and digits."""
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "_" for char in name)
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
