"""Frozen duties under another version of the responsibility list: who should have been called, and which due times would differ.

Core statements on purpose: the question is asked for the whole district, and the doors ask for the right to ask it. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import Limit, due
from app.domain.facts import CASE, ROUND, STREET_TOWN, Fact
from app.domain.rulebook import HANDLE, Duty, Rulebook
from app.entities.evaluation_fact import EvaluationFact
from app.entities.ticket import Ticket
from app.queries.rulebook import Ground, duty_of, ground_of, upwards

_T: Any = Ticket.__table__
_F: Any = EvaluationFact.__table__


@dataclass(frozen=True, slots=True)
class Relisted:
    """Duties as another list would have made them, and how many differ: leads, due times; ``kept`` due times did not come from a list."""

    facts: list[Fact]
    calls: int
    dues: int
    kept: int


class _Lists:
    """Two readings of the list for every ticket: the version it was dispatched by, and the one that is tried."""

    def __init__(self, session: Session, tried: str) -> None:
        self.session, self.tried, self.ground = session, tried, ground_of(session)
        self.duties: dict[tuple[str, int | None], Duty | None] = {}

    def duty(self, version: str, matter: int | None) -> Duty | None:
        """The item that covers a matter."""
        if (version, matter) not in self.duties:
            self.duties[version, matter] = duty_of(self.session, version, upwards(self.ground, matter))
        return self.duties[version, matter]

    def limit(self, ticket: Any, version: str) -> Limit | None:
        """How long handling may take, by the list or, where it sets nothing, by the general limits."""
        return _book(self.ground, ticket, self.duty(version, ticket.matter_id)).limit(HANDLE, ticket)

    def listed(self, ticket: Any) -> bool:
        """Whether the list itself set the ticket's limit."""
        duty = self.duty(ticket.list_version, ticket.matter_id)
        return duty is not None and ticket.urgency in duty.limits

    def department_leads(self, ticket: Any) -> bool:
        """Whether the version that is tried gives the lead to a department."""
        duty = self.duty(self.tried, ticket.matter_id)
        return duty is not None and duty.lead_id is not None


def _book(ground: Ground, ticket: Any, duty: Duty | None) -> Rulebook:
    return Rulebook(ground.calendar, ground.clocks, duty, upwards(ground, ticket.matter_id))


def relisted(session: Session, evaluation_id: int, facts: Sequence[Fact], version: str) -> Relisted:
    """The duties of an evaluation as the list ``version`` would have made them.

    A due time is told anew only where the old list's limit explains it exactly: it was neither extended, nor moved by a suspension,
    nor set by hand, nor brought along by a ledger.
    """
    lists = _Lists(session, version)
    concerned = select(_F.c.ticket_id).where(_F.c.evaluation_id == evaluation_id)
    columns = (_T.c.id, _T.c.matter_id, _T.c.urgency, _T.c.list_version)
    tickets = {row.id: row for row in session.connection().execute(select(*columns).where(_T.c.id.in_(concerned)))}
    starts = _starts(facts)
    changed = [_one(fact, tickets.get(fact.ticket_id), starts, lists) for fact in facts]
    pairs = list(zip(facts, changed, strict=True))
    timed = [(old, new) for old, new in pairs if old.due_at is not None]
    return Relisted(
        facts=changed,
        calls=sum(old.wants_call != new.wants_call for old, new in pairs),
        dues=sum(old.due_at != new.due_at for old, new in timed),
        kept=sum(_from_list(old, tickets.get(old.ticket_id), starts, lists) is None for old, _ in timed),
    )


def _starts(facts: Iterable[Fact]) -> Mapping[int, list[datetime]]:
    """When rounds of each ticket began: one of them set the due time of the whole ticket."""
    found: dict[int, list[datetime]] = {}
    for fact in facts:
        if fact.kind == ROUND and (start := fact.reopened_at or fact.dispatched_at) is not None:
            found.setdefault(fact.ticket_id, []).append(start)
    return found


def _one(fact: Fact, ticket: Any, starts: Mapping[int, list[datetime]], lists: _Lists) -> Fact:
    if ticket is None:
        return fact
    if fact.kind == ROUND and fact.group == STREET_TOWN:
        fact = replace(fact, wants_call=lists.department_leads(ticket))
    start = _from_list(fact, ticket, starts, lists)
    limit = lists.limit(ticket, lists.tried) if start is not None else None
    if start is None or limit is None:
        return fact
    return replace(fact, due_at=due(limit, start, lists.ground.calendar).due_at)


def _from_list(fact: Fact, ticket: Any, starts: Mapping[int, list[datetime]], lists: _Lists) -> datetime | None:
    """The start from which the old list's limit leads exactly to the due time; ``None`` where it came from elsewhere."""
    if ticket is None or fact.due_at is None or not lists.listed(ticket):
        return None
    limit = lists.limit(ticket, ticket.list_version)
    own = [fact.reopened_at or fact.dispatched_at]
    begun = starts.get(fact.ticket_id, []) if fact.kind == CASE else own
    exact = (start for start in begun if start is not None and limit is not None)
    return next((start for start in exact if limit and due(limit, start, lists.ground.calendar).due_at == fact.due_at), None)
