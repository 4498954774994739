"""Duties made from rows: a ticket with its rounds, calls and ratings becomes what each unit owed and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from app.domain.case_leaves import APPROVED, PUBLIC, TO_DEPARTMENT, TO_STREET_TOWN
from app.domain.facts import CALL, CALLABLE, CASE, DEPARTMENT, GROUPS, REOPEN, ROUND, STREET_TOWN, Fact, Mark
from app.queries.case_ledgers import Ledgers, Reopening

GIVEN = "given"
NOTHING: frozenset[str] = frozenset()
NOT_EXCLUDED: dict[str, str] = {}
"""Held once for all duties; what a duty is excluded from is told later (``exclusions.without``), by another dict."""


def duties_of(t: Any, ledgers: Ledgers, until: datetime) -> Iterator[Fact]:
    """Every duty in one ticket. What is not open to both sides by ``until`` is not even read."""
    case = _Case(t, ledgers, until)
    yield from case.lives()
    yield from case.turns()
    yield from case.calls()


class _Case:
    """One ticket and what stands beside it; its rows are taken out of the ledgers, because a year of them is much to hold."""

    def __init__(self, t: Any, ledgers: Ledgers, until: datetime) -> None:
        self.t, self.ledgers, self.until = t, ledgers, until
        self.rounds = ledgers.rounds.pop(t.id, [])
        self.parts = ledgers.parts.pop(t.id, [])
        self.ratings = ledgers.ratings.pop(t.id, ())
        self.asked: Sequence[Any] = [r for r in self.ratings if r.kind == PUBLIC] if self.ratings else ()
        self.follow_ups = ledgers.follow_ups.get(t.id, ())
        self.pauses = ledgers.pauses.get(t.id, ())
        self.extensions = ledgers.extensions.get(t.id, ())
        self.unknown = frozenset(t.unknown) if t.unknown else NOTHING
        told = t.matter_id is not None and bool(t.reporter_phone or (t.address and t.street_town_id is not None))
        self.repeat = t.id in ledgers.repeated if told else None
        self.standing_still = next((p.from_at for p in self.pauses if p.to_at is None), None) if self.pauses else None

    def _fact(self, key: str, group: str, unit_id: int, kind: str, ordinal: int, *, here: bool = False, **known: Any) -> Fact:
        """``here`` says that moves of ours opened the round or the call: then nothing of it is unknown, wherever the ticket came from."""
        t = self.t
        began = known.get("dispatched_at") if kind != CASE else known.get("reopened_at") or t.reported_at
        began, done = began or known.get("reopened_at"), known.get("completed_at")
        return Fact(
            *(key, t.id, t.number, group, unit_id, kind, ordinal, t.reported_at),
            worked=None if began is None or done is None else self.ledgers.meter.between(began, done),
            proactive=t.proactive,
            repeat=self.repeat,
            unknown=NOTHING if here else self.unknown,
            excluded=NOT_EXCLUDED,
            **known,
        )

    # --- the whole matter --------------------------------------------------------------------------------

    def lives(self) -> Iterator[Fact]:
        """The street-town's duty over the whole matter: one life, and another one after each reopening."""
        if self.t.street_town_id is None:
            return
        ends: list[Reopening | None] = [*self.ledgers.reopenings.get(self.t.id, ()), None]
        first, begun = 1, None
        for ordinal, end in enumerate(ends, start=1):
            turns = [r for r in self.rounds if first <= r.ordinal and (end is None or r.ordinal < end.round)]
            yield self._past_life(ordinal, turns, end, begun) if end is not None else self._life(ordinal, turns, begun)
            if end is not None:
                first, begun = end.round, end.at

    def _life(self, ordinal: int, turns: Sequence[Any], begun: datetime | None) -> Fact:
        """As the ticket stands; a source's own flags speak of its first life only."""
        t = self.t
        return self._fact(
            f"T{t.id}" if ordinal == 1 else f"T{t.id}.{ordinal}",
            *(STREET_TOWN, t.street_town_id, CASE, ordinal),
            due_at=t.due_at,
            completed_at=t.completed_at,
            completed=t.completed,
            on_time=t.on_time if begun is None else None,
            reworks=t.reworks,
            reopened_at=begun,
            suspended_at=self.standing_still,
            units=len({r.unit_id for r in self.rounds}),
            result=t.result,
            **self._citizen(turns[-1] if turns else None, last=True),
        )

    def _past_life(self, ordinal: int, turns: Sequence[Any], end: Reopening, begun: datetime | None) -> Fact:
        """A life that ended with a completion which did not stand."""
        t, sofar = self.t, [r for r in self.rounds if r.ordinal < end.round]
        return self._fact(
            f"T{t.id}" if ordinal == 1 else f"T{t.id}.{ordinal}",
            *(STREET_TOWN, t.street_town_id, CASE, ordinal),
            due_at=end.due_at or (turns[0].due_at if turns else None),
            completed_at=end.completed_at,
            completed=True,
            on_time=t.on_time if begun is None else None,
            reworks=sum(self._own_reworks(r) for r in sofar) + sum(r.kind == REOPEN for r in sofar),
            reopened_at=begun,
            undone_at=end.at,
            units=len({r.unit_id for r in sofar}),
            **self._citizen(turns[-1] if turns else None, last=False),
        )

    def _citizen(self, turn: Any | None, *, last: bool) -> dict[str, Any]:
        """What the citizen said of a round: its rating, where ratings are asked for, and the first answer to a follow-up."""
        said: dict[str, Any] = {}
        if not self.asked and last:
            said = {"rating": self.t.rating, "rated_at": self.t.rated_at}
        if turn is None:
            return said
        given = [r for r in self.asked if r.round == turn.ordinal and r.state == GIVEN] if self.asked else ()
        if given:
            said = {"rating": given[0].satisfaction, "rated_at": given[0].submitted_at}
        told = [f for f in self.follow_ups if f.round == turn.ordinal] if self.follow_ups else ()
        if told:
            said |= {"solved": told[0].solved, "solved_at": told[0].made_at}
        return said

    # --- rounds ------------------------------------------------------------------------------------------

    def turns(self) -> Iterator[Fact]:
        """Each unit's duty in its rounds; the command centre, which takes over what street-towns cannot settle, is not assessed."""
        carried = 0
        for place, r in enumerate(self.rounds):
            carried = (carried + 1 if r.kind == REOPEN else 0) + self._own_reworks(r)
            if r.type in GROUPS:
                yield self._turn(r, place, carried)

    def _turn(self, r: Any, place: int, reworks: int) -> Fact:
        t, last, after = self.t, place == len(self.rounds) - 1, self._reopened_after(r)
        called = self._own_calls(r) if r.type == STREET_TOWN else ()
        return self._fact(
            f"R{t.id}.{r.ordinal}",
            *(r.type, r.unit_id, ROUND, r.ordinal),
            here=r.sign_due_at is not None or r.kind == REOPEN,
            dispatched_at=r.dispatched_at,
            signed_at=r.signed_at,
            auto_signed=r.auto_signed,
            due_at=r.due_at,
            completed_at=r.completed_at,
            completed=r.completed,
            on_time=r.on_time,
            withdrawn_at=r.withdrawn_at,
            returned=r.returned,
            returned_at=r.returned_at,
            reworks=reworks,
            turn=r.kind,
            reopened_at=r.started_at if r.kind == REOPEN else None,
            undone_at=after.started_at if after is not None else None,
            suspended_at=self.standing_still if last else None,
            paused_at=_first(self.pauses, r, "from_at"),
            extended_at=_first(self.extensions, r, "decided_at"),
            contact_due_at=None if t.proactive else r.contact_due_at,
            contacted_at=r.contacted_at,
            wants_call=r.type == STREET_TOWN and self.ledgers.department_leads(t),
            calls=called,
            earlier=self._earlier(r, place),
            result=t.result if last and r.completed_at is not None else "",
            **self._citizen(r, last=last),
        )

    def _reopened_after(self, r: Any) -> Any | None:
        """The round that reopened this one, at the same unit."""
        if len(self.rounds) == 1:
            return None
        return next((other for other in self.rounds if other.ordinal == r.ordinal + 1 and other.kind == REOPEN), None)

    def _own_reworks(self, r: Any) -> int:
        """Failed verifications and reviews of a round; its reopening is counted with the round that it led to."""
        return int(r.reworks) - (1 if self._reopened_after(r) is not None else 0)

    def _own_calls(self, r: Any) -> tuple[datetime, ...]:
        """When the round's street-town called departments on this ticket; a call that was withdrawn as a whole is none."""
        if not self.parts:
            return ()
        mine = {p.issued_at for p in self.parts if p.street_town_id == r.unit_id and p.call_withdrawn_at is None}
        return tuple(sorted(mine))

    def _earlier(self, r: Any, place: int) -> tuple[datetime, ...]:
        if not place:
            return ()
        same = (o for o in self.rounds[:place] if o.unit_id == r.unit_id and o.returned != APPROVED)
        return tuple(o.dispatched_at for o in same if o.dispatched_at is not None)

    # --- calls -------------------------------------------------------------------------------------------

    def calls(self) -> Iterator[Fact]:
        """A called department's duty, and the same pair from the side of the street-town that called."""
        for p in self.parts:
            of_department, of_street = self._mark(p, TO_DEPARTMENT), self._mark(p, TO_STREET_TOWN)
            yield self._part(p, of_department, of_street)
            yield self._fact(
                f"S{self.t.id}.{p.ordinal}.{p.unit_id}",
                *(STREET_TOWN, p.street_town_id, CALL, p.ordinal),
                here=p.sign_due_at is not None,
                dispatched_at=p.issued_at,
                withdrawn_at=p.withdrawn_at,
                received=of_street,
                owed=of_department,
            )

    def _part(self, p: Any, received: Mark | None, owed: Mark | None) -> Fact:
        return self._fact(
            f"C{self.t.id}.{p.ordinal}.{p.unit_id}",
            *(p.type if p.type in CALLABLE else DEPARTMENT, p.unit_id, CALL, p.ordinal),
            here=p.sign_due_at is not None,
            dispatched_at=p.issued_at,
            signed_at=p.signed_at,
            response_due_at=p.response_due_at,
            responded_at=p.responded_at,
            due_at=p.due_at,
            completed_at=p.finished_at,
            withdrawn_at=p.withdrawn_at,
            returned=p.returned,
            returned_at=p.returned_at,
            appointment_at=p.appointment_at,
            arrive_by=self.ledgers.arrive_by(self.t, p.appointment_at),
            reported_in_at=p.reported_in_at,
            arrival=p.arrival,
            received=received,
            owed=owed,
        )

    def _mark(self, p: Any, kind: str) -> Mark | None:
        """What one side was to say of the other: what it said, else what it was asked last."""
        asked = [r for r in self.ratings if r.kind == kind and r.part == f"{p.ordinal}.{p.unit_id}"]
        if not asked:
            return self._recorded(p, kind)
        chosen = next((r for r in asked if r.state == GIVEN), asked[-1])
        closed = next((r.completed_at for r in self.rounds if r.ordinal == chosen.round), None) or self.t.completed_at
        opened = [moment for moment in (chosen.revealed_at, chosen.due_at) if moment is not None]
        open_at = min(opened, default=chosen.submitted_at) if chosen.state == GIVEN else None
        if chosen.state != GIVEN or open_at is None or open_at > self.until:
            return Mark(chosen.state, closed, chosen.due_at, open_at)
        return Mark(chosen.state, closed, chosen.due_at, open_at, chosen.arrival, chosen.effect, chosen.accuracy)

    def _recorded(self, p: Any, kind: str) -> Mark | None:
        """A judgement that came with a ticket's history, without the rating that it was."""
        if kind == TO_STREET_TOWN and p.accuracy:
            return Mark(GIVEN, self.t.completed_at, accuracy=p.accuracy)
        if kind == TO_DEPARTMENT and p.effect:
            return Mark(GIVEN, self.t.completed_at, effect=p.effect)
        return None


def _first(granted: Sequence[Any], turn: Any, moment: str) -> datetime | None:
    """The first ``moment`` of what was granted in a round."""
    return min(filter(None, (getattr(one, moment) for one in granted if one.round == turn.ordinal)), default=None) if granted else None
