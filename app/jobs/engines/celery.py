"""The engine for several machines: Celery on Redis. It only carries word that there is work; the database decides who does it.

Two queues, so that long runs never keep the clock from ticking. Messages may be lost or repeated: every tick sends for what still waits,
and of many who are sent for a run one can claim it.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from flask import Flask
from kombu.exceptions import OperationalError as BrokerAway

from app.core.acting import acting_as
from app.core.db import db
from app.core.runs import all_waiting, woken_by
from app.domain.actors import SYSTEM
from app.jobs.engine import CLOCK, RUNS
from app.jobs.ticker import IDLE_SECONDS, tick
from app.jobs.worker import tidy, work_on

log = logging.getLogger(__name__)

TICK, WORK = "frontline.tick", "frontline.work"
QUEUES = {RUNS: "frontline.runs", CLOCK: "frontline.clock"}

AGAIN_SECONDS = 30
"""So long nobody sends again for the same attempt at a run; a message that was lost costs this much time."""

_SETTINGS = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "task_ignore_result": True,
    "task_serializer": "json",
    "accept_content": ["json"],
    "broker_connection_retry_on_startup": True,
    "broker_transport_options": {"socket_connect_timeout": 2, "socket_timeout": 10},
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
    "worker_send_task_events": False,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "beat_schedule": {"tick": {"task": TICK, "schedule": IDLE_SECONDS, "options": {"expires": 10, "queue": QUEUES[CLOCK]}}},
}


def attach(app: Flask) -> None:
    """Give the application a Celery of its own, and send for workers when a run is queued."""
    celery = Celery("frontline", broker=app.config["REDIS_URL"], set_as_current=False)
    celery.conf.update(_SETTINGS)

    @celery.task(name=TICK, shared=False)
    def tick_once() -> None:
        _tick(app, celery)

    @celery.task(name=WORK, shared=False)
    def work_on_run(run_id: int) -> None:
        work_on(app, run_id)

    app.extensions["celery"] = celery
    woken_by("celery", lambda run_id: _send(celery, run_id))


def _tick(app: Flask, celery: Celery) -> None:
    """Do what the clock says, then send for what waits."""
    tick(app)
    with app.app_context(), acting_as(SYSTEM):
        waiting = all_waiting(db.session())
        tidy(app.config["STORAGE"])
        db.session.remove()
    with celery.connection_for_write() as connection:
        redis = connection.default_channel.client
        for run_id in waiting:
            if redis.set(f"{WORK}.{run_id}", 1, nx=True, ex=AGAIN_SECONDS):
                _send(celery, run_id)


def _send(celery: Celery, run_id: int) -> None:
    """Send for a worker; a broker that is away is no reason to refuse anything: the next tick sends again."""
    try:
        celery.send_task(WORK, args=[run_id], queue=QUEUES[RUNS], retry=False)
    except BrokerAway as away:
        log.warning("run %s waits for the next tick: %s", run_id, away)


def work(app: Flask, only: str, stop: threading.Event) -> None:
    """Be a Celery worker; one for the clock is started beside one for the runs. Celery listens to signals itself."""
    clock = None
    if only not in (RUNS, CLOCK):
        clock = subprocess.Popen([sys.executable, sys.argv[0], "worker", "--only", CLOCK])  # noqa: S603 - our own file
    try:
        _worker(app, CLOCK if only == CLOCK else RUNS)
    finally:
        if clock is not None:
            clock.terminate()
            clock.wait(30)


def _worker(app: Flask, queue: str) -> None:
    with app.app_context():
        db.engine.dispose()
    worker_process_init.connect(lambda **_: _fresh_connections(app), weak=False)
    many = 1 if queue == CLOCK else max(1, app.config["WORKER_THREADS"])
    pool = "solo" if sys.platform == "win32" else "prefork"
    arguments = ["--quiet", "worker", "--queues", QUEUES[queue], "--concurrency", str(many), "--pool", pool, "--loglevel", "WARNING"]
    arguments += ["--hostname", f"{queue}-{os.getpid()}@%h", "--without-gossip", "--without-mingle"]
    _celery(app).worker_main(arguments)


def _fresh_connections(app: Flask) -> None:
    """Connections do not survive a fork."""
    with app.app_context():
        db.engine.dispose(close=False)


def beat(app: Flask, stop: threading.Event) -> None:
    """Be a beat: it remembers nothing and only asks for ticks, so more than one do no harm."""
    _celery(app).start(["--quiet", "beat", "--scheduler", "celery.beat:Scheduler", "--loglevel", "WARNING", "--pidfile", ""])


def _celery(app: Flask) -> Any:
    return app.extensions["celery"]
