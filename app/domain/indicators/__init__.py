"""The measures: one file each, found by listing this folder; what a figure means is written nowhere else."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable

from app.domain.indicators.base import Count, Golden, Indicator, Verdict, count

__all__ = ["Count", "Golden", "Indicator", "Verdict", "all_indicators", "count", "indicator"]

_FOUND: dict[str, Indicator] = {}


def all_indicators() -> dict[str, Indicator]:
    """Every indicator by its code, in the order the handbook lists them."""
    if not _FOUND:
        names = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name != "base")
        members: Iterable[Indicator] = (importlib.import_module(f"{__name__}.{name}").INDICATOR for name in names)
        for member in sorted(members, key=lambda i: (i.position, i.code)):
            if member.code in _FOUND:
                raise ValueError(f"two indicators call themselves {member.code}")
            _FOUND[member.code] = member
    return _FOUND


def indicator(code: str) -> Indicator:
    """The indicator called ``code``; ``KeyError`` when there is none."""
    return all_indicators()[code]
