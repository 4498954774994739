"""Reference data every district starts with: words, channels, calendar, parameters, default schemes."""

from __future__ import annotations

import csv
from pathlib import Path

_FOLDER = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of this folder's CSV files."""
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
