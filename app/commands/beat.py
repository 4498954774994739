"""``run.py beat``: the clock of an installation with several machines."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from app.commands import Speaker
from app.commands.worker import stopping
from app.domain.refusals import N_
from app.factory import create_app
from app.jobs.engine import engine

NAME = "beat"
HELP = N_("Keep time for several workers until stopped; more than one do no harm")


def arguments(parser: ArgumentParser, say: Speaker) -> None:
    """None."""


def run(parsed: Namespace, say: Speaker) -> int:
    """Beat until a signal comes."""
    app = create_app()
    engine(app).beat(app, stopping())
    return 0
