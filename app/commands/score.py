"""``run.py score``: compute a period's evaluation, and publish it on request."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from app.commands import Speaker, bar, house
from app.core.clock import now
from app.core.db import db
from app.core.runs import Progress
from app.domain.evaluation import APPEALS, COMPUTED, FINAL, PRELIMINARY, PUBLISHED
from app.domain.refusals import N_
from app.entities.evaluation import Evaluation
from app.queries.scores import scorecard_of
from app.services.evaluation import compute, publish
from app.services.evaluation_cycle import finalise, publish_preliminary, publish_restatement, restate

NAME = "score"
HELP = N_("Compute a period's evaluation; with --publish freeze it")
PERIOD_HELP = N_("Period: 2026-09, 2026-Q3, 2026-H2 or 2026; with @26 behind from the 26th to the 25th")
SHOWN = 15


SAID = {
    COMPUTED: N_("%(month)s: provisional"),
    PUBLISHED: N_("%(month)s: published, revision %(revision)d"),
    PRELIMINARY: N_("%(month)s: preliminary list, revision %(revision)d"),
    APPEALS: N_("%(month)s: appeals being decided, revision %(revision)d"),
    FINAL: N_("%(month)s: final list, revision %(revision)d"),
}


def arguments(parser: ArgumentParser, say: Speaker) -> None:
    """Which period, and whether to publish."""
    parser.add_argument("--period", "--month", required=True, help=say(PERIOD_HELP))
    steps = parser.add_mutually_exclusive_group()
    steps.add_argument("--publish", action="store_true", help=say(N_("Freeze and publish the result at once, without appeals")))
    steps.add_argument("--preliminary", action="store_true", help=say(N_("Freeze the result as a preliminary list that takes appeals")))
    steps.add_argument("--final", action="store_true", help=say(N_("Publish the final list once the time for appeals is over")))
    steps.add_argument("--restate", metavar=say(N_("REASON")), help=say(N_("Prepare a correction of a published evaluation")))
    steps.add_argument("--publish-restatement", action="store_true", help=say(N_("Publish the correction that was prepared")))


def _stepped(parsed: Namespace, url: str, progress: Progress) -> Evaluation:
    """Take the step that was asked for; computing where none was."""
    if parsed.final:
        return finalise(parsed.period)
    if parsed.publish_restatement:
        return publish_restatement(parsed.period)
    if parsed.restate is not None:
        return restate(parsed.period, parsed.restate, public_url=url, progress=progress)
    work = publish if parsed.publish else publish_preliminary if parsed.preliminary else compute
    return work(parsed.period, public_url=url, progress=progress)


def run(parsed: Namespace, say: Speaker) -> int:
    """Compute, publish, print the ranking."""
    started = now()
    with house() as app, bar(say) as progress:
        url = app.config["PUBLIC_URL"]
        evaluation = _stepped(parsed, url, progress)
        card = scorecard_of(db.session(), evaluation)
        print(say(SAID.get(card.state, SAID[COMPUTED]), month=say.month(card.period), revision=card.revision))
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
