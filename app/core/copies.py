"""Copies with their reader's name: whoever prints files says here how a copy is made, so that no floor must know the ones above it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Original:
    """A kept file that was printed: from which report, of which period, group and unit, from which revision of an evaluation, and how.

    ``unit_id`` is the unit whose rows stand in it; ``digest`` the SHA-256 of its bytes, by which a copy is known to be one of them.
    """

    report: str
    period: str
    format: str
    language: str
    digest: str
    group: str = ""
    unit: str = ""
    unit_id: int | None = None
    revision: int | None = None


Copyist = Callable[[Original, str, datetime, Path], bool]
"""Writes a copy for a reader (name, moment) to a path; false where the file is everybody's, or cannot be printed as it was any more."""

_copyists: list[Copyist] = []


def copied_by(copyist: Copyist) -> None:
    """Make this one known in place of any other."""
    _copyists[:] = [copyist]


def copy_for(original: Original, reader: str, at: datetime, path: Path) -> bool:
    """Write a copy for ``reader`` to ``path``; false where none is made and the file is handed out as it is kept."""
    return any(copyist(original, reader, at, path) for copyist in _copyists)
