"""Where data of real districts lies, for those who have it: ``FRONTLINE_REAL_DATA``, else ``../shared/data``; never committed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("FRONTLINE_REAL_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")


def real_file(name: str) -> Path:
    """A file of real data; a test that needs it is skipped, and says so, where it is not there."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"real data not at hand: {name}")
    return path
