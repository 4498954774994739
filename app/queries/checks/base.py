"""What a data check is: a question to the tickets and duties of a period, answered by the tickets (or days) that answer it badly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.domain.calendar import WorkingCalendar
from app.domain.facts import Fact
from app.domain.period import Period
from app.domain.refusals import N_, Phrase

BLOCKING, WARNING = "blocking", "warning"

Validity = tuple[date | None, date | None]
"""From and to which day a unit is in use, both included."""


@dataclass(frozen=True, slots=True)
class Material:
    """What checks look at: rows of tickets (``app.queries.facts``), the duties counted, when units were in use, the calendar, now."""

    tickets: Sequence[Any]
    facts: Sequence[Fact]
    units: Mapping[int, Validity]
    period: Period
    calendar: WorkingCalendar
    now: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What answered badly: tickets, or days, or only a number of things; ``note`` says more where numbers do not."""

    tickets: Sequence[Any] = ()
    days: Sequence[date] = ()
    others: int = 0
    note: Phrase | None = None

    @property
    def count(self) -> int:
        """How many."""
        return len(self.tickets) + len(self.days) + self.others

    @property
    def said(self) -> Phrase | None:
        """The note, or a few of the numbers or days."""
        if self.note is not None:
            return self.note
        if self.days:
            return Phrase(N_("%(days)s"), days=list(self.days[:10]))
        if self.tickets:
            return Phrase(N_("For example %(numbers)s"), numbers=[ticket.number for ticket in self.tickets[:5]])
        return None


@dataclass(frozen=True, slots=True)
class DataCheck:
    """One check. A blocking one keeps an evaluation from being published while anything answers badly; ``advice`` says how to fix it."""

    code: str
    position: int
    title: str
    advice: str
    find: Callable[[Material], Found]
    severity: str = WARNING

    @property
    def blocks(self) -> bool:
        """Whether it keeps an evaluation from being published."""
        return self.severity == BLOCKING


def tickets_where(wrong: Callable[[Any, Material], bool]) -> Callable[[Material], Found]:
    """A finder of tickets, one by one."""

    def find(material: Material) -> Found:
        return Found([ticket for ticket in material.tickets if wrong(ticket, material)])

    return find


def tickets_of(material: Material, ids: Iterable[int]) -> Found:
    """The tickets with these numbers of row, in the evaluation's order."""
    wanted = set(ids)
    return Found([ticket for ticket in material.tickets if ticket.id in wanted] if wanted else [])
