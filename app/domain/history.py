"""A ticket's whole history as a value: what imports, the demo district and later replays hand to the ledger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.refusals import N_, Refused


@dataclass(frozen=True, slots=True)
class CalledHistory:
    """One department's part in a call. Instants are aware UTC."""

    department_id: int
    role: str = "lead"
    signed_at: datetime | None = None
    response_due_at: datetime | None = None
    responded_at: datetime | None = None
    reported_in_at: datetime | None = None
    due_at: datetime | None = None
    finished_at: datetime | None = None
    withdrawn_at: datetime | None = None
    accuracy: str = ""
    arrival: str = ""
    effect: str = ""


@dataclass(frozen=True, slots=True)
class CallHistory:
    """One call of a street-town to one or several departments."""

    ordinal: int
    street_town_id: int
    issued_at: datetime
    reason: str = ""
    appointment_at: datetime | None = None
    place: str = ""
    departments: tuple[CalledHistory, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundHistory:
    """One assignment of the ticket to one unit.

    ``returned`` is ``""``, ``open``, ``approved``, ``rejected`` or ``lapsed``; ``completed``/``on_time``
    repeat an outcome whose moment the source does not know.
    """

    ordinal: int
    unit_id: int
    dispatched_at: datetime | None = None
    signed_at: datetime | None = None
    auto_signed: bool = False
    due_at: datetime | None = None
    completed_at: datetime | None = None
    completed: bool | None = None
    on_time: bool | None = None
    returned: str = ""
    returned_at: datetime | None = None
    return_reason: str = ""
    reworks: int = 0


@dataclass(frozen=True, slots=True)
class TicketHistory:
    """Everything known of one ticket. ``unknown`` names what its source never records (``facts``)."""

    source_no: str
    title: str
    reported_at: datetime
    stage: str = "reported"
    description: str = ""
    channel_id: int | None = None
    nature: str = ""
    matter_id: int | None = None
    urgency: str = ""
    street_town_id: int | None = None
    community_id: int | None = None
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    reporter_name: str = ""
    reporter_phone: str = ""
    due_at: datetime | None = None
    completed_at: datetime | None = None
    completed: bool | None = None
    on_time: bool | None = None
    result: str = ""
    opinion: str = ""
    reworks: int = 0
    rating: str = ""
    rated_at: datetime | None = None
    proactive: bool = False
    fallback: bool = False
    voided: bool = False
    rounds: tuple[RoundHistory, ...] = ()
    calls: tuple[CallHistory, ...] = ()
    unknown: frozenset[str] = frozenset()

    def assigned_to(self, *rounds: RoundHistory) -> TicketHistory:
        """The same history with these rounds."""
        return replace(self, rounds=rounds)


def checked(history: TicketHistory) -> TicketHistory:
    """The history itself, once its times can have happened in this order.

    Raises ``Refused("impossible-order")`` naming the field that comes too early.
    """
    start = history.reported_at
    _after("due_at", history.due_at, "reported_at", start)
    _after("completed_at", history.completed_at, "reported_at", start)
    for turn in history.rounds:
        _after("dispatched_at", turn.dispatched_at, "reported_at", start)
        _after("signed_at", turn.signed_at, "dispatched_at", turn.dispatched_at)
        _after("completed_at", turn.completed_at, "dispatched_at", turn.dispatched_at or start)
        _after("completed_at", turn.completed_at, "signed_at", turn.signed_at)
    for call in history.calls:
        _after("issued_at", call.issued_at, "reported_at", start)
        for part in call.departments:
            _after("signed_at", part.signed_at, "issued_at", call.issued_at)
            _after("responded_at", part.responded_at, "issued_at", call.issued_at)
            _after("finished_at", part.finished_at, "issued_at", call.issued_at)
    return history


MOMENTS = {
    "reported_at": N_("Reported"),
    "dispatched_at": N_("Dispatched"),
    "signed_at": N_("Signed"),
    "responded_at": N_("Responded"),
    "issued_at": N_("Called"),
    "finished_at": N_("Finished"),
    "completed_at": N_("Completed"),
    "due_at": N_("Due"),
}


def _after(later: str, value: datetime | None, earlier: str, bound: datetime | None) -> None:
    if value is not None and bound is not None and value < bound:
        raise Refused(
            "impossible-order",
            N_("“%(later)s” %(value)s is earlier than “%(earlier)s” %(bound)s"),
            field=later,
            later=MOMENTS[later],
            value=value,
            earlier=MOMENTS[earlier],
            bound=bound,
        )
