"""``run.py worker``: do background work beside the web server."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser, Namespace
from typing import Any

from app.commands import Speaker
from app.domain.refusals import N_
from app.factory import create_app
from app.jobs.engine import CLOCK, RUNS, engine
from app.jobs.ticker import tick
from app.jobs.worker import work_once

NAME = "worker"
HELP = N_("Do background work (imports, exports, schedules, reminders) until stopped")


def arguments(parser: ArgumentParser, say: Speaker) -> None:
    """What to do, and whether to end when it is done."""
    parser.add_argument("--once", action="store_true", help=say(N_("Do what is waiting, then end")))
    parser.add_argument("--only", choices=(RUNS, CLOCK), default="", help=say(N_("Runs only, or recurring work only")))


def run(parsed: Namespace, say: Speaker) -> int:
    """Work until a signal comes."""
    app = create_app()
    if parsed.once:
        if parsed.only != RUNS:
            tick(app)
        while parsed.only != CLOCK and work_once(app):
            continue
        return 0
    engine(app).work(app, parsed.only, stopping())
    return 0


def stopping() -> threading.Event:
    """An event that is set when this process is asked to end."""
    stop = threading.Event()

    def end(_signal: int, _frame: Any) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    return stop
