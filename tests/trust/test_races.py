"""H4: eight processes submit at once; what was accepted, what stands in the timeline and what the versions say is one and the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app.core.db import db
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from tests.services.casework import create_office

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = int(os.environ.get("FRONTLINE_TRUST_PROCESSES", "3"))
SUBMITS = int(os.environ.get("FRONTLINE_TRUST_SUBMITS", "40"))
"""`make trust` asks for 8 × 2,000."""
TICKETS = min(50, max(3, SUBMITS // 20))


def test_racing_submits_lose_nothing(app: Flask, tmp_path: Path) -> None:
    office = create_office()
    for number in range(TICKETS):
        office.register(f"工单 {number}")
    db.session.remove()
    url = db.engine.url.render_as_string(hide_password=False)
    db.engine.dispose()
    racers = []
    for seed in range(PROCESSES):
        environment = {**os.environ, "DATABASE_URL": url, "FRONTLINE_HOME": str(tmp_path / str(seed)), "SECRET_KEY": "race"}
        (tmp_path / str(seed)).mkdir()
        command = [sys.executable, "-m", "tests.trust.racer", str(seed), str(SUBMITS)]
        racers.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
    results = [(racer, *racer.communicate(timeout=3000)) for racer in racers]
    for racer, _, trouble in results:
        assert racer.returncode == 0, trouble[-3000:]
    said = [json.loads(out.splitlines()[-1]) for _, out, _ in results]
    outcomes: Counter[str] = Counter()
    for one in said:
        outcomes.update(one["outcomes"])
    accepted = sorted(tuple(pair) for one in said for pair in one["accepted"])

    assert sum(outcomes.values()) == PROCESSES * SUBMITS
    assert outcomes["busy"] == 0, outcomes
    assert outcomes["changed-meanwhile"] > 0, "nobody ever raced: the test proves nothing"
    assert len(set(accepted)) == len(accepted), "two moves were told that they made the same version"
    logged = sorted(
        (event.ticket_id, event.version) for event in db.session.execute(select(TicketEvent)).scalars() if event.action != "report"
    )
    assert logged == accepted
    for ticket in db.session.execute(select(Ticket)).scalars():
        statement = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.version)
        events = db.session.execute(statement).scalars().all()
        assert [event.version for event in events] == list(range(1, ticket.version + 1))
        assert all(before.to_stage == after.from_stage for before, after in pairwise(events))
        assert events[-1].to_stage == ticket.stage
