"""Clocks of a case file: what runs now, and how a due time moves when a clock stood still."""

from __future__ import annotations

from datetime import datetime

from app.domain.acts import Doing
from app.domain.casefile import APPROVED, CaseFile, Pause, Round
from app.domain.deadlines import limit_of, moved

WORKING_STAGES = ("signed", "handling", "called", "consulting")


def refresh(case: CaseFile) -> None:
    """Say which clock of the ticket runs out next: the one that whoever holds the ticket must watch."""
    case.next_clock, case.next_due_at = next_clock(case)
    turn = case.turn
    case.unit_id = turn.unit_id if turn else None
    case.rounds = len(case.turns)
    case.suspended = case.pause is not None


def next_clock(case: CaseFile) -> tuple[str, datetime | None]:
    """The clock that runs out next, and when; nothing where none runs."""
    turn = case.turn
    if not case.live or turn is None:
        return "", None
    if case.stage == "dispatched":
        return "sign", turn.sign_due_at or turn.due_at
    if case.stage in WORKING_STAGES:
        if case.claimed_at:
            return "verify", None
        if case.pause:
            return "resume", case.pause.until
        return "handle", turn.due_at
    return ("rate", case.window_ends_at) if case.stage == "evaluating" else ("", None)


def is_natural(turn: Round) -> bool:
    """Whether the round's clock runs day and night; an explicit due time is kept on the working clock."""
    return bool(turn.limit) and limit_of(turn.limit).natural


def stand_still(case: CaseFile, turn: Round, start: datetime, end: datetime, doing: Doing) -> None:
    """Move the round's and the ticket's due times past a stretch in which the unit's clock stood still."""
    calendar, natural = doing.rules.calendar, is_natural(turn)
    if turn.due_at is not None:
        turn.due_at = moved(turn.due_at, natural, start, end, calendar)
    if case.due_at is not None:
        case.due_at = moved(case.due_at, natural, start, end, calendar)


def hand_back(case: CaseFile, doing: Doing) -> Pause:
    """Work goes back to the unit that claimed to be done: from its claim until now its clock stood still.

    Who claimed late stays late, because a clock that had run out cannot be stopped any more.
    """
    turn = case.now_held
    start = turn.disposed_at or turn.completed_at or doing.at
    stand_still(case, turn, start, doing.at, doing)
    pause = Pause(
        round=turn.ordinal,
        ordinal=len(case.pauses) + 1,
        reason="under_review",
        requested_at=start,
        until=doing.at,
        state=APPROVED,
        decided_at=doing.at,
        decided_by=doing.actor.name,
        from_at=start,
        to_at=doing.at,
    )
    case.pauses.append(pause)
    turn.disposed_at = turn.disposed_by_id = turn.completed_at = None
    case.claimed_at = case.completed_at = None
    turn.reworks += 1
    case.reworks += 1
    case.result = case.opinion = ""
    case.handled_by_id = case.verified_by_id = None
    return pause
