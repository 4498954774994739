"""The gaming radar (刷分雷达): one file per sign, found by listing this folder."""

from __future__ import annotations

import importlib
import pkgutil

from app.domain.radar.base import Sign

NOT_SIGNS = frozenset({"base", "examples"})

_FOUND: dict[str, Sign] = {}


def all_signs() -> dict[str, Sign]:
    """Every sign by its code, in their order."""
    if not _FOUND:
        names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name not in NOT_SIGNS)
        members: list[Sign] = [importlib.import_module(f"{__name__}.{name}").SIGN for name in names]
        for member in sorted(members, key=lambda sign: (sign.position, sign.code)):
            if member.code in _FOUND:
                raise ValueError(f"two signs call themselves {member.code}")
            _FOUND[member.code] = member
    return _FOUND
