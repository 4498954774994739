"""Which clocks a case file has: of every round, called department, open request, rating window and supervision order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.acts.clocks import is_natural
from app.domain.casefile import APPROVED, OPEN, PUBLIC, Call, CaseFile, Order, Part, Round
from app.domain.clock_story import CLOSED, ENDED, RETURNED, WITHDRAWN, Clock, Story, tell
from app.domain.deadlines import Limit, due, limit_of
from app.domain.refusals import N_, Phrase
from app.domain.rulebook import (
    ARRIVE,
    CALL_SIGN,
    CLOCKS,
    CONTACT,
    FINISH,
    HANDLE,
    RATE_CITIZEN,
    RATE_UNIT,
    RESPOND,
    RETURN_DECIDE,
    SIGN,
    SUPERVISE,
    Rulebook,
)

WHOLE_TICKET = "ticket"
"""The ticket's own due time, which new rounds do not renew (handbook §2.8: unit on time and ticket on time are both reported)."""

LABELS = {**CLOCKS, ARRIVE: N_("Reporting in"), WHOLE_TICKET: N_("The whole ticket")}


@dataclass(frozen=True, slots=True)
class CaseClock:
    """One clock of a ticket. ``key`` names it: ``round.2.handle``, ``part.1.17.respond``, ``order.1.supervise``.

    ``current`` is false for what belongs to earlier rounds, or to calls that ended.
    """

    key: str
    clock: str
    label: Phrase
    unit_id: int | None
    story: Story
    current: bool = True
    round: int | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class _Table:
    """What is on the table while clocks are read."""

    case: CaseFile
    rules: Rulebook
    now: datetime
    ended_at: datetime | None

    def told(self, key: str, clock: str, unit_id: int | None, found: Clock, **more: object) -> CaseClock:
        """A clock with its story; void tickets stop every clock."""
        if found.stopped_at is None and self.case.ended:
            found = _without_end(found, max(self.ended_at or self.now, found.started_at), ENDED)
        story = tell(found, self.now, self.rules.calendar)
        return CaseClock(f"{key}.{clock}", clock, Phrase(LABELS[clock]), unit_id, story, **more)  # type: ignore[arg-type]

    def limit_behind(self, clock: str, start: datetime, due_at: datetime) -> Limit | None:
        """The limit that leads to this due time; nothing where a person set it, or the limit has been changed since."""
        limit = self.rules.limit(clock, self.case)
        return limit if limit is not None and due(limit, start, self.rules.calendar).due_at == due_at else None

    def simple(self, clock: str, start: datetime, due_at: datetime, **more: object) -> Clock:
        """A clock whose limit is not kept with it."""
        limit = self.limit_behind(clock, start, due_at)
        usual = self.rules.limit(clock, self.case)
        return Clock(start, due_at, limit, natural=bool(usual and usual.natural), **more)  # type: ignore[arg-type]


def clocks_of(case: CaseFile, rules: Rulebook, now: datetime, ended_at: datetime | None = None) -> list[CaseClock]:
    """Every clock of a ticket: the present round first, then the calls, the requests, ratings and orders, then earlier rounds.

    ``ended_at`` is when the ticket was voided or merged, where that is known.
    """
    table = _Table(case, rules, now, ended_at)
    present = [clock for turn in case.turns[-1:] for clock in _of_round(table, turn)]
    earlier = [clock for turn in reversed(case.turns[:-1]) for clock in _of_round(table, turn)]
    called = [clock for call in reversed(case.call_list) for part in call.parts for clock in _of_part(table, call, part)]
    return [*present, *_whole(table), *called, *_ratings(table), *(_of_order(table, order) for order in case.orders), *earlier]


def _without_end(clock: Clock, at: datetime, why: str) -> Clock:
    kept = {name: getattr(clock, name) for name in Clock.__slots__ if name not in ("over_at", "why")}
    return Clock(**kept, over_at=at, why=why)


def _of_round(table: _Table, turn: Round) -> Iterator[CaseClock]:
    case, current = table.case, turn is table.case.turn
    key = f"round.{turn.ordinal}"
    start = turn.dispatched_at or turn.started_at
    if start is None:
        return
    gone = _gone(turn)
    if turn.sign_due_at is not None and not turn.auto_signed:
        yield table.told(key, SIGN, turn.unit_id, _falling(table.simple(SIGN, start, turn.sign_due_at, ended_at=turn.signed_at), gone),
                         current=current, round=turn.ordinal)  # fmt: skip
    if turn.contact_due_at is not None:
        done = turn.completed_at or turn.disposed_at
        fallen = gone or ((done, CLOSED) if done else None)
        yield table.told(key, CONTACT, turn.unit_id,
                         _falling(table.simple(CONTACT, start, turn.contact_due_at, ended_at=turn.contacted_at), fallen),
                         current=current, round=turn.ordinal)  # fmt: skip
    if turn.due_at is not None:
        yield table.told(key, HANDLE, turn.unit_id, _handling(case, turn, start, turn.due_at, gone), current=current, round=turn.ordinal)
    if turn.returned == OPEN and turn.returned_at is not None and turn.return_due_at is not None:
        found = _falling(table.simple(RETURN_DECIDE, turn.returned_at, turn.return_due_at), gone)
        yield table.told(key, RETURN_DECIDE, table.rules.centre_id, found, current=current, round=turn.ordinal)


def _gone(turn: Round) -> tuple[datetime, str] | None:
    """When and why a round fell away without having been worked to its end."""
    if turn.returned == APPROVED and turn.returned_at is not None:
        return turn.returned_at, RETURNED
    return (turn.withdrawn_at, WITHDRAWN) if turn.withdrawn_at else None


def _falling(clock: Clock, gone: tuple[datetime, str] | None) -> Clock:
    """A clock whose work fell away before it was done."""
    return _without_end(clock, *gone) if gone is not None and clock.ended_at is None else clock


def _handling(case: CaseFile, turn: Round, start: datetime, due_at: datetime, gone: tuple[datetime, str] | None) -> Clock:
    found = Clock(
        started_at=start,
        due_at=due_at,
        limit=limit_of(turn.limit) if turn.limit else None,
        natural=is_natural(turn),
        base_due_at=turn.base_due_at,
        pauses=tuple(pause for pause in case.pauses if pause.round == turn.ordinal),
        extensions=tuple(case.extensions_of(turn)),
        ended_at=turn.completed_at or turn.disposed_at,
        claimed=turn.completed_at is None and turn.disposed_at is not None,
    )
    return _falling(found, gone)


def _whole(table: _Table) -> Iterator[CaseClock]:
    """The ticket's own due time, where the present round has another one."""
    case = table.case
    turn = case.turn
    if turn is None or case.due_at is None or case.due_at == turn.due_at:
        return
    anchor = anchor_of(case)
    start = anchor.dispatched_at or anchor.started_at if anchor else None
    if anchor is None or start is None:
        return
    found = Clock(
        started_at=start,
        due_at=case.due_at,
        limit=limit_of(anchor.limit) if anchor.limit else None,
        natural=is_natural(anchor),
        base_due_at=anchor.base_due_at,
        pauses=tuple(pause for pause in case.pauses if pause.round >= anchor.ordinal),
        extensions=tuple(wish for wish in case.extensions if wish.round >= anchor.ordinal and wish.state == APPROVED),
        ended_at=turn.completed_at or turn.disposed_at,
        claimed=turn.completed_at is None and turn.disposed_at is not None,
    )
    yield table.told("ticket", WHOLE_TICKET, turn.unit_id, found)


def anchor_of(case: CaseFile) -> Round | None:
    """The round that set the ticket's own due time: the last one with which it was reopened, else the first with a due time."""
    reopened = [turn for turn in case.turns if turn.kind == "reopen"]
    return reopened[-1] if reopened else next((turn for turn in case.turns if turn.base_due_at is not None), None)


def _of_part(table: _Table, call: Call, part: Part) -> Iterator[CaseClock]:
    start = call.issued_at
    if start is None:
        return
    key, more = f"part.{part.key}", {"current": part.standing, "part": part.key}
    fallen = _part_gone(part)
    if part.sign_due_at is not None:
        signed = table.simple(CALL_SIGN, start, part.sign_due_at, ended_at=part.signed_at)
        yield table.told(key, CALL_SIGN, part.unit_id, _falling(signed, fallen), **more)
    if part.response_due_at is not None:
        answered = part.responded_at or (part.returned_at if part.returned == APPROVED else None)
        found = table.simple(RESPOND, start, part.response_due_at, ended_at=answered)
        yield table.told(key, RESPOND, part.unit_id, _falling(found, fallen), **more)
    if call.appointment_at is not None:
        grace = max(table.rules.with_grace(table.case, call.appointment_at), start)
        done = (part.finished_at, CLOSED) if part.finished_at else None
        found = Clock(start, grace, None, True, call.appointment_at, ended_at=part.reported_in_at, appointment=True)
        yield table.told(key, ARRIVE, part.unit_id, _falling(found, fallen or done), **more)
    if part.due_at is not None:
        limit = limit_of(part.limit) if part.limit else None
        found = Clock(start, part.due_at, limit, bool(limit and limit.natural), part.due_at, ended_at=part.finished_at)
        yield table.told(key, FINISH, part.unit_id, _falling(found, fallen), **more)
    if part.returned == OPEN and part.returned_at is not None and part.return_due_at is not None:
        asked = _falling(table.simple(RETURN_DECIDE, part.returned_at, part.return_due_at), fallen)
        yield table.told(key, RETURN_DECIDE, call.street_town_id, asked, **more)


def _part_gone(part: Part) -> tuple[datetime, str] | None:
    if part.returned == APPROVED and part.returned_at is not None:
        return part.returned_at, RETURNED
    return (part.withdrawn_at, WITHDRAWN) if part.withdrawn_at else None


def _ratings(table: _Table) -> Iterator[CaseClock]:
    """Until when units and citizens may rate; not whether anybody has: each side is blind until both have spoken."""
    case = table.case
    turn = case.turn
    if turn is None or case.reviewed_at is None:
        return
    for kind, clock in ((False, RATE_UNIT), (True, RATE_CITIZEN)):
        asked = [r for r in case.ratings if (r.kind == PUBLIC) == kind and r.round == turn.ordinal and r.requested_at and r.due_at]
        if asked:
            rating = asked[-1]
            assert rating.requested_at is not None and rating.due_at is not None
            found = table.simple(clock, rating.requested_at, rating.due_at, window=True)
            if case.archived_at is not None and case.archived_at < rating.due_at:
                found = _without_end(found, case.archived_at, CLOSED)
            yield table.told("rating", clock, None, found, round=turn.ordinal)


def _of_order(table: _Table, order: Order) -> CaseClock:
    start = order.ordered_at or table.now
    due_at = order.due_at or start
    found = table.simple(SUPERVISE, start, due_at, ended_at=order.answered_at)
    return table.told(f"order.{order.ordinal}", SUPERVISE, order.unit_id, found, current=order.answered_at is None)
