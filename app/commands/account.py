"""``run.py account``: the first account of an installation, and a fresh password for whoever lost one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from app.commands import Speaker, house
from app.domain.refusals import N_
from app.services.accounts import open_account
from app.web.roles import ROLES

NAME = "account"
HELP = N_("Make an account, or give an existing one a fresh password")


def arguments(parser: ArgumentParser, say: Speaker) -> None:
    """Whose, with which role."""
    parser.add_argument("username", help=say(N_("User name")))
    parser.add_argument("--role", choices=sorted(ROLES), default="", help=say(N_("Role of a new account")))
    parser.add_argument("--name", default="", help=say(N_("Name as others read it")))


def run(parsed: Namespace, say: Speaker) -> int:
    """Make or renew, and show the password once."""
    with house():
        password, new = open_account(parsed.username, parsed.role, parsed.name)
    print(say(N_("The account %(name)s was made.") if new else N_("The account %(name)s has a fresh password."), name=parsed.username))
    print(say(N_("Password: %(password)s"), password=password))
    return 0
