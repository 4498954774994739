"""What a sign of the radar is: a pattern in a period's work that looks better than it is, and the tickets in which it was seen.

A sign is a list to look at, never an automatic deduction: each pattern has innocent explanations, and only people know them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.period import Period
from app.domain.refusals import N_, Phrase

JUDGEMENT = N_("A list to look at, never an automatic deduction: no score changes because a ticket stands here.")
"""Said with every sign, wherever it is shown."""

PURPOSE = N_("Patterns that make figures look better than the work was; each has innocent explanations as well.")


@dataclass(frozen=True, slots=True)
class Turn:
    """One round: a unit and its clock. All instants are aware UTC.

    ``acted_at`` is the first thing the unit did after it signed; ``traced`` says that this is known, because the round was worked here.
    ``finished_at`` is when the unit said that it was done. ``returned`` as in ``app.domain.facts``; ``reopened`` is a round after a
    completion that did not stand.
    """

    ticket_id: int
    ticket_no: str
    unit_id: int
    ordinal: int
    dispatched_at: datetime | None = None
    signed_at: datetime | None = None
    auto_signed: bool = False
    acted_at: datetime | None = None
    due_at: datetime | None = None
    finished_at: datetime | None = None
    withdrawn_at: datetime | None = None
    returned: str = ""
    returned_at: datetime | None = None
    reopened: bool = False
    traced: bool = True

    @property
    def left_at(self) -> datetime | None:
        """When the ticket left the unit without being finished: taken back, or given back."""
        return self.withdrawn_at or (self.returned_at if self.returned == "approved" else None)


@dataclass(frozen=True, slots=True)
class Part:
    """One department in one call of a street-town: ``limit_at`` is the next limit it would have missed when the call was withdrawn."""

    ticket_id: int
    ticket_no: str
    street_town_id: int
    unit_id: int
    withdrawn_at: datetime | None = None
    responded_at: datetime | None = None
    response_due_at: datetime | None = None
    finished_at: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A citizen's rating. ``caller`` tells one telephone from another and is never shown; ``shown`` is the masked number."""

    ticket_id: int
    ticket_no: str
    unit_id: int
    rated_at: datetime
    caller: str
    shown: str
    content: bool


@dataclass(frozen=True, slots=True)
class Delay:
    """A wish for more time, with what was written as its reason."""

    ticket_id: int
    ticket_no: str
    unit_id: int
    requested_at: datetime
    reason: str


def natural(start: datetime, end: datetime) -> timedelta:
    """Time as the clock on the wall counts it."""
    return end - start


@dataclass(frozen=True, slots=True)
class Sweep:
    """Everything a period's signs look at, read once. ``worked`` counts working time between two instants.

    ``turns`` are all rounds of the tickets concerned, in the order of tickets and rounds, also those of other months: a sign asks
    ``Period.holds`` itself for the moment that puts a case into the month.
    """

    period: Period
    as_of: datetime
    turns: Sequence[Turn] = ()
    parts: Sequence[Part] = ()
    answers: Sequence[Answer] = ()
    delays: Sequence[Delay] = ()
    worked: Callable[[datetime, datetime], timedelta] = natural

    def lives(self) -> Iterable[Sequence[Turn]]:
        """The turns ticket by ticket."""
        found: dict[int, list[Turn]] = {}
        for turn in self.turns:
            found.setdefault(turn.ticket_id, []).append(turn)
        return found.values()


@dataclass(frozen=True, slots=True)
class Finding:
    """One ticket in which a sign was seen: whose, when, and what was seen, in words."""

    ticket_id: int
    ticket_no: str
    unit_id: int
    at: datetime
    seen: Phrase


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that a sign goes by: its code, what it says, what it is counted in, and its usual value."""

    code: str
    name: str
    default: int
    unit: str


Thresholds = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Golden:
    """A worked example that travels with the sign: what happened, and the tickets that must be found, as (ticket no., unit)."""

    title: str
    sweep: Sweep
    found: tuple[tuple[str, int], ...]
    thresholds: Thresholds = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign. ``looks_for`` is one sentence; ``innocent`` says what else it may be. All texts are English message ids."""

    code: str
    position: int
    name: str
    looks_for: str
    innocent: str
    find: Callable[[Sweep, Thresholds], Iterable[Finding]]
    thresholds: tuple[Threshold, ...]
    golden: tuple[Golden, ...]

    def usual(self) -> dict[str, int]:
        """Every threshold at its usual value."""
        return {one.code: one.default for one in self.thresholds}

    def seen_in(self, sweep: Sweep, thresholds: Thresholds | None = None) -> tuple[Finding, ...]:
        """What the sign sees, the oldest first; ``thresholds`` override the usual values."""
        found = self.find(sweep, {**self.usual(), **(thresholds or {})})
        return tuple(sorted(found, key=lambda one: (one.at, one.ticket_id, one.unit_id)))
