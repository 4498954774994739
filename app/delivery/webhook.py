"""Webhook: what was made is told to a program as signed JSON, in the way of the Standard Webhooks specification 1.0."""

from __future__ import annotations

import hmac
import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64

from app.core.clock import now
from app.delivery.base import Parcel, Route, Settings
from app.delivery.guard import read_url
from app.delivery.line import post
from app.domain.refusals import N_, Refused


def send(parcel: Parcel, settings: Settings) -> str:
    """POST the message; the answer as it came. A receiver knows a repetition by ``webhook-id``, a stale copy by its timestamp."""
    body = json.dumps(message(parcel), ensure_ascii=False).encode()
    moment = str(int(now().timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": parcel.message_id,
        "webhook-timestamp": moment,
        "webhook-signature": signature(settings.secret, parcel.message_id, moment, body),
    }
    return post(parcel.recipient, body, headers, allow_private=settings.allow_private, patience=settings.patience).said


def message(parcel: Parcel) -> dict[str, object]:
    """What is told: words, a link, and of each file its name, kind, size in bytes and SHA-256; never the files themselves."""
    return {
        "type": "files.ready",
        "id": parcel.message_id,
        "timestamp": parcel.written_at.isoformat(),
        "data": {
            "language": parcel.language,
            "subject": parcel.subject,
            "text": parcel.text,
            "link": parcel.link,
            "files": [{"name": one.name, "media_type": one.media_type, "size": one.size, "sha256": one.digest} for one in parcel.files],
        },
    }


def signature(secret: str, message_id: str, moment: str, body: bytes) -> str:
    """``v1,`` and the HMAC-SHA256 of ``id.timestamp.body`` in Base64; a key that begins with ``whsec_`` is Base64 itself."""
    key = secret.encode()
    if secret.startswith("whsec_"):
        key = b64decode(secret.removeprefix("whsec_"), validate=True)
    signed = hmac.digest(key, f"{message_id}.{moment}.".encode() + body, "sha256")
    return "v1," + b64encode(signed).decode("ascii")


def check(address: str, settings: Settings) -> None:
    """A URL, and a key to sign with: without one nobody could tell our messages from anybody's."""
    read_url(address)
    if len(settings.secret) < 16:
        raise Refused("secret", N_("A webhook needs a signing key of at least 16 characters."), field="secret")
    try:
        signature(settings.secret, "", "", b"")
    except (NotBase64, ValueError):
        raise Refused("secret", N_("A signing key that begins with whsec_ goes on in Base64."), field="secret") from None


ROUTE = Route("webhook", N_("Webhook"), send, check)
