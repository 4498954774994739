"""``run.py check``: is everything well: database, migrations, fonts, clock, stored files, golden cases, the seals of all evaluations."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from app.commands import Speaker, house
from app.core.db import db
from app.domain.refusals import N_, Phrase
from app.queries.health import Finding, health
from app.queries.scheme_health import scheme_finding
from app.queries.seals import all_flaws

NAME = "check"
HELP = N_("Check that database, migrations, fonts, clock and storage are well, and that no frozen evaluation was altered")


def arguments(parser: ArgumentParser, say: Speaker) -> None:
    """None."""


def run(parsed: Namespace, say: Speaker) -> int:
    """Print each check; 1 when one fails."""
    with house(new=True):
        findings = health()
        if all(finding.well for finding in findings):
            findings += [scheme_finding(db.session()), _seals()]
    for finding in findings:
        print(f"{'✓' if finding.well else '✗'} {say(finding.title)}: {say.phrase(finding.detail)}")
    return 0 if all(f.well for f in findings) else 1


def _seals() -> Finding:
    """Every evaluation worked out again from what was frozen with it."""
    count, flaws = all_flaws(db.session())
    if not flaws:
        return Finding("seals", N_("Seals of evaluations"), True, Phrase(N_("%(count)d evaluations are what was sealed"), count=count))
    return Finding("seals", N_("Seals of evaluations"), False, Phrase(N_("%(flaws)s"), flaws=flaws[:10]))
