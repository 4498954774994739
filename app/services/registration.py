"""Registering a ticket by hand or by program: checked like any record, numbered, and with its first event."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.clock import now
from app.core.db import db
from app.core.transaction import transaction
from app.crud.columns import Reading
from app.crud.reading import check_links, check_unique, read_row
from app.crud.resource import resource_of
from app.crud.writing import apply
from app.domain.actors import Actor
from app.domain.refusals import N_, Refused, RefusedAll
from app.entities.community import Community
from app.entities.number_series import NumberSeries
from app.entities.parameter import parameter
from app.entities.source_system import SourceSystem
from app.entities.street_town import StreetTown
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.queries.calendar import city_zone, working_calendar
from app.queries.schemes import list_in_force_on
from app.queries.scopes import units_of

OWN = "OWN"
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
"""The code with which a citizen looks up the own matter: no letters that are mistaken for digits, 31**8 of them."""

OLDEST = timedelta(days=3653)
"""What is registered by hand was reported within these ten years; older dates are typing errors. Ledgers may reach back further."""


@dataclass(frozen=True, slots=True)
class Came:
    """Where a report came from: the row of its source system, its number there, and what the timeline says of its way."""

    source_id: int
    number: str
    details: Mapping[str, Any]


def register(raw: Mapping[str, Any], reading: Reading, came: Came | None = None) -> Ticket:
    """Register a ticket; raises ``RefusedAll`` with every reason.

    A sub-centre registers for its own street-town; the centre for any. Without ``came`` it is our own intake.
    """
    resource = resource_of("Ticket")
    with transaction() as session:
        offered = dict(raw)
        if not str(offered.get("reported_at") or "").strip():
            offered["reported_at"] = now()
        draft = read_row(resource, offered, reading)
        with session.no_autoflush:
            check_links(session, resource, draft)
            check_unique(session, resource, draft, None)
        if draft.good:
            _check_time(draft.values["reported_at"], draft.refusals)
            _check_territory(draft.values, draft.refusals)
            _check_community(session, draft.values, draft.refusals)
        if not draft.good:
            raise RefusedAll(draft.refusals)
        ticket = Ticket()
        apply(session, resource, ticket, draft.values)
        if came is not None:
            ticket.source_id, ticket.source_no = came.source_id, came.number
        return _enter(session, ticket, current_actor(), **(came.details if came is not None else {}))


def register_split(session: Session, whole: Ticket, said: Mapping[str, Any], actor: Actor) -> Ticket:
    """A second matter found in a report becomes a ticket of its own: same citizen, place and time, its own title."""
    shared = (
        *("urgency", "nature", "street_town_id", "community_id", "address", "longitude", "latitude", "channel_id", "proactive"),
        *("reporter_type", "reporter_name", "reporter_phone", "reported_at"),
    )
    part = Ticket(**{name: getattr(whole, name) for name in shared})
    part.title = str(said.get("title") or "")[:200]
    part.description = str(said.get("description") or "") or whole.description
    part.split_from_id = whole.id
    return _enter(session, part, actor, split_from=whole.number)


def _enter(session: Session, ticket: Ticket, actor: Actor, **details: Any) -> Ticket:
    """Give a ticket its number, its code for the citizen, and its first event."""
    _number(session, ticket)
    ticket.lookup_code = lookup_code()
    session.add(ticket)
    session.flush()
    session.add(
        TicketEvent(
            ticket_id=ticket.id,
            version=ticket.version,
            action="report",
            to_stage="reported",
            happened_at=ticket.reported_at,
            unit_id=actor.unit_id,
            user_id=actor.user_id,
            user_name=actor.name[:128],
            details=details,
        )
    )
    return ticket


def lookup_code() -> str:
    """A fresh code for a citizen."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def _check_time(reported: datetime, refusals: list[Refused]) -> None:
    if reported > now():
        refusals.append(Refused("future", N_("“Reported” lies in the future"), field="reported_at"))
    elif reported < now() - OLDEST:
        refusals.append(Refused("long-ago", N_("“Reported” lies more than ten years back; check the year"), field="reported_at"))


def _check_territory(values: dict[str, Any], refusals: list[Refused]) -> None:
    """Who works for a street-town registers there; an empty street-town becomes the own one."""
    actor = current_actor()
    if actor.sees_all or actor.unit_type != "street_town":
        return
    if not values.get("street_town"):
        values["street_town"] = actor.unit_id
    elif values["street_town"] not in units_of(actor):
        refusals.append(Refused("foreign-territory", N_("You can register matters of your own street-town only"), field="street_town"))


def _check_community(session: Session, values: dict[str, Any], refusals: list[Refused]) -> None:
    """A community lies in one street-town; the ticket cannot be in another."""
    community = session.get(Community, values.get("community") or 0)
    chosen = session.get(StreetTown, values.get("street_town") or 0)
    if community is None or chosen is None or community.street_town is None or community.street_town is chosen:
        return
    refusals.append(
        Refused(
            "elsewhere",
            N_("The community “%(community)s” belongs to “%(home)s”, not to “%(chosen)s”"),
            field="community",
            community=community.label(),
            home=community.street_town.label(),
            chosen=chosen.label(),
        )
    )


def _number(session: Session, ticket: Ticket) -> None:
    local = ticket.reported_at.astimezone(ZoneInfo(city_zone())).date()
    prefix = parameter("ticket_prefix", "GL")
    ticket.number = f"{prefix}{local:%Y%m%d}-{next_number(session, prefix, local):04d}"
    if ticket.source_id is None:
        ticket.source_id = session.execute(select(SourceSystem.id).where(SourceSystem.code == OWN)).scalar_one_or_none()
        ticket.source_no = ticket.number
    ticket.stage = "reported"
    ticket.list_version = list_in_force_on(session, local)
    ticket.calendar_version = working_calendar(session).version


def next_number(session: Session, prefix: str, day: date) -> int:
    """The next number of a day's series: one statement, so that two registrations never share one."""
    table: Any = NumberSeries.__table__
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(name=f"{prefix}{day:%Y%m%d}", last=1)
    raised = statement.on_conflict_do_update(index_elements=["name"], set_={"last": table.c.last + 1}).returning(table.c.last)
    return int(session.connection().execute(raised).scalar_one())


def set_numbers(session: Session, prefix: str, used: Mapping[date, int]) -> None:
    """Continue after numbers that were given out elsewhere (the demo district)."""
    session.add_all(NumberSeries(name=f"{prefix}{day:%Y%m%d}", last=last) for day, last in used.items())


CREATES = ("Ticket", register)
"""Tickets come into being here, whatever door the request came through."""
