"""``run.py serve``: the web server and, beside it where the engine is the embedded one, a worker for background work."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from flask import Flask
from flask_migrate import upgrade

from app.commands import Speaker, bar, house
from app.commands.demo import load_district, tell_accounts
from app.core.db import db
from app.core.migrations import up_to_date
from app.domain.refusals import N_, Refused
from app.factory import create_app
from app.jobs.engine import EMBEDDED
from app.services.demo import is_empty
from app.services.foundation import lay_foundation

if sys.platform == "win32":
    from waitress import serve as serve_waitress
else:
    from gunicorn.app.base import BaseApplication

NAME = "serve"
HELP = N_("Serve the application (default)")


def arguments(parser: ArgumentParser, say: Speaker) -> None:
    """Where to listen, and whether to set up first."""
    parser.add_argument(
        "--demo", action="store_true", help=say(N_("Set up first: migrate, and load the demo district into an empty database"))
    )
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"), help=say(N_("Address to listen on")))
    parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8080"), help=say(N_("Port to listen on")))


def run(parsed: Namespace, say: Speaker) -> int:
    """Set up if asked, start the worker, serve."""
    os.environ.update(HOST=parsed.host, PORT=str(parsed.port))  # read by config.py, here and in the worker
    if parsed.demo:
        _set_up(say)
    app = create_app()
    with app.app_context():
        if not up_to_date():
            raise Refused("not-ready", N_("The database is not ready. Run: python run.py init"))
    print(say(N_("Frontline is at %(address)s"), address=f"http://{parsed.host}:{parsed.port}"), flush=True)
    if app.config["ENGINE"] != EMBEDDED:
        _serve(app, parsed.host, parsed.port)
        return 0
    worker = subprocess.Popen([sys.executable, sys.argv[0], "worker"])  # noqa: S603 - our own file
    try:
        _serve(app, parsed.host, parsed.port)
    finally:
        worker.terminate()
        try:
            worker.wait(15)
        except subprocess.TimeoutExpired:
            worker.kill()  # what it had in hand is taken up again when its lease is over
    return 0


def _set_up(say: Speaker) -> None:
    """What a first start needs; a second start changes nothing."""
    with house(new=True), bar(say) as progress:
        upgrade()
        lay_foundation()
        if is_empty(db.session()):
            load_district(say, progress)
    tell_accounts(say)


def _serve(app: Flask, host: str, port: int) -> None:
    if sys.platform == "win32":
        serve_waitress(app, host=host, port=port, threads=1)
        return
    _Gunicorn(
        app, {"bind": f"{host}:{port}", "workers": app.config["WORKERS"], "worker_class": "sync", "timeout": 120, "loglevel": "warning"}
    ).run()


if sys.platform != "win32":

    class _Gunicorn(BaseApplication):
        """Gunicorn without a configuration file: sync workers, so that requests share nothing (reliability §1.10)."""

        def __init__(self, app: Flask, options: dict[str, Any]) -> None:
            self.app, self.options = app, options
            super().__init__()

        def load_config(self) -> None:
            """Our few settings."""
            for key, value in self.options.items():
                self.cfg.set(key, value)

        def load(self) -> Flask:
            """The application, made before the fork."""
            db_dispose(self.app)
            return self.app


def db_dispose(app: Flask) -> None:
    """Connections do not survive a fork; each worker opens its own."""
    with app.app_context():
        db.engine.dispose()
