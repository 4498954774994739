"""Intake channels: each turns what it receives into a report or a ticket's history, in one file.

A channel that receives single matters offers ``CHANNEL``; adding a file is all it takes to join.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.core.registry import members
from app.domain.intake import Report


@dataclass(frozen=True, slots=True)
class Channel:
    """A way in. ``read`` makes a report of what was received, or raises ``Refused`` naming the field and the reason."""

    code: str
    name: str
    read: Callable[..., Report]


def channels() -> dict[str, Channel]:
    """Every channel, by code."""
    found: list[Any] = members(sys.modules[__name__], "CHANNEL")
    return {one.code: one for one in found}
