"""A ticket's case file as a value: the ticket, its rounds, calls, requests and ratings, as the rules read and change it.

Field names are those of the tables (``app.entities``), so that keeping a case file is copying fields. Instants are aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.case_leaves import (
    APPROVED,
    CANCELLED,
    LAPSED,
    MERGED,
    OPEN,
    PUBLIC,
    REJECTED,
    TO_DEPARTMENT,
    TO_STREET_TOWN,
    VOIDED,
    Call,
    Consultation,
    Extension,
    FollowUp,
    Order,
    Part,
    Pause,
    Rating,
    Round,
)
from app.domain.workflow import ARCHIVED

__all__ = [
    "APPROVED",
    "CANCELLED",
    "LAPSED",
    "MERGED",
    "OPEN",
    "PUBLIC",
    "REJECTED",
    "TO_DEPARTMENT",
    "TO_STREET_TOWN",
    "VOIDED",
    "Call",
    "CaseFile",
    "Consultation",
    "Extension",
    "FollowUp",
    "Happening",
    "Order",
    "Part",
    "Pause",
    "Rating",
    "Round",
]


@dataclass(slots=True)
class CaseFile:
    """Everything the rules need to know of one ticket. ``stage`` is one of the nine, or archived; ``ended`` is void or merged."""

    number: str = ""
    reported_at: datetime | None = None
    stage: str = "reported"
    ended: str = ""
    urgency: str = "within_limit"
    proactive: bool = False
    address: str = ""
    matter_id: int | None = None
    street_town_id: int | None = None
    unit_id: int | None = None
    rounds: int = 0
    due_at: datetime | None = None
    due_provisional: bool = False
    next_due_at: datetime | None = None
    next_clock: str = ""
    claimed_at: datetime | None = None
    suspended: bool = False
    completed_at: datetime | None = None
    completed: bool | None = None
    result: str = ""
    opinion: str = ""
    handled_by_id: int | None = None
    verified_by_id: int | None = None
    reviewed_at: datetime | None = None
    window_ends_at: datetime | None = None
    rating: str = ""
    rated_at: datetime | None = None
    archived_at: datetime | None = None
    waiver: str = ""
    reworks: int = 0
    reopenings: int = 0
    returns: int = 0
    extensions_granted: int = 0
    calls: int = 0
    ping_pong: int = 0
    fallback: bool = False
    fallback_way: str = ""
    voided: bool = False
    merged_into_id: int | None = None
    id: int | None = None
    version: int = 0
    turns: list[Round] = field(default_factory=list)
    call_list: list[Call] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    consultations: list[Consultation] = field(default_factory=list)

    @property
    def live(self) -> bool:
        """Whether anything may still happen in the normal course: not archived, void or merged."""
        return self.stage != ARCHIVED.code and not self.ended

    @property
    def turn(self) -> Round | None:
        """The round that is running, or ran last."""
        return self.turns[-1] if self.turns else None

    @property
    def now_held(self) -> Round:
        """The running round; where a rule asks, there is one."""
        turn = self.turn
        assert turn is not None, "no round yet"
        return turn

    @property
    def parts(self) -> list[Part]:
        """Every called department, call by call."""
        return [part for call in self.call_list for part in call.parts]

    def part(self, key: str) -> Part | None:
        """A called department by its key."""
        return next((part for part in self.parts if part.key == key), None)

    def call(self, ordinal: int) -> Call | None:
        """A call by its number."""
        return next((call for call in self.call_list if call.ordinal == ordinal), None)

    def parts_of(self, units: tuple[int, ...]) -> list[Part]:
        """The parts of these units that still stand."""
        return [part for part in self.parts if part.unit_id in units and part.standing]

    @property
    def pause(self) -> Pause | None:
        """The running suspension."""
        return next((pause for pause in self.pauses if pause.running), None)

    @property
    def asked_pause(self) -> Pause | None:
        """The undecided wish for a suspension."""
        return next((pause for pause in self.pauses if pause.state == OPEN), None)

    @property
    def asked_extension(self) -> Extension | None:
        """The undecided wish for an extension."""
        return next((wish for wish in self.extensions if wish.state == OPEN), None)

    def extensions_of(self, turn: Round) -> list[Extension]:
        """Extensions granted in a round."""
        return [wish for wish in self.extensions if wish.round == turn.ordinal and wish.state == APPROVED]


@dataclass(frozen=True, slots=True)
class Happening:
    """What a move leaves in the timeline: the action, whose unit it concerns, and what was said."""

    action: str
    from_stage: str
    to_stage: str
    happened_at: datetime
    unit_id: int | None = None
    details: dict[str, Any] = field(default_factory=dict)
