"""What a report is: a code, a title, what it needs to be told, and how what it reads becomes a workbook, a paper or plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from app.domain.refusals import N_
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
FORMATS = {XLSX: N_("Excel workbook"), PDF: N_("PDF")}

EVALUATION, UNIT, PERIOD, TICKET = "evaluation", "unit", "period", "ticket"
"""What a report needs: a frozen evaluation, one unit in it, a stretch of days, or one ticket."""


Matter = TypeVar("Matter")
"""What a report prints: a scorecard, a list, a ticket's life."""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asks of a report: a period ("2026-09"), a group and unit in it, or a ticket's number; only what is needed is set.

    ``revision`` asks for one revision of the period's evaluation instead of the one that stands, ``when`` for that list as it was when
    it left the house (``app.queries.published_lists``).
    """

    period: str = ""
    group: str = ""
    unit: str = ""
    number: str = ""
    revision: int | None = None
    when: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """For whom a copy is made and when: printed on files that are made for one person, never on what everybody gets."""

    reader: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Report(Generic[Matter]):
    """One report definition, found by its folder. ``title`` and ``about`` are message ids.

    ``needs`` is EVALUATION, UNIT, PERIOD or TICKET; ``subject`` whose ``export`` right opens it. ``read`` asks ``app.queries`` for
    what is to be printed, under the actor's row scope, and raises ``Refused`` in words. ``workbook`` and ``paper`` take the voice of
    the file (one language or two); ``data`` has no language. ``personal`` says whether a copy carries its reader's name,
    ``evaluation`` which one it was printed from, so that the file can be asked later what it is,
    ``zone`` on which clock its times stand (the city's time zone, by default its period's).
    """

    code: str
    title: str
    about: str
    needs: str
    subject: str
    read: Callable[[Session, Order], Matter]
    workbook: Callable[[Matter, Voice], Book]
    paper: Callable[[Matter, Voice], Paper]
    data: Callable[[Matter], Mapping[str, Any]] | None = None
    personal: Callable[[Matter], bool] = lambda _: True
    evaluation: Callable[[Matter], Scorecard | None] = lambda _: None
    zone: Callable[[Matter], str] = lambda matter: str(matter.period.zone)  # type: ignore[attr-defined]

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats it comes in."""
        return (XLSX, PDF) if self.data is None else (XLSX, PDF, JSON)
