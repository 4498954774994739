"""Import batches from upload to undo: received, checked, written, undone; each step says what it would do before it does it."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.clock import now
from app.core.db import db
from app.core.languages import words
from app.core.runs import Progress
from app.core.storage import Storage
from app.core.transaction import transaction
from app.crud.changes import within_batch
from app.crud.importing.annotating import annotate
from app.crud.importing.guard import guard
from app.crud.importing.headers import Matched, match
from app.crud.importing.planning import Planner, Tally
from app.crud.importing.sheets import Line, lines
from app.crud.importing.undoing import undo
from app.crud.importing.writing import Writer
from app.crud.resource import Resource, resources
from app.crud.tables import ImportBatch
from app.domain.refusals import N_, NotFound, Phrase, Refused

ALL, GOOD = "all", "good"
UNDO_DAYS = 30


class Importer(Protocol):
    """How the lines of a file become rows: the kit's own for any table, and special ones (a ledger of tickets)."""

    tally: Tally

    def plan(self, source: Callable[[], Iterator[Line]], progress: Progress) -> Iterator[Any]:
        """Read, check, and hand out what would be done."""

    def write(self, session: Session, operations: Iterator[Any], progress: Progress) -> None:
        """Do it, inside the caller's transaction."""

    def header_of_line(self, source: Callable[[], Iterator[Line]]) -> Matched:
        """How the file's columns were understood."""


Factory = Callable[[Session, Resource, ImportBatch], Importer]

_importers: dict[str, Factory] = {}


def offer(name: str, factory: Factory) -> None:
    """Make a special importer known under the name that resources ask for."""
    _importers[name] = factory


class TableImporter:
    """Any declared table, by its captions."""

    def __init__(self, session: Session, resource: Resource, batch: ImportBatch) -> None:
        self.session, self.resource, self.batch = session, resource, batch
        self.tally = Tally()

    def header_of_line(self, source: Callable[[], Iterator[Line]]) -> Matched:
        """The first line, matched by caption or by hand."""
        first = next(source(), None)
        if first is None:
            raise Refused("empty-file", N_("The file is empty."))
        return match(self.resource, first.cells, self.batch.options.get("columns"))

    def plan(self, source: Callable[[], Iterator[Line]], progress: Progress) -> Iterator[Any]:
        """See ``Planner``."""
        planner = Planner(self.session, self.resource, self.header_of_line(source), words(), self.tally)
        rest = source()
        next(rest)
        if planner.own_links:
            planner.announce(rest)
            rest = source()
            next(rest)
        yield from planner.operations(rest, progress)

    def write(self, session: Session, operations: Iterator[Any], progress: Progress) -> None:
        """See ``Writer``."""
        Writer(session, self.resource).write(operations, progress)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where batches are worked on: the store of files."""

    storage: Storage

    def receive(self, resource: Resource, path: Path, name: str, options: dict[str, Any]) -> ImportBatch:
        """Take a file in: guarded, kept by its hash, and written down as a batch. Nothing is imported yet."""
        kind = guard(path, name)
        size = path.stat().st_size
        digest = self.storage.keep(path)
        with transaction() as session:
            actor = current_actor()
            batch = ImportBatch(
                resource=resource.name,
                file_name=name[-255:],
                file_digest=digest,
                file_bytes=size,
                mapping=str(options.get("mapping", "")),
                options={**options, "kind": kind},
                user_id=actor.user_id,
                user_name=actor.name,
            )
            session.add(batch)
            session.flush()
            return batch

    def importer(self, session: Session, batch: ImportBatch) -> Importer:
        """The importer that understands this batch."""
        resource = resources()[batch.resource]
        factory = _importers[resource.importer] if resource.importer else TableImporter
        return factory(session, resource, batch)

    def source(self, batch: ImportBatch) -> Callable[[], Iterator[Line]]:
        """The batch's lines, as often as they are needed."""
        path, kind = self.storage.path(batch.file_digest), batch.options["kind"]
        return lambda: lines(path, kind)

    def check(self, batch_id: int, progress: Progress) -> ImportBatch:
        """The dry run: count what would happen and keep every problem; writes nothing but the batch itself."""
        batch = _batch(db.session(), batch_id)
        importer = self.importer(db.session(), batch)
        progress.begin(Phrase(N_("Checking rows")))
        for _operation in importer.plan(self.source(batch), progress):
            pass
        return self._keep(batch_id, importer, "checked")

    def write(self, batch_id: int, mode: str, progress: Progress) -> ImportBatch:
        """Write a batch: ``all`` or nothing, or the ``good`` rows. Planned first, then written in one short transaction."""
        batch = _batch(db.session(), batch_id)
        if batch.state not in ("uploaded", "checked"):
            raise Refused("already-written", N_("This batch was written already."), status=409)
        importer = self.importer(db.session(), batch)
        with self.storage.scratch(".plan") as staged:
            progress.begin(Phrase(N_("Checking rows")), batch.rows)
            planned = _stage(staged, importer.plan(self.source(batch), progress))
            if mode == ALL and importer.tally.problems.count:
                self._keep(batch_id, importer, "checked")
                raise Refused(
                    "rows-refused", N_("%(count)d rows cannot be taken, so nothing was written."), count=importer.tally.problems.rows
                )
            progress.begin(Phrase(N_("Writing rows")), planned)
            with transaction() as session, within_batch(batch_id):
                importer.write(session, _unstage(staged), progress)
                self._record(session, batch_id, importer, "written")
        return self._keep(batch_id, importer, "")

    def undo(self, batch_id: int, progress: Progress) -> ImportBatch:
        """Undo a written batch as a whole."""
        progress.begin(Phrase(N_("Undoing")))
        with transaction() as session:
            batch = _batch(session, batch_id)
            if batch.state != "written" or batch.written_at is None:
                raise Refused("not-written", N_("Only a written batch can be undone."), status=409)
            if (now() - batch.written_at).days >= UNDO_DAYS:
                raise Refused("too-late", N_("A batch can be undone within %(days)d days."), days=UNDO_DAYS, status=409)
            undo(session, batch, progress)
            return batch

    def _keep(self, batch_id: int, importer: Importer, state: str) -> ImportBatch:
        """Keep the problems and the marked copy of the file beside the batch."""
        problems = importer.tally.problems
        digest = annotated = ""
        if problems.count:
            with self.storage.scratch(".jsonl.gz") as path:
                problems.write(path)
                digest = self.storage.keep(path)
            batch = _batch(db.session(), batch_id)
            with self.storage.scratch(".xlsx") as path:
                matched = importer.header_of_line(self.source(batch))
                annotate(self.storage.path(batch.file_digest), batch.options["kind"], self.source(batch), matched, problems, words(), path)
                annotated = self.storage.keep(path)
        with transaction() as session:
            if state:
                self._record(session, batch_id, importer, state)
            batch = _batch(session, batch_id)
            batch.problems_digest, batch.annotated_digest = digest, annotated
            return batch

    @staticmethod
    def _record(session: Session, batch_id: int, importer: Importer, state: str) -> None:
        batch, tally = _batch(session, batch_id), importer.tally
        batch.state, batch.rows = state, tally.rows
        batch.created, batch.changed, batch.same = tally.created, tally.changed, tally.same
        batch.refused, batch.problems = tally.problems.rows, tally.problems.count
        if state == "written":
            batch.written_at = now()


def _batch(session: Session, batch_id: int) -> ImportBatch:
    batch = session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFound()
    return batch


def _stage(path: Path, operations: Iterator[Any]) -> int:
    """Planned operations wait on disk, so that memory stays flat and the transaction stays short."""
    count = 0
    with path.open("wb") as handle:
        for operation in operations:
            pickle.dump(operation, handle, protocol=pickle.HIGHEST_PROTOCOL)
            count += 1
    return count


def _unstage(path: Path) -> Iterator[Any]:
    """Only ever reads what ``_stage`` wrote a moment ago, in a directory of ours."""
    with path.open("rb") as handle:
        while True:
            try:
                yield pickle.load(handle)  # noqa: S301
            except EOFError:
                return
