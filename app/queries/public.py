"""What the public may read of a matter, by number and code or by a rating's link: stages and their days, the unit, the result.

Read beneath the row scope, because the reader is nobody's; what comes out of here is redacted and names no person.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import acting_as
from app.core.clock import now
from app.domain.actors import SYSTEM
from app.domain.casefile import OPEN, PUBLIC
from app.domain.redaction import redacted
from app.domain.workflow import ARCHIVED, STAGES
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.consultation import Consultation
from app.entities.parameter import parameter
from app.entities.rating import Rating
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.entities.unit import Unit

CODE_LENGTH = 8
_ORDER = [stage.code for stage in STAGES]
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,64}")
_BESIDE = frozenset({"called", "consulting"})
"""Stages that a matter passes through only where departments are called; it comes back to handling from them."""
_IN_HAND = frozenset({"handling", *_BESIDE})
_NOT_PEOPLE = frozenset({"", SYSTEM.name, "citizen", "nobody"})


@dataclass(frozen=True, slots=True)
class Step:
    """A stage: ``past``, ``now``, ``ahead``, or ``skipped`` where it was not needed; and since when."""

    code: str
    state: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class PublicMatter:
    """A matter as everybody may read it. ``ended`` is how the report itself ended, ``rate_until`` whether and how long it may be rated."""

    number: str
    title: str
    reported_at: datetime
    ended: str
    stage: str
    steps: tuple[Step, ...]
    archived_at: datetime | None
    unit: Unit | None
    result: str
    opinion: str
    rating: str
    rated_at: datetime | None
    rateable: bool
    rate_until: datetime | None


def typed_number(text: str) -> str:
    """A ticket number as a citizen types it: without spaces, in plain letters."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isprintable() and not char.isspace())[:40]


def typed_code(text: str) -> str:
    """A code as a citizen types it: capitals, without spaces or dashes."""
    return re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text)).upper()[:40]


def ticket_by_code(session: Session, number: str, code: str) -> Ticket | None:
    """The ticket with this number, if the code is its own; whatever is wrong, the same is done and the same answered."""
    wanted, said = typed_number(number), typed_code(code)
    with acting_as(SYSTEM):
        statement = select(Ticket.id, Ticket.lookup_code).where(Ticket.number.in_({wanted, wanted.upper(), wanted.lower()}))
        found = session.execute(statement).first()
        kept = found.lookup_code if found is not None and len(found.lookup_code) == CODE_LENGTH else "-" * CODE_LENGTH
        same = hmac.compare_digest(kept.encode(), said.encode())
        return session.get_one(Ticket, found.id) if found is not None and same else None


def rating_by_token(session: Session, token: str) -> Rating | None:
    """The citizen's rating that a link belongs to, whatever its state."""
    if not _TOKEN.fullmatch(token):
        return None
    with acting_as(SYSTEM):
        return session.execute(select(Rating).where(Rating.token == token, Rating.kind == PUBLIC)).scalar_one_or_none()


def awaited_rating(session: Session, ticket: Ticket) -> Rating | None:
    """The citizen's rating that a ticket waits for, while its time has not passed."""
    if ticket.stage != "evaluating" or ticket.ended:
        return None
    with acting_as(SYSTEM):
        statement = select(Rating).where(Rating.ticket_id == ticket.id, Rating.kind == PUBLIC, Rating.state == OPEN).order_by(Rating.id)
        rating = session.execute(statement).scalars().first()
    return rating if rating is not None and (rating.due_at is None or now() <= rating.due_at) else None


def public_matter(session: Session, ticket: Ticket) -> PublicMatter:
    """What everybody with the right code may read of ``ticket``; a merged one goes on as the one it was merged into."""
    with acting_as(SYSTEM):
        goes_on = _goes_on_as(session, ticket)
        rating = awaited_rating(session, ticket)
        done = goes_on.stage in ("completed", "reviewing", "evaluating", ARCHIVED.code) and not goes_on.ended
        shown = parameter("public_unit", "1") == "1"
        return PublicMatter(
            number=ticket.number,
            title=redacted(ticket.title, _names(session, ticket)),
            reported_at=ticket.reported_at,
            ended=ticket.ended if goes_on is ticket else goes_on.ended or ticket.ended,
            stage=goes_on.stage,
            steps=_steps(session, goes_on),
            archived_at=goes_on.archived_at,
            unit=session.get(Unit, goes_on.unit_id) if shown and goes_on.unit_id else None,
            result=goes_on.result if done else "",
            opinion=redacted(goes_on.opinion or "", _names(session, goes_on) | _names(session, ticket)) if done else "",
            rating=ticket.rating,
            rated_at=ticket.rated_at,
            rateable=rating is not None,
            rate_until=rating.due_at if rating is not None else None,
        )


def _goes_on_as(session: Session, ticket: Ticket) -> Ticket:
    """Where a merged ticket is followed; a chain is followed to its end, a circle is not entered."""
    seen = {ticket.id}
    while ticket.ended == "merged" and ticket.merged_into_id is not None and ticket.merged_into_id not in seen:
        seen.add(ticket.merged_into_id)
        ticket = session.get_one(Ticket, ticket.merged_into_id)
    return ticket


def _names(session: Session, ticket: Ticket) -> set[str]:
    """Persons known to have to do with a ticket: who reported it, who acted on it, who came, who sat together."""
    found = {ticket.reporter_name}
    found |= set(session.execute(select(TicketEvent.user_name).where(TicketEvent.ticket_id == ticket.id).distinct()).scalars())
    came = select(CalledUnit.reported_by).join(Call, Call.id == CalledUnit.call_id).where(Call.ticket_id == ticket.id)
    found |= set(session.execute(came).scalars())
    for who in session.execute(select(Consultation.participants).where(Consultation.ticket_id == ticket.id)).scalars():
        found |= set(re.split(r"[\s、，,；;/]+", who or ""))
    return {name.strip() for name in found if name} - _NOT_PEOPLE


def _steps(session: Session, ticket: Ticket) -> tuple[Step, ...]:
    """The nine stages, each with when the matter came to it.

    What lies ahead again counts no more: a new round begins at dispatch, a matter that is opened again at handling. Handling
    and what belongs to it began when it was reached first; whatever follows counts from the last time, after rework too.
    """
    columns = (TicketEvent.action, TicketEvent.from_stage, TicketEvent.to_stage, TicketEvent.happened_at)
    since: dict[str, datetime] = {}
    for event in session.execute(select(*columns).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)):
        if event.to_stage not in _ORDER or event.to_stage == event.from_stage:
            continue
        if event.action == "reopen" or event.to_stage == "dispatched":
            since = {code: at for code, at in since.items() if _ORDER.index(code) < _ORDER.index(event.to_stage)}
        if event.to_stage in _IN_HAND:
            since.setdefault(event.to_stage, event.happened_at)
        else:
            since[event.to_stage] = event.happened_at
    since["reported"] = ticket.reported_at
    if ticket.completed_at is not None:
        since.setdefault("completed", ticket.completed_at)
    at = len(_ORDER) if ticket.stage == ARCHIVED.code else _ORDER.index(ticket.stage)
    return tuple(Step(code, _state(code, place, at, since), since.get(code)) for place, code in enumerate(_ORDER))


def _state(code: str, place: int, at: int, since: dict[str, Any]) -> str:
    if place == at:
        return "now"
    if code in _BESIDE:
        if code in since and (place < at or at == _ORDER.index("handling")):
            return "past"
        return "skipped" if place < at else "ahead"
    return "past" if place < at else "ahead"
