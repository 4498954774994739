"""Moving a ticket along: one function for every move of the table and every door, one transaction, one conditional UPDATE.

The ticket's row carries a version; a move that saw an older one is refused (``MovedOn``), and with it everything it would
have written. Case files are read beneath the row scope, once the ticket itself has been found within it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.core.acting import acting_as, current_actor
from app.core.clock import now
from app.core.transaction import one_by_one, transaction
from app.crud.columns import Reading
from app.domain.actors import SYSTEM, Actor
from app.domain.acts import Doing
from app.domain.casefile import CaseFile, Happening, Part
from app.domain.machine import Offer, apply, decide, offers
from app.domain.moves import BY_ACTION
from app.domain.refusals import N_, ChangedMeanwhile, NotFound, Refused
from app.domain.rulebook import Rulebook
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.queries.rulebook import Ground, ground_of, rulebook_of
from app.services.case_keeping import case_of, keep
from app.services.notices import after_move
from app.services.registration import register_split
from app.services.saying import read_said

FILES = frozenset({"attach", "detach"})
"""Events of files: lines of the timeline that no move depends on."""


class MovedOn(ChangedMeanwhile):
    """Somebody was faster: the ticket is no longer where the actor saw it. ``ticket_id`` leads to how it stands now."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(
            N_("Somebody moved this ticket on after you opened it. Nothing you typed is lost: see how it stands now, then decide again.")
        )
        self.ticket_id = ticket_id


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move came to: the ticket as it stands now, what happened, and the version that this very move made.

    Read after the transaction, the ticket itself may already have been moved on by somebody else.
    """

    ticket: Ticket
    case: CaseFile
    happening: Happening
    version: int


@dataclass(slots=True)
class Sitting:
    """One ticket on the table: its row, its case file, its rules."""

    ticket: Ticket
    case: CaseFile
    rules: Rulebook


def sit(session: Session, ticket: Ticket, ground: Ground | None = None) -> Sitting:
    """Read a ticket's case file and rules; the ticket itself has been found within the actor's scope."""
    with acting_as(SYSTEM):
        ground = ground or ground_of(session)
        return Sitting(ticket, case_of(session, ticket, ground.units), rulebook_of(session, ticket, ground))


def offered(session: Session, ticket: Ticket, actor: Actor, at: datetime | None = None) -> list[Offer]:
    """What this person may do with a ticket now, and what not yet, with the reason."""
    sitting = sit(session, ticket)
    return offers(sitting.case, actor, at or now(), sitting.rules)


def move(
    ticket_id: int,
    action: str,
    seen: int | None,
    raw: Mapping[str, Any],
    reading: Reading,
    *,
    part: str = "",
    actor: Actor | None = None,
    extra: Mapping[str, Any] | None = None,
    ground: Ground | None = None,
) -> Moved:
    """Do ``action`` on a ticket whose version ``seen`` the actor looked at (``None``: whatever it is, for the clock and citizens).

    ``raw`` is what was said, as typed or sent; ``part`` names a called department (``call.unit``); ``extra`` are values that the
    door itself adds (what was proposed, the channel of a rating). Raises ``Refused``, ``MovedOn``, ``NotFound``; then nothing was written.
    """
    who = actor or current_actor()
    at = now()
    with transaction() as session:
        scope = SYSTEM if actor is not None else who
        with acting_as(scope):
            if action == "merge":  # two tickets at once: A into B while B goes into A would end both
                one_by_one(session, action)
            ticket = locked(session, ticket_id)
            stale = seen is not None and seen != ticket.version
            sitting = sit(session, ticket, ground)
            chosen = _part(sitting.case, part)
            refused = decide(sitting.case, action, Doing(who, at, sitting.rules, part=chosen))
            if refused is not None and (refused.status in (403, 404) or not stale):
                raise refused
            if stale and not _harmless(session, ticket, seen or 0, action, chosen, who):
                raise MovedOn(ticket_id)
            said = read_said(session, action, raw, reading, at)
        said |= dict(extra or {})
        if action == "split":
            said["made"] = register_split(session, ticket, said, who).number
        happening = apply(sitting.case, action, Doing(who, at, sitting.rules, said, chosen))
        return record(session, sitting, happening, who)


def record(session: Session, sitting: Sitting, happening: Happening, who: Actor) -> Moved:
    """Keep a case file that a move has changed, with its line in the timeline and the notices it causes."""
    ticket = sitting.ticket
    with acting_as(SYSTEM):
        with session.no_autoflush:  # one UPDATE of the ticket's row, so that one move is one version
            ticket.changed_at, ticket.changed_by_id = now(), who.user_id
            for column in ("changed_at", "changed_by_id"):  # said even where they stay the same, or the columns' defaults would speak
                flag_modified(ticket, column)
            keep(session, ticket, sitting.case)
        session.flush()
        session.add(
            TicketEvent(
                ticket_id=ticket.id,
                version=ticket.version,
                action=happening.action,
                from_stage=happening.from_stage,
                to_stage=happening.to_stage,
                happened_at=happening.happened_at,
                unit_id=happening.unit_id,
                user_id=who.user_id,
                user_name=who.name[:128],
                details=plain(happening.details),
            )
        )
        after_move(session, ticket, sitting.case, happening, who)
        session.flush()
    return Moved(ticket, sitting.case, happening, ticket.version)


def locked(session: Session, ticket_id: int) -> Ticket:
    """The ticket, if it is there for the actor, held until the end of the transaction; ``NotFound`` otherwise.

    SQLite's only writer holds everything already. PostgreSQL waits for whoever moves the same ticket right now.
    """
    statement = select(Ticket).where(Ticket.id == ticket_id).with_for_update(of=Ticket).execution_options(populate_existing=True)
    found = session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


def _part(case: CaseFile, key: str) -> Part | None:
    if not key:
        return None
    found = case.part(key)
    if found is None:
        raise Refused("no-part", N_("There is no called department “%(part)s” on this ticket."), part=key[:24], status=404)
    return found


def _harmless(session: Session, ticket: Ticket, seen: int, action: str, part: Part | None, who: Actor) -> bool:
    """What others did meanwhile does not concern this move.

    Files hang on a ticket and change nothing about it. Departments called on one ticket do not get in each other's way:
    what one of them does about its own part stands even though others have moved theirs. Anything else makes the page stale.
    """
    if seen > ticket.version:
        return False
    since = session.execute(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.version > seen)).scalars().all()
    if len(since) != ticket.version - seen:
        return False
    found = BY_ACTION.get(action)
    mine: set[int | None] = {part.unit_id} if part is not None else {who.unit_id, who.stationed_id}
    moves = [event for event in since if event.action not in FILES]
    return not moves or (found is not None and found.part and all(_is_about_another(event, mine) for event in moves))


def _is_about_another(event: TicketEvent, mine: set[int | None]) -> bool:
    about = BY_ACTION.get(event.action)
    return about is not None and about.part and event.details.get("unit") not in mine


def plain(details: Mapping[str, Any]) -> dict[str, Any]:
    """Details as JSON: instants as ISO text, UTC."""
    return {key: _plain(value) for key, value in details.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, dict):
        return plain(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
