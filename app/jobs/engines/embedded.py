"""The embedded engine: threads that look into the database; nothing else is needed, and nobody need be woken."""

from __future__ import annotations

import threading

from flask import Flask

from app.core.clock import ticks
from app.jobs.engine import CLOCK, RUNS
from app.jobs.ticker import tick_until
from app.jobs.worker import give_back, work_until

PATIENCE = 8.0
"""How many seconds a worker that is told to stop waits for what it has in hand; then it gives it back."""


def attach(app: Flask) -> None:
    """Workers look for themselves."""


def work(app: Flask, only: str, stop: threading.Event) -> None:
    """Threads for runs, and one for the clock, so that a long import keeps nobody from being reminded."""
    threads = []
    if only != RUNS:
        threads.append(threading.Thread(target=tick_until, args=(app, stop), name="ticker", daemon=True))
    if only != CLOCK:
        for number in range(max(1, app.config["WORKER_THREADS"])):
            threads.append(threading.Thread(target=work_until, args=(app, stop), name=f"worker-{number}", daemon=True))
    for thread in threads:
        thread.start()
    stop.wait()
    end = ticks() + PATIENCE
    for thread in threads:
        thread.join(max(0.0, end - ticks()))
    give_back(app)


def beat(app: Flask, stop: threading.Event) -> None:
    """The clock alone; every worker has one already, and more than one do no harm."""
    work(app, CLOCK, stop)
