"""A street-town, departments and a centre at work: tickets come into being and move only through the services, as in life."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.transaction import transaction
from app.crud.columns import Origin, Reading
from app.domain.actors import SYSTEM, Actor
from app.entities.account import Account
from app.entities.command_centre import CommandCentre
from app.entities.department import Department
from app.entities.street_town import StreetTown
from app.entities.ticket import Ticket
from app.queries.people import actor_of
from app.services.progress import Moved, move
from app.services.registration import register
from tests.people import create_department, create_person, create_street_town

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday, 2 March 2026, 09:00 in Fuzhou."""


@dataclass
class Office:
    """People and units, and a clock that only goes on when told to."""

    centre: CommandCentre
    street: StreetTown
    other_street: StreetTown
    parks: Department
    police: Department
    people: dict[str, Account]
    at: datetime = MORNING
    told: dict[str, Any] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """Somebody at work; ``clock`` is the system."""
        if name == "clock":
            return SYSTEM
        with acting_as(SYSTEM):
            return actor_of(db.session.get(Account, self.people[name].id))

    def later(self, **span: float) -> Office:
        """Let time pass."""
        self.at += timedelta(**span)
        return self

    @contextmanager
    def now(self) -> Iterator[None]:
        """The present of this office."""
        with stopped_at(self.at):
            yield

    def register(self, title: str = "夜市油烟扰民", **values: Any) -> Ticket:
        """A ticket, registered by the centre."""
        raw = {"title": title, "street_town": self.street.id, "urgency": "quickly", "address": "温泉支路 112 号", **values}
        with self.now(), acting_as(self.actor("duty")):
            ticket = register(raw, Reading(origin=Origin.API))
        db.session.expire_all()
        return ticket

    def do(self, name: str, ticket: Ticket, action: str, *, part: str = "", seen: int | None = -1, **said: Any) -> Moved:
        """Somebody makes a move; by default on the newest state of the ticket."""
        db.session.expire_all()
        with self.now():
            if seen == -1:
                with acting_as(SYSTEM):
                    seen = db.session.get(Ticket, ticket.id).version
            raw = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in said.items()}
            with acting_as(self.actor(name)):
                done = move(ticket.id, action, seen, raw, Reading(origin=Origin.API), part=part)
        db.session.expire_all()
        return done

    def to_signed(self, ticket: Ticket, unit: Any = None, who: str = "clerk") -> Ticket:
        """Dispatched to the street-town (or ``unit``) and signed two minutes later."""
        self.do("duty", ticket, "dispatch", unit=(unit or self.street).id)
        self.later(minutes=2).do(who, ticket, "sign")
        return ticket

    def to_handling(self, ticket: Ticket, unit: Any = None, who: str = "clerk") -> Ticket:
        """And work has begun."""
        self.to_signed(ticket, unit, who)
        self.later(minutes=5).do(who, ticket, "start")
        return ticket

    def to_called(self, ticket: Ticket, *support: Any) -> Ticket:
        """The street-town has called parks (and others) for the next hour."""
        self.to_handling(ticket)
        self.later(minutes=5).do(
            "clerk",
            ticket,
            "call",
            lead=self.parks.id,
            support=[unit.id for unit in support],
            reason="no_power",
            appointment_at=self.at + timedelta(hours=1),
        )
        return ticket

    def to_completed(self, ticket: Ticket) -> Ticket:
        """Settled by the street-town itself."""
        self.to_handling(ticket)
        self.later(hours=1).do("clerk", ticket, "complete", opinion="已清理完毕并现场复核无异味。", result="solved")
        return ticket

    def to_evaluating(self, ticket: Ticket) -> Ticket:
        """Reviewed and open for ratings."""
        if ticket.stage != "completed":
            self.to_completed(ticket)
        self.later(hours=1).do("reviewer", ticket, "take_review")
        self.do("reviewer", ticket, "pass_review", checks=["evidence", "opinion"])
        return ticket


def create_office() -> Office:
    """Everybody at work on a Monday morning."""
    with transaction() as session:
        centre = CommandCentre(code="CC-1", name_zh="指挥中心", name_en="Command centre")
        session.add(centre)
    street, other = create_street_town("S-1"), create_street_town("S-2")
    parks, police = create_department("D-1"), create_department("D-2")
    people = {
        "duty": create_person("command_centre", centre, "duty"),
        "reviewer": create_person("command_centre", centre, "reviewer"),
        "clerk": create_person("street_town", street, "clerk"),
        "chief": create_person("street_town", street, "chief"),
        "neighbour": create_person("street_town", other, "neighbour"),
        "gardener": create_person("department", parks, "gardener"),
        "head": create_person("department_lead", parks, "head"),
        "officer": create_person("department", police, "officer"),
        "captain": create_person("department_lead", police, "captain"),
        "viewer": create_person("viewer", None, "viewer"),
    }
    return Office(centre, street, other, parks, police, people)
