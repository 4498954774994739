"""What citizens' programs may read: the matters offered to them, and how far tickets about those have come.

Read beneath the row scope, because the reader is nobody's. No words of a citizen come out of here but to the program that
sent them: free texts can name anybody. The place is told to about a hundred metres; photographs and persons never.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from app.core.acting import acting_as
from app.core.clock import now
from app.domain.actors import SYSTEM
from app.domain.redaction import redacted
from app.domain.workflow import ARCHIVED
from app.entities.matter import Matter
from app.entities.parameter import parameter
from app.entities.source_system import SourceSystem
from app.entities.ticket import Ticket
from app.entities.unit import Unit

SOURCE = "OPEN311"
CLOSED = ("completed", "reviewing", "evaluating", ARCHIVED.code)
SPAN = timedelta(days=90)
"""GeoReport v2: without dates the last 90 days, and never a longer span."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets are asked for: numbers, or a span of days with services and states; ``sender`` is whose key was shown."""

    numbers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    page: int = 1
    size: int = 100
    sender: int | None = None


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A ticket as everybody may read it. ``description`` and ``address`` are filled for its own sender only, and redacted."""

    number: str
    closed: bool
    stage: str
    ended: str
    result: str
    matter: Matter
    unit: Unit | None
    street_town: Unit | None
    description: str
    address: str
    latitude: Decimal | None
    longitude: Decimal | None
    requested_at: datetime
    updated_at: datetime
    expected_at: datetime | None


def offered_matters(session: Session) -> Sequence[Matter]:
    """The matters offered to citizens today, by code."""
    today = now().date()
    valid = (
        or_(Matter.valid_from.is_(None), Matter.valid_from <= today),
        or_(Matter.valid_to.is_(None), Matter.valid_to >= today),
    )
    with acting_as(SYSTEM):
        statement = select(Matter).where(Matter.public, *valid).order_by(Matter.code).options(joinedload(Matter.parent))
        return session.execute(statement).scalars().all()


def offered_matter(session: Session, code: str) -> Matter | None:
    """One of them."""
    return next((matter for matter in offered_matters(session) if matter.code == code), None)


def open_requests(session: Session, wanted: Wanted) -> tuple[list[OpenRequest], bool]:
    """A page of tickets, the newest first, and whether there are more."""
    conditions = [*_public(), *_asked(wanted)]
    order = (Ticket.reported_at.desc(), Ticket.id.desc())
    page = select(Ticket).where(*conditions).order_by(*order).offset((wanted.page - 1) * wanted.size).limit(wanted.size + 1)
    with acting_as(SYSTEM):
        related = (joinedload(Ticket.matter), joinedload(Ticket.unit), joinedload(Ticket.street_town), joinedload(Ticket.source))
        tickets = session.execute(page.options(*related)).scalars().all()
        named = parameter("public_unit", "1") == "1"
        return [_told(ticket, wanted.sender, named) for ticket in tickets[: wanted.size]], len(tickets) > wanted.size


def number_of_token(session: Session, token: str) -> str | None:
    """The ticket's number that belongs to a token: the number under which a program sent it."""
    source = select(SourceSystem.id).where(SourceSystem.code == SOURCE).scalar_subquery()
    with acting_as(SYSTEM):
        found = session.execute(select(Ticket.number).where(Ticket.source_id == source, Ticket.source_no == token, *_public()))
        number: str | None = found.scalar_one_or_none()
        return number


def _public() -> tuple[ColumnElement[bool], ...]:
    """Tickets about a matter that is offered, and not void."""
    return (Ticket.matter_id.in_(select(Matter.id).where(Matter.public)), Ticket.ended != "voided")


def _asked(wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted.numbers:
        return [Ticket.number.in_(wanted.numbers)]
    end = wanted.end or (wanted.start + SPAN if wanted.start else now())
    start = max(wanted.start, end - SPAN) if wanted.start else end - SPAN
    found: list[ColumnElement[bool]] = [Ticket.reported_at >= start, Ticket.reported_at <= end]
    if wanted.services:
        found.append(Ticket.matter_id.in_(select(Matter.id).where(Matter.code.in_(wanted.services))))
    if set(wanted.states) == {"open"}:
        found.append(Ticket.stage.not_in(CLOSED) & (Ticket.ended == ""))
    elif set(wanted.states) == {"closed"}:
        found.append(or_(Ticket.stage.in_(CLOSED), Ticket.ended != ""))
    return found


def _told(ticket: Ticket, sender: int | None, named: bool) -> OpenRequest:
    mine = sender is not None and ticket.source is not None and ticket.source.code == SOURCE and ticket.source_no.startswith(f"{sender}-")
    names = {ticket.reporter_name} if ticket.reporter_name else set()
    exact = ticket.source is not None and ticket.source.coordinates == "wgs84"
    closed = ticket.stage in CLOSED or ticket.ended != ""
    assert ticket.matter is not None
    return OpenRequest(
        number=ticket.number,
        closed=closed,
        stage=ticket.stage,
        ended=ticket.ended,
        result=ticket.result if closed else "",
        matter=ticket.matter,
        unit=ticket.unit if named else None,
        street_town=ticket.street_town,
        description=redacted(ticket.description, names) if mine else "",
        address=redacted(ticket.address, names) if mine else "",
        latitude=_coarse(ticket.latitude, mine) if exact else None,
        longitude=_coarse(ticket.longitude, mine) if exact else None,
        requested_at=ticket.reported_at,
        updated_at=ticket.changed_at,
        expected_at=ticket.due_at,
    )


def _coarse(degrees: Decimal | None, mine: bool) -> Decimal | None:
    """To a thousandth of a degree, about a hundred metres, for everybody but the sender."""
    return degrees if mine or degrees is None else round(degrees, 3)
