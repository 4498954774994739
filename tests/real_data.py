"""Where data of real districts lies, for those who have it: the folder that ``FRONTLINE_REAL_DATA`` names; never committed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = os.environ.get("FRONTLINE_REAL_DATA", "")


def real_or_none(name: str) -> Path | None:
    """A file of real data, where there is one."""
    path = Path(FOLDER) / name
    return path.resolve() if FOLDER and path.exists() else None


def real_file(name: str) -> Path:
    """A file of real data; a test that needs it is skipped, and says so, where it is not there."""
    path = real_or_none(name)
    if path is None:
        pytest.skip(f"real data not at hand: {name}")
    return path
