"""Writing down what left the house: files of evaluations are known by their bytes afterwards (``app.web.pages.verify``)."""

from __future__ import annotations

from typing import Any

from app.domain.scorecard import Scorecard
from app.services.evaluation_files import record_file


def written_down(matter: Any, report: str, digest: str, fmt: str, language: str, name: str) -> None:
    """Put a file into the register, if it was made from an evaluation; the same bytes stand there once."""
    card = getattr(matter, "scorecard", matter)
    if isinstance(card, Scorecard):
        record_file(card.period.key, card.revision, digest, report, fmt, language, name, card.state)
