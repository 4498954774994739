"""``run.py import``: bring a file in from the command line, checked first, all rows or none unless told otherwise."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from shutil import copyfile

from flask import Flask

from app.commands import Speaker, bar, house
from app.core.storage import Storage
from app.crud.importing.batches import ALL, GOOD, Desk
from app.crud.importing.problems import read_problems
from app.crud.resource import IMPORT, Resource, resources
from app.domain.refusals import N_, Refused

NAME = "import"
HELP = N_("Import a workbook or CSV file into a table (for tickets: through a mapping)")
SHOWN = 50


def arguments(parser: ArgumentParser, say: Speaker) -> None:
    """Table, file and how to take it."""
    parser.add_argument("table", help=say(N_("Table, as in its address: tickets, departments, communities …")))
    parser.add_argument("file", type=Path, help=say(N_(".xlsx or .csv")))
    parser.add_argument(
        "--mapping", default="", help=say(N_("Mapping of a foreign ledger: pingshan, hotline12345, baltimore, nyc, own, or a .toml file"))
    )
    parser.add_argument("--create-missing", action="store_true", help=say(N_("Create master data the file names and the district lacks")))
    parser.add_argument(
        "--good-rows", action="store_true", help=say(N_("Import the good rows and leave the others; otherwise all or nothing"))
    )
    parser.add_argument("--dry-run", action="store_true", help=say(N_("Only check")))


def run(parsed: Namespace, say: Speaker) -> int:
    """Receive, check, write; print every refusal with its place."""
    with house() as app:
        resource = _resource(parsed.table)
        if not parsed.file.is_file():
            raise Refused("no-file", N_("There is no file “%(name)s”."), name=str(parsed.file))
        return _import(app, resource, parsed, say)


def _import(app: Flask, resource: Resource, parsed: Namespace, say: Speaker) -> int:
    storage: Storage = app.config["STORAGE"]
    desk = Desk(storage)
    with storage.scratch(parsed.file.suffix) as copy:
        copyfile(parsed.file, copy)
        batch = desk.receive(resource, copy, parsed.file.name, {"mapping": parsed.mapping, "create_missing": parsed.create_missing})
    with bar(say) as progress:
        batch = desk.check(batch.id, progress)
        refused = batch.refused and not parsed.good_rows
        if not refused and not parsed.dry_run:
            batch = desk.write(batch.id, GOOD if parsed.good_rows else ALL, progress)
    print(
        say(
            N_("%(rows)d rows: %(created)d new, %(changed)d changed, %(same)d unchanged, %(refused)d refused."),
            rows=batch.rows,
            created=batch.created,
            changed=batch.changed,
            same=batch.same,
            refused=batch.refused,
        )
    )
    if batch.problems:
        for number, problem in enumerate(read_problems(storage.path(batch.problems_digest))):
            if number == SHOWN:
                print(say(N_("… and %(count)d more"), count=batch.problems - SHOWN))
                break
            place = say(N_("Row %(row)s, column “%(column)s”: "), row=str(problem.row), column=problem.column or "—")
            print(f"{place}{say.phrase(problem.phrase)}")
    if refused:
        print(say(N_("Nothing was written. Correct the rows above, or use --good-rows.")))
        return 1
    if parsed.dry_run:
        print(say(N_("Nothing was written: this was a dry run.")))
    elif not batch.created and not batch.changed:
        print(say(N_("The file changes nothing: everything it says is stored already.")))
    return 0


def _resource(name: str) -> Resource:
    for resource in resources().values():
        if name in (resource.slug, resource.name) and resource.permits(IMPORT):
            return resource
    known = ", ".join(sorted(r.slug for r in resources().values() if r.permits(IMPORT)))
    raise Refused("no-table", N_("There is no table “%(name)s” to import into. There are: %(known)s."), name=name, known=known)
