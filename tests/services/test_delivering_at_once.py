"""Several senders at once, each a process of its own: every parcel arrives, and none twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.db import db
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.entities.delivery import Delivery
from app.entities.parameter import Parameter
from app.services.evaluation import compute
from tests.services.cycle import MARCH, Cycle
from tests.services.post_box import PostBox, free_port, listening
from tests.services.test_delivering import made, scheduled

ROOT = Path(__file__).resolve().parents[2]
PROCESSES, PEOPLE = 3, 24
SENDER = """
import sys
from datetime import datetime
from app.core.clock import stopped_at
from app.factory import create_app
from app.services.delivering import deliver_due
app = create_app()
sys.stdout.write("ready\\n"); sys.stdout.flush()
sys.stdin.readline()
with app.app_context(), stopped_at(datetime.fromisoformat("2026-04-03T01:00:00+00:00")):
    print(deliver_due())
"""


def test_senders_in_several_processes_send_each_parcel_once(app: Flask, tmp_path: Path) -> None:
    cycle = Cycle()
    cycle.does("eva", compute, MARCH)
    cycle.preliminary()
    with acting_as(SYSTEM), transaction() as session:
        session.execute(select(Parameter).where(Parameter.code == "mail_from")).scalar_one().value = "frontline@gulou.example"
    addresses = [f"reader-{number}@example.org" for number in range(PEOPLE)]
    scheduled(cycle, to_owner=False, addresses="\n".join(addresses), formats="xlsx", languages="en")
    made(app)
    url = db.engine.url.render_as_string(hide_password=False)
    home = app.config["STORAGE"].home
    db.session.remove()
    db.engine.dispose()
    box = PostBox(free_port())
    known = {name: value for name, value in os.environ.items() if not name.startswith("FRONTLINE_")}
    env = {**known, "DATABASE_URL": url, "FRONTLINE_HOME": str(home), "SECRET_KEY": "senders", "FRONTLINE_SMTP_URL": box.url}
    with listening(box):
        senders = [
            subprocess.Popen([sys.executable, "-c", SENDER], cwd=ROOT, env=env, text=True, stdin=-1, stdout=-1, stderr=-1)
            for _ in range(PROCESSES)
        ]
        for sender in senders:
            assert sender.stdout is not None
            while (line := sender.stdout.readline()) not in ("ready\n", ""):
                pass
            assert line, sender.stderr and sender.stderr.read()[-2000:]
        answers = []
        for sender in senders:
            assert sender.stdin is not None
            sender.stdin.write("go\n")
            sender.stdin.flush()
        for sender in senders:
            out, trouble = sender.communicate(timeout=120)
            assert sender.returncode == 0, trouble[-2000:]
            answers.append(int(out.splitlines()[-1]))
    assert Counter(str(message["To"]) for message in box.messages) == dict.fromkeys(addresses, 1)
    assert sum(answers) == PEOPLE
    assert sum(1 for count in answers if count) > 1, "nobody ever raced: the test proves nothing"
    with acting_as(SYSTEM):
        found = db.session.execute(select(Delivery.state, Delivery.attempts)).all()
    assert {tuple(row) for row in found} == {("sent", 1)} and len(found) == PEOPLE
