"""Copies of kept files: printed again from what is frozen, compared by their bytes, and then once more with the reader's name."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from app.core.acting import acting_as
from app.core.copies import Original
from app.core.db import db
from app.core.storage import digest_of
from app.domain.actors import SYSTEM, Actor
from app.domain.refusals import Refused
from reports.definitions import report
from reports.printing import render
from reports.report import PERIOD, UNIT, Copy, Order, Report


def copy_with_name(original: Original, reader: str, at: datetime, path: Path) -> bool:
    """A copy of the very same file with its reader's name on every page; false where the file is everybody's.

    What was printed then is found again by its bytes: the same matter gives the same file. A list whose tickets have changed since
    gives another, and is handed out as it is kept.
    """
    definition = report(original.report)
    if original.format not in definition.formats:
        return False
    spoken = original.language.split("+")
    for order in _orders(definition, original):
        try:
            with acting_as(_servant(definition, original)):
                matter = definition.read(db.session(), order)
        except Refused:
            continue
        if not definition.personal(matter):
            return False
        if _prints(definition, matter, original, spoken):
            render(matter, definition.code, original.format, spoken, path, Copy(reader, at))
            return True
    return False


def _orders(definition: Report[Any], original: Original) -> list[Order]:
    """What may have been asked for then: of an evaluation as it stands today, or as it was published."""
    if definition.needs == PERIOD:
        return [Order(original.period)]
    which = (original.group, original.unit) if definition.needs == UNIT else ("", "")
    return [Order(original.period, *which, revision=original.revision, when=when) for when in ("", "published", "preliminary")]


def _prints(definition: Report[Any], matter: Any, original: Original, spoken: list[str]) -> bool:
    """Whether this matter gives the very bytes that are kept."""
    with tempfile.TemporaryDirectory(prefix="copy-") as folder:
        plain = render(matter, definition.code, original.format, spoken, Path(folder) / f"plain.{original.format}")
        return digest_of(plain) == original.digest


def _servant(definition: Report[Any], original: Original) -> Actor:
    """In whose name it was printed: everybody's, or, of a list of one unit, that unit's."""
    if definition.needs != PERIOD or original.unit_id is None:
        return SYSTEM
    return Actor(None, "copies", frozenset({"schedule"}), original.unit_id, original.group)
