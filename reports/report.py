"""What a report is: a code, a title, the formats it comes in, and how a frozen scorecard becomes each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.scorecard import Scorecard
from reports.document import Paper
from reports.sheets import Book
from reports.voice import Voice

XLSX, PDF, JSON = "xlsx", "pdf", "json"
MEDIA_TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PDF: "application/pdf",
    JSON: "application/json",
}


@dataclass(frozen=True, slots=True)
class Report:
    """One report definition, found by its folder. ``title`` is a message id.

    ``workbook`` and ``paper`` take the voice of the file (one language or two); ``data`` has no language.
    """

    code: str
    title: str
    workbook: Callable[[Scorecard, Voice], Book]
    paper: Callable[[Scorecard, Voice], Paper]
    data: Callable[[Scorecard], Mapping[str, Any]]

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats it comes in."""
        return (XLSX, PDF, JSON)
