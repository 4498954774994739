"""Attachments (附件): putting a file on a ticket and taking it off, each with its line in the timeline; nothing is kept unexamined."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.acting import acting_as, current_actor
from app.core.clock import now
from app.core.db import db
from app.core.file_names import clean_name
from app.core.storage import Storage, digest_of
from app.core.transaction import transaction
from app.crud.file_types import FileType, type_of
from app.domain import rights
from app.domain.actors import SYSTEM, Actor
from app.domain.casefile import CaseFile, Happening
from app.domain.refusals import N_, NotAllowed, NotFound, Refused
from app.domain.relations import CALLED, CENTRE, HOLDER, TERRITORY
from app.entities.attachment import PURPOSES, Attachment
from app.entities.ticket import Ticket
from app.services.progress import Sitting, locked, record, sit

EVENTS: Mapping[str, str] = {"attach": N_("File added"), "detach": N_("File removed")}
"""How the timeline calls them."""

WORKING = (HOLDER, CALLED, TERRITORY, CENTRE)
"""Whoever stands so to a ticket, and has the right to work, may put files on it."""

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file and how many files a ticket may have."""

    bytes: int = 20 * 2**20
    files: int = 50


def may_work(case: CaseFile, actor: Actor) -> bool:
    """Whether this person works the ticket: the right of the role, and a relation to this very one."""
    return rights.WORK in rights.rights_of(actor.roles) and any(relation.holds(case, actor, None) for relation in WORKING)


def why_not(case: CaseFile, actor: Actor) -> Refused | None:
    """Why this person may not add or remove files now; nothing where it may."""
    if not may_work(case, actor):
        return NotAllowed(N_("Only those who work this ticket put files on it."))
    if not case.live:
        return Refused("ended", N_("The ticket is closed; its files stay as they are."), status=409)
    return None


def attach(
    storage: Storage, ticket_id: int, name: str, source: Path | IO[bytes], purpose: str = "site", limits: Limits | None = None
) -> Attachment:
    """Put a file on a ticket; ``name`` is what its owner calls it, ``source`` where its bytes come from.

    The bytes are kept untouched under their SHA-256, with all a camera wrote into them: they are evidence, and their digest
    stands in the timeline. Raises ``Refused``: wrong type, too large, already there, too many, not one's to work; ``NotFound``.
    """
    most = limits or Limits()
    _ask(ticket_id)
    if purpose not in {option.value for option in PURPOSES}:
        raise Refused("not-an-option", N_("Say what the file shows: one of the purposes offered."), field="purpose")
    with storage.scratch() as path:
        size = copied(source, path, most)
        kind = type_of(path)
        return _keep(storage, ticket_id, Examined(path, clean_name(name, kind.endings, "file"), kind, size), purpose, most)


def _ask(ticket_id: int) -> None:
    """Refuse whoever may not, before a file is looked at; asked again under the lock."""
    session = db.session()
    ticket = session.execute(select(Ticket).where(Ticket.id == ticket_id)).scalar_one_or_none()
    if ticket is None:
        raise NotFound()
    refused = why_not(sit(session, ticket).case, current_actor())
    if refused is not None:
        raise refused


def copied(source: Path | IO[bytes], target: Path, most: Limits) -> int:
    """Copy until the limit, not until the end: a stream may claim to be short."""
    if isinstance(source, Path):
        size = source.stat().st_size
        if size > most.bytes:
            raise _too_large(most)
        shutil.copyfile(source, target)
        return size
    size = 0
    with target.open("wb") as handle:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > most.bytes:
                raise _too_large(most)
            handle.write(chunk)
    return size


def _too_large(most: Limits) -> Refused:
    return Refused("too-large", N_("The file is larger than %(most)d MB."), field="file", status=413, most=max(1, most.bytes // 2**20))


def _keep(storage: Storage, ticket_id: int, file: Examined, purpose: str, most: Limits) -> Attachment:
    who, digest = current_actor(), digest_of(file.path)
    with transaction() as session:
        ticket = locked(session, ticket_id)
        sitting = sit(session, ticket)
        refused = why_not(sitting.case, who)
        if refused is not None:
            raise refused
        _check_room(session, ticket_id, digest, most)
        return _put(session, storage, sitting, file, purpose, digest, who)


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that may be kept: where it waits, what it is called, what it is, and its bytes."""

    path: Path
    name: str
    kind: FileType
    size: int


def examined(storage: Storage, stack: ExitStack, name: str, source: Path | IO[bytes], limits: Limits) -> Examined:
    """Look at a file before there is a ticket for it; ``Refused`` as when it is put on one. It waits until ``stack`` ends."""
    path = stack.enter_context(storage.scratch())
    size = copied(source, path, limits)
    kind = type_of(path)
    return Examined(path, clean_name(name, kind.endings, "file"), kind, size)


def keep_with(session: Session, storage: Storage, ticket: Ticket, files: Sequence[Examined], who: Actor) -> int:
    """Files that came with a report go on its fresh ticket, each once, with a line in the timeline; returns how many."""
    kept: set[str] = set()
    for file in files:
        digest = digest_of(file.path)
        if digest not in kept:
            kept.add(digest)
            _put(session, storage, sit(session, ticket), file, "site", digest, who)
    return len(kept)


def _put(session: Session, storage: Storage, sitting: Sitting, file: Examined, purpose: str, digest: str, who: Actor) -> Attachment:
    ticket = sitting.ticket
    row = Attachment(
        ticket_id=ticket.id,
        name=file.name,
        purpose=purpose,
        media_type=file.kind.media_type,
        size=file.size,
        unit_id=who.unit_id,
        stage=ticket.stage,
        added_at=now(),
        digest=storage.keep(file.path),
    )
    session.add(row)
    session.flush()
    details = {"file": row.id, "name": file.name, "purpose": purpose, "digest": digest}
    record(session, sitting, Happening("attach", ticket.stage, ticket.stage, now(), who.unit_id, details), who)
    return row


def _check_room(session: Session, ticket_id: int, digest: str, most: Limits) -> None:
    with acting_as(SYSTEM):
        same = session.execute(select(Attachment.name).where(Attachment.ticket_id == ticket_id, Attachment.digest == digest)).scalar()
        count = session.execute(select(func.count()).select_from(Attachment).where(Attachment.ticket_id == ticket_id)).scalar_one()
    if same is not None:
        raise Refused("same-file", N_("This file is already on the ticket as “%(name)s”."), field="file", status=409, name=same)
    if count >= most.files:
        raise Refused("too-many", N_("A ticket holds at most %(most)d files; remove one first."), field="file", status=409, most=most.files)


def may_remove(row: Attachment, actor: Actor) -> bool:
    """Whoever added a file takes it off again; the centre may always."""
    return actor.has_role("command_centre") or (actor.user_id is not None and row.created_by_id == actor.user_id)


def detach(attachment_id: int) -> int:
    """Take a file off a ticket; what it was stays in the timeline and in the change log. Returns the ticket's number of row."""
    who = current_actor()
    with transaction() as session:
        found = session.execute(select(Attachment.ticket_id).where(Attachment.id == attachment_id)).scalar_one_or_none()
        if found is None:
            raise NotFound()
        ticket = locked(session, found)
        row = session.execute(select(Attachment).where(Attachment.id == attachment_id)).scalar_one_or_none()
        if row is None:
            raise NotFound()
        sitting = sit(session, ticket)
        refused = why_not(sitting.case, who)
        if refused is not None:
            raise refused
        if not may_remove(row, who):
            raise NotAllowed(N_("A file is removed by whoever added it, or by the command centre."))
        details = {"file": row.id, "name": row.name, "purpose": row.purpose, "digest": row.digest}
        session.delete(row)
        session.flush()
        record(session, sitting, Happening("detach", ticket.stage, ticket.stage, now(), who.unit_id, details), who)
        return found
