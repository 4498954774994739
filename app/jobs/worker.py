"""The embedded engine: takes runs from the database one after the other and does them in their owner's name and language."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask

import app.jobs as jobs_package
from app.core.acting import acting_as
from app.core.db import db
from app.core.languages import set_zone, speaking
from app.core.registry import members
from app.core.runs import Progress, Run, claim, finish, reason_of, waiting
from app.core.storage import Storage
from app.crud.access import account_may
from app.domain.actors import SYSTEM, Actor
from app.domain.refusals import N_, NotAllowed, Refused
from app.entities.account import Account
from app.jobs.ticker import tick_until
from app.queries.calendar import city_zone
from app.queries.people import actor_of

log = logging.getLogger(__name__)

Work = Callable[[dict[str, Any], Progress, Storage], dict[str, Any]]
Needs = Callable[[dict[str, Any]], tuple[str, str]]

IDLE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of run and what does it: parameters, progress and the file store in, the result out.

    ``needs`` names the permission (verb, subject) that the owner must still have when the work begins.
    """

    kind: str
    work: Work
    needs: Needs


def jobs() -> dict[str, Job]:
    """Every job by its kind."""
    return {job.kind: job for job in members(jobs_package, "JOB")}


def work_once(app: Flask) -> bool:
    """Do one waiting run, if there is any; whether there was."""
    with app.app_context(), acting_as(SYSTEM):
        run_id = waiting(db.session())
        attempt = claim(run_id) if run_id is not None else None
        if run_id is None:
            return False
        if attempt is None:
            return True
        run = db.session.get(Run, run_id)
        assert run is not None
        kind, params, language, user_id = run.kind, dict(run.params), run.language, run.user_id
        db.session.remove()
    with app.app_context(), speaking(language):
        _do(app, run_id, attempt, kind, params, user_id)
    return True


def _do(app: Flask, run_id: int, attempt: int, kind: str, params: dict[str, Any], user_id: int | None) -> None:
    storage: Storage = app.config["STORAGE"]
    progress = Progress(run_id, attempt, storage.home / "work")
    try:
        set_zone(city_zone())
        job = jobs()[kind]
        with acting_as(_owner(user_id, job, params)):
            result = job.work(params, progress, storage)
        with acting_as(SYSTEM):
            finish(run_id, attempt, "done", result=result)
    except Exception as error:
        db.session.rollback()
        reason, trace = reason_of(error)
        if trace:
            log.exception("run %s (%s) failed", run_id, kind)
        with acting_as(SYSTEM):
            finish(run_id, attempt, "failed", reason=reason, trace=trace)
    finally:
        (storage.home / "work" / f"run-{run_id}.json").unlink(missing_ok=True)


def _owner(user_id: int | None, job: Job, params: dict[str, Any]) -> Actor:
    """The actor in whose name a run is done; a person who may no longer sign in, or no longer do this, gets nothing done."""
    if user_id is None:
        return SYSTEM
    account = db.session.get(Account, user_id)
    if account is None or not account.active:
        raise Refused("inactive", N_("The account that asked for this is no longer active."))
    with acting_as(SYSTEM):
        verb, subject = job.needs(params)
    if not account_may(account, verb, subject):
        raise NotAllowed()
    return actor_of(account)


def work_until(app: Flask, stop: threading.Event) -> None:
    """Do runs until told to stop; look again every second when there are none.

    The ticker has a thread of its own, so that a long import keeps nobody from being reminded.
    """
    ticker = threading.Thread(target=tick_until, args=(app, stop), name="ticker", daemon=True)
    ticker.start()
    while not stop.is_set():
        try:
            busy = work_once(app)
        except Exception:
            log.exception("worker")
            busy = False
        if not busy:
            stop.wait(IDLE_SECONDS)
    ticker.join(5)  # what it has in hand is harmless to break off
