"""Personal data is masked wherever nobody has asked for it with a reason (reliability: personal data)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

SECRETS = frozenset({"secret", "url"})
"""Kinds that nobody is shown again, whoever asks: not in forms, and not in the change log's own table either."""

_PHONE = re.compile(r"^(\d{3})\d+(\d{4})$")


def masked(kind: str, value: str) -> str:
    """A personal value as lists, exports and logs show it: ``139****0000``, ``林**``; of a secret nothing, of a URL its host."""
    if kind == "secret":
        return "********" if value else ""
    if kind == "url":
        return _host_of(value)
    if not value or "*" in value:
        return value
    if kind == "phone":
        digits = re.sub(r"\D", "", value)
        match = _PHONE.match(digits)
        return f"{match[1]}****{match[2]}" if match else "****"
    if kind == "name":
        return value[0] + "**"
    if kind == "identity":
        return value[:3] + "*" * max(0, len(value) - 7) + value[-4:] if len(value) > 8 else "****"
    return value[: max(1, len(value) // 3)] + "***"


def _host_of(url: str) -> str:
    """``https://host/***``: whoever knows the whole address can write there. What is no URL holds no secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}/***" if parts.scheme else url
