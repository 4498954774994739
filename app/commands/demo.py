"""``run.py demo``: load the demo district into an empty database."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace

from flask_migrate import upgrade

from app.commands import Speaker, bar, house
from app.demo.accounts import ACCOUNTS
from app.domain.refusals import N_
from app.services.demo import load_demo, random_demo_password
from app.services.foundation import lay_foundation

NAME = "demo"
HELP = N_("Load the demo district (Gulou, generated tickets) into an empty database")


def arguments(parser: ArgumentParser, say: Speaker) -> None:
    """None."""


def run(parsed: Namespace, say: Speaker) -> int:
    """Migrate, lay the foundation, load the district, print the accounts."""
    given = os.environ.get("FRONTLINE_DEMO_PASSWORD", "")
    password = given or random_demo_password()
    with house(new=True), bar(say) as progress:
        upgrade()
        lay_foundation()
        made = load_demo(password, progress)
    print(say(N_("Demo district loaded: %(tickets)d generated tickets, %(months)d published months."), **made))
    print(say(N_("Accounts: %(names)s"), names=", ".join(a.username for a in ACCOUNTS)))
    if given:
        print(say(N_("Password: as given in FRONTLINE_DEMO_PASSWORD")))
    else:
        print(say(N_("Password for all of them (shown only now): %(password)s"), password=password))
    return 0
