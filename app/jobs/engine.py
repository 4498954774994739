"""The engine of this installation, chosen here and nowhere else (``FRONTLINE_ENGINE``)."""

from __future__ import annotations

import importlib
import threading
from typing import Protocol, cast

from flask import Flask

EMBEDDED, CELERY = "embedded", "celery"
RUNS, CLOCK = "runs", "clock"
"""What a worker does: runs, recurring work; both where nothing is said."""


class Engine(Protocol):
    """What an engine offers."""

    def attach(self, app: Flask) -> None:
        """Let this process, whatever it is, wake workers when it queues a run."""

    def work(self, app: Flask, only: str, stop: threading.Event) -> None:
        """Be a worker until told to stop."""

    def beat(self, app: Flask, stop: threading.Event) -> None:
        """Be the clock until told to stop."""


def engine(app: Flask) -> Engine:
    """The chosen one. Its module is loaded by name, so that an engine that was not chosen need not be installed."""
    return cast(Engine, importlib.import_module(f"app.jobs.engines.{app.config['ENGINE']}"))


def attach(app: Flask) -> None:
    """Called once for every application."""
    engine(app).attach(app)
