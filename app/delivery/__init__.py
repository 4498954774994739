"""Ways by which files and words leave the house: one file per route, found by listing this folder."""

from __future__ import annotations

import sys

from app.core.registry import members
from app.delivery.base import Enclosure, Parcel, Route, Settings

__all__ = ["Enclosure", "Parcel", "Route", "Settings", "routes"]

_FOUND: dict[str, Route] = {}


def routes() -> dict[str, Route]:
    """Every route by its code."""
    if not _FOUND:
        found: list[Route] = members(sys.modules[__name__], "ROUTE")
        _FOUND.update({route.code: route for route in found})
    return _FOUND
