"""``run.py export``: print a report of an evaluation, a period, a unit or a ticket into files."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from app.commands import Speaker, bar, house
from app.commands.score import PERIOD_HELP
from app.core.db import db
from app.core.storage import digest_of
from app.domain.evaluation import COMPUTED
from app.domain.refusals import N_, Phrase, Refused
from app.queries.published_lists import AS_PRELIMINARY, AS_PUBLISHED
from reports.definitions import all_reports, report
from reports.names import file_name
from reports.printing import render
from reports.register import written_down
from reports.report import JSON, TICKET, UNIT, Order

NAME = "export"
HELP = N_("Write a report as Excel, PDF or JSON files")


AS_HELP = N_("The list byte for byte as it was published, or as the preliminary one: published, preliminary")


def arguments(parser: ArgumentParser, say: Speaker) -> None:
    """Which report, which month, which formats and languages, and where to."""
    parser.add_argument("report", nargs="?", default="scorecard", choices=sorted(all_reports()), help=say(N_("Report")))
    parser.add_argument("--period", "--month", default="", help=say(PERIOD_HELP))
    parser.add_argument(
        "--unit", default="", help=say(N_("Unit, for a unit's own scorecard: group:code, for example street_town:350102003"))
    )
    parser.add_argument("--revision", type=int, help=say(N_("One revision of the evaluation, instead of the one that stands")))
    parser.add_argument("--as", dest="when", default="", choices=("", AS_PUBLISHED, AS_PRELIMINARY), help=say(AS_HELP))
    parser.add_argument("--ticket", default="", help=say(N_("Ticket number, for a dossier")))
    parser.add_argument("--format", default="xlsx,pdf", help=say(N_("xlsx, pdf, json; several with commas")))
    parser.add_argument("--lang", default="zh", help=say(N_("zh, en, or zh+en for both in one file; several with commas")))
    parser.add_argument("--out", type=Path, default=Path(), help=say(N_("Directory to write to")))


def run(parsed: Namespace, say: Speaker) -> int:
    """Render every wanted file; the same evaluation always gives the same bytes."""
    formats = [part.strip() for part in parsed.format.split(",") if part.strip()]
    languages = [part.strip() for part in parsed.lang.split(",") if part.strip()]
    if not formats or not languages:
        raise Refused("nothing-asked", N_("Name at least one format and one language."))
    definition = report(parsed.report)
    group, _, unit = parsed.unit.partition(":")
    order = Order(number=parsed.ticket) if definition.needs == TICKET else _of_evaluation(parsed, group, unit)
    if not (order.number if definition.needs == TICKET else order.period) or (definition.needs == UNIT and not unit):
        raise Refused("nothing-asked", N_("Say which: --period, for a unit's scorecard --unit as well, for a dossier --ticket."))
    wanted = [(fmt, language) for fmt in formats if fmt != JSON for language in languages] + ([(JSON, "")] if JSON in formats else [])
    with house(), bar(say) as progress:
        matter = definition.read(db.session(), order)
        parsed.out.mkdir(parents=True, exist_ok=True)
        progress.begin(Phrase(N_("Writing files")), len(wanted))
        for number, (fmt, language) in enumerate(wanted, start=1):
            path = parsed.out / file_name(definition.code, order, fmt, language)
            render(matter, definition.code, fmt, language.split("+") if language else ["zh"], path)
            written_down(matter, definition.code, digest_of(path), fmt, language, path.name)
            print(path)
            progress.advance(number)
        if getattr(matter, "state", "") == COMPUTED:
            print(say(N_("Note: the evaluation is provisional; the files say so.")))
    return 0


def _of_evaluation(parsed: Namespace, group: str, unit: str) -> Order:
    """The order for a period's list, with the revision that was asked for."""
    return Order(parsed.period, group, unit, revision=parsed.revision, when=parsed.when)
