"""Facts: what one unit owed on one ticket and what became of it, frozen before anything is counted.

Three kinds of duty are counted apart:

``case``   the street-town in whose territory the matter lies, over the ticket's whole life
``round``  one assignment of the ticket to one unit (every re-dispatch is a new round)
``call``   one department (or enterprise) called by a street-town (one per call and department)

A call is the street-town's too, which called: the same pair of call and department, seen from the other side.

A matter that is opened again begins a new duty (``reopened_at``); the one before keeps what it had, late stays late.

What a source never recorded is *unknown*, which is not the same as *did not happen*: ``signed_at is None``
means unsigned, unless ``"signed"`` stands in ``unknown``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

STREET_TOWN = "street_town"
DEPARTMENT = "department"
ENTERPRISE = "enterprise"
GROUPS = (STREET_TOWN, DEPARTMENT, ENTERPRISE)
CALLABLE = (DEPARTMENT, ENTERPRISE)
"""Who may be called. Enterprises owe and are counted what departments are, and are ranked among their own."""

CASE, ROUND, CALL = "case", "round", "call"

REPORTED = "reported"
DISPATCHED = "dispatched"
SIGNED = "signed"
RESPONDED = "responded"
DUE = "due"
COMPLETED = "completed"
OUTCOME = "outcome"
RETURNS = "returns"
REWORKS = "reworks"
RATING = "rating"
CALLS = "calls"
CONTACTS = "contacts"
EXTENSIONS = "extensions"
SUSPENSIONS = "suspensions"
FOLLOW_UPS = "follow_ups"
"""Names a source may list in ``Fact.unknown``: moments and ledgers it does not record."""


NO_LEDGER_TELLS = frozenset({CONTACTS, EXTENSIONS, SUSPENSIONS, FOLLOW_UPS})
"""What only tickets worked here can tell: no foreign ledger has columns for it."""

DISPATCH, BACKSTOP, REOPEN = "dispatch", "backstop", "reopen"
ON_TIME, LATE = "on_time", "late"


@dataclass(frozen=True, slots=True)
class Mark:
    """What one unit was to say of the other after a call (handbook §2.11).

    ``state`` is ``open``, ``given``, ``missed`` or ``annulled``. ``closed_at`` is the completion it is about, ``open_at`` when it
    became readable for both sides, or its window was over: before that it counts nowhere, so that no figure gives it away.
    """

    state: str
    closed_at: datetime | None = None
    due_at: datetime | None = None
    open_at: datetime | None = None
    arrival: str = ""
    effect: str = ""
    accuracy: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One unit's duty on one ticket. All instants are aware UTC.

    ``completed``/``on_time`` repeat an outcome the source knows without its moment (an in-time flag);
    with a moment they are derived from it and the fields stay ``None``.
    ``rating`` is the citizen's answer (``satisfied``, ``basic``, ``fair``, ``dissatisfied`` or ``""``).
    ``returned`` is ``""``, ``open``, ``approved``, ``rejected``, ``lapsed`` or ``cancelled``; ``returned_at`` when it was asked for.
    ``excluded`` names the reason code of an exclusion, per indicator code or ``"*"`` for all.

    ``turn`` is the kind of a round. ``undone_at`` is when a completion was found not to stand: the matter came back, a round to the
    same unit. ``suspended_at`` is since when the clock stands still; ``paused_at`` and ``extended_at`` are the first time that a
    suspension or an extension was granted. ``arrive_by`` is the appointment with its grace, ``arrival`` what was found when
    somebody came. ``calls`` are the calls a street-town made in this round, ``earlier`` when the ticket was dispatched to the same
    unit before, ``wants_call`` says that the responsibility list gives the lead to a department. ``units`` counts the units the
    ticket was with. ``received`` is what the other side of a call said of this unit, ``owed`` what this unit was to say.
    ``solved`` is what the citizen said when asked afterwards (``solved``, ``partly``, ``unsolved`` or ``""``), ``result`` what the
    unit said when it closed the matter (``solved``, ``partly``, ``explained``, ``unsolved`` or ``""``). ``worked`` are whole seconds of
    working time from the beginning of the duty (``started_at``) to its completion. ``proactive``: found before anybody complained.
    ``repeat``: reported in the period, and the same place or telephone had reported the same kind of matter within 30 days
    before; ``None`` where neither place nor telephone was told.
    """

    key: str
    ticket_id: int
    ticket_no: str
    group: str
    unit_id: int
    kind: str
    ordinal: int
    reported_at: datetime
    dispatched_at: datetime | None = None
    signed_at: datetime | None = None
    auto_signed: bool = False
    response_due_at: datetime | None = None
    responded_at: datetime | None = None
    due_at: datetime | None = None
    completed_at: datetime | None = None
    completed: bool | None = None
    on_time: bool | None = None
    withdrawn_at: datetime | None = None
    returned: str = ""
    reworks: int = 0
    rating: str = ""
    rated_at: datetime | None = None
    excluded: dict[str, str] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    turn: str = ""
    returned_at: datetime | None = None
    reopened_at: datetime | None = None
    undone_at: datetime | None = None
    suspended_at: datetime | None = None
    paused_at: datetime | None = None
    extended_at: datetime | None = None
    contact_due_at: datetime | None = None
    contacted_at: datetime | None = None
    appointment_at: datetime | None = None
    arrive_by: datetime | None = None
    reported_in_at: datetime | None = None
    arrival: str = ""
    wants_call: bool = False
    calls: tuple[datetime, ...] = ()
    earlier: tuple[datetime, ...] = ()
    units: int = 1
    received: Mark | None = None
    owed: Mark | None = None
    solved: str = ""
    solved_at: datetime | None = None
    result: str = ""
    worked: int | None = None
    proactive: bool = False
    repeat: bool | None = None

    def lacks(self, *names: str) -> bool:
        """Whether the source never recorded any one of ``names``."""
        return bool(self.unknown) and not self.unknown.isdisjoint(names)

    @property
    def began_at(self) -> datetime:
        """When the duty came up: the report, or the reopening."""
        return self.reopened_at or self.reported_at

    @property
    def started_at(self) -> datetime | None:
        """When the clock of the duty began: the matter's own beginning, for a round or a call its dispatch."""
        return self.began_at if self.kind == CASE else self.dispatched_at or self.reopened_at

    @property
    def due_or_reported(self) -> datetime:
        """The moment that puts the duty into a month: the due time, or the report where no due time is known.

        Domain handbook §2.9; every sheet says when the second case applied.
        """
        return self.due_at or self.began_at

    def stands_still_at(self, as_of: datetime) -> bool:
        """Whether the clock was stopped at ``as_of``: the due time on record will move, unless it had passed before."""
        if self.suspended_at is None or self.suspended_at > as_of:
            return False
        return self.due_at is None or self.suspended_at <= self.due_at

    def came_back_by(self, as_of: datetime) -> bool:
        """Whether the completion had been found not to stand by ``as_of``."""
        return self.undone_at is not None and self.undone_at <= as_of

    def done_by(self, as_of: datetime) -> bool | None:
        """Whether the duty was completed by ``as_of``; ``None`` when the source does not say."""
        if self.completed_at is not None:
            return self.completed_at <= as_of
        if self.completed is not None:
            return self.completed
        if self.on_time:
            return True
        return None if self.lacks(COMPLETED, OUTCOME) else False

    def open_at(self, instant: datetime) -> bool | None:
        """Whether the duty was still open when ``instant`` began; ``None`` when the source does not say.

        A flag tells the outcome, not when it came about: what is still open was open then, what is completed may not have been.
        """
        if self.completed_at is not None:
            return self.completed_at >= instant
        return True if self.done_by(instant) is False else None

    def taken_back_before(self, moment: datetime) -> bool:
        """Whether the duty was withdrawn from the unit before ``moment``."""
        return self.withdrawn_at is not None and self.withdrawn_at < moment

    def released_by(self, as_of: datetime) -> bool:
        """Whether the unit no longer owed the duty when it fell due (without a due time: at the cut-off).

        What was completed before it was taken back stays completed; what was taken back late stays late.
        """
        if self.completed_at is not None and self.withdrawn_at is not None and self.completed_at <= self.withdrawn_at:
            return False
        return self.taken_back_before(min(self.due_at or as_of, as_of))

    def in_time_by(self, as_of: datetime) -> bool | None:
        """Whether it was completed within its limit by ``as_of``; ``None`` when that cannot be known."""
        if self.completed_at is not None and self.due_at is not None:
            return self.completed_at <= as_of and self.completed_at <= self.due_at
        if self.on_time is not None:
            return self.on_time
        if self.due_at is None:
            return None
        return False if self.done_by(as_of) is False else None
