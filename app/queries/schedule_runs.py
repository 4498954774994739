"""What came of a schedule: its runs, the files of one, who got them by which way, and who has taken which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.run import Run
from app.entities.artefact import Artefact, ArtefactReading
from app.entities.delivery import Delivery

SHOWN = 24
"""So many of its latest runs stand on a schedule's page."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many files a run has made, and how many of those who got them have received them."""

    files: int = 0
    recipients: int = 0
    received: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that one run has made and brought; ``taken`` says who took which file, and when first."""

    run: Run
    files: Sequence[Artefact]
    deliveries: Sequence[Delivery]
    taken: Mapping[int, Sequence[ArtefactReading]]


def runs_of(session: Session, schedule_id: int) -> Sequence[Run]:
    """The latest runs of a schedule, the latest first."""
    return session.execute(select(Run).where(Run.schedule_id == schedule_id).order_by(Run.id.desc()).limit(SHOWN)).scalars().all()


def tallies(session: Session, runs: Sequence[Run]) -> Mapping[int, Tally]:
    """Files and recipients of every run; somebody who gets the files twice (inbox and mail) is one."""
    numbers = [run.id for run in runs]
    counted = select(Artefact.run_id, func.count(Artefact.id)).where(Artefact.run_id.in_(numbers)).group_by(Artefact.run_id)
    files = {row[0]: row[1] for row in session.execute(counted)}
    got: dict[int, set[str]] = {}
    received: dict[int, set[str]] = {}
    for one in session.execute(select(Delivery).where(Delivery.run_id.in_(numbers), Delivery.state != "withheld")).scalars():
        got.setdefault(one.run_id, set()).add(one.to)
        if one.received_at is not None:
            received.setdefault(one.run_id, set()).add(one.to)
    return {number: Tally(files.get(number, 0), len(got.get(number, ())), len(received.get(number, ()))) for number in numbers}


def outcome(session: Session, schedule_id: int, run_id: int) -> Outcome | None:
    """One run of the schedule with what it made; nothing where it is none of its runs."""
    run = session.execute(select(Run).where(Run.id == run_id, Run.schedule_id == schedule_id)).scalar_one_or_none()
    if run is None:
        return None
    files = session.execute(select(Artefact).where(Artefact.run_id == run_id).order_by(Artefact.key)).scalars().all()
    deliveries = session.execute(select(Delivery).where(Delivery.run_id == run_id).order_by(Delivery.id)).scalars().all()
    mine = ArtefactReading.artefact_id.in_([one.id for one in files])
    taken: dict[int, list[ArtefactReading]] = {}
    for reading in session.execute(select(ArtefactReading).where(mine).order_by(ArtefactReading.id)).scalars():
        taken.setdefault(reading.artefact_id, []).append(reading)
    return Outcome(run, files, deliveries, taken)
