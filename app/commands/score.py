"""``run.py score``: compute a period's evaluation, and publish it on request."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from app.commands import Speaker, bar, house
from app.core.clock import now
from app.core.db import db
from app.domain.refusals import N_
from app.queries.scores import scorecard_of
from app.services.evaluation import compute, publish

NAME = "score"
HELP = N_("Compute a period's evaluation; with --publish freeze it")
PERIOD_HELP = N_("Period: 2026-09, 2026-Q3, 2026-H2 or 2026; with @26 behind from the 26th to the 25th")
SHOWN = 15


def arguments(parser: ArgumentParser, say: Speaker) -> None:
    """Which period, and whether to publish."""
    parser.add_argument("--period", "--month", required=True, help=say(PERIOD_HELP))
    parser.add_argument("--publish", action="store_true", help=say(N_("Freeze and publish the result")))


def run(parsed: Namespace, say: Speaker) -> int:
    """Compute, publish, print the ranking."""
    started = now()
    with house() as app, bar(say) as progress:
        url = app.config["PUBLIC_URL"]
        work = publish if parsed.publish else compute
        evaluation = work(parsed.period, public_url=url, progress=progress)
        card = scorecard_of(db.session(), evaluation)
        said = N_("%(month)s: published, revision %(revision)d") if card.state == "published" else N_("%(month)s: provisional")
        print(say(said, month=say.month(card.period), revision=card.revision))
        if card.published_at is not None and card.published_at < started:
            print(say(N_("It was published on %(at)s and is frozen; nothing was changed."), at=card.published_at))
        print(
            say(
                N_("%(count)d tickets · cut-off %(as_of)s · snapshot %(hash)s"),
                count=card.tickets,
                as_of=card.as_of,
                hash=card.snapshot_hash[:16],
            )
        )
        for note in card.notes:
            print("· " + say.phrase(note))
        for group in card.groups:
            print(f"\n{say.names(group.names)} — {say.names(group.scheme)} {group.scheme_version}")
            for unit in group.units[:SHOWN]:
                print(f"  {unit.rank:>3}  {say.any(unit.score):>7}  {say.names(unit.names)}")
            if len(group.units) > SHOWN:
                print("  " + say(N_("… and %(count)d more"), count=len(group.units) - SHOWN))
            if group.apart:
                print("  " + say(N_("%(count)d units without due work"), count=len(group.apart)))
    return 0
