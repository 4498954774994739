"""Workers: they take runs from the database and do them in their owner's name and language, whichever engine wakes them."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select

import app.jobs as jobs_package
from app.core.acting import acting_as
from app.core.db import db
from app.core.languages import set_zone, speaking
from app.core.phrases import from_json
from app.core.pulse import Pulse
from app.core.registry import members
from app.core.runs import MOST_LOST, Progress, Run, all_waiting, claim, fail, finish, progress_file, release
from app.core.storage import Storage
from app.core.transaction import transaction
from app.crud.access import account_may
from app.domain.actors import SYSTEM, Actor
from app.domain.refusals import N_, NotAllowed, Refused
from app.entities.account import Account
from app.queries.calendar import city_zone
from app.queries.people import actor_of
from app.services.scheduling import tell_unmade

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


_joined: dict[str, Job] = {}


def join(more: Iterable[Job]) -> None:
    """Jobs of a wing, beside those of this folder; of one kind the later counts, so that an application may be built twice."""
    _joined.update({job.kind: job for job in more})


def jobs() -> dict[str, Job]:
    """Every job by its kind."""
    return {job.kind: job for job in members(jobs_package, "JOB")} | _joined


@dataclass(frozen=True, slots=True)
class _Taken:
    """A run that this worker has claimed, as it needs to know it."""

    run_id: int
    attempt: int
    kind: str
    params: dict[str, Any]
    language: str
    user_id: int | None
    lost: int
    """How many workers have died of it, or with it."""


_DESK = re.compile(r"run-(\d+)-(\d+)")

_in_hand: dict[int, int] = {}
"""What the threads of this process are at: attempts by run."""


def work_once(app: Flask) -> bool:
    """Do one waiting run, if there is any; whether there was."""
    with app.app_context(), acting_as(SYSTEM):
        waiting = all_waiting(db.session())
        if not waiting:
            tidy(app.config["STORAGE"])
        db.session.remove()
    return any(work_on(app, run_id) for run_id in waiting) or bool(waiting)


def tidy(store: Storage) -> None:
    """Clear the desks of attempts that are over: a worker may die after the last word and before it has cleared its own."""
    desks = {(int(found[1]), int(found[2])): path for path in store.left_over() if (found := _DESK.fullmatch(path.name))}
    if not desks:
        return
    going_on = select(Run.id, Run.attempt).where(Run.id.in_([run_id for run_id, _ in desks]), Run.state == "running")
    live = {(run_id, attempt) for run_id, attempt in db.session.execute(going_on)}
    for attempt, path in desks.items():
        if attempt not in live:
            store.clear(path)


def work_on(app: Flask, run_id: int) -> bool:
    """Claim this run and do it; ``False`` where it is not to be had: of many who are sent for it one wins."""
    with app.app_context(), acting_as(SYSTEM):
        taken = _take(run_id)
        db.session.remove()
    if taken is None:
        return False
    _in_hand[run_id] = taken.attempt
    try:
        with app.app_context(), speaking(taken.language):
            _do(app, taken)
    finally:
        _in_hand.pop(run_id, None)
    return True


def _take(run_id: int) -> _Taken | None:
    attempt = claim(run_id)
    run = db.session.get(Run, run_id) if attempt is not None else None
    if attempt is None or run is None:
        return None
    return _Taken(run_id, attempt, run.kind, dict(run.params), run.language, run.user_id, attempt - 1 - run.retries)


def _do(app: Flask, taken: _Taken) -> None:
    store: Storage = app.config["STORAGE"]
    work, run_id, attempt = store.home / "work", taken.run_id, taken.attempt
    try:
        with store.own_desk(f"run-{run_id}", attempt) as storage, Pulse(run_id, attempt, progress_file(work, run_id, attempt)):
            set_zone(city_zone())
            job = _job(taken)
            with acting_as(_owner(taken.user_id, job, taken.params)):
                result = job.work(taken.params, Progress(run_id, attempt, work), storage)
            with acting_as(SYSTEM):
                finish(run_id, attempt, "done", result=result, reason=None, trace="")
    except Exception as error:
        db.session.rollback()
        with acting_as(SYSTEM), transaction() as session:
            trace = fail(run_id, attempt, error)
            run = session.get_one(Run, run_id, populate_existing=True)
            reason = from_json(run.reason)
            if run.state == "failed" and run.attempt == attempt and reason is not None:
                tell_unmade(session, run_id, reason)
        if trace:
            log.exception("run %s (%s) failed", run_id, taken.kind)


def _job(taken: _Taken) -> Job:
    """What does it; nothing where it seems to have killed its workers, or where nobody here knows the kind."""
    if taken.lost >= MOST_LOST:
        raise Refused("lost", N_("Workers broke off this work %(count)s times; it is not begun again."), count=taken.lost)
    job = jobs().get(taken.kind)
    if job is None:
        raise Refused("unknown-job", N_("Nothing here does work of the kind “%(kind)s”."), kind=taken.kind)
    return job


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
    """Do runs until told to stop; look again every second when there are none."""
    while not stop.is_set():
        try:
            busy = work_once(app)
        except Exception:
            log.exception("worker")
            busy = False
        if not busy:
            stop.wait(IDLE_SECONDS)


def give_back(app: Flask) -> None:
    """This process ends: what its threads are still at is for others, at once."""
    with app.app_context(), acting_as(SYSTEM):
        for run_id, attempt in list(_in_hand.items()):
            release(run_id, attempt)
