"""The leaves of a case file: rounds, calls, requests, ratings and records, as values.

Field names are those of the tables (``app.entities``), so that keeping a case file is copying fields. Instants are aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

OPEN, APPROVED, REJECTED, LAPSED, CANCELLED = "open", "approved", "rejected", "lapsed", "cancelled"
"""What becomes of a request: a return, an extension, a suspension."""

PUBLIC, TO_DEPARTMENT, TO_STREET_TOWN = "public", "street_department", "department_street"
"""The three evaluations of the source: the citizen's, the street-town's of a department, a department's of the street-town."""

VOIDED, MERGED = "voided", "merged"
"""How a ticket may end without an archive."""


@dataclass(slots=True)
class Round:
    """One assignment of the ticket to one unit (派遣轮次). ``kind`` is ``dispatch``, ``backstop``, ``escalation`` or ``reopen``.

    ``disposed_at`` is the unit's claim to be done; it becomes ``completed_at`` when the sub-centre verifies it.
    ``base_due_at`` is the due time before pauses and extensions.
    """

    ordinal: int
    unit_id: int
    unit_type: str = "department"
    kind: str = "dispatch"
    dispatched_at: datetime | None = None
    sign_due_at: datetime | None = None
    signed_at: datetime | None = None
    auto_signed: bool = False
    contacted_at: datetime | None = None
    contact_due_at: datetime | None = None
    started_at: datetime | None = None
    limit: str = ""
    base_due_at: datetime | None = None
    due_at: datetime | None = None
    due_provisional: bool = False
    disposed_at: datetime | None = None
    disposed_by_id: int | None = None
    completed_at: datetime | None = None
    completed: bool | None = None
    on_time: bool | None = None
    returned: str = ""
    returned_at: datetime | None = None
    return_reason: str = ""
    return_note: str = ""
    return_due_at: datetime | None = None
    withdrawn_at: datetime | None = None
    reworks: int = 0
    id: int | None = None


@dataclass(slots=True)
class Part:
    """One department's part in a call (被呼叫部门), with its own clocks."""

    call: int
    unit_id: int
    role: str = "lead"
    sign_due_at: datetime | None = None
    signed_at: datetime | None = None
    response_due_at: datetime | None = None
    responded_at: datetime | None = None
    reported_in_at: datetime | None = None
    reported_by: str = ""
    reported_place: str = ""
    arrival: str = ""
    limit: str = ""
    due_at: datetime | None = None
    opinion: str = ""
    finished_at: datetime | None = None
    finish_note: str = ""
    returned: str = ""
    returned_at: datetime | None = None
    return_reason: str = ""
    return_note: str = ""
    return_due_at: datetime | None = None
    withdrawn_at: datetime | None = None
    accuracy: str = ""
    effect: str = ""
    id: int | None = None

    @property
    def key(self) -> str:
        """How forms and programs name it: call and unit, ``1.17``."""
        return f"{self.call}.{self.unit_id}"

    @property
    def standing(self) -> bool:
        """Whether the department still owes something: neither withdrawn, nor returned with approval, nor finished."""
        return self.valid and self.finished_at is None

    @property
    def valid(self) -> bool:
        """Whether the call on it stood: not withdrawn, not returned with approval."""
        return self.withdrawn_at is None and self.returned != APPROVED


@dataclass(slots=True)
class Call:
    """One call of a street-town (呼叫): to whom is in its parts."""

    ordinal: int
    street_town_id: int
    reason: str = ""
    note: str = ""
    issued_at: datetime | None = None
    appointment_at: datetime | None = None
    place: str = ""
    withdrawn_at: datetime | None = None
    withdraw_reason: str = ""
    parts: list[Part] = field(default_factory=list)
    id: int | None = None


@dataclass(slots=True)
class Pause:
    """A suspension (挂起) of the round's clock, from ``from_at`` (the approval) to ``to_at``; asked ``until`` a time."""

    round: int
    ordinal: int
    reason: str = ""
    note: str = ""
    requested_at: datetime | None = None
    requested_by_id: int | None = None
    until: datetime | None = None
    state: str = OPEN
    decided_at: datetime | None = None
    decided_by: str = ""
    from_at: datetime | None = None
    to_at: datetime | None = None
    id: int | None = None

    @property
    def running(self) -> bool:
        """Whether it stops the clock now."""
        return self.state == APPROVED and self.to_at is None


@dataclass(slots=True)
class Extension:
    """A wish for a later due time (延期), asked before the present one has passed."""

    round: int
    ordinal: int
    reason: str = ""
    requested_at: datetime | None = None
    requested_by_id: int | None = None
    wanted_at: datetime | None = None
    old_due_at: datetime | None = None
    state: str = OPEN
    decided_at: datetime | None = None
    decided_by: str = ""
    decision_note: str = ""
    id: int | None = None


@dataclass(slots=True)
class Rating:
    """One of the three evaluations, from when it was asked for until it was given, missed or annulled.

    ``state`` is ``open``, ``given``, ``missed`` or ``annulled``; ``revealed_at`` is when the other side may read it.
    """

    kind: str
    round: int
    part: str = ""
    rater_id: int | None = None
    rated_id: int | None = None
    state: str = OPEN
    requested_at: datetime | None = None
    due_at: datetime | None = None
    submitted_at: datetime | None = None
    satisfaction: str = ""
    arrival: str = ""
    effect: str = ""
    accuracy: str = ""
    comment: str = ""
    channel: str = ""
    revealed_at: datetime | None = None
    annulled_reason: str = ""
    id: int | None = None


@dataclass(slots=True)
class Order:
    """A supervision order (督办): what is demanded of a unit by when, and its answer."""

    ordinal: int
    unit_id: int
    text: str = ""
    ordered_at: datetime | None = None
    ordered_by: str = ""
    due_at: datetime | None = None
    answered_at: datetime | None = None
    answer: str = ""
    id: int | None = None


@dataclass(slots=True)
class FollowUp:
    """A follow-up with the citizen (回访): whether reached, whether the matter is settled, how satisfied."""

    round: int
    ordinal: int
    made_at: datetime | None = None
    made_by: str = ""
    reached: bool = False
    solved: str = ""
    satisfaction: str = ""
    comment: str = ""
    id: int | None = None


@dataclass(slots=True)
class Consultation:
    """A consultation (协商): who met where, and the opinion the sub-centre must write before the ticket moves on."""

    ordinal: int
    call: int
    held_at: datetime | None = None
    place: str = ""
    participants: str = ""
    opinion: str = ""
    tasks: str = ""
    id: int | None = None
