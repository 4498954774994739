"""One move on many tickets: each in its own transaction and as it was seen, so that whatever is refused keeps nobody else back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.core.db import db
from app.crud.columns import Reading
from app.domain.moves import BY_ACTION
from app.domain.refusals import N_, Phrase, Refused
from app.entities.ticket import Ticket
from app.queries.rulebook import ground_of
from app.services.progress import move

MOST = 100
TOGETHER = frozenset({"dispatch", "sign", "start", "sign_call", "respond", "take_review", "archive"})
"""Moves that may be made on several tickets at once: what they need is the same for all of them, or nothing."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A ticket somebody has ticked, and the version of it that was looked at."""

    ticket_id: int
    seen: int


@dataclass(frozen=True, slots=True)
class NotDone:
    """A ticket that was refused, and why. ``number`` is empty where the ticket is not there for this person."""

    ticket_id: int
    number: str
    title: str
    refused: Refused


@dataclass(slots=True)
class Outcome:
    """What came of it: the tickets that were moved, by number, and those that were not."""

    action: str
    done: list[str] = field(default_factory=list)
    refused: list[NotDone] = field(default_factory=list)


def move_all(action: str, picks: Sequence[Pick], raw: Mapping[str, Any], reading: Reading) -> Outcome:
    """Make ``action`` on every pick. Raises ``Refused`` before anything is done: a move not made together, nothing or too much picked,
    or something left unsaid that all of them need.
    """
    if action not in TOGETHER:
        raise Refused("not-together", N_("This is done ticket by ticket."))
    if not picks:
        raise Refused("nothing-picked", N_("No ticket was selected; select at least one."))
    if len(picks) > MOST:
        raise Refused("too-many", N_("At most %(most)d tickets at once; %(count)d were selected."), most=MOST, count=len(picks))
    for need in BY_ACTION[action].needs:
        if need.required and not raw.get(need.name):
            raise Refused("required", N_("“%(label)s” is missing"), field=need.name, label=Phrase(need.label))
    outcome = Outcome(action)
    ground = ground_of(db.session())
    for pick in dict.fromkeys(picks):
        try:
            outcome.done.append(move(pick.ticket_id, action, pick.seen, raw, reading, ground=ground).ticket.number)
        except Refused as refused:
            outcome.refused.append(_not_done(pick, refused))
    return outcome


def _not_done(pick: Pick, refused: Refused) -> NotDone:
    """Named only as far as the person may see it."""
    found = db.session().execute(select(Ticket.number, Ticket.title).where(Ticket.id == pick.ticket_id)).one_or_none()
    return NotDone(pick.ticket_id, found.number if found else "", found.title if found else "", refused)
