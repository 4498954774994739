"""My files (我的文件): a file is handed out under today's rights, with its reader's name where it is not everybody's, and written down."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.clock import now
from app.core.copies import Original, copy_for
from app.core.run import Run
from app.core.storage import Storage
from app.core.transaction import transaction
from app.crud.access import require
from app.domain.refusals import N_, NotFound
from app.entities.artefact import Artefact, ArtefactReading
from app.entities.delivery import Delivery
from app.entities.evaluation import Evaluation
from app.entities.unit import Unit
from app.queries.my_files import my_delivery
from app.services.parcels import MEDIA_TYPES


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A file on its way to its reader."""

    digest: str
    name: str
    media_type: str


def hand_out_file(session: Session, storage: Storage, artefact_id: int) -> HandedOut:
    """The file, if the person at the door may read it now; ``NotFound``, ``NotAllowed`` or ``Refused`` otherwise.

    What is not everybody's is a copy with its reader's name and a file of its own. Every taking is written down, and the delivery
    that brought it counts as opened.
    """
    artefact = session.execute(select(Artefact).where(Artefact.id == artefact_id)).scalar_one_or_none()
    if artefact is None:
        raise NotFound(N_("This file is no longer kept, or not yours to read."))
    require("read", artefact.subject)
    storage.path(artefact.digest)
    actor, digest = current_actor(), artefact.digest
    original = _original(session, artefact)
    with storage.scratch(f".{artefact.format}") as path:
        if copy_for(original, actor.name, now(), path):
            digest = storage.keep(path)
    with transaction() as writer:
        writer.add(ArtefactReading(artefact_id=artefact.id, user_id=actor.user_id, user_name=actor.name[:128], digest=digest))
        for delivery in _mine(writer, artefact.run_id):
            if artefact.id in delivery.artefacts:
                delivery.opened_at = delivery.opened_at or now()
    return HandedOut(digest, artefact.name, MEDIA_TYPES.get(artefact.format, "application/octet-stream"))


def confirm_receipt(delivery_id: int) -> Delivery:
    """Say that one has received what was brought, by whatever way it came; ``NotFound`` for anybody else's. Twice is once."""
    with transaction() as session:
        mine = my_delivery(session, current_actor().user_id, delivery_id)
        if mine is None:
            raise NotFound()
        for delivery in _mine(session, mine.run_id):
            delivery.received_at = delivery.received_at or now()
        return mine


def _mine(session: Session, run_id: int) -> list[Delivery]:
    """What of a run came to the person at the door, by every way."""
    mine = select(Delivery).where(Delivery.run_id == run_id, Delivery.user_id == current_actor().user_id)
    return list(session.execute(mine).scalars())


def _original(session: Session, artefact: Artefact) -> Original:
    run = session.get(Run, artefact.run_id)
    evaluation = session.get(Evaluation, artefact.evaluation_id) if artefact.evaluation_id is not None else None
    unit = session.get(Unit, artefact.unit_id) if artefact.unit_id is not None else None
    return Original(
        report=artefact.report,
        period=run.period if run is not None else "",
        format=artefact.format,
        language=artefact.language,
        digest=artefact.digest,
        group=unit.type if unit is not None else "",
        unit=unit.code if unit is not None else "",
        unit_id=artefact.unit_id,
        revision=evaluation.revision if evaluation is not None else None,
    )
