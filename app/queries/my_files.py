"""My files: what was brought to somebody and what somebody has had made, the newest first; of another person nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.core.acting import acting_as
from app.core.run import Run
from app.domain.actors import SYSTEM
from app.entities.artefact import Artefact, ArtefactReading
from app.entities.delivery import SENT, Delivery
from app.entities.evaluation import Evaluation
from app.entities.schedule import Schedule

PER_PAGE = 20
EXPORT = "export"
INBOX = "inbox"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see of it."""

    report: str = ""
    period: str = ""
    run: int = 0
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One arrival: the files of a run that were brought (``delivery``), or an export of one's own."""

    at: datetime
    run: Run
    delivery: Delivery | None = None
    schedule: Schedule | None = None
    evaluation: Evaluation | None = None
    files: Sequence[Artefact] = ()
    taken: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Entries:
    """A page of arrivals and whether another one follows."""

    entries: Sequence[Entry]
    more: bool


def my_files(session: Session, user_id: int | None, asked: Asked, page: int = 0) -> Entries:
    """Page ``page`` (from 0) of what is somebody's."""
    most = (page + 1) * PER_PAGE + 1
    found: list[tuple[datetime, Run, Delivery | None]] = []
    if asked.report != EXPORT:
        rows = session.execute(_brought(user_id, asked).limit(most))
        found += [(delivery.sent_at or delivery.created_at, run, delivery) for delivery, run in rows]
    if asked.report in ("", EXPORT) and not asked.period and not asked.waiting:
        found += [(run.created_at, run, None) for run in session.execute(_made(user_id, asked).limit(most)).scalars()]
    found.sort(key=lambda one: (one[0], one[1].id), reverse=True)
    shown = found[page * PER_PAGE : (page + 1) * PER_PAGE]
    return Entries([_entry(session, user_id, *one) for one in shown], len(found) > (page + 1) * PER_PAGE)


def waiting_receipts(session: Session, user_id: int | None) -> int:
    """How many arrivals somebody has not yet confirmed."""
    counted = _brought(user_id, Asked(waiting=True)).order_by(None).with_only_columns(func.count(Delivery.id), maintain_column_froms=True)
    return session.execute(counted).scalar_one()


def my_choices(session: Session, user_id: int | None) -> tuple[list[str], list[str]]:
    """Reports and periods, the latest first, that somebody can choose from."""
    mine = _brought(user_id, Asked()).order_by(None)
    periods = session.execute(mine.with_only_columns(Run.period, maintain_column_froms=True).distinct()).scalars()
    reports = session.execute(
        select(Artefact.report).where(Artefact.run_id.in_(mine.with_only_columns(Run.id, maintain_column_froms=True))).distinct()
    ).scalars()
    return sorted(reports), sorted(filter(None, periods), reverse=True)


def my_delivery(session: Session, user_id: int | None, delivery_id: int) -> Delivery | None:
    """One of the own arrivals."""
    mine = select(Delivery).where(Delivery.id == delivery_id, Delivery.user_id == user_id, Delivery.route == INBOX, Delivery.state == SENT)
    return session.execute(mine).scalar_one_or_none()


def _brought(user_id: int | None, asked: Asked) -> Select[Any]:
    statement: Any = (
        select(Delivery, Run)
        .join(Run, Run.id == Delivery.run_id)
        .where(Delivery.user_id == user_id, Delivery.route == INBOX, Delivery.state == SENT)
        .order_by(Delivery.sent_at.desc(), Delivery.id.desc())
    )
    if asked.period:
        statement = statement.where(Run.period == asked.period)
    if asked.run:
        statement = statement.where(Run.id == asked.run)
    if asked.report:
        statement = statement.where(select(Artefact.id).where(Artefact.run_id == Run.id, Artefact.report == asked.report).exists())
    return statement.where(Delivery.received_at.is_(None)) if asked.waiting else statement


def _made(user_id: int | None, asked: Asked) -> Select[Any]:
    statement = select(Run).where(Run.user_id == user_id, Run.kind == EXPORT).order_by(Run.created_at.desc(), Run.id.desc())
    return statement.where(Run.id == asked.run) if asked.run else statement


def _entry(session: Session, user_id: int | None, at: datetime, run: Run, delivery: Delivery | None) -> Entry:
    if delivery is None:
        return Entry(at, run)
    files = session.execute(select(Artefact).where(Artefact.id.in_(delivery.artefacts)).order_by(Artefact.key)).scalars().all()
    numbers = [one.id for one in files]
    mine = select(ArtefactReading.artefact_id).where(ArtefactReading.artefact_id.in_(numbers), ArtefactReading.user_id == user_id)
    with acting_as(SYSTEM):  # the name alone, of what was brought to oneself; schedules are open to their keepers only
        schedule = session.get(Schedule, run.schedule_id) if run.schedule_id is not None else None
    evaluation = next((one.evaluation_id for one in files if one.evaluation_id is not None), None)
    return Entry(
        at,
        run,
        delivery,
        schedule,
        session.get(Evaluation, evaluation) if evaluation is not None else None,
        files,
        frozenset(session.execute(mine).scalars()),
    )
