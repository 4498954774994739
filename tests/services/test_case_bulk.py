"""Whole case files kept in bulk are the rows that the services would have written, move by move, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Table, select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.transaction import transaction
from app.crud.columns import Origin, Reading
from app.demo.incidents import MERGE, SPLIT
from app.demo.plan import Story
from app.demo.tickets import District, stories
from app.domain.actors import SYSTEM
from app.domain.examples import at
from app.domain.period import month_of
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.services.case_keeping import CHILDREN
from app.services.demo import lay_out
from app.services.demo_tickets import Book, district_of
from app.services.notices import silently
from app.services.progress import move
from app.services.registration import register

UNTIL = at("2026-06-23 15:00")
OWN = {"id", "number", "source_id", "source_no", "lookup_code"}
"""What tells two tickets apart."""

KEPT = {"id", "ticket_id", "call_id", "version", "created_at", "changed_at", "created_by_id", "changed_by_id", "token"}
"""How often a part's row was touched, and when, is the database's business; a link's secret is nobody's."""

API = Reading(origin=Origin.API)
APART = {SPLIT, MERGE, "amend"}
"""Moves that concern two tickets."""


@pytest.fixture
def district(app: Flask) -> Iterator[District]:
    """The demo district on a real database, without tickets."""
    with stopped_at(UNTIL), acting_as(SYSTEM), silently():
        with transaction() as session:
            lay_out(session, "Gulou-2026-Test")
        yield district_of(db.session())


def sample(district: District) -> list[Story]:
    """Few stories that together hold every move of a month."""
    found = [s for s in stories(district, [month_of("2026-06")], UNTIL, per_month=900) if not s.whole]
    usual = Counter(step.action for story in found for step in story.steps)
    chosen: list[Story] = []
    wanted = {action: 1 for action in usual if action not in APART}
    for story in sorted(found, key=lambda s: -sum(1 / usual[step.action] for step in s.steps)):
        actions = {step.action for step in story.steps if step.at <= UNTIL}
        if not actions & APART and any(wanted.get(action, 0) > 0 for action in actions):
            chosen.append(story)
            for action in actions:
                wanted[action] = wanted.get(action, 0) - 1
    return chosen


def lived(story: Story) -> int:
    """The same story, told to the services one move after the other; the ticket's id."""
    facts = dict(story.facts)
    links = {name: facts.pop(f"{name}_id") for name in ("matter", "street_town", "community", "channel")}
    with stopped_at(facts["reported_at"]), acting_as(story.registrar):
        ticket_id = register({**facts, **links, "reported_at": facts["reported_at"].isoformat()}, API).id
    for version, step in enumerate((step for step in story.steps if step.at <= UNTIL), 1):
        said = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in step.said.items()}
        db.session.expire_all()
        with stopped_at(step.at):
            move(ticket_id, step.action, version, said, API, part=step.part, actor=step.actor, extra=step.extra)
    db.session.expire_all()
    return ticket_id


def rows(table: Table, *conditions: Any, without: set[str]) -> list[dict[str, Any]]:
    """The rows of a table, in the order in which they were written."""
    found = db.session.execute(select(table).where(*conditions).order_by(table.c.id)).mappings()
    return [{name: value for name, value in row.items() if name not in without} for row in found]


def everything(ticket_id: int) -> dict[str, list[dict[str, Any]]]:
    """A ticket in all its tables."""
    ticket, call, part, event = (entity.__table__ for entity in (Ticket, Call, CalledUnit, TicketEvent))
    calls = select(call.c.id).where(call.c.ticket_id == ticket_id)
    return {
        "ticket": rows(ticket, ticket.c.id == ticket_id, without=OWN),
        "call": rows(call, call.c.ticket_id == ticket_id, without=KEPT),
        "called_unit": rows(part, part.c.call_id.in_(calls), without=KEPT),
        "ticket_event": rows(event, event.c.ticket_id == ticket_id, without={"id", "ticket_id"}),
        **{e.__tablename__: rows(e.__table__, e.__table__.c.ticket_id == ticket_id, without=KEPT) for _, _, e in CHILDREN},
    }


def differences(one: dict[str, list[dict[str, Any]]], other: dict[str, list[dict[str, Any]]]) -> list[tuple[Any, ...]]:
    """Where two tickets are not alike: table, row, column, and both values."""
    found: list[tuple[Any, ...]] = [(name, len(one[name]), len(other[name])) for name in one if len(one[name]) != len(other[name])]
    for name in one:
        for number, (left, right) in enumerate(zip(one[name], other[name], strict=False)):
            found += [(name, number, column, left[column], right[column]) for column in left if left[column] != right[column]]
    return found


def test_what_is_kept_in_bulk_is_what_the_services_write_move_by_move(district: District) -> None:
    chosen = sample(district)
    with transaction() as session:
        book = Book(session, district, UNTIL)
        lives = [book.enter(story) for story in chosen]
        book.close()
    assert book.refused == 0
    done = {happening.action for life in lives if life for happening, _ in life.happened}
    assert len(done) >= 40, sorted(done)
    for story in chosen:
        assert differences(everything(lived(story)), everything(book.ids[story.source_no])) == [], story.source_no


def test_the_versions_of_a_ticket_s_events_have_no_gaps(district: District) -> None:
    with transaction() as session:
        book = Book(session, district, UNTIL)
        for story in stories(district, [month_of("2026-06")], UNTIL, per_month=90):
            book.enter(story)
        book.close()
    event, ticket = TicketEvent.__table__, Ticket.__table__
    versions: dict[int, list[int]] = {}
    for ticket_id, version in db.session.execute(select(event.c.ticket_id, event.c.version).order_by(event.c.id)):
        versions.setdefault(ticket_id, []).append(version)
    last = dict(db.session.execute(select(ticket.c.id, ticket.c.version)).all())
    assert len(last) > 60
    assert versions == {ticket_id: list(range(1, version + 1)) for ticket_id, version in last.items()}
