"""Due times told anew after the working calendar has changed: from each clock's start, through everything that happened to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.acts.clocks import WORKING_STAGES, is_natural, refresh
from app.domain.calendar import WorkingCalendar
from app.domain.case_clocks import WHOLE_TICKET, anchor_of
from app.domain.case_leaves import APPROVED, Call, Extension, Part, Pause, Round
from app.domain.casefile import CaseFile
from app.domain.deadlines import due, limit_of, moved
from app.domain.rulebook import CALL_SIGN, CONTACT, FINISH, HANDLE, RESPOND, SIGN, Rulebook

Steady = Callable[[str, datetime], bool]
"""Whether the limits of a clock are still those that held at an instant."""


@dataclass(frozen=True, slots=True)
class Change:
    """A due time that is another one now: of which clock and unit, and what it was.

    A time that was granted may stay although the one before it moved; ``old_base_at`` and ``base_at`` say so.
    """

    clock: str
    unit_id: int | None
    old_due_at: datetime | None
    due_at: datetime | None
    provisional: bool
    old_base_at: datetime | None = None
    base_at: datetime | None = None


def recompute(case: CaseFile, rules: Rulebook, steady: Steady) -> list[Change]:
    """Bring the due times of what still runs in line with ``rules.calendar``; ``case`` is changed, the changes are returned.

    What a unit has claimed to have done, and what is over, keeps the due time by which it was done. A natural clock does not
    ask the calendar. Clocks whose limit was not kept with them are told anew only where the limits in force are the ones
    that held when they started (``steady``).
    """
    changes: list[Change] = []
    turn = case.turn
    if turn is None or not case.live or case.claimed_at is not None or case.stage not in ("dispatched", *WORKING_STAGES):
        return changes
    changes += _round(case, turn, rules, steady)
    for call in case.call_list:
        for part in call.parts:
            if part.standing:
                changes += _part(case, call, part, rules, steady)
    refresh(case)
    return changes


def _round(case: CaseFile, turn: Round, rules: Rulebook, steady: Steady) -> Iterable[Change]:
    calendar, start = rules.calendar, turn.dispatched_at or turn.started_at
    if start is None:
        return
    before = case.due_at, case.due_provisional
    base = _base(turn, start, calendar)
    if turn.due_at is not None and base is not None and not is_natural(turn):
        old = turn.due_at, turn.due_provisional, turn.base_due_at
        turn.base_due_at, turn.due_at = base, replayed(base, case, calendar, [turn])
        turn.due_provisional = bool(turn.limit) and calendar.is_provisional(calendar.local_day(start), calendar.local_day(turn.due_at))
        if old != (turn.due_at, turn.due_provisional, turn.base_due_at):
            yield Change(HANDLE, turn.unit_id, old[0], turn.due_at, turn.due_provisional, old[2], turn.base_due_at)
    _whole(case, calendar)
    if before != (case.due_at, case.due_provisional):
        yield Change(WHOLE_TICKET, turn.unit_id, before[0], case.due_at, case.due_provisional)
    for clock, name, done in ((SIGN, "sign_due_at", turn.signed_at), (CONTACT, "contact_due_at", turn.contacted_at)):
        if done is None:
            yield from _short(case, clock, turn, name, start, rules, steady)


def _base(turn: Round, start: datetime, calendar: WorkingCalendar) -> datetime | None:
    """The due time before pauses and extensions; one that a person set stays, one that was brought along is not known."""
    return due(limit_of(turn.limit), start, calendar).due_at if turn.limit else turn.base_due_at


def replayed(base: datetime, case: CaseFile, calendar: WorkingCalendar, rounds: Iterable[Round], later: bool = False) -> datetime:
    """``base`` after everything that moved it in these rounds, in the order in which it took effect.

    A pause moves it when it ends, an extension replaces it when it is granted; with ``later`` only by a later time.
    """
    found, natural = base, {turn.ordinal: is_natural(turn) for turn in rounds}
    ended = [(p.to_at, p) for p in case.pauses if p.round in natural and p.state == APPROVED and p.from_at and p.to_at]
    granted = [(e.decided_at, e) for e in case.extensions if e.round in natural and e.state == APPROVED and e.decided_at]
    effects: list[tuple[datetime | None, Pause | Extension]] = [*ended, *granted]
    for _, what in sorted(effects, key=lambda pair: pair[0] or base):
        if isinstance(what, Extension):
            wanted = what.wanted_at or found
            found = max(found, wanted) if later else wanted
        elif what.from_at is not None and what.to_at is not None:
            found = moved(found, natural[what.round], what.from_at, what.to_at, calendar)
    return found


def _whole(case: CaseFile, calendar: WorkingCalendar) -> None:
    """The ticket's own due time: of the round that set it, moved by what happened since, never shortened by an extension."""
    anchor = anchor_of(case)
    start = (anchor.dispatched_at or anchor.started_at) if anchor else None
    base = _base(anchor, start, calendar) if anchor and start else None
    if anchor is None or start is None or base is None or case.due_at is None:
        return
    since = [turn for turn in case.turns if turn.ordinal >= anchor.ordinal]
    if all(is_natural(turn) for turn in since):
        return
    case.due_at = replayed(base, case, calendar, since, later=True)
    unsure = calendar.is_provisional(calendar.local_day(start), calendar.local_day(case.due_at))
    case.due_provisional = bool(anchor.limit) and not is_natural(anchor) and unsure


def _part(case: CaseFile, call: Call, part: Part, rules: Rulebook, steady: Steady) -> Iterable[Change]:
    start = call.issued_at
    if start is None:
        return
    if part.limit and part.due_at is not None and not limit_of(part.limit).natural:
        found = due(limit_of(part.limit), start, rules.calendar)
        if found.due_at != part.due_at:
            old, part.due_at = part.due_at, found.due_at
            yield Change(FINISH, part.unit_id, old, part.due_at, found.provisional)
    for clock, name, done in ((CALL_SIGN, "sign_due_at", part.signed_at), (RESPOND, "response_due_at", part.responded_at)):
        if done is None:
            yield from _short(case, clock, part, name, start, rules, steady)


def _short(
    case: CaseFile, clock: str, owner: Round | Part, name: str, start: datetime, rules: Rulebook, steady: Steady
) -> Iterable[Change]:
    """A clock whose limit is not kept with it: for signing, first contact, answering."""
    limit, old = rules.limit(clock, case), getattr(owner, name)
    if old is None or limit is None or limit.natural or not steady(clock, start):
        return
    found = due(limit, start, rules.calendar)
    if found.due_at != old:
        setattr(owner, name, found.due_at)
        yield Change(clock, owner.unit_id, old, found.due_at, found.provisional)
