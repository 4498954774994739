"""Programs at the REST doors, and a district with rows of several units to be seen or not to be seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.core.transaction import transaction
from app.crud.columns import Origin, Reading
from app.entities.account import Account
from app.entities.assignment_round import AssignmentRound
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.department import Department
from app.entities.street_town import StreetTown
from app.entities.ticket import Ticket
from app.services.registration import register
from tests.conftest import outside
from tests.people import PASSWORD, create_department, create_person, create_street_town

REPORTED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def program(app: Flask, username: str) -> FlaskClient:
    """A program that has signed in as ``username`` and speaks JSON."""
    client = app.test_client()
    with outside():
        answer = client.post("/api/v1/security/login", json={"username": username, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {answer.json['access_token']}"
    return client


def create_ticket(street_town: Any, title: str = "路灯不亮", **values: Any) -> Ticket:
    """A ticket, registered as the centre would register it."""
    raw = {"title": title, "street_town": street_town.id if street_town is not None else None, "reported_at": REPORTED, **values}
    return register(raw, Reading(origin=Origin.API))


def create_round(ticket: Ticket, unit: Any, ordinal: int = 1) -> AssignmentRound:
    """A round of a ticket at ``unit``."""
    with transaction() as session:
        row = AssignmentRound(
            ticket_id=ticket.id,
            ordinal=ordinal,
            unit_id=unit.id,
            dispatched_at=REPORTED + timedelta(hours=ordinal),
            due_at=REPORTED + timedelta(days=ordinal),
        )
        session.add(row)
    return row


def create_call(ticket: Ticket, street_town: Any, *units: Any) -> Call:
    """A call of a street-town to ``units``."""
    with transaction() as session:
        row = Call(ticket_id=ticket.id, ordinal=1, street_town_id=street_town.id, issued_at=REPORTED + timedelta(hours=2))
        session.add(row)
        session.flush()
        session.add_all(CalledUnit(call_id=row.id, unit_id=unit.id) for unit in units)
    return row


@dataclass
class District:
    """Two street-towns, two departments, and tickets that lie differently to them."""

    north: StreetTown
    south: StreetTown
    parks: Department
    roads: Department
    tickets: dict[str, Ticket]
    people: dict[str, Account]


def create_district() -> District:
    """``north`` has a ticket of its own, one held by parks and one on which it called roads; ``south`` and nobody have others."""
    north, south = create_street_town("S-NORTH"), create_street_town("S-SOUTH")
    parks, roads = create_department("D-PARKS"), create_department("D-ROADS")
    tickets = {
        "north": create_ticket(north, "north-own-marker"),
        "parks": create_ticket(north, "north-parks-marker"),
        "called": create_ticket(north, "north-called-marker"),
        "south": create_ticket(south, "south-secret-marker"),
        "nobody": create_ticket(None, "nobody-secret-marker"),
    }
    create_round(tickets["parks"], parks)
    create_round(tickets["south"], roads)
    create_call(tickets["called"], north, roads)
    units = {
        "north": ("street_town", north),
        "south": ("street_town", south),
        "parks": ("department", parks),
        "roads": ("department", roads),
    }
    people = {name: create_person(role, unit, name) for name, (role, unit) in units.items()}
    people["stray"] = create_person("street_town", None, "stray")
    return District(north, south, parks, roads, tickets, people)
