"""``run.py recompute``: tell the due times of live tickets anew after the working calendar has changed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from app.commands import Speaker, bar, house
from app.domain.refusals import N_
from app.services.recomputation import recompute_all

NAME = "recompute"
HELP = N_("Tell the due times of live tickets anew after a change of the calendar")


def arguments(_parser: ArgumentParser, _say: Speaker) -> None:
    """Nothing to say: harmless to repeat."""


def run(_parsed: Namespace, say: Speaker) -> int:
    """Do it and say what came of it."""
    with house(), bar(say) as progress:
        done = recompute_all(progress)
        print(say(N_("%(seen)d tickets looked at, %(changed)d have other due times now"), seen=done.seen, changed=done.changed))
    return 0
