"""Data checks: one file each, found by listing this folder; each looks at what an evaluation stands on and names what to fix."""

from __future__ import annotations

import sys
from functools import cache

from app.core.registry import members
from app.queries.checks.base import DataCheck


@cache
def all_checks() -> dict[str, DataCheck]:
    """Every check by its code, the blocking ones first, then in the order they ask to stand in."""
    found = sorted(members(sys.modules[__name__], "CHECK"), key=lambda one: (not one.blocks, one.position, one.code))
    if len({one.code for one in found}) != len(found):
        raise ValueError("two data checks call themselves alike")
    return {one.code: one for one in found}
