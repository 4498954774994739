"""Proofs (佐证): files that go with an appeal or an exclusion, examined like every other file and kept under their hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from app.core.acting import current_actor
from app.core.clock import now
from app.core.file_names import clean_name
from app.core.storage import Storage
from app.crud.file_types import type_of
from app.domain.refusals import N_, Refused
from app.entities.appeal_step import Proof
from app.services.attachments import Limits, copied

MOST = 10
"""So many files go with one appeal."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody hands it over: what it is called, and its bytes."""

    name: str
    stream: IO[bytes]


def examined(storage: Storage, uploads: Sequence[Upload], limits: Limits | None = None) -> list[Proof]:
    """The files, kept in the store and ready to be written down beside an appeal.

    Raises ``Refused``: wrong type, too large, too many. What is kept and then not written down is an orphan of the store, no more.
    """
    if len(uploads) > MOST:
        raise Refused("too-many", N_("At most %(most)d files go with one appeal."), field="file", most=MOST)
    return [_one(storage, upload, limits or Limits()) for upload in uploads]


def _one(storage: Storage, upload: Upload, limits: Limits) -> Proof:
    with storage.scratch() as path:
        size = copied(upload.stream, path, limits)
        kind = type_of(path)
        name = clean_name(upload.name, kind.endings, "file")
        digest = storage.keep(path)
    return Proof(name=name, media_type=kind.media_type, size=size, digest=digest, added_at=now(), added_by=current_actor().name[:128])
