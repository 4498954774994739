"""Commands of the front door: one file each with ``NAME``, ``HELP``, ``arguments`` and ``run``."""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flask import Flask
from tqdm import tqdm

from app.core.acting import acting_as
from app.core.languages import CATALOGUES, DEFAULT, LANGUAGES, Words, compile_catalogues, set_language, set_zone, words
from app.core.migrations import up_to_date
from app.core.runs import Silent
from app.domain.actors import SYSTEM
from app.domain.refusals import N_, Phrase, Refused
from app.factory import create_app
from app.queries.calendar import city_zone

Speaker = Words

# What Python's own parser of command lines says; it asks gettext's default domain, which ``speaker`` makes ours.
ARGPARSE = (
    N_("usage: "),
    N_("options"),
    N_("positional arguments"),
    N_("show this help message and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
    N_("expected one argument"),
    N_("expected at least one argument"),
    N_("ignored explicit argument %r"),
)


def speaker(arguments: Sequence[str]) -> Speaker:
    """The language of the command line: ``FRONTLINE_LANG`` (zh or en), else Chinese."""
    compile_catalogues()
    asked = os.environ.get("FRONTLINE_LANG", DEFAULT)
    language = asked if asked in LANGUAGES else DEFAULT
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("messages", CATALOGUES)
    gettext.textdomain("messages")
    set_language(language)
    return words(language)


@contextmanager
def house(*, new: bool = False) -> Iterator[Flask]:
    """The application, entered as the system itself; ``new`` allows a database that is not up to date."""
    app = create_app()
    with app.app_context(), acting_as(SYSTEM):
        if not new and not up_to_date():
            raise Refused("not-ready", N_("The database is not ready. Run: python run.py init"))
        if not new:
            set_zone(city_zone())
        yield app


@contextmanager
def bar(say: Speaker) -> Iterator[Silent]:
    """A progress bar on the terminal; quiet where nobody watches."""
    shown: list[tqdm] = []

    def tell(step: Phrase | None, done: int, total: int) -> None:
        if not shown or done == 0:
            for old in shown:
                old.close()
            shown[:] = [
                tqdm(total=total or None, desc=say.phrase(step) if step else "", unit="", disable=not sys.stderr.isatty(), leave=False)
            ]
        shown[0].n = done
        shown[0].refresh()

    try:
        yield Silent(tell)
    finally:
        for old in shown:
            old.close()
