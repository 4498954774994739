"""One racing process: presses moves on a few tickets as fast as it can, as different people, and counts what came of it.

Run as ``python -m tests.trust.racer SEED SUBMITS`` with ``DATABASE_URL`` and ``FRONTLINE_HOME``; prints one line of JSON.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.core.acting import acting_as
from app.core.clock import now
from app.core.db import db
from app.core.languages import set_language
from app.crud.columns import Origin, Reading
from app.domain.actors import SYSTEM, Actor
from app.domain.refusals import Refused
from app.entities.account import Account
from app.entities.department import Department
from app.entities.street_town import StreetTown
from app.entities.ticket import Ticket
from app.factory import create_app
from app.queries.people import actor_of
from app.queries.rulebook import ground_of
from app.services.progress import move
from tests.domain.lives import SAID
from tests.trust.stale_forms import USUAL


def main(seed: int, submits: int) -> None:
    """Race."""
    chance = random.Random(seed)
    app = create_app()
    outcomes: Counter[str] = Counter()
    accepted: list[tuple[int, int]] = []
    with app.app_context():
        set_language("en")
        with acting_as(SYSTEM):
            tickets = list(db.session.execute(select(Ticket.id).order_by(Ticket.id)).scalars())
            people = {row.username: actor_of(row) for row in db.session.execute(select(Account)).scalars()}
            street = db.session.execute(select(StreetTown.id).where(StreetTown.code == "S-1")).scalar_one()
            parks, police = db.session.execute(select(Department.id).order_by(Department.code)).scalars()
            ground = ground_of(db.session())
        people["citizen"] = Actor(None, "citizen", frozenset({"citizen"}))
        for _ in range(submits):
            ticket_id = chance.choice(tickets)
            with acting_as(SYSTEM):
                stage, version = db.session.execute(select(Ticket.stage, Ticket.version).where(Ticket.id == ticket_id)).one()
                db.session.rollback()
            who, action = chance.choice(USUAL[stage])
            said = dict(SAID.get(action, {}))
            if action == "dispatch":
                said["unit"] = street
            if action == "call":
                meeting = (now() + timedelta(hours=1)).isoformat()
                said = {"lead": parks, "support": [police], "reason": "no_power", "appointment_at": meeting}
            if action == "request_suspension":
                said["until"] = now() + timedelta(days=1)
            if action == "request_extension":
                said = {"reason": "需要更多时间", "wanted_at": now() + timedelta(days=3)}
            outcome = _submit(ticket_id, action, version, said, people[who], ground)
            outcomes[outcome if isinstance(outcome, str) else "accepted"] += 1
            if isinstance(outcome, int):
                accepted.append((ticket_id, outcome))
    print(json.dumps({"outcomes": outcomes, "accepted": accepted}))  # noqa: T201


def _submit(ticket_id: int, action: str, version: int, said: dict[str, Any], who: Actor, ground: Any) -> str | int:
    raw = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said.items()}
    citizen = {"actor": who} if who.has_role("citizen") else {}
    try:
        with acting_as(SYSTEM if citizen else who):
            done = move(ticket_id, action, version, raw, Reading(origin=Origin.API), ground=ground, **citizen)
            return done.version
    except Refused as refused:
        return refused.code
    finally:
        db.session.remove()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
