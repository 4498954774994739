"""How files become rows: the kit's own way for any declared table, and a register of special ones (ledgers of tickets)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.core.languages import words
from app.core.runs import Progress
from app.crud.importing.annotating import titles
from app.crud.importing.headers import Matched, match
from app.crud.importing.planning import Planner, Tally
from app.crud.importing.sheets import Line
from app.crud.importing.writing import Writer
from app.crud.resource import Resource
from app.crud.tables import ImportBatch
from app.domain.refusals import N_, Phrase, Refused

Source = Callable[[], Iterator[Line]]


class Operation(Protocol):
    """One row that would be written."""

    def mark(self) -> str:
        """What it would do, in a form that two plans can be compared by."""


class Importer(Protocol):
    """How the lines of a file become rows: the kit's own for any table, and special ones (a ledger of tickets).

    ``matched`` is how the file's columns were understood, known once planning has begun; ``notes`` what its owner should know.
    """

    tally: Tally
    matched: Matched
    notes: list[Phrase]

    def plan(self, source: Source, progress: Progress) -> Iterator[Any]:
        """Read, check, and hand out what would be done."""

    def write(self, session: Session, operations: Iterator[Any], progress: Progress) -> None:
        """Do it, inside the caller's transaction."""


Factory = Callable[[Session, Resource, ImportBatch], Importer]

_importers: dict[str, Factory] = {}


def importer_of(resource: Resource) -> Factory:
    """The importer that understands files for this resource."""
    return _importers[resource.importer] if resource.importer else TableImporter


def offer(name: str, factory: Factory) -> None:
    """Make a special importer known under the name that resources ask for."""
    _importers[name] = factory


class TableImporter:
    """Any declared table, by its captions."""

    def __init__(self, session: Session, resource: Resource, batch: ImportBatch) -> None:
        self.session, self.resource = session, resource
        self.by_hand: dict[str, str] = dict(batch.options.get("columns") or {})
        self.tally = Tally()
        self.matched = Matched((), ())
        self.notes: list[Phrase] = []

    def plan(self, source: Source, progress: Progress) -> Iterator[Any]:
        """See ``Planner``."""
        rest = source()
        self.matched = match(self.resource, next(rest, None), self.by_hand)
        self.notes = remarks(self.matched)
        planner = Planner(self.session, self.resource, self.matched, words(), self.tally)
        if planner.own_links:
            planner.announce(rest)
            rest = source()
            next(rest)
        yield from planner.operations(rest, progress)
        refuse_no_rows(self.tally)

    def write(self, session: Session, operations: Iterator[Any], progress: Progress) -> None:
        """See ``Writer``."""
        Writer(session, self.resource).write(operations, progress)


def refuse_no_rows(tally: Tally) -> None:
    """A file without rows is a mistake, not an import of nothing."""
    if not tally.rows:
        raise Refused("empty-file", N_("The file holds captions, but no rows beneath them."))


def remarks(matched: Matched) -> list[Phrase]:
    """Columns that were left unread, for people who expect them to be read: a caption may be misspelt."""
    ignored = [header for header in matched.ignored if header not in titles()]
    return [Phrase(N_("Columns nothing was read from: %(columns)s."), columns=ignored)] if ignored else []
