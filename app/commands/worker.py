"""``run.py worker``: do background work beside the web server."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser, Namespace
from typing import Any

from app.commands import Speaker
from app.domain.refusals import N_
from app.factory import create_app
from app.jobs.ticker import tick
from app.jobs.worker import work_once, work_until

NAME = "worker"
HELP = N_("Do background work (imports, exports) until stopped")


def arguments(parser: ArgumentParser, say: Speaker) -> None:
    """One run only, for tests and cron."""
    parser.add_argument("--once", action="store_true", help=say(N_("Do what is waiting, then end")))


def run(parsed: Namespace, say: Speaker) -> int:
    """Work until a signal comes."""
    app = create_app()
    if parsed.once:
        tick(app)
        while work_once(app):
            continue
        return 0
    stop = threading.Event()

    def end(_signal: int, _frame: Any) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    work_until(app, stop)
    return 0
