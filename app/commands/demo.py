"""``run.py demo``: load the demo district into an empty database."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace

from flask_migrate import upgrade

import config
from app.commands import Speaker, bar, house
from app.core.runs import Progress
from app.demo.accounts import ACCOUNTS
from app.domain.refusals import N_
from app.services.demo import load_demo, random_demo_password
from app.services.demo_schedules import first_files, load_schedules
from app.services.foundation import lay_foundation

NAME = "demo"
HELP = N_("Load the demo district (Gulou, generated tickets) into an empty database")
NOTE = "demo-password.txt"
"""Below ``FRONTLINE_HOME``, for its owner only: the password of accounts that protect made-up data."""


def arguments(parser: ArgumentParser, say: Speaker) -> None:
    """None."""


def run(parsed: Namespace, say: Speaker) -> int:
    """Migrate, lay the foundation, load the district, print the accounts."""
    with house(new=True), bar(say) as progress:
        upgrade()
        lay_foundation()
        load_district(say, progress)
    tell_accounts(say)
    return 0


def load_district(say: Speaker, progress: Progress) -> None:
    """Fill an empty database, say the accounts' password, and keep it for whoever starts the demo again."""
    given = os.environ.get("FRONTLINE_DEMO_PASSWORD", "")
    password = given or random_demo_password()
    made = load_demo(password, progress)
    load_schedules()
    first_files()
    with open(os.open(config.HOME / NOTE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as note:
        note.write(password + "\n")
    print(say(N_("Demo district loaded: %(tickets)d generated tickets, %(months)d published months."), **made))
    if given:
        print(say(N_("Password: as given in FRONTLINE_DEMO_PASSWORD")))
    else:
        print(say(N_("Password: %(password)s"), password=password))


def tell_accounts(say: Speaker) -> None:
    """How to sign in to the demo, where this installation is one."""
    if (config.HOME / NOTE).exists():
        print(say(N_("Sign in as %(names)s"), names=", ".join(a.username for a in ACCOUNTS)))
        print(say(N_("The demo password is kept in %(file)s"), file=str(config.HOME / NOTE)), flush=True)
