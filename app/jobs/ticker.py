"""The ticker: recurring work, one file each in this folder, done when its time comes by whichever worker takes it first.

When each comes next is kept in the database (``clock_work``): a conditional UPDATE takes it, so that several workers do it once,
and a worker that died leaves it to the others. All of it is harmless to repeat.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

import app.jobs as jobs_package
from app.core.acting import acting_as
from app.core.clock import now
from app.core.db import db
from app.core.languages import set_zone
from app.core.phrases import to_json
from app.core.registry import members
from app.core.runs import me, reason_of
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.refusals import Phrase
from app.domain.reminders import next_clock
from app.entities.clock_log import ClockLog
from app.entities.clock_work import ClockWork
from app.queries.calendar import city_zone

log = logging.getLogger(__name__)

IDLE_SECONDS = 2.0

Work = Callable[[], Phrase | None]
"""Does it, and says what came of it; nothing where there was nothing to do."""


@dataclass(frozen=True, slots=True)
class Periodic:
    """Recurring work: ``every`` so long, or daily ``at`` a time of the city's clock. ``lease`` is how long it may take at most."""

    code: str
    name: str
    every: timedelta
    work: Work
    at: time | None = None
    lease: timedelta = timedelta(minutes=15)

    def after(self, instant: datetime, zone: str) -> datetime:
        """When it comes next after ``instant``."""
        return next_clock(instant, self.at, zone) if self.at is not None else instant + self.every


def periodic() -> list[Periodic]:
    """All recurring work, by code."""
    return sorted(members(jobs_package, "PERIODIC"), key=lambda one: one.code)


def tick(app: Flask) -> int:
    """Do what is due now; how many pieces of work this worker took."""
    with app.app_context(), acting_as(SYSTEM):
        set_zone(city_zone())
        due = _due()
        db.session.remove()
    return sum(_take(app, one) for one in due)


def _take(app: Flask, one: Periodic) -> bool:
    """Claim it and do it; each in a context of its own, so that what fails leaves nothing to the next."""
    with app.app_context(), acting_as(SYSTEM):
        set_zone(city_zone())
        claimed = _claim(one)
        if claimed is not None:
            _do(one, claimed)
        db.session.remove()
    return claimed is not None


def tick_until(app: Flask, stop: threading.Event) -> None:
    """Tick until told to stop."""
    while not stop.is_set():
        try:
            tick(app)
        except Exception:
            log.exception("ticker")
        stop.wait(IDLE_SECONDS)


def _due() -> list[Periodic]:
    """What is due; work that the table does not know yet is entered, due at once."""
    at = now()
    known = set(db.session.execute(select(ClockWork.code)).scalars())
    fresh = [one for one in periodic() if one.code not in known]
    if fresh:
        dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
        zone = city_zone()
        values = [{"code": one.code, "next_at": one.after(at, zone) if one.at else at} for one in fresh]
        with transaction() as session:
            session.execute(dialect.insert(ClockWork).values(values).on_conflict_do_nothing(index_elements=["code"]))
    due = set(db.session.execute(select(ClockWork.code).where(ClockWork.next_at <= at)).scalars())
    return [one for one in periodic() if one.code in due]


def _claim(one: Periodic) -> datetime | None:
    """Take it: of many workers one wins, and gets the instant that fences its claim."""
    at = now()
    with transaction() as session:
        free = (ClockWork.code == one.code, ClockWork.next_at <= at, or_(ClockWork.busy_until.is_(None), ClockWork.busy_until < at))
        values = {"next_at": one.after(at, city_zone()), "busy_until": at + one.lease, "worker": me(), "started_at": at}
        taken: Any = session.execute(update(ClockWork).where(*free).values(values).execution_options(synchronize_session=False))
        return at if taken.rowcount == 1 else None


def _do(one: Periodic, claimed: datetime) -> None:
    """Do it and write down what came of it; a failure is logged, shown, and tried again at its next time."""
    done = reason = None
    trace = ""
    try:
        done = to_json(one.work())
    except Exception as error:
        db.session.rollback()
        reason, trace = reason_of(error)
        if trace:
            log.exception("clock work %s failed", one.code)
    ended: dict[str, Any] = {"reason": reason, "trace": trace, "failures": ClockWork.failures + 1 if reason else 0}
    ended |= {"ended_at": now(), "busy_until": None, **({"done": done} if done else {})}
    with transaction() as session:
        mine = (ClockWork.code == one.code, ClockWork.worker == me(), ClockWork.started_at == claimed)
        session.execute(update(ClockWork).where(*mine).values(ended).execution_options(synchronize_session=False))
        if done or reason:
            said = {"done": done, "reason": reason, "trace": trace, "worker": me()}
            session.add(ClockLog(code=one.code, started_at=claimed, ended_at=now(), **said))
