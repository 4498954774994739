"""Proofs of points entered by hand: one file per entry, examined, kept under its hash, readable with the entry."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.db import db
from app.core.file_names import clean_name
from app.core.storage import Storage
from app.core.transaction import transaction
from app.crud.file_types import type_of
from app.domain.refusals import N_, NotFound, Refused
from app.entities.manual_entry import ManualEntry, keep_published

_CHUNK = 1 << 20


def prove(storage: Storage, entry_id: int, name: str, source: IO[bytes], most: int) -> ManualEntry:
    """Put the proof to an entry, in the place of an earlier one; ``most`` bytes at most.

    Raises ``Refused`` for a file of a wrong kind, one that is too large, and for an entry whose list is out; ``NotFound``.
    """
    keep_published(_entry(db.session(), entry_id))
    with storage.scratch() as path:
        _copy(source, path, most)
        kind = type_of(path)
        kept = clean_name(name, kind.endings, "proof")
        with transaction() as session:
            row = _entry(session, entry_id)
            keep_published(row)
            row.proof, row.proof_type, row.proof_digest = kept, kind.media_type, storage.keep(path)
            session.flush()
            return row


def _entry(session: Session, entry_id: int) -> ManualEntry:
    row = session.execute(select(ManualEntry).where(ManualEntry.id == entry_id)).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


def _copy(source: IO[bytes], target: Path, most: int) -> None:
    """Copy until the limit: a stream may claim to be short."""
    size = 0
    with target.open("wb") as handle:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise Refused("too-large", N_("The file is larger than %(most)d MB."), field="file", status=413, most=max(1, most >> 20))
            handle.write(chunk)
    if not size:
        raise Refused("no-file", N_("Choose a file first."), field="file")
