"""Import batches from upload to undo: received, checked, written, undone; each step says what it would do before it does it."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.clock import now
from app.core.db import db
from app.core.languages import words
from app.core.phrases import to_json
from app.core.runs import Progress
from app.core.storage import Storage
from app.core.transaction import transaction
from app.crud.changes import within_batch
from app.crud.importing.annotating import annotate
from app.crud.importing.collecting import seldom_collecting
from app.crud.importing.guard import guard
from app.crud.importing.importers import Importer, Operation, Source, importer_of
from app.crud.importing.planning import CHUNK
from app.crud.importing.sheets import Table
from app.crud.importing.undoing import undo
from app.crud.resource import Resource, resources
from app.crud.tables import ImportBatch
from app.domain.refusals import N_, ChangedMeanwhile, NotFound, Phrase, Refused

ALL, GOOD = "all", "good"
UNDO_DAYS = 30


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
        return importer_of(resources()[batch.resource])(session, resources()[batch.resource], batch)

    def source(self, batch: ImportBatch) -> Source:
        """The batch's lines, as often as they are needed."""
        return Table(self.storage.path(batch.file_digest), batch.options["kind"]).lines

    @seldom_collecting()
    def check(self, batch_id: int, progress: Progress) -> ImportBatch:
        """The dry run: count what would happen and keep every problem; writes nothing but the batch itself."""
        batch = _batch(db.session(), batch_id)
        _refuse_written(batch)
        importer = self.importer(db.session(), batch)
        progress.begin(Phrase(N_("Checking rows")))
        try:
            plan = _Plan.of(importer.plan(self.source(batch), progress))
        except Refused:
            with transaction() as session:
                _batch(session, batch_id).state = "refused"
            raise
        return self._keep(batch_id, importer, plan)

    @seldom_collecting()
    def write(self, batch_id: int, mode: str, progress: Progress) -> ImportBatch:
        """Write a batch: ``all`` or nothing, or the ``good`` rows. Planned first, then written in one short transaction.

        What was checked before is what is written: where the plan has become another one since (somebody changed a row, a unit
        was renamed), nothing is written and the new check is kept instead.
        """
        batch = _batch(db.session(), batch_id)
        _refuse_written(batch)
        expected, importer = batch.options.get("plan"), self.importer(db.session(), batch)
        with self.storage.scratch(".plan") as staged:
            progress.begin(Phrase(N_("Checking rows")), batch.rows)
            plan = _Plan.of(importer.plan(self.source(batch), progress), staged)
            problems = importer.tally.problems
            if expected not in (None, plan.digest):
                self._keep(batch_id, importer, plan)
                raise _overtaken()
            if mode == ALL and problems.count:
                self._keep(batch_id, importer, plan)
                raise Refused("rows-refused", N_("%(count)d rows cannot be taken, so nothing was written."), count=problems.rows)
            progress.begin(Phrase(N_("Writing rows")), plan.count)
            try:
                with transaction() as session, within_batch(batch_id):
                    _refuse_written(_locked(session, batch_id))
                    importer.write(session, _unstage(staged), progress)
                    _record(session, batch_id, importer, "written")
            except (IntegrityError, ChangedMeanwhile) as error:
                self.check(batch_id, progress)
                raise _overtaken() from error
        return self._keep(batch_id, importer)

    @seldom_collecting()
    def undo(self, batch_id: int, progress: Progress) -> ImportBatch:
        """Undo a written batch as a whole."""
        progress.begin(Phrase(N_("Undoing")))
        try:
            with transaction() as session:
                batch = _locked(session, batch_id)
                if batch.state != "written" or batch.written_at is None:
                    raise Refused("not-written", N_("Only a written batch can be undone."), status=409)
                if (now() - batch.written_at).days >= UNDO_DAYS:
                    raise Refused("too-late", N_("A batch can be undone within %(days)d days."), days=UNDO_DAYS, status=409)
                undo(session, batch, progress)
                return batch
        except IntegrityError as error:
            raise Refused("built-upon", N_("Records of this import are used by others by now. Nothing was undone."), status=409) from error

    def _keep(self, batch_id: int, importer: Importer, plan: _Plan | None = None) -> ImportBatch:
        """Keep the problems and the marked copy of the file beside the batch; with a plan also what the check has found."""
        problems = importer.tally.problems
        digest = annotated = ""
        if problems.count:
            with self.storage.scratch(".jsonl.gz") as path:
                problems.write(path)
                digest = self.storage.keep(path)
            batch = _batch(db.session(), batch_id)
            with self.storage.scratch(".xlsx") as path:
                file = self.storage.path(batch.file_digest)
                annotate(file, batch.options["kind"], self.source(batch), importer.matched, problems, words(), path)
                annotated = self.storage.keep(path)
        with transaction() as session:
            batch = _batch(session, batch_id)
            if plan is not None:
                _record(session, batch_id, importer, "checked")
                batch.options = {**batch.options, "plan": plan.digest}
            batch.problems_digest, batch.annotated_digest = digest, annotated
            return batch


def _record(session: Session, batch_id: int, importer: Importer, state: str) -> None:
    batch, tally = _batch(session, batch_id), importer.tally
    batch.state, batch.rows = state, tally.rows
    batch.created, batch.changed, batch.same = tally.created, tally.changed, tally.same
    batch.refused, batch.problems = tally.problems.rows, tally.problems.count
    batch.note = json.dumps([to_json(note) for note in importer.notes], ensure_ascii=False)
    if state == "written":
        batch.written_at = now()


def subject_of(batch_id: int) -> str:
    """The table a batch is for, as permissions call it."""
    return _batch(db.session(), batch_id).resource


def state_of(batch_id: int) -> str:
    """How far a batch is: ``uploaded``, ``checked``, ``written`` or ``undone``."""
    return _batch(db.session(), batch_id).state


def _batch(session: Session, batch_id: int) -> ImportBatch:
    batch = session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFound()
    return batch


def _locked(session: Session, batch_id: int) -> ImportBatch:
    """The batch, held until the transaction ends: of two who write or undo it, the second finds it done."""
    statement = select(ImportBatch).where(ImportBatch.id == batch_id).with_for_update().execution_options(populate_existing=True)
    batch = session.execute(statement).scalar_one_or_none()
    if batch is None:
        raise NotFound()
    return batch


def _refuse_written(batch: ImportBatch) -> None:
    if batch.state not in ("uploaded", "checked", "refused"):
        raise Refused("already-written", N_("This batch was written already."), status=409)


def _overtaken() -> Refused:
    return Refused(
        "changed-meanwhile",
        N_("Records of this file were changed since it was checked. Nothing was written; look at the new check and decide again."),
        status=409,
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """How many rows would be written, and a digest of what would be done to them."""

    count: int
    digest: str

    @classmethod
    def of(cls, operations: Iterator[Operation], path: Path | None = None) -> _Plan:
        """Go through a plan. With ``path`` it waits on disk, so that memory stays flat and the transaction stays short."""
        count, found = 0, hashlib.sha256()
        with (path or Path(os.devnull)).open("wb") as handle:
            while chunk := list(islice(operations, CHUNK)):
                count += len(chunk)
                found.update("\n".join(operation.mark() for operation in chunk).encode() + b"\n")
                if path:
                    pickle.dump(chunk, handle, protocol=pickle.HIGHEST_PROTOCOL)
        return cls(count, found.hexdigest())


def _unstage(path: Path) -> Iterator[Any]:
    """Only ever reads what ``_Plan`` wrote a moment ago, in a directory of ours."""
    with path.open("rb") as handle:
        while True:
            try:
                yield from pickle.load(handle)  # noqa: S301
            except EOFError:
                return
