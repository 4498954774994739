"""``run.py init``: bring the database up to date: migrations, roles, reference data; harmless to repeat."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from flask_migrate import upgrade

from app.commands import Speaker, house
from app.core.db import db
from app.domain.refusals import N_
from app.services.accounts import account_names
from app.services.foundation import lay_foundation

NAME = "init"
HELP = N_("Create or update the database: migrations, roles, reference data (safe to repeat)")


def arguments(parser: ArgumentParser, say: Speaker) -> None:
    """None."""


def run(parsed: Namespace, say: Speaker) -> int:
    """Migrate, then lay the foundation."""
    with house(new=True):
        upgrade()
        made = lay_foundation()
        nobody = not account_names(db.session())
    print(say(N_("The database is ready: %(made)d reference records added."), made=made))
    if nobody:
        print(say(N_("Nobody can sign in yet. Make the first account: python run.py account NAME --role security_admin")))
    return 0
