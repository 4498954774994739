"""``run.py check``: is everything well: database, migrations, fonts, clock, translations, stored files."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from app.commands import Speaker, house
from app.domain.refusals import N_
from app.queries.health import health

NAME = "check"
HELP = N_("Check that database, migrations, fonts, clock and storage are well")


def arguments(parser: ArgumentParser, say: Speaker) -> None:
    """None."""


def run(parsed: Namespace, say: Speaker) -> int:
    """Print each check; 1 when one fails."""
    with house(new=True):
        findings = health()
    for finding in findings:
        print(f"{'✓' if finding.well else '✗'} {say(finding.title)}: {say.phrase(finding.detail)}")
    return 0 if all(f.well for f in findings) else 1
