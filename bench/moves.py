"""Moves of a ticket: the whole service (rules, rights, calendar, rows, timeline, notices) beside a bare conditional UPDATE and INSERT."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, update

from app.core.acting import acting_as
from app.core.clock import now
from app.core.db import db
from app.core.transaction import transaction
from app.crud.columns import Origin, Reading
from app.domain.actors import SYSTEM, Actor
from app.entities.command_centre import CommandCentre
from app.entities.street_town import StreetTown
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.factory import create_app
from app.services.foundation import lay_foundation
from app.services.progress import move
from app.services.registration import register
from bench import Measured

TICKETS, FEW = 200, 40
RIVAL = "bare Core: conditional UPDATE + INSERT, SQLite"


def measure(small: bool = False) -> Iterator[Measured]:
    """Median milliseconds of a move, committed."""
    with tempfile.TemporaryDirectory(prefix="frontline-bench-") as folder:
        app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{Path(folder) / 'moves.db'}", "HOME": Path(folder)})
        with app.app_context(), acting_as(SYSTEM):
            yield _measured(app, FEW if small else TICKETS)


def _measured(app: Flask, count: int) -> Measured:
    upgrade()
    lay_foundation()
    with transaction() as session:
        centre = CommandCentre(code="CC", name_zh="指挥中心")
        street = StreetTown(code="S1", name_zh="街道")
        session.add_all([centre, street])
        session.flush()
        centre_id, street_id = centre.id, street.id
    duty = Actor(None, "duty", frozenset({"command_centre"}), centre_id, "command_centre", sees_all=True)
    clerk = Actor(None, "clerk", frozenset({"street_town"}), street_id, "street_town")
    raw = {"title": "路灯不亮", "street_town": street_id, "urgency": "quickly"}
    ids = [register(raw, Reading(origin=Origin.API)).id for _ in range(count)]
    ours = statistics.median(_life(ticket_id, duty, clerk, street_id) for ticket_id in ids)
    bare = statistics.median(_timed(lambda ticket_id=ticket_id: _bare(ticket_id)) for ticket_id in ids for _ in range(3))
    note = "ours with rules, rights, clocks by calendar, row scope, case file, change log, timeline and notices"
    return Measured("a move of a ticket (dispatch, sign, start, note)", ours, RIVAL, bare, "ms", note)


def _life(ticket_id: int, duty: Actor, clerk: Actor, street_id: int) -> float:
    steps: list[tuple[Actor, str, dict[str, Any]]] = [
        (duty, "dispatch", {"unit": street_id}),
        (clerk, "sign", {}),
        (clerk, "start", {}),
        (clerk, "note", {"note": "现场查看"}),
    ]
    return statistics.mean(_timed(lambda step=step, seen=seen: _move(ticket_id, seen, *step)) for seen, step in enumerate(steps, start=1))


def _move(ticket_id: int, seen: int, who: Actor, action: str, said: dict[str, Any]) -> None:
    with acting_as(who):
        move(ticket_id, action, seen, said, Reading(origin=Origin.API))
    db.session.remove()


def _bare(ticket_id: int) -> None:
    with transaction() as session:
        session.execute(update(Ticket).where(Ticket.id == ticket_id).values(version=Ticket.version + 1, changed_at=now()))
        session.execute(insert(TicketEvent).values(ticket_id=ticket_id, action="note", happened_at=now()))
    db.session.remove()


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000
