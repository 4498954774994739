"""``run.py export``: print a report of a month's evaluation into files."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from app.commands import Speaker, bar, house
from app.commands.score import PERIOD_HELP
from app.core.db import db
from app.domain.refusals import N_, Phrase, Refused
from app.queries.scores import scorecard_of
from app.services.evaluation import required
from reports.definitions import all_reports
from reports.names import file_name
from reports.printing import render
from reports.report import JSON

NAME = "export"
HELP = N_("Write a month's scorecards as Excel, PDF or JSON files")


def arguments(parser: ArgumentParser, say: Speaker) -> None:
    """Which report, which month, which formats and languages, and where to."""
    parser.add_argument("report", nargs="?", default="scorecard", choices=sorted(all_reports()), help=say(N_("Report")))
    parser.add_argument("--period", "--month", required=True, help=say(PERIOD_HELP))
    parser.add_argument("--format", default="xlsx,pdf", help=say(N_("xlsx, pdf, json; several with commas")))
    parser.add_argument("--lang", default="zh", help=say(N_("zh, en, or zh+en for both in one file; several with commas")))
    parser.add_argument("--out", type=Path, default=Path(), help=say(N_("Directory to write to")))


def run(parsed: Namespace, say: Speaker) -> int:
    """Render every wanted file; the same evaluation always gives the same bytes."""
    formats = [part.strip() for part in parsed.format.split(",") if part.strip()]
    languages = [part.strip() for part in parsed.lang.split(",") if part.strip()]
    if not formats or not languages:
        raise Refused("nothing-asked", N_("Name at least one format and one language."))
    wanted = [(fmt, language) for fmt in formats if fmt != JSON for language in languages] + ([(JSON, "")] if JSON in formats else [])
    with house(), bar(say) as progress:
        card = scorecard_of(db.session(), required(db.session(), parsed.period))
        parsed.out.mkdir(parents=True, exist_ok=True)
        progress.begin(Phrase(N_("Writing files")), len(wanted))
        for number, (fmt, language) in enumerate(wanted, start=1):
            path = parsed.out / file_name(card, parsed.report, fmt, language)
            render(card, parsed.report, fmt, language.split("+") if language else ["zh"], path)
            print(path)
            progress.advance(number)
        if card.state == "computed":
            print(say(N_("Note: the evaluation is provisional; the files say so.")))
    return 0
