"""Personal data is masked wherever nobody has asked for it with a reason (reliability: personal data)."""

from __future__ import annotations

import re

_PHONE = re.compile(r"^(\d{3})\d+(\d{4})$")


def masked(kind: str, value: str) -> str:
    """A personal value as lists, exports and logs show it: ``139****0000``, ``林**``."""
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
